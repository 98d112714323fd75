import Bytes

/// Bytes at one place for as long as somebody holds them.
@safe final class KeptText: @unchecked Sendable {
  // Written once, before anybody else sees it.
  private let room: UnsafeMutableBufferPointer<UInt8>
  private let count: Int

  init(_ bytes: [UInt8]) {
    count = bytes.count
    unsafe room = .allocate(capacity: max(1, bytes.count))
    _ = unsafe room.initialize(from: bytes)
  }

  deinit { unsafe room.deallocate() }

  var view: ByteView {
    guard let base = unsafe room.baseAddress else { return .empty }
    // SAFETY: that many bytes were initialised and live as long as the object.
    return unsafe ByteView(base: UnsafePointer(base), count: count)
  }
}
