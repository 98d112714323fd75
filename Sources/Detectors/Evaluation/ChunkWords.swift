package import Bytes

/// Which lines of a chunk hold none of the words that anybody looks for; belongs to one worker.
///
/// All who look share it, so that a chunk is walked over once, when the first of its lines is asked about. Too many
/// words, or too short ones, and it knows nothing: then each looks for itself.
package final class ChunkWords {
  /// Who looks for words.
  package enum Party: UInt8, Sendable {
    /// Who asks all rules, the open ones, the gated ones; and who looks at lines before they are events.
    case all = 2, open = 4, gated = 8, filters = 16
  }

  /// The words, with the parties' bits.
  private var words: [[UInt8]: UInt8] = [:]
  /// Made when a line is asked about, since several add words first.
  private var marks: NeedleMarks?
  private var isNew = false
  private var chunk = ByteView.empty
  private var isMarked = false

  /// Knowledge of no words yet.
  package init() {}

  /// Adds words that somebody looks for; letters in any case.
  package func add(_ texts: [[UInt8]], for party: Party) {
    for text in texts where words[text, default: 0] & party.rawValue == 0 {
      words[text, default: 0] |= party.rawValue
      isNew = true
    }
    if isNew { isMarked = false }
  }

  /// Marks the chunk at hand.
  @inline(never) private func mark() {
    if isNew {
      let sorted = words.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      // What is escaped may be anything.
      marks = NeedleMarks(sorted.map { ($0.key, $0.value) }, backslashes: true)
      isNew = false
    }
    marks?.mark(chunk)
    isMarked = true
  }

  /// Says in which chunk the lines stand that are asked about, in their order; of an empty one nothing is known.
  package func begin(_ chunk: ByteView) { (self.chunk, isMarked) = (chunk, false) }

  /// Whether some word of a party's may stand in a line.
  ///
  /// - Parameter countingEscapes: Whether a line with a backslash may hold any word.
  @inline(__always) package func mayStand(
    in line: ByteView, of party: Party, countingEscapes: Bool = false
  ) -> Bool {
    guard !chunk.isEmpty, line.stands(in: chunk) else { return true }
    if !isMarked { mark() }
    guard let marks else { return true }
    let start = Int(line.address &- chunk.address)
    return marks.isMarked(
      from: start, to: start &+ line.count,
      parties: party.rawValue | (countingEscapes ? NeedleMarks.backslash : 0))
  }
}
