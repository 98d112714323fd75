import Bytes
import Detectors
import Events
import Registers

/// Turns one line into an event, and meets it with the registers: the front half of *read*.
///
/// *Read* has one for every line; *follow* has one to take a line apart again when a finding or a rule
/// asks what it said. Both do the same, so what a finding shows is what the rules saw.
final class EventReader {
  /// The event at hand; changed from line to line.
  let event = Event()
  private var normaliser: Normaliser
  private let registers: Registers
  private let joins = JoinCache()
  private var address = CachedAddress()
  private let geo: (any GeoLookup)?
  /// Looking into the optional costs more than asking this.
  private let hasGeo: Bool
  /// Whether some rule reads `@timestamp`, which is then the same text whatever the line wrote.
  private let rulesReadTime: Bool
  private let readsSourceNetwork: Bool
  /// What the joins look up by keys, and whether by the programs that speak.
  private let reads: JoinReads
  private let readsAgents: Bool
  private(set) var source = SourceContext.none
  /// Whether the lines are those of an access log.
  private var isAccess = false
  /// Whether the log's records may have several lines, and what puts those together.
  private var hasRecords = false
  private var text: RecordText?
  /// Whether each line is read as if none had come before: the oracle of the tests.
  var isPlain = false

  init(_ setup: PipelineSetup) {
    normaliser = setup.makeNormaliser()
    registers = setup.registers
    geo = setup.geo
    hasGeo = geo != nil
    rulesReadTime = setup.rulesReadTime
    readsSourceNetwork = setup.readsSourceNetwork
    reads = setup.reads
    readsAgents = registers.listsAgents
  }

  /// Whether the lines are those of the registers' calendar.
  private var isOfRegisters = false

  /// Says that the lines are those of the registers' calendar.
  func beginRegisters() { isOfRegisters = true }

  /// Says what is known of the lines that come.
  func begin(_ context: LineContext, _ source: SourceContext) {
    normaliser.begin(context)
    isAccess = context.format == .access
    isOfRegisters = false
    self.source = source
    hasRecords = context.records != nil
    text = context.records.map { RecordText($0, context.format) }
  }

  /// Reads a line into the event; returns why it is none.
  ///
  /// - Parameters:
  ///   - start: Where the line begins in the text of the marks.
  ///   - marks: The marks of its chunk, or `nil` to read it the plain way.
  @inline(__always)
  func read(_ line: ByteView, at start: Int = 0, _ marks: ByteMarks? = nil) -> Rejection? {
    event.reset(line: line)
    guard !isPlain else {
      forget()
      return normaliser.normalise(event)
    }
    return normaliser.normalise(event, at: start, marks)
  }

  /// Looks at a line without making an event of it.
  @inline(__always)
  func glance(at line: ByteView, _ start: Int, _ marks: ByteMarks) -> Glance? {
    isAccess ? normaliser.glanceAccess(at: line) : normaliser.glance(at: line, start, marks)
  }

  /// Reads all lines of a record into the event; returns why it is none.
  ///
  /// - Parameter raw: The lines, one behind the other, a line feed between them.
  func read(record raw: ByteView) -> Rejection? {
    guard let text, raw.firstOffset(of: 0x0A) != nil else { return read(raw) }
    let rejection = read(text.text(of: raw))
    text.complete(event, raw)
    return rejection
  }

  /// Forgets what earlier lines led to.
  @inline(never) private func forget() {
    normaliser.forget()
    joins.forget()
  }

  /// Where the event stands; nothing of it is in the event yet.
  @inline(__always) func standing() -> Standing {
    standing(of: JoinFacts(event, readsAgents: readsAgents))
  }

  /// Where a line stands.
  @inline(__always) func standing(of facts: JoinFacts) -> Standing {
    registers.standing(of: facts, source: source, cache: joins)
  }

  /// Adds everything to the event that the log does not say itself.
  func complete(_ standing: Standing) {
    if hasGeo, let geo { address.place(event, geo) }
    if readsSourceNetwork { event.addSourceNetwork() }
    if rulesReadTime {
      event.set(.timestamp, event.scratch.copy(RFC3339.text(nanoseconds: event.time)))
    }
    registers.set(standing, on: event, source: source, reads: reads)
  }

  /// The first of some exceptions that holds for the event at hand, as of a time.
  func exception(among places: [Int], at time: Int64) -> ByteView? {
    registers.exception(
      among: places, for: event, isOfRegisters ? nil : standing(),
      source: isOfRegisters ? .none : source, at: time)
  }

  /// Takes a line apart that was kept for a finding, or what is known of one whose text did not come along.
  func restore(_ seed: EvidenceSeed) {
    seed.withRaw { raw in
      restore(raw, weight: 1)
      for pair in seed.added {
        let text = pair.text.withView { event.scratch.copy($0) }
        event.set(Field(index: pair.field), text)
      }
      guard raw.isEmpty else { return }
      event.time = seed.time
      complete(standing())
    }
  }

  /// Takes a line apart that was read before, with everything in its place.
  func restore(_ line: ByteView, weight: UInt32) {
    if isOfRegisters {
      RegisterLine.read(line, into: event)
      return
    }
    // What became an event once becomes the same again.
    _ = hasRecords ? read(record: line) : read(line)
    complete(standing())
    event.weight = weight
  }
}
