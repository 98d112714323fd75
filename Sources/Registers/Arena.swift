import Bytes

/// Memory that is filled while registers load and freed with them, so that views of it may be put
/// into events and hot loops read it without counting references.
@safe final class Arena: @unchecked Sendable {
  // Sendable, because nothing is written after the load and readers keep the arena's owner.
  private var blocks: [Block] = []
  /// One piece of memory.
  @safe private struct Block { let base: UnsafeMutableRawPointer }
  private var texts: [[UInt8]: ByteView] = [:]

  deinit { for block in blocks { unsafe block.base.deallocate() } }

  /// An immortal copy of a text; equal texts share one.
  func text(_ string: String) -> ByteView { text(Array(string.utf8)) }

  /// An immortal copy of bytes; equal bytes share one.
  func text(_ bytes: [UInt8]) -> ByteView {
    if let view = texts[bytes] { return view }
    let copy = run(bytes)
    let view = copy.view
    texts[bytes] = view
    return view
  }

  /// Immortal copies of texts with ASCII capitals lowered.
  func folded(_ strings: [String]) -> Run<ByteView> {
    run(strings.map { text($0.utf8.map(\.asciiLowered)) })
  }

  /// An immortal copy of plain values, which must need no clean-up.
  func run<Element>(_ elements: [Element]) -> Run<Element> {
    guard !elements.isEmpty else { return Run() }
    let base = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    // SAFETY: the memory was allocated for exactly so many elements.
    for (offset, element) in elements.enumerated() {
      unsafe (base + offset).initialize(to: element)
    }
    blocks.append(unsafe Block(base: UnsafeMutableRawPointer(base)))
    return unsafe Run(base: UnsafePointer(base), count: elements.count)
  }

  /// Forgets which texts are shared, once everything is loaded.
  func seal() { texts = [:] }
}

/// A row of plain values in an ``Arena``, bounds-checked on every read.
@safe struct Run<Element>: @unchecked Sendable {
  private let base: UnsafePointer<Element>?
  /// How many there are.
  let count: Int

  /// No values.
  init() {
    unsafe base = nil
    count = 0
  }

  /// The `count` values at `base`, which the caller promises to keep.
  @unsafe init(base: UnsafePointer<Element>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// Whether there are none.
  var isEmpty: Bool { count == 0 }

  /// The value at a place; O(1), traps outside.
  subscript(index: Int) -> Element {
    guard let base = unsafe base, UInt(bitPattern: index) < UInt(bitPattern: count) else {
      preconditionFailure("index outside the run")
    }
    // SAFETY: the guard keeps the read inside.
    return unsafe base[index]
  }
}

extension Run<UInt8> {
  /// The bytes as a view.
  var view: ByteView {
    guard let base = unsafe base else { return .empty }
    return unsafe ByteView(base: base, count: count)
  }
}
