import Bytes
import Pipelines
import Testing

/// What workers remember from line to line, full and beyond.
@Suite struct MemoTests {
  @Test func `a word keeps its number, and what is beyond the bound has none`() {
    var table = WordTable()
    var random = JSONReaderPropertyTests.Seeded(state: 20_261_127)
    var numbers: [[UInt8]: UInt32] = [:]
    // Zeros at the end, lengths around a word, and words that differ in one place.
    let words: [[UInt8]] =
      [[], [0], [0, 0]]
      + (0..<200).map { count in
        (0..<count % 19).map { _ in UInt8(truncatingIfNeeded: random.next() >> 61) }
      }
    for word in words + words.reversed() + words {
      let number = word.withView { table.number(of: $0) }
      if let known = numbers[word] {
        #expect(number == known, "\(word)")
      } else {
        let isKept = word.count <= 16 && numbers.values.count { $0 > 0 } < WordTable.limit
        let next = UInt32(numbers.values.count { $0 > 0 } + 1)
        #expect(number == (isKept ? next : 0), "\(word)")
        numbers[word] = number
      }
    }
    #expect(numbers.values.max() == UInt32(WordTable.limit))
    #expect(Set(numbers.values).count == WordTable.limit + 1)
  }

  @Test(arguments: [1, 2, 20_261_127] as [UInt64])
  func `a verdict that is remembered is the one that was found`(_ seed: UInt64) {
    var random = JSONReaderPropertyTests.Seeded(state: seed)
    var memo = VerdictMemo()
    func hits(_ code: UInt64) -> [UInt16] {
      (0..<code % 4).map { UInt16(truncatingIfNeeded: code &* 7 &+ $0) }
    }
    var (found, new) = (0, 0)
    for _ in 0..<20_000 {
      // All the bits that a code has, and few enough that codes come again.
      let code = UInt64.random(in: 0..<2500, using: &random) &* 1_758_536_071 & 0x3FF_FFFF_FFFF
      if let verdict = memo.find(code) {
        found += 1
        #expect(Array(memo.hits[verdict.hits]) == hits(code), "seed \(seed), code \(code)")
        #expect(verdict.rates == code << 7 && verdict.possible == ~code)
      } else {
        new += 1
        memo.keep(code, hits(code), rates: code << 7, possible: ~code)
        #expect(memo.find(code).map { Array(memo.hits[$0.hits]) } == hits(code), "seed \(seed)")
      }
    }
    // It began anew when it was full, and remembered all the same.
    #expect(new > 2500 && found > 2500)
  }
}
