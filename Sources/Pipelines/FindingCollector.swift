import Bytes
import Detectors
import Events

/// Gathers what rules and correlations say into findings: one per subject and window, with a count.
///
/// Bounded: ``draftsMax`` findings in a run, ``ruleMax`` of one rule; what comes beyond is counted, not
/// kept. Whoever invents host names or addresses can fill their own rule's share with them, and no
/// other's; when all shares together are too many, the newest finding of the lowest level makes room
/// for one of a higher level.
public struct FindingCollector {
  /// How many findings a run keeps; more than anybody reads, and about 200 MB of them.
  public static let draftsMax = 50_000
  /// How many of them may be one rule's.
  public static let ruleMax = draftsMax / 5

  private struct Draft {
    let key: StateKey
    let rule: Int
    let subject: String
    let windowStart: Int64
    var start, end: Int64
    var count: UInt64
    var distinct: Int
    var seeds: [EvidenceSeed]
    /// The identity under which somebody was told of it already, which stays.
    var uid: String?
  }

  private let setup: PipelineSetup
  private var drafts: [Draft] = []
  private var places: [StateKey: Int] = [:]
  /// The places of drafts that are new or have grown since anybody asked.
  private var changed: Set<Int> = []
  /// How many drafts each rule has, and the places of each level's, the newest last.
  private var countByRule: [Int]
  private var placesByLevel: [Level: [Int]] = [:]
  /// By rule, what stands for it in a draft's key, whatever its place: the hash of its id.
  private let ruleNumbers: [Int64]
  /// How many events concern findings that were not kept.
  public private(set) var overflowCount: UInt64 = 0
  /// What a finding of a rule without `subject` is about.
  private let defaultSubject: [Field] = [.personID, .userName, .sourceIP, .systemName]

  init(_ setup: PipelineSetup) {
    self.setup = setup
    countByRule = Array(repeating: 0, count: setup.rules.rules.count)
    ruleNumbers = setup.rules.rules.map {
      Int64(bitPattern: $0.header.id.withView(StateHasher.hash))
    }
  }

  /// How many findings there are.
  public var count: Int { drafts.count }

  /// Adds an event that hit a rule.
  mutating func add(
    rule: Int, _ event: Event, time: Int64, weight: UInt32, seed: EvidenceSeed, windowStart: Int64
  ) {
    let subject = subject(rule, event)
    var key = StateHasher()
    key.combine(ruleNumbers[rule])
    key.combine(windowStart)
    subject.withView { key.combine($0) }
    update(
      key.key, rule, subject, windowStart, evidence: [seed], count: UInt64(weight), time: time,
      distinct: 0)
  }

  /// Adds what a correlation says: a burst has one finding, a sequence one per subject and window.
  ///
  /// - Parameter event: Asked for when it is a finding's first, or its subject names the finding.
  mutating func add(
    _ firing: Firing, _ event: @autoclosure () -> Event, time: Int64, windowStart: Int64
  ) {
    var key = StateHasher()
    key.combine(ruleNumbers[firing.rule])
    switch setup.rules.rules[firing.rule].kind {
    case .correlation(let correlation) where correlation.isSequence:
      let subject = subject(firing.rule, event())
      key.combine(windowStart)
      subject.withView { key.combine($0) }
      update(
        key.key, firing.rule, subject, windowStart, evidence: firing.evidence, count: firing.count,
        time: time, distinct: 0)
    default:
      key.combine(firing.start)
      key.combine(Int64(bitPattern: firing.group.high))
      key.combine(Int64(bitPattern: firing.group.low))
      // A burst that goes on is known by its group; its line need not be taken apart.
      if let place = places[key.key] {
        return grow(
          place, evidence: firing.evidence, count: firing.count, time: time,
          distinct: firing.distinct)
      }
      let subject = subject(firing.rule, event())
      update(
        key.key, firing.rule, subject, firing.start, evidence: firing.evidence, count: firing.count,
        time: time, distinct: firing.distinct, start: firing.isDeadline ? firing.start : nil)
    }
  }

