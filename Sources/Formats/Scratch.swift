public import Bytes

/// Bytes made for one line: blocks that grow and are emptied together, never freed between lines.
///
/// A view handed out stays readable until ``reset()``: full blocks are kept, not moved.
@safe public final class Scratch {
  private var blocks: [Block] = []
  private var block = 0
  private var used = 0
  /// Blocks are this large, or as large as one text that is larger; kept small because a line is.
  static let blockBytes = 16 << 10

  /// An empty scratch.
  public init() {}

  deinit { for block in blocks { block.free() } }

  /// One run of memory.
  @safe private struct Block {
    let base: UnsafeMutablePointer<UInt8>
    let count: Int
    init(count: Int) { unsafe (base, self.count) = (.allocate(capacity: count), count) }
    func free() { unsafe base.deallocate() }
  }

  /// Makes every byte free again; blocks larger than the usual size are given back.
  @inline(__always) public func reset() {
    if block > 0 { shrink() }
    used = 0
  }

  private func shrink() {
    while blocks.count > 1 { blocks.removeLast().free() }
    block = 0
  }

  /// Reserves room for `capacity` bytes, lets `body` write, and returns a view of what was written.
  ///
  /// - Parameter body: Gets the room; returns how many bytes it wrote.
  @inline(__always) public func write(
    capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) -> ByteView {
    // SAFETY: `reserve` returns room for `capacity` bytes that nothing else was given.
    let room = unsafe reserve(capacity)
    let count = min(unsafe body(room), capacity)
    used += count
    guard let base = room.baseAddress else { return .empty }
    return unsafe ByteView(base: UnsafePointer(base), count: count)
  }

  /// A copy of `view` in the scratch.
  public func copy(_ view: ByteView) -> ByteView {
    unsafe write(capacity: view.count) { room in
      unsafe view.withUnsafeBytes { source in
        unsafe UnsafeMutableRawBufferPointer(room).copyMemory(from: source)
      }
      return view.count
    }
  }

  /// A copy of a string in the scratch.
  public func copy(_ string: String) -> ByteView {
    var string = string
    return string.withUTF8 { bytes in
      guard let base = bytes.baseAddress else { return .empty }
      return copy(unsafe ByteView(base: base, count: bytes.count))
    }
  }

  private func reserve(_ capacity: Int) -> UnsafeMutableBufferPointer<UInt8> {
    if blocks.isEmpty { blocks.append(Block(count: max(Scratch.blockBytes, capacity))) }
    if used + capacity > blocks[block].count {
      blocks.append(Block(count: max(Scratch.blockBytes, capacity)))
      block = blocks.count - 1
      used = 0
    }
    return unsafe UnsafeMutableBufferPointer(start: blocks[block].base + used, count: capacity)
  }
}
