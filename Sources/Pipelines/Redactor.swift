import Bytes

/// Takes secrets out of lines before anything is kept of them; belongs to one worker.
///
/// What evidence shows, hashes and sends is what the arena holds, so that this is the only place: the letters of a secret
/// become stars, as many as there were, and the line can be read again as it was otherwise.
final class Redactor {
  private lazy var marks = NeedleMarks(SecretFormats.needles, backslashes: false)

  /// Blots out the secrets of the last line that was put into the arena.
  func redact(_ arena: inout ByteArena, from start: UInt32) {
    let end = UInt32(truncatingIfNeeded: arena.count)
    let line = arena.view(start, end)
    marks?.mark(line)
    let hasNeedles = marks?.isMarked(from: 0, to: line.count) ?? true
    for range in SecretFormats.ranges(in: line, hasNeedles: hasNeedles) {
      arena.blot(Int(start) + range.lowerBound, Int(start) + range.upperBound)
    }
  }
}
