import Bytes

/// Bytes that grow at the end and are read by offset: what a batch carries from *read* to *follow*.
@safe struct ByteArena: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    unsafe base = .allocate(capacity: self.capacity)
  }

  deinit { unsafe base.deallocate() }

  /// Forgets all bytes; the memory stays.
  mutating func removeAll() { count = 0 }

  /// Appends bytes and returns where they begin.
  @inline(__always) @discardableResult mutating func append(_ view: ByteView) -> UInt32 {
    let start = count
    if count + view.count > capacity { grow(by: view.count) }
    unsafe view.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      // SAFETY: the capacity was made large enough above.
      unsafe UnsafeMutableRawPointer(base + start).copyMemory(
        from: from, byteCount: source.count)
    }
    count += view.count
    return UInt32(truncatingIfNeeded: start)
  }

  private mutating func grow(by needed: Int) {
    let larger = max(capacity * 2, count + needed)
    let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    // SAFETY: `count` bytes are initialised and fit.
    unsafe fresh.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = fresh
    capacity = larger
  }

  /// Writes stars over the bytes from `start` up to `end`.
  mutating func blot(_ start: Int, _ end: Int) {
    precondition(0 <= start && start <= end && end <= count, "range outside the arena")
    for offset in start..<end {
      // SAFETY: the line above keeps the offset inside what was written.
      unsafe base[offset] = UInt8(ascii: "*")
    }
  }

  /// The bytes from `start` up to `end`; valid until the arena grows or goes away.
  borrowing func view(_ start: UInt32, _ end: UInt32) -> ByteView {
    precondition(start <= end && Int(end) <= count, "range outside the arena")
    // SAFETY: the line above keeps the view inside what was written.
    return unsafe ByteView(base: UnsafePointer(base + Int(start)), count: Int(end - start))
  }
}
