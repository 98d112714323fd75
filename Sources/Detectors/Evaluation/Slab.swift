import Bytes

/// Makes slabs and has their memory: they serve as long as it lives.
@safe final class SlabStore {
  private var runs: [UnsafeMutableRawPointer] = unsafe []

  deinit { unsafe runs.forEach { unsafe $0.deallocate() } }

  /// A slab of some elements.
  func slab<Element: BitwiseCopyable>(_ elements: [Element]) -> Slab<Element> {
    let pointer = unsafe room(for: Element.self, elements.count)
    for (offset, element) in elements.enumerated() {
      // SAFETY: the offset is below the count that was allocated.
      unsafe (pointer + offset).initialize(to: element)
    }
    return unsafe Slab(pointer: pointer, count: elements.count)
  }

  /// A slab of one element, again and again.
  func slab<Element: BitwiseCopyable>(repeating element: Element, count: Int) -> Slab<Element> {
    let pointer = unsafe room(for: Element.self, count)
    unsafe pointer.initialize(repeating: element, count: count)
    return unsafe Slab(pointer: pointer, count: count)
  }

  private func room<Element>(for _: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
    unsafe runs.append(UnsafeMutableRawPointer(pointer))
    return unsafe pointer
  }
}

/// A fixed run of plain values outside the reach of reference counting, for tables read per line.
///
/// A plain value itself, which whoever has it keeps beside its ``SlabStore``.
@safe struct Slab<Element: BitwiseCopyable> {
  fileprivate let pointer: UnsafeMutablePointer<Element>
  let count: Int

  fileprivate init(pointer: UnsafeMutablePointer<Element>, count: Int) {
    unsafe self.pointer = unsafe pointer
    self.count = count
  }

  /// The first element, for code that keeps its own bounds.
  @inline(__always) @unsafe var start: UnsafePointer<Element> { unsafe UnsafePointer(pointer) }

  @inline(__always) subscript(offset: Int) -> Element {
    get {
      precondition(UInt(bitPattern: offset) < UInt(bitPattern: count), "offset outside the slab")
      // SAFETY: the line above keeps the read inside.
      return unsafe pointer[offset]
    }
    nonmutating set {
      precondition(UInt(bitPattern: offset) < UInt(bitPattern: count), "offset outside the slab")
      // SAFETY: the line above keeps the write inside.
      unsafe pointer[offset] = newValue
    }
  }

  func fill(_ element: Element) {
    // SAFETY: exactly the allocated elements are written.
    unsafe pointer.update(repeating: element, count: count)
  }
}

/// Borrows bytes of a slab as a view.
extension Slab<UInt8> {
  @inline(__always) func view(_ offset: Int32, _ count: Int32) -> ByteView {
    precondition(offset >= 0 && count >= 0 && Int(offset) + Int(count) <= self.count)
    // SAFETY: the range is inside, and the slab outlives the evaluation that asks.
    return unsafe ByteView(base: UnsafePointer(pointer) + Int(offset), count: Int(count))
  }
}
