extension String {
  /// Calls `body` with a view of the text's UTF-8 bytes, which is valid only inside the call.
  public func withView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    var text = self
    return try text.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return try body(.empty) }
      // SAFETY: the view is used only inside the closure that lends the bytes.
      return try body(unsafe ByteView(base: base, count: bytes.count))
    }
  }
}

extension [UInt8] {
  /// Calls `body` with a view of the bytes, which is valid only inside the call.
  public func withView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return try body(.empty) }
      // SAFETY: the view is used only inside the closure that lends the bytes.
      return try body(unsafe ByteView(base: base, count: bytes.count))
    }
  }
}
