/// What followed from each constellation of closed fields: the rules that were hit.
///
/// Bounded: ``limit`` constellations; when there are more, the table begins anew. It changes the speed,
/// never the answer.
package struct VerdictMemo {
  /// How many constellations are remembered.
  private static let limit = 1024
  private static let slotCount = 4096
  private struct Slot: BitwiseCopyable {
    var code: UInt64 = .max
    var start: Int32 = 0, end: Int32 = 0
    /// What the hits are to rates.
    var rates: UInt64 = 0
    /// The rules of ``ActionGates`` that may match.
    var possible: UInt64 = 0
  }
  /// What followed from a constellation: where its hits stand, the counted rules that were hit beside them, and which
  /// rules that read more than closed fields may match, as ``ActionGates`` numbers them.
  package typealias Verdict = (hits: Range<Int>, rates: UInt64, possible: UInt64)
  private var slots = [Slot](repeating: Slot(), count: slotCount)
  private var used = 0
  /// The hits of all constellations, one behind the other.
  package private(set) var hits: [UInt16] = []

  /// A memory of nothing.
  package init() {}

  @inline(__always) private static func place(of code: UInt64) -> Int {
    Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) >> 52)
  }

  /// What followed from a constellation, or `nil` when it is new.
  @inline(__always) package func find(_ code: UInt64) -> Verdict? {
    var place = VerdictMemo.place(of: code)
    while true {
      let slot = slots[place]
      if slot.code == code {
        // A slot's end is its start and what was added behind it.
        return unsafe (
          Range(uncheckedBounds: (Int(slot.start), Int(slot.end))), slot.rates, slot.possible
        )
      }
      if slot.code == .max { return nil }
      place = (place &+ 1) & (VerdictMemo.slotCount - 1)
    }
  }

  /// Remembers the hits of a constellation.
  @inline(never) package mutating func keep(
    _ code: UInt64, _ found: [UInt16], rates: UInt64 = 0, possible: UInt64 = 0
  ) {
    if used == VerdictMemo.limit { self = VerdictMemo() }
    used += 1
    var place = VerdictMemo.place(of: code)
    while slots[place].code != .max { place = (place + 1) & (VerdictMemo.slotCount - 1) }
    slots[place] = Slot(
      code: code, start: Int32(hits.count), end: Int32(hits.count + found.count), rates: rates,
      possible: possible)
    hits += found
  }
}
