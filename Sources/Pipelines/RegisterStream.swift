import Bytes
import Detectors
import Events
import Registers

/// The registers as a stream of events: what begins to be expected, is near its end, or was done.
///
/// Its entries go the way of a log's notable lines, in *follow*, where they are merged by time; they are no lines of a log, so they
/// stand in no ledger and in no coverage. Made only where a rule is about `category: register`.
final class RegisterStream {
  /// The stream's place among the streams, and its name.
  static let (place, name) = (-1, "registers")

  private let calendar: Calendar
  private var cursor: CalendarCursor
  private let evaluator: Evaluator
  private let feeds: FeedPlan
  private let event = Event()
  private let batch = Batch()
  /// Nothing is told from before and after these.
  private let since, until: Int64
  /// How many entries were told since the last stretch began.
  private var stretchCount = 0
  /// How many stretches were cut short.
  private(set) var cutCount: UInt64 = 0
  /// Sees each event before the rules do.
  var witness: ((Event) -> Void)?

  /// The stream of a setup; `nil` when no rule asks for it.
  init?(_ setup: PipelineSetup) {
    guard let rules = setup.registerRules else { return nil }
    calendar = setup.calendar
    cursor = CalendarCursor(calendar)
    evaluator = Evaluator(rules)
    feeds = setup.feeds
    (since, until) = (setup.since, setup.until)
  }

  /// Whether it has begun.
  var hasBegun: Bool { cursor.hasBegun }

  /// Up to when everything was told.
  var toldUntil: Int64 { cursor.toldUntil }

  /// How many entries are not remembered as told, or were passed over.
  var forgottenCount: UInt64 { cursor.forgottenCount + cutCount }

  /// Begins with the first event of the logs.
  func begin(at time: Int64) { cursor.begin(at: max(time, since)) }

  /// The next entry that some rule is about, up to a time, as a notable line.
  func next(by time: Int64, _ keys: KeyMemo) -> (Notable, Batch)? {
    let end = min(time, until)
    while let entry = cursor.next(by: end) {
      stretchCount += 1
      if stretchCount > CalendarCursor.stretchMax {
        cutCount += 1
        stretchCount = 0
        cursor.skip(to: end)
        continue
      }
      if let notable = notable(entry, keys) { return (notable, batch) }
    }
    stretchCount = 0
    return nil
  }

  private func notable(_ entry: CalendarEntry, _ keys: KeyMemo) -> Notable? {
    batch.begin(stream: RegisterStream.place, sequence: 0, file: 0)
    let (start, line) = RegisterLine.text(entry).withView { text in
      let start = batch.arena.append(text)
      return (start, batch.arena.view(start, UInt32(truncatingIfNeeded: batch.arena.count)))
    }
    RegisterLine.read(line, into: event)
    event.time = entry.time
    witness?(event)
    evaluator.evaluate(event) { rule in
      batch.hits.append(UInt16(truncatingIfNeeded: rule))
      feeds.append(rule, event, keys, to: &batch.feeds)
    }
    guard !batch.hits.isEmpty else { return nil }
    return Notable(
      time: entry.time, latest: entry.time, line: 0, offset: 0, rawStart: start,
      rawEnd: UInt32(truncatingIfNeeded: batch.arena.count), hitsStart: 0,
      hitsEnd: UInt32(truncatingIfNeeded: batch.hits.count), feedsStart: 0, place: 0, weight: 1,
      file: 0, kind: .other)
  }

  /// Whether what an event of this stream said is still expected at the end of a wait.
  func stands(_ event: Event, at time: Int64) -> Bool {
    guard let kind = event.text(.obligationKind), let id = event.text(.obligationID),
      let due = event.text(.obligationDue).flatMap({ RFC3339.nanoseconds(of: $0.string) })
    else { return false }
    return calendar.stands(kind: kind.string, id: id.string, due: due, at: time)
  }

  /// Writes how far it has come.
  func write(to writer: inout SnapshotWriter) { cursor.write(to: &writer) }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try cursor.read(from: &reader)
  }
}