  private mutating func update(
    _ key: StateKey, _ rule: Int, _ subject: String, _ windowStart: Int64,
    evidence: [EvidenceSeed], count: UInt64, time: Int64, distinct: Int, start: Int64? = nil
  ) {
    if let place = places[key] {
      return grow(place, evidence: evidence, count: count, time: time, distinct: distinct)
    }
    let level = setup.rules.rules[rule].header.level
    guard countByRule[rule] < FindingCollector.ruleMax,
      let place = drafts.count < FindingCollector.draftsMax ? drafts.count : vacate(below: level)
    else {
      overflowCount += count
      return
    }
    let draft = Draft(
      key: key, rule: rule, subject: subject, windowStart: windowStart,
      start: start ?? evidence.map(\.time).min() ?? time, end: time, count: count,
      distinct: distinct,
      seeds: Array(evidence.prefix(Finding.evidenceMax)))
    keep(draft, at: place)
    changed.insert(place)
  }

  private mutating func grow(
    _ place: Int, evidence: [EvidenceSeed], count: UInt64, time: Int64, distinct: Int
  ) {
    changed.insert(place)
    drafts[place].count += count
    drafts[place].start = min(drafts[place].start, time)
    drafts[place].end = max(drafts[place].end, time)
    drafts[place].distinct = max(drafts[place].distinct, distinct)
    let room = Finding.evidenceMax - drafts[place].seeds.count
    if room > 0 { drafts[place].seeds += evidence.prefix(room) }
  }

  private mutating func keep(_ draft: Draft, at place: Int) {
    if place == drafts.count { drafts.append(draft) } else { drafts[place] = draft }
    places[draft.key] = place
    countByRule[draft.rule] += 1
    placesByLevel[setup.rules.rules[draft.rule].header.level, default: []].append(place)
  }

  /// Gives up the newest finding of the lowest level, if that is below `level`, and returns its place.
  private mutating func vacate(below level: Level) -> Int? {
    let lowest = Level.allCases.first { !(placesByLevel[$0] ?? []).isEmpty }
    guard let lowest, lowest < level, let place = placesByLevel[lowest]?.popLast()
    else { return nil }
    let draft = drafts[place]
    places[draft.key] = nil
    countByRule[draft.rule] -= 1
    overflowCount += draft.count
    return place
  }

  /// The values a finding is about.
  private func subject(_ rule: Int, _ event: Event) -> String {
    var fields = setup.rules.rules[rule].subject
    if fields.isEmpty {
      if case .correlation(let correlation) = setup.rules.rules[rule].kind {
        fields = correlation.groupBy
      } else {
        fields = defaultSubject
      }
    }
    var parts: [String] = []
    for field in fields {
      guard let value = event[field] else { continue }
      let text = FindingCollector.plain(value.text(event.scratch).string)
      if !parts.contains(text) { parts.append(text) }
    }
    return parts.joined(separator: " · ")
  }

  /// The findings in order of time, detector and subject; identity from the evidence.
  ///
  /// - Parameter fields: Says what a kept line said.
  func findings(
    stream name: (Int) -> String, fields: (EvidenceSeed) -> [(field: Int, text: [UInt8])]
  ) -> [Finding] {
    drafts.map { finding($0, name, fields) }.sorted {
      ($0.start, $0.detector, $0.subject, $0.uid) < ($1.start, $1.detector, $1.subject, $1.uid)
    }
  }

  /// The findings that are new or have grown since the last call.
  mutating func changedFindings(
    stream name: (Int) -> String, fields: (EvidenceSeed) -> [(field: Int, text: [UInt8])]
  ) -> [Finding] {
    let places = changed.sorted()
    changed = []
    return places.map { place in
      let finding = finding(drafts[place], name, fields)
      drafts[place].uid = finding.uid
      return finding
    }.sorted {
      ($0.start, $0.detector, $0.subject, $0.uid) < ($1.start, $1.detector, $1.subject, $1.uid)
    }
  }

  /// Forgets findings that ended before an instant, which makes room for others.
  mutating func forget(before time: Int64) {
    let kept = drafts.indices.filter { drafts[$0].end >= time || changed.contains($0) }
    guard kept.count < drafts.count else { return }
    let wasChanged = changed
    let old = drafts
    (drafts, places, placesByLevel, changed) = ([], [:], [:], [])
    countByRule = countByRule.map { _ in 0 }
    for place in kept {
      let draft = old[place]
      if wasChanged.contains(place) { changed.insert(drafts.count) }
      keep(draft, at: drafts.count)
    }
  }

