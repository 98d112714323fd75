import Bytes

/// Finds whether any of several texts stands in a value, in one pass over its bytes.
///
/// The automaton of Aho and Corasick with every transition worked out, over classes of bytes.
struct NeedleSet: Sendable {
  /// The class of each byte.
  private(set) var classes = [UInt8](repeating: 0, count: 256)
  /// How many classes there are.
  private(set) var stride = 1
  /// The next state times `stride`, or -1 when a text has been found, by state and class.
  private(set) var transitions: [Int32] = []
  /// The table may have so many transitions; four bytes each.
  static let transitionsMax = 1 << 20

  /// Builds the automaton; `nil` when a text is empty or the table would be too large.
  init?(_ needles: [[UInt8]], isCased: Bool) {
    guard needles.allSatisfy({ !$0.isEmpty }) else { return nil }
    for byte in needles.joined() {
      let folded = isCased ? byte : byte.asciiLowered
      guard classes[Int(folded)] == 0 else { continue }
      guard stride < 256 else { return nil }
      classes[Int(folded)] = UInt8(stride)
      if !isCased, folded &- 0x61 < 26 { classes[Int(folded & 0xdf)] = UInt8(stride) }
      stride += 1
    }
    let statesMax = needles.reduce(1) { $0 + $1.count }
    guard statesMax * stride <= NeedleSet.transitionsMax else { return nil }
    var next = [Int](repeating: -1, count: stride)
    var isFinal = [false]
    for needle in needles {
      var state = 0
      for byte in needle {
        let place = state * stride + Int(classes[Int(isCased ? byte : byte.asciiLowered)])
        if next[place] < 0 {
          next[place] = isFinal.count
          isFinal.append(false)
          next += [Int](repeating: -1, count: stride)
        }
        state = next[place]
      }
      isFinal[state] = true
    }
    // Breadth first: a state's missing transitions are those of its longest proper suffix.
    var suffix = [Int](repeating: 0, count: isFinal.count)
    var queue = [0]
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      if isFinal[suffix[state]] { isFinal[state] = true }
      for group in 0..<stride {
        let place = state * stride + group
        let fallback = state == 0 ? 0 : next[suffix[state] * stride + group]
        if next[place] < 0 {
          next[place] = fallback
        } else {
          suffix[next[place]] = fallback
          queue.append(next[place])
        }
      }
    }
    transitions = next.map { isFinal[$0] ? -1 : Int32($0 * stride) }
  }
}

/// A needle set as it is searched; nothing is written after the start.
final class NeedleSearch {
  private let store = SlabStore()
  private let classes: Slab<UInt8>
  private let transitions: Slab<Int32>

  init(_ set: NeedleSet) {
    classes = store.slab(set.classes)
    transitions = store.slab(set.transitions)
  }

  func finds(in text: ByteView) -> Bool {
    var state: Int32 = 0
    for offset in 0..<text.count {
      state = transitions[Int(state) &+ Int(classes[Int(text[offset])])]
      if state < 0 { return true }
    }
    return false
  }
}
