public import Bytes

/// Turns lines into events: frame → format → mapping → common fields.
///
/// One normaliser belongs to one worker. It keeps nothing that changes an answer from line to line:
/// what it remembers (the last second's time stamp, the last line's keys, the mapping that took the
/// last line) only makes the next line cheaper.
public struct Normaliser {
  let mappings: [Mapping]
  let requests: HTTPRequests
  /// Mappings by format, the most demanding first.
  private let syslogMappings: [Int]
  /// The JSON mappings in one row: where the next begins, the mapping, the slots it demands.
  var jsonDemands: [Int32] = []
  /// The JSON mappings, the most demanding first.
  let jsonMappings: [Int]
  var reader: JSONReader
  /// What to do with the values of each shape that the reader knows.
  var plans: [JSONPlan] = []
  let needed: Set<Field>?
  /// The slots that somebody wants of each column of `csvlog`.
  let csvSlots: [[Int]]
  /// Where the line is that was looked at last, and its shape; 0 when none waits to become an event.
  var matched: (line: UInt, shape: Int?) = (0, nil)
  /// Whether events keep the members of a JSON record that nobody asked for; see ``JSONReader``.
  public var keepsRest: Bool {
    get { reader.keepsRest }
    set { reader.keepsRest = newValue }
  }
  var stamps = StampCache()
  /// The last times by how they are read: in front of a syslog line, in an access log, as a text.
  ///
  /// What one of them takes for a time another may refuse.
  private var lastSyslogTime = LastTime()
  var lastAccessTime = LastTime()
  var lastTime = LastTime()
  /// Whether someone may read program or message of a syslog line; products are handed them.
  private let keepsAllOfSyslog: Bool
  /// The last syslog line's parts; large, so it stays where it is.
  var header = SyslogHeader()
  /// A minute of local time and the zone's offset in it.
  private var zoneMinute: Int64 = .min
  private var zoneOffset: Int64 = 0
  /// What is known of the lines at hand.
  private(set) var context = LineContext(
    format: .json, zone: .utc, years: YearRule(anchor: 0), source: .empty)
  /// What the path says of the container whose log is at hand.
  private(set) var container = ContainerPath()
  /// The time that a container runtime wrote around the line at hand.
  var wrapped: Stamp?

  /// A normaliser that reads what a plan asks for.
  public init(_ plan: NormaliserPlan) {
    (mappings, requests, needed) = (plan.mappings, plan.requests, plan.needed)
    (jsonMappings, syslogMappings) = (plan.jsonMappings, plan.syslogMappings)
    (csvSlots, keepsAllOfSyslog) = (plan.csvSlots, plan.keepsAllOfSyslog)
    reader = JSONReader(plan.wants)
  }

  /// Reads one line into an event that was reset for it.
  ///
  /// - Returns: `nil` when the line became an event with a time, otherwise why not.
  public mutating func normalise(_ event: Event, _ context: LineContext) -> Rejection? {
    begin(context)
    return normalise(event)
  }

  /// Says what is known of the lines that come; once per file or block.
  public mutating func begin(_ context: LineContext) {
    // Zone and year are the file's.
    forget()
    let isSame =
      context.path.equals(self.context.path) && context.mapping == self.context.mapping
      && !jsonDemands.isEmpty
    let previous = (jsonDemands, self.context.mapping)
    self.context = context
    guard !isSame else { return }
    layOutDemands()
    container = ContainerPath(context.path)
    guard previous != (jsonDemands, context.mapping) else { return }
    plans = plans.indices.map { makePlan(ofShape: $0) }
  }

  /// Forgets the time of the last line, so that the next is read whatever stood before it.
  package mutating func forget() {
    (lastSyslogTime, lastAccessTime, lastTime) = (LastTime(), LastTime(), LastTime())
    stamps = StampCache()
    zoneMinute = .min
    matched = (0, nil)
  }

  /// Lays the demands of the JSON mappings that take the file out in one row.
  private mutating func layOutDemands() {
    var demands: [Int32] = []
    for index in jsonMappings where mappings[index].takes(path: context.path) {
      let parts = mappings[index].requiredParts.map { Int32($0.index) }
      demands += [Int32(demands.count + 2 + parts.count), Int32(index)] + parts
    }
    jsonDemands = demands
  }