  private func finding(
    _ draft: Draft, _ name: (Int) -> String,
    _ fields: (EvidenceSeed) -> [(field: Int, text: [UInt8])]
  ) -> Finding {
    let rule = setup.rules.rules[draft.rule]
    let evidence = draft.seeds.sorted {
      ($0.time, $0.stream, $0.line) < ($1.time, $1.stream, $1.line)
    }.map { proof(of: $0, name, fields($0)) }
    let identity = [
      rule.header.id, draft.subject, "\(draft.windowStart)", evidence.first?.sha256 ?? "",
    ].joined(separator: "\u{0}")
    return Finding(
      uid: draft.uid ?? Digest.hex(Digest.sha256(Array(identity.utf8))), detector: rule.header.id,
      title: rule.header.title, level: rule.header.level,
      message: message(rule, draft, evidence), subject: draft.subject,
      controls: rule.header.controls, techniques: rule.header.techniques, start: draft.start,
      end: draft.end, count: draft.count, evidence: evidence)
  }

  private func proof(
    of seed: EvidenceSeed, _ name: (Int) -> String, _ fields: [(field: Int, text: [UInt8])]
  ) -> Evidence {
    let raw = seed.withRaw { $0.copy() }
    return Evidence(
      source: name(seed.stream), line: seed.line, offset: seed.offset,
      sha256: Digest.hex(seed.digest.isEmpty ? Digest.sha256(raw) : seed.digest),
      raw: String(decoding: raw, as: UTF8.self), time: seed.time,
      fields: fields.map {
        Evidence.Pair(setup.table.names[$0.field], String(decoding: $0.text, as: UTF8.self))
      }.sorted { $0.name < $1.name })
  }

  private func message(_ rule: Rule, _ draft: Draft, _ evidence: [Evidence]) -> String {
    guard !rule.header.message.isEmpty else { return "\(rule.header.title): \(draft.subject)" }
    return rule.header.message.map { part in
      switch part {
      case .text(let text): return text
      case .field(let field):
        let name = setup.table.names[field.index]
        if name == "count" { return "\(draft.count)" }
        if name == "value_count" || name == "value" { return "\(draft.distinct)" }
        // The last line says most of a sequence: the success after the failures.
        let values = evidence.reversed().compactMap { $0[name] }
        return values.first.map(FindingCollector.plain) ?? "?"
      case .first(let fields):
        let names = fields.map { setup.table.names[$0.index] }
        let values = evidence.reversed().lazy.compactMap { line in
          names.lazy.compactMap { line[$0] }.first
        }
        return values.first.map(FindingCollector.plain) ?? "?"
      }
    }.joined()
  }

  /// A JSON list of words as words: `["network","system"]` becomes `network, system`.
  private static func plain(_ value: String) -> String {
    guard value.hasPrefix("[\""), value.hasSuffix("\"]") else { return value }
    return value.dropFirst(2).dropLast(2).split(separator: "\",\"").joined(separator: ", ")
  }
}

extension FindingCollector {
  /// Marks the lines that findings keep.
  func markLines() {
    for draft in drafts { for seed in draft.seeds { seed.mark() } }
  }

  /// Writes the findings that may still grow; those that nobody asked for yet are not known to have changed.
  func write(to writer: inout SnapshotWriter, _ seeds: SeedTable) {
    writer.put(overflowCount)
    writer.put(drafts) { draft, writer in
      writer.put(setup.rules.rules[draft.rule].header.id)
      writer.put(draft.key.high)
      writer.put(draft.key.low)
      writer.put(draft.subject)
      for time in [draft.windowStart, draft.start, draft.end] { writer.put(time) }
      writer.put(draft.count)
      writer.put(draft.distinct)
      writer.put(draft.seeds) { seeds.put($0, to: &$1) }
      writer.put(draft.uid) { $1.put($0) }
    }
  }

  /// Takes in what was written, save the findings of rules that are gone.
  mutating func read(
    from reader: inout SnapshotReader, _ seeds: SeedTable
  ) throws(SnapshotError) {
    overflowCount = try reader.number()
    let rules = Dictionary(
      setup.rules.rules.enumerated().map { ($1.header.id, $0) },
      uniquingKeysWith: { first, _ in first })
    for _ in 0..<(try reader.count()) {
      let rule = rules[try reader.text()]
      let draft = Draft(
        key: StateKey(high: try reader.number(), low: try reader.number()), rule: rule ?? 0,
        subject: try reader.text(), windowStart: try reader.number(), start: try reader.number(),
        end: try reader.number(), count: try reader.number(), distinct: try reader.number(),
        seeds: try reader.list(seeds.take),
        uid: try reader.optional { (reader) throws(SnapshotError) in try reader.text() })
      if rule != nil, drafts.count < FindingCollector.draftsMax { keep(draft, at: drafts.count) }
    }
  }
}
