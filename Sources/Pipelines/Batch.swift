import Bytes
import Detectors
import Events

/// What *read* passes on to *follow* about one notable line: a plain value over the batch's bytes.
///
/// The line itself is carried, and what the tables of *follow* must know of it; what else it says is
/// read from it again when somebody asks.
struct Notable: BitwiseCopyable {
  /// What a line is to the baselines.
  enum Kind: UInt8 {
    /// No sign-in.
    case other
    /// A success of somebody, a failure, a success of nobody that has a name.
    case success, failure, nameless
  }
  /// The event's time, and the latest time among the lines of the chunk up to this one, nanoseconds.
  var time, latest: Int64
  /// Where the line is in its stream.
  var line, offset: UInt64
  /// The raw bytes in the arena, the hits, and the keys of those hits that feed tables.
  var rawStart, rawEnd: UInt32
  var hitsStart, hitsEnd: UInt32
  var feedsStart: UInt32
  /// Where the clue of a failure or the traits of a success are.
  var place: UInt32
  /// How many events the line stands for.
  var weight: UInt32
  /// Which of the stream's files it is from.
  var file: Int32
  var kind: Kind
}

/// Everything that *read* found in one chunk.
///
/// A batch is a plain value: it can be written down and read back, and whoever has all batches of a
/// stream in order can follow them, in this process or another.
@safe public final class Batch: @unchecked Sendable {
  // A batch is filled by one worker and then handed on; it is never in two hands at once.
  /// Which stream it belongs to, and its place in the stream.
  public private(set) var stream: Int, sequence: Int
  /// Which of the stream's files the lines are from.
  private(set) var file: Int32
  /// Lines and bytes by day, and the reasons of those rejected.
  public internal(set) var tally = ChunkTally()
  var notables: [Notable] = []
  var hits: [UInt16] = []
  var feeds: [FeedKey] = []
  var clues: [AttemptMerger.Clue] = []
  /// The hash of each failure's source, beside its clue.
  var sources: [UInt64] = []
  var traits: [LoginTraits] = []
  /// What only rates count, the keys of each mark one behind the other, and the texts of keys that are hashes.
  var rateMarks: [RateMark] = []
  var rateKeys: [UInt64] = []
  /// Keys that only some marks have, in the order of the marks.
  var rareRateKeys: [RareRateKey] = []
  var rateTexts: [(key: UInt64, start: UInt32, end: UInt32)] = []
  var arena: ByteArena
  /// Which of the stream's files the marks are from.
  var rateFile: Int32 { file }
  /// The latest event time in the chunk, or `Int64.min` when it had none.
  public internal(set) var latest = Int64.min

  /// A batch of nothing yet.
  public init() {
    (stream, sequence, file) = (0, 0, 0)
    arena = ByteArena(capacity: 64 << 10)
  }

  /// Empties the batch for another chunk; its memory serves again.
  func begin(stream: Int, sequence: Int, file: Int) {
    (self.stream, self.sequence) = (stream, sequence)
    self.file = Int32(truncatingIfNeeded: file)
    tally = ChunkTally()
    latest = .min
    notables.removeAll(keepingCapacity: true)
    hits.removeAll(keepingCapacity: true)
    feeds.removeAll(keepingCapacity: true)
    clues.removeAll(keepingCapacity: true)
    sources.removeAll(keepingCapacity: true)
    traits.removeAll(keepingCapacity: true)
    rateMarks.removeAll(keepingCapacity: true)
    rateKeys.removeAll(keepingCapacity: true)
    rareRateKeys.removeAll(keepingCapacity: true)
    rateTexts.removeAll(keepingCapacity: true)
    arena.removeAll()
  }
}

/// Counts of one chunk that add up to a stream's.
public struct ChunkTally: Sendable {
  /// One day's counts.
  public struct Day: Sendable, Hashable {
    /// Days since 1970 in the organisation's zone.
    public var day: Int
    /// Lines and bytes read, lines that became events, lines that did not.
    public var lines, bytes, parsed, rejected: UInt64
  }
  /// One reason's count and the first lines.
  public struct Reason: Sendable, Hashable {
    /// The stable name of the reason.
    public var reason: String
    /// How many lines.
    public var count: UInt64
    /// The first line numbers, at most five.
    public var lines: [UInt64]
  }
  /// Days in order of appearance.
  public var days: [Day] = []
  /// Reasons in order of appearance.
  public var reasons: [Reason] = []
  /// Rejected lines in front of the first event of the chunk: they belong to the day before it.
  public var leading = Day(day: 0, lines: 0, bytes: 0, parsed: 0, rejected: 0)
  /// The time of the first line that became an event, nanoseconds.
  public var opening: Int64?
  /// First and last event time, nanoseconds; `nil` when nothing was parsed.
  public var first, last: Int64?
  /// Lines whose year or zone was inferred.
  public var inferred: UInt64 = 0
  /// JSON lines that only the mapping of last resort took: their time is known and little else.
  public var unmapped: UInt64 = 0

  /// Nothing counted.
  public init() {}

  mutating func reject(_ reason: String, line: UInt64, count: UInt64 = 1) {
    if let place = reasons.firstIndex(where: { $0.reason == reason }) {
      reasons[place].count += count
      if reasons[place].lines.count < 5 { reasons[place].lines.append(line) }
    } else {
      reasons.append(Reason(reason: reason, count: count, lines: [line]))
    }
  }
}

extension ChunkTally {
  /// Adds a day's counts to the days so far.
  mutating func close(_ day: Day) {
    guard day.day != .min else { return }
    if let place = days.firstIndex(where: { $0.day == day.day }) {
      days[place].add(day)
    } else {
      days.append(day)
    }
  }
}

extension ChunkTally.Day {
  mutating func add(_ other: ChunkTally.Day) {
    lines += other.lines
    bytes += other.bytes
    parsed += other.parsed
    rejected += other.rejected
  }
}