  /// Reads one line of the file that was begun into an event that was reset for it.
  ///
  /// - Parameters:
  ///   - start: Where the line begins in the text of the marks.
  ///   - marks: The marks of the chunk that the line is in; without them it is read the plain way.
  /// - Returns: `nil` when the line became an event with a time, otherwise why not.
  public mutating func normalise(
    _ event: Event, at start: Int = 0, _ marks: ByteMarks? = nil
  ) -> Rejection? {
    if event.line.isEmpty { return Rejection("empty-line") }
    event.set(.logSource, context.source)
    do {
      switch context.format {
      case .json: try readJSON(event, at: start, marks)
      case .rfc3164, .rfc5424: try readSyslog(event)
      case .access: try readAccess(event)
      case .logfmt: try readPairs(event)
      case .cri, .docker: try readContainer(event)
      case .journal: try readJournal(event)
      case .csvlog: try readCSVLog(event)
      case .squid: try readSquid(event)
      }
    } catch {
      return error
    }
    requests.complete(event)
    return nil
  }

  // MARK: - Time

  /// The time of a text; ISO 8601 first, which nearly every log writes.
  @inline(__always) mutating func time(_ text: ByteView) -> Stamp? {
    if text.count >= 19, text[4] == UInt8(ascii: "-"), text[0].isDigit,
      let stamp = Timestamps.rfc3339(text, cache: &stamps), stamp.end == text.count
    {
      return stamp
    }
    return Timestamps.any(text)
  }

  /// Settles year and zone, and marks what was not in the line.
  @inline(__always) mutating func settle(
    _ stamp: Stamp, _ event: Event
  ) {
    if let missing = stamp.missing { event.set(.timestampInferred, missing) }
    event.time = instant(of: stamp)
  }

  /// The instant that a time stands for in this file, nanoseconds since 1970 UTC.
  @inline(__always) mutating func instant(of stamp: Stamp) -> Int64 {
    let full = context.years.complete(stamp)
    guard stamp.zoneOffsetSeconds == nil else { return full.nanoseconds }
    let local = full.nanoseconds.flooredSeconds
    let minute = local / 60
    if minute != zoneMinute {
      zoneOffset = local - context.zone.utcSeconds(ofLocalSeconds: local)
      zoneMinute = minute
    }
    return full.nanoseconds &- zoneOffset &* 1_000_000_000
  }

  // MARK: - Syslog

  mutating func readSyslog(_ event: Event) throws(Rejection) {
    if lastSyslogTime.stands(in: event.line) {
      // Neighbouring lines mostly share their time to the letter.
      RFC3164.parse(event.line, behind: lastSyslogTime.stamp, into: &header)
      event.time = lastSyslogTime.time
      if let inferred = lastSyslogTime.inferred { event.set(.timestampInferred, inferred) }
    } else {
      do {
        try Syslog.parse(event.line, cache: &stamps, into: &header)
      } catch {
        throw Rejection(error.reason.rawValue, at: error.offset)
      }
      guard let stamp = header.stamp else { throw Rejection("no-time") }
      settle(stamp, event)
      lastSyslogTime.keep(stamp, event.time, event.line)
    }
    _ = takeHeader(event)
  }

  /// Puts what the header says where events have it, and has the message taken apart.
  ///
  /// - Returns: Whether a mapping or a product knew the message.
  mutating func takeHeader(_ event: Event) -> Bool {
    if !header.host.isEmpty { event.set(.hostName, header.host) }
    if keepsAllOfSyslog {
      if !header.program.isEmpty { event.set(.processName, header.program) }
      event.set(.message, header.message)
    }
    if !header.pid.isEmpty { event.set(.processPID, header.pid) }
    if header.priority >= 0 { event.set(.syslogPriority, .integer(Int64(header.priority))) }
    if !header.messageID.isEmpty { event.set(.syslogMessageID, header.messageID) }
    if !header.structuredData.isEmpty { event.set(.structuredData, header.structuredData) }
    if !syslogMappings.isEmpty, mapSyslog(event) { return true }
    var text = header.message
    // rsyslog's template for RFC 5424 keeps the blank that parts tag and text in RFC 3164.
    if header.version > 0, !text.isEmpty, text[0] == 0x20 { text = text.dropFirst(1) }
    return Products.map(program: header.program, message: text, into: event)
  }

  /// Whether a mapping file took the record.
  private mutating func mapSyslog(_ event: Event) -> Bool {
    for index in syslogMappings {
      let mapping = mappings[index]
      guard
        context.mapping.isEmpty
          ? mapping.takes(path: context.path) : mapping.id == context.mapping,
        mapping.takes(program: header.program),
        mapping.hasStructuredData(header.structuredData)
      else { continue }
      if !header.structuredData.isEmpty { mapping.readStructuredData(header, into: event) }
      var isRead = true
      switch mapping.messageFormat {
      case .text: break
      case .logfmt: mapping.readPairs(header.message, into: event)
      case .json: isRead = (try? reader.read(header.message, into: event)) != nil
      }
      guard isRead, mapping.takes(event) else {
        mapping.forget(event)
        continue
      }
      mapping.apply(to: event)
      mapping.setAges(event)
      return true
    }
    return false
  }

  // MARK: - key=value

