import Bytes
import Events
import Formats

/// Goes through the lines of one stream and says which of them belong together.
///
/// Whoever cuts the stream into blocks and whoever reads a block both ask it, so that they agree
/// wherever the cut is. What it knows of the lines so far is a few numbers: a record that does not end
/// within the framing's bound is given up, and so are all that are open when for four times the bound
/// there was no place to cut.
///
/// - Complexity: O(*n*) in a line's bytes at most; nothing is allocated.
struct RecordScan {
  /// What a line is to the records.
  enum Role: Equatable {
    /// A record by itself.
    case alone
    /// The first line of a record; the one before it is over.
    case begins
    /// Another line of the record at hand.
    case goesOn
    /// A piece of a record of one output, the last one or not.
    case piece(ContainerPiece)
    /// It belongs to a record that is too long.
    case tooLong
  }

  /// What a line does.
  struct Step {
    var role: Role
    /// Whether the stream can be cut in front of the line.
    var isCleanBefore: Bool
    /// Whose records turned out to be too long with this line: a bit for each output.
    var dropped: UInt8 = 0
  }

  private let framing: RecordFraming
  /// The outputs, or the stream, whose next lines still belong to a record that is too long.
  private(set) var skipped: UInt8
  /// The outputs with a record that has not ended, a bit each, and where those began.
  private var open: UInt8 = 0
  private var starts = (UInt64(0), UInt64(0))
  /// Where the stream could be cut last.
  private var cleanStart: UInt64 = 0

  /// A scan that begins where the stream can be cut.
  init(_ framing: RecordFraming, skipped: UInt8 = 0) {
    (self.framing, self.skipped) = (framing, skipped)
  }

  /// Whether the stream can be cut behind the last line, whatever follows.
  var isClean: Bool { open == 0 }

  /// Takes the next line.
  ///
  /// - Parameters:
  ///   - line: Without its ending.
  ///   - start: Where it begins in the stream.
  ///   - end: Where it ends, with its ending.
  mutating func take(_ line: ByteView, from start: UInt64, to end: UInt64) -> Step {
    switch framing.kind {
    case .rule(let rule): take(begins: rule.begins(line), start, end)
    case .cri: take(piece: ContainerPiece.cri(line), start, end)
    case .docker: take(piece: ContainerPiece.docker(line), start, end)
    }
  }

  private mutating func take(begins: Bool, _ start: UInt64, _ end: UInt64) -> Step {
    let isClean = begins || open == 0
    if begins {
      (open, skipped, starts.0) = (1, 0, start)
      return Step(role: .begins, isCleanBefore: isClean)
    }
    if open == 0 {
      return Step(role: skipped == 0 ? .alone : .tooLong, isCleanBefore: isClean)
    }
    guard end &- starts.0 > UInt64(framing.bytesMax) else {
      return Step(role: .goesOn, isCleanBefore: isClean)
    }
    (open, skipped) = (0, 1)
    return Step(role: .tooLong, isCleanBefore: isClean, dropped: 1)
  }

  private mutating func take(
    piece: ContainerPiece?, _ start: UInt64, _ end: UInt64
  ) -> Step {
    let isClean = open == 0
    if isClean { cleanStart = start }
    let bound = UInt64(framing.bytesMax)
    var dropped: UInt8 = 0
    if !isClean {
      if open & 1 != 0, end &- starts.0 > bound { dropped |= 1 }
      if open & 2 != 0, end &- starts.1 > bound { dropped |= 2 }
      if end &- cleanStart > bound &* 4 { dropped = open }
      open &= ~dropped
      skipped |= dropped
    }
    guard let piece else {
      return Step(role: .alone, isCleanBefore: isClean, dropped: dropped)
    }
    let bit: UInt8 = 1 << UInt8(piece.output)
    var role = Role.piece(piece)
    if skipped & bit != 0 {
      if !piece.isPartial { skipped &= ~bit }
      role = .tooLong
    } else if piece.isPartial {
      if open & bit == 0 { if bit == 1 { starts.0 = start } else { starts.1 = start } }
      open |= bit
    } else if open & bit != 0 {
      open &= ~bit
    } else {
      role = .alone
    }
    return Step(role: role, isCleanBefore: isClean, dropped: dropped)
  }
}
