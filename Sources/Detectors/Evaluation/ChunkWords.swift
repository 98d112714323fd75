package import Bytes

/// Which lines of a chunk hold none of the words that anybody looks for; belongs to one worker.
///
/// All who look share it, so that a chunk is walked over once, when the first of its lines is asked about. Too many
/// words, or too short ones, and it knows nothing: then each looks for itself.
package final class ChunkWords {
  private var words: Set<[UInt8]> = []
  private var marks: NeedleMarks?
  private var chunk = ByteView.empty
  private var isMarked = false

  /// Knowledge of no words yet.
  package init() {}

  /// Adds words that somebody looks for; letters in any case.
  package func add(_ texts: [[UInt8]]) {
    let count = words.count
    words.formUnion(texts)
    guard words.count != count else { return }
    // What is escaped may be anything.
    marks = NeedleMarks(words.sorted { $0.lexicographicallyPrecedes($1) }, backslashes: true)
    isMarked = false
  }

  /// Says in which chunk the lines stand that are asked about, in their order; of an empty one nothing is known.
  package func begin(_ chunk: ByteView) { (self.chunk, isMarked) = (chunk, false) }

  /// Whether some word may stand in a line, or anything escaped.
  ///
  /// - Parameter countingEscapes: Whether a line with a backslash may hold any word.
  @inline(__always) package func mayStand(in line: ByteView, countingEscapes: Bool = false) -> Bool
  {
    guard let marks, !words.isEmpty, !chunk.isEmpty, line.stands(in: chunk) else { return true }
    if !isMarked {
      marks.mark(chunk)
      isMarked = true
    }
    let start = Int(line.address &- chunk.address)
    return marks.isMarked(
      from: start, to: start &+ line.count, needlesAlone: !countingEscapes)
  }
}
