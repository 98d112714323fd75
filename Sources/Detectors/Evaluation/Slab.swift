import Bytes

/// A fixed run of plain values outside the reach of reference counting, for tables read per line.
@safe final class Slab<Element: BitwiseCopyable> {
  fileprivate let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    unsafe pointer = .allocate(capacity: max(1, elements.count))
    for (offset, element) in elements.enumerated() {
      // SAFETY: the offset is below the count that was allocated.
      unsafe (pointer + offset).initialize(to: element)
    }
  }

  init(repeating element: Element, count: Int) {
    self.count = count
    unsafe pointer = .allocate(capacity: max(1, count))
    unsafe pointer.initialize(repeating: element, count: count)
  }

  deinit { unsafe pointer.deallocate() }

  /// The first element, for code that keeps its own bounds.
  @inline(__always) @unsafe var start: UnsafePointer<Element> { unsafe UnsafePointer(pointer) }

  @inline(__always) subscript(offset: Int) -> Element {
    get {
      precondition(UInt(bitPattern: offset) < UInt(bitPattern: count), "offset outside the slab")
      // SAFETY: the line above keeps the read inside.
      return unsafe pointer[offset]
    }
    set {
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
