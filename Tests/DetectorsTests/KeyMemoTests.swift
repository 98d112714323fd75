import Bytes
import Detectors
import Testing

/// Keys that are remembered against keys that are made.
@Suite struct KeyMemoTests {
  private func key(_ text: [UInt8]) -> StateKey {
    text.withView { text in
      var hasher = StateHasher()
      hasher.combine(text)
      return hasher.key
    }
  }

  @Test func `a remembered key is the key that is made`() {
    let memo = KeyMemo()
    var random = SeededGenerator(seed: 20_261_127)
    // More texts than there is room for, of every length up to past the longest that is kept; twice
    // each, and again after others took their place.
    var texts: [[UInt8]] = []
    for length in 0...40 {
      for _ in 0..<(length == 0 ? 1 : KeyMemo.count / 8) {
        texts.append((0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() >> 60) })
      }
    }
    #expect(texts.count > 4 * KeyMemo.count)
    for round in 0..<3 {
      for text in round == 1 ? texts.reversed() : texts {
        let wanted = key(text)
        text.withView { view in
          guard memo.key(of: view) != wanted || memo.key(of: view) != wanted else { return }
          Issue.record("seed 20261127, round \(round): \(text)")
        }
      }
    }
  }

  @Test func `texts that differ by a zero at the end have keys of their own`() {
    let memo = KeyMemo()
    for length in 0..<20 {
      let text = [UInt8](repeating: 0, count: length)
      for _ in 0..<2 { #expect(text.withView { memo.key(of: $0) } == key(text), "\(length)") }
    }
  }
}
