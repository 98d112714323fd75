import Bytes

/// The rules that one event may match: a bit for each, and a bit for each word that has some.
struct Awake {
  private let words: Slab<UInt64>
  private let summary: Slab<UInt64>

  /// Room for the bits of `wordCount` words, in a store.
  init(wordCount: Int, in store: SlabStore) {
    words = store.slab(repeating: 0, count: wordCount)
    summary = store.slab(repeating: 0, count: (wordCount + 63) / 64)
  }

  @inline(__always) func insert(_ rule: Int32) {
    let word = Int(rule) >> 6
    words[word] |= 1 << UInt64(rule & 63)
    summary[word >> 6] |= 1 << UInt64(word & 63)
  }

  /// Takes the rules out in rising order, until `body` says that it has seen enough.
  @inline(__always) func drain(_ body: (Int) -> Bool) {
    var isDone = false
    for place in 0..<summary.count {
      var some = summary[place]
      summary[place] = 0
      while some != 0 {
        let word = place &* 64 &+ some.trailingZeroBitCount
        some &= some &- 1
        var bits = words[word]
        words[word] = 0
        while bits != 0, !isDone {
          isDone = body(word &* 64 &+ bits.trailingZeroBitCount)
          bits &= bits &- 1
        }
      }
    }
  }
}