  mutating func readPairs(_ event: Event) throws(Rejection) {
    if let log = RubyLog(event.line) { return try readRuby(log, event) }
    let mapping = mapPairs(event.line, event)
    if !event.has(.timestamp) {
      // Without a mapping the usual names of the time still place the line.
      var pairs = KeyValues(event.line)
      while let pair = pairs.next() {
        if pair.key.equals("time") || pair.key.equals("ts") || pair.key.equals("timestamp") {
          event.set(.timestamp, pair.value)
          break
        }
        // `msg=audit(1700000000.123:456):`, the time and number of a record of Linux's audit.
        if pair.key.equals("msg"), pair.value.hasPrefix("audit("),
          let colon = pair.value.firstOffset(of: UInt8(ascii: ":"))
        {
          event.set(.timestamp, pair.value.slice(6, colon))
          break
        }
      }
    }
    try setTime(event)
    mapping?.setAges(event)
  }

  /// Reads what a Rails application wrote behind the head of Ruby's logger, whose time counts.
  private mutating func readRuby(_ log: RubyLog, _ event: Event) throws(Rejection) {
    guard let stamp = Timestamps.rfc3339(log.time), stamp.end == log.time.count else {
      throw Rejection("bad-time")
    }
    settle(stamp, event)
    event.set(.processPID, log.pid)
    event.set(.message, log.text)
    if let mapping = mapPairs(log.text, event) { return mapping.setAges(event) }
    _ = OpenProject.map(log.text, into: event)
  }

  /// The mapping of `key=value` that takes a text, once it was applied.
  private func mapPairs(_ text: ByteView, _ event: Event) -> Mapping? {
    for mapping in mappings where mapping.format == .logfmt {
      guard
        context.mapping.isEmpty ? mapping.takes(path: context.path) : mapping.id == context.mapping
      else { continue }
      mapping.readPairs(text, into: event)
      guard mapping.takes(event) else {
        mapping.forget(event)
        continue
      }
      mapping.apply(to: event)
      return mapping
    }
    return nil
  }
}

extension AccessLog {
  /// The client behind proxies: of the peer and the addresses they passed on, the last public one.
  var origin: ByteView {
    if let peer = Address(client), peer.isPublic { return client }
    return forwarded.origin ?? client
  }
}

extension ByteView {
  /// Of addresses that proxies passed on, parted by commas, the last public one.
  ///
  /// Every client can send a list of its own, so the first address is whatever somebody wrote; the
  /// last one that can be on the internet was seen by a proxy. Where all are private nobody outside
  /// had a say, and the first is the origin.
  var origin: ByteView? {
    var (end, first): (Int, ByteView?) = (count, nil)
    while end > 0 {
      let comma = lastOffset(of: UInt8(ascii: ","), before: end) ?? -1
      let text = slice(comma + 1, end).trimmed
      if let address = Address(text) {
        if address.isPublic { return text }
        first = text
      }
      end = comma
    }
    return first
  }
}

extension Mapping {
  /// Puts structured-data parameters where the mapping looks for them.
  func readStructuredData(_ header: SyslogHeader, into event: Event) {
    StructuredData.forEachParameter(header.structuredData) { id, name, value, hasEscapes in
      for part in parts where part.path.utf8.count == id.count + name.count + 1 {
        guard part.matches(id, name) else { continue }
        event.set(part.field, hasEscapes ? unescaped(value, event.scratch) : value)
      }
    }
  }

  private func unescaped(_ value: ByteView, _ scratch: Scratch) -> ByteView {
    unsafe scratch.write(capacity: value.count) { room in
      unsafe StructuredData.unescape(value, into: room)
    }
  }

  /// Takes back what was read of a record that is another mapping's, or was cut short.
  func forget(_ event: Event) {
    for part in parts { event.remove(part.field) }
    event.rest.removeAll(keepingCapacity: true)
  }

  /// Whether every structured-data id is there that the mapping asks for.
  func hasStructuredData(_ text: ByteView) -> Bool {
    structuredData.allSatisfy { id in
      var found = false
      StructuredData.forEachParameter(text) { other, _, _, _ in
        if other.equals(id) { found = true }
      }
      return found
    }
  }

  /// Puts `key=value` pairs where the mapping looks for them.
  func readPairs(_ text: ByteView, into event: Event) {
    var pairs = KeyValues(text)
    while let pair = pairs.next() {
      for part in parts where part.name.equals(pair.key) {
        event.set(
          part.field,
          pair.isQuoted ? KeyValues.unescaped(pair.value, event.scratch) : pair.value)
      }
    }
  }
}

extension Int64 {
  /// Whole seconds of nanoseconds, rounded down.
  var flooredSeconds: Int64 {
    let quotient = self / 1_000_000_000
    return self % 1_000_000_000 < 0 ? quotient - 1 : quotient
  }
}
