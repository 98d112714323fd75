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

  /// Appends a number, low byte first, and bytes behind it.
  @inline(__always) mutating func append(_ number: UInt32, _ view: ByteView) {
    // Short texts are copied as whole words; what that writes too much is not counted.
    let room = 4 + max(8, view.count)
    if count &+ room > capacity { grow(by: room) }
    // SAFETY: the capacity was made large enough above, and a word read from the view stays inside.
    let target = unsafe UnsafeMutableRawPointer(base + count)
    unsafe target.storeBytes(of: number.littleEndian, as: UInt32.self)
    if view.count < 8 {
      unsafe target.storeBytes(
        of: view.tail(from: 0).littleEndian, toByteOffset: 4, as: UInt64.self)
    } else if view.count <= 32 {
      var offset = 0
      while offset &+ 8 <= view.count {
        unsafe target.storeBytes(
          of: view.word(at: offset).littleEndian, toByteOffset: 4 &+ offset, as: UInt64.self)
        offset &+= 8
      }
      unsafe target.storeBytes(
        of: view.word(at: view.count - 8).littleEndian, toByteOffset: view.count &- 4,
        as: UInt64.self)
    } else {
      unsafe view.withUnsafeBytes { source in
        guard let from = source.baseAddress else { return }
        unsafe (target + 4).copyMemory(from: from, byteCount: source.count)
      }
    }
    count &+= 4 &+ view.count
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

  /// The bytes from `start` up to `end`; valid until the arena grows or goes away.
  borrowing func view(_ start: UInt32, _ end: UInt32) -> ByteView {
    precondition(start <= end && Int(end) <= count, "range outside the arena")
    // SAFETY: the line above keeps the view inside what was written.
    return unsafe ByteView(base: UnsafePointer(base + Int(start)), count: Int(end - start))
  }
}
