package import Bytes

/// Gives each of a few short texts a small number, in the order of coming.
///
/// For fields that hold one of a closed list of words, such as `event.action`. Bounded: texts of at most
/// sixteen bytes and ``limit`` of them; whatever is beyond has no number.
package struct WordTable {
  /// How many texts can have a number.
  package static let limit = 63
  private struct Slot: BitwiseCopyable {
    var first: UInt64 = 0, second: UInt64 = 0
    var count = -1
    var number: UInt32 = 0
  }
  private var slots = [Slot](repeating: Slot(), count: 256)
  private var used = 0

  /// A table of nothing.
  package init() {}

  /// The number of a text, 1 through ``limit``; 0 when it can not have one.
  @inline(__always) package mutating func number(of text: ByteView) -> UInt32 {
    guard text.count <= 16 else { return 0 }
    let (first, second) = text.ends
    let mixed = (first ^ second &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    var place = Int(truncatingIfNeeded: mixed >> 56)
    while true {
      let slot = slots[place]
      if slot.count == text.count, (slot.first ^ first) | (slot.second ^ second) == 0 {
        return slot.number
      }
      if slot.count < 0 { return add(first, second, text.count, at: place) }
      place = (place &+ 1) & 255
    }
  }

  @inline(never)
  private mutating func add(
    _ first: UInt64, _ second: UInt64, _ count: Int, at place: Int
  ) -> UInt32 {
    guard used < WordTable.limit else { return 0 }
    used += 1
    slots[place] = Slot(first: first, second: second, count: count, number: UInt32(used))
    return UInt32(used)
  }
}
