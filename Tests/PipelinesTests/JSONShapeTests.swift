import Bytes
import Detectors
import Documents
import Events
import Formats
import Pipelines
import Registers
import Testing

/// JSON lines read by their shapes against the same read plainly.
@Suite struct JSONShapeTests {
  static let wanted = [
    "a", "a.b", "o.x", "o.y.z", "w", "n", "time", "user", "status", ShapeAuthor.longKey, "flag", "",
  ]

  /// What a reader says of each line of a text: values by slot, the rest, or the reason.
  private func answers(
    _ text: ByteView, _ reader: inout JSONReader, _ marks: ByteMarks?, shaped: inout Int
  ) -> [String] {
    let record = Record()
    var answers: [String] = []
    var start = 0
    marks?.mark(text)
    while start < text.count {
      let end = LineScanner.lineEnd(text, from: start)
      let line = LineScanner.trimmed(text.slice(start, end))
      record.reset(line: line)
      answers.append(answer(line, at: start, record, &reader, marks, &shaped))
      start = end + 1
    }
    return answers
  }

  private func answer(
    _ line: ByteView, at start: Int, _ record: Record, _ reader: inout JSONReader,
    _ marks: ByteMarks?, _ shaped: inout Int
  ) -> String {
    if let marks, let shape = reader.shape(of: line, at: start, marks) {
      shaped += 1
      for (place, slot) in reader.slots(ofShape: shape).enumerated() where slot >= 0 {
        record.set(slot: Int(slot), reader.shapedValue(place, of: line))
      }
      reader.addRest(ofShape: shape, line, to: record)
    } else {
      do throws(JSONError) {
        try reader.read(line, into: record)
        if marks != nil { _ = reader.learn(line) }
      } catch {
        return "\(error.reason.rawValue) at \(error.offset)"
      }
    }
    return JSONShapeTests.description(of: record)
  }

  /// Every slot with its kind of value, and the rest.
  static func description(of record: Record) -> String {
    var parts: [String] = []
    record.forEachSlot { slot, value in
      switch value {
      case .text(let text): parts.append("\(slot) text \(text.copy())")
      case .integer(let number): parts.append("\(slot) integer \(number)")
      case .number(let number, let text): parts.append("\(slot) number \(number) \(text.string)")
      case .bool(let flag): parts.append("\(slot) \(flag)")
      case .null: parts.append("\(slot) null")
      case .json(let text): parts.append("\(slot) json \(text.copy())")
      }
    }
    return (parts + record.rest.map { "\($0.name.string)=\($0.value.string)" })
      .joined(separator: "; ")
  }

  private func makeReader(keepsRest: Bool) -> JSONReader {
    var reader = JSONReader(JSONWants(JSONShapeTests.wanted))
    reader.keepsRest = keepsRest
    return reader
  }

  @Test(arguments: [1, 2, 3, 4, 20_261_127] as [UInt64], [false, true])
  func `shapes change no value, no rest and no refusal`(_ seed: UInt64, _ keepsRest: Bool) {
    var author = ShapeAuthor(seed: seed)
    var (shaped, plain) = (makeReader(keepsRest: keepsRest), makeReader(keepsRest: keepsRest))
    let marks = ByteMarks()
    var (hits, none, lines) = (0, 0, 0)
    for round in 0..<12 {
      let log = Kept(author.log(150))
      let fast = answers(log.view, &shaped, marks, shaped: &hits)
      let slow = answers(log.view, &plain, nil, shaped: &none)
      lines += slow.count
      for (line, pair) in zip(fast, slow).enumerated() where pair.0 != pair.1 {
        Issue.record(
          "seed \(seed), round \(round), line \(line): \(pair.0), not \(pair.1); log \(log.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[line].map { Character(UnicodeScalar($0)) }.reduce(into: "") { $0.append($1) })"
        )
      }
    }
    // A good part of the lines took the fast way, and by far not all.
    #expect(hits > lines / 12 && hits < lines, "\(hits) of \(lines)")
  }

  /// Lines in pairs: what the first teaches must not be said of the second.
  @Test(arguments: [
    (#"{"a":[1],"n":2}"#, #"{"a":{"b":1},"n":2}"#),
    (#"{"o":[1],"n":2}"#, #"{"o":{"x":1},"n":2}"#),
    (#"{"o":[],"n":2}"#, #"{"o":{"y":{"z":"v"}},"n":2}"#),
    (#"{"w":{"x":1},"n":2}"#, #"{"w":[{"x":1}],"n":2}"#),
    (#"{"o":{"x":1},"n":2}"#, #"{"o":[1],"n":2}"#),
    (#"{"o":{},"n":2}"#, #"{"o":{"x":1},"n":2}"#),
    (#"{"u":[1],"n":2}"#, #"{"u":{"x":1},"n":2}"#),
    (#"{"n":1,"n":2}"#, #"{"n":3,"n":4}"#),
    (#"{"n":1}"#, #"{"n":1 }"#), (#"{"n":1}"#, #"{"n":10"#), (#"{"n":1}"#, #"{"n":-}"#),
    (#"{"n":1}"#, #"{"n":01}"#), (#"{"n":1}"#, #"{"n":1.}"#), (#"{"n":true}"#, #"{"n":truth}"#),
    (#"{"n":"x"}"#, #"{"n":"x}"#), (#"{"n":"x"}"#, #"{"n":"\"}"#), (#"{"n":"x"}"#, #"{"n":"é"}"#),
    (#"{"w":[1]}"#, #"{"w":[1}"#), (#"{"w":[1]}"#, #"{"w":["\u00e9","\x"]}"#),
  ]) func `what one line teaches is not said of another`(_ first: String, _ second: String) {
    for padding in [0, 40] {
      for keepsRest in [false, true] {
        let text = [first, second, first, second].joined(separator: "\n")
        let log = Kept(Array((text + String(repeating: "\n", count: padding)).utf8))
        var (shaped, plain) = (makeReader(keepsRest: keepsRest), makeReader(keepsRest: keepsRest))
        var (hits, none) = (0, 0)
        let fast = answers(log.view, &shaped, ByteMarks(), shaped: &hits)
        #expect(fast == answers(log.view, &plain, nil, shaped: &none))
        // The third line stands where the tree may be asked.
        #expect(padding == 0 || hits > 0)
      }
    }
  }

  @Test func `every cut of a line is judged as the plain reader judges it`() {
    let line = Array(
      #"{"a":"x","o":{"x":1.5,"u":[1,{"b":null}]},"n":-1,"w":[true],"q":"","time":"2026"}"#.utf8)
    for follows in [[], [0x0A], [0x0A, 0x0A] + line] as [[UInt8]] {
      for length in 0...line.count {
        let log = Kept(line + [0x0A] + line.prefix(length) + follows)
        var (shaped, plain) = (makeReader(keepsRest: true), makeReader(keepsRest: true))
        var (hits, none) = (0, 0)
        let fast = answers(log.view, &shaped, ByteMarks(), shaped: &hits)
        #expect(fast == answers(log.view, &plain, nil, shaped: &none), "\(length)")
      }
    }
  }

  @Test func `more shapes than there is room for are read all the same`() {
    var (shaped, plain) = (makeReader(keepsRest: true), makeReader(keepsRest: true))
    var (hits, none) = (0, 0)
    let lines = (0..<3000).map { #"{"k\#($0 % 1500)":1,"n":"\#($0)","a":{"x\#($0 % 7)":[]}}"# }
    let log = Kept(Array((lines + lines).joined(separator: "\n").utf8))
    let fast = answers(log.view, &shaped, ByteMarks(), shaped: &hits)
    #expect(fast == answers(log.view, &plain, nil, shaped: &none))
  }

  // MARK: - Through the mappings

  private static let mappings = """
    mapping: web
    format: json
    match: {keys: [status]}
    fields:
      "@timestamp": [time, n]
      user.name: [user, o.x, a.b]
      source.ip: [remote_addr, a]
      http.response.status_code: status
      url.original: uri
      http.request.method: request_method
      url.domain: host
      note: flag
      event.reason: note
    set: {event.category: web}
    ---
    mapping: flags
    format: json
    match: {keys: [flag, note]}
    fields: {"@timestamp": time, host.name: host, user.name: w}
    set: {event.action: auth.login, flag: set, q: constant}
    cases:
      - {when: {note: "k*"}, set: {event.outcome: success, u: case}}
      - {when: {user: null}, set: {event.outcome: failure}}
    ---
    mapping: texts
    format: json
    match: {keys: [note]}
    fields: {"@timestamp": time, event.reason: u}
    text:
      - {of: note, like: "{user.name} a long text{q}"}
      - {of: note, like: "a {user.name} text of plain {host.name}"}
    ---
    mapping: rest
    format: json
    fields: {"@timestamp": time, user.name: user}

    """

  private static let rules = """
    title: Own keys
    id: own
    logsource: {category: any}
    detection:
      a: {q: [kim, constant], flag: set}
      b: {event.reason|contains: text, note|exists: true, u: case}
      condition: a or b

    """

  private func setup(everything: Bool) throws -> PipelineSetup {
    var table = FieldTable()
    let (mappings, wrong) = MappingLoader.load(
      try Document(file: "mappings.yaml", text: JSONShapeTests.mappings), table: &table)
    let (rules, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: JSONShapeTests.rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(wrong.isEmpty && refused.isEmpty, "\(wrong) \(refused)")
    return PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: mappings, table: table, zone: .utc,
      everything: everything)
  }

  /// What a normaliser made of each line, as far as somebody reads it.
  private func events(
    _ text: ByteView, _ normaliser: inout Normaliser, _ marks: ByteMarks?, _ setup: PipelineSetup,
    everything: Bool
  ) -> [String] {
    let event = Event()
    var answers: [String] = []
    var start = 0
    marks?.mark(text)
    let read = Set(setup.carried).union(setup.rules.requiredFields)
    while start < text.count {
      let end = LineScanner.lineEnd(text, from: start)
      event.reset(line: LineScanner.trimmed(text.slice(start, end)))
      if let rejection = normaliser.normalise(event, at: start, marks) {
        answers.append("\(rejection)")
      } else {
        if !everything {
          for index in 0..<setup.table.names.count where !read.contains(Field(index: index)) {
            event.remove(Field(index: index))
          }
        }
        answers.append("\(event.time) \(JSONShapeTests.description(of: event))")
      }
      start = end + 1
    }
    return answers
  }

  @Test(arguments: [5, 6, 7, 20_261_127] as [UInt64], [false, true])
  func `shapes change no event`(_ seed: UInt64, _ everything: Bool) throws {
    let setup = try setup(everything: everything)
    var author = ShapeAuthor(seed: seed)
    var (shaped, plain) = (setup.makeNormaliser(), setup.makeNormaliser())
    shaped.keepsRest = everything
    plain.keepsRest = everything
    var events = 0
    for round in 0..<16 {
      // Another mapping, or none, may be asked for from file to file.
      let context = LineContext(
        format: .json, zone: .utc, years: YearRule(anchor: 1_793_697_247),
        source: ByteView("shapes"), mapping: ["", "", "web", "flags", "", "rest"][round % 6])
      shaped.begin(context)
      plain.begin(context)
      let log = Kept(author.log(120))
      let fast = self.events(log.view, &shaped, ByteMarks(), setup, everything: everything)
      let slow = self.events(log.view, &plain, nil, setup, everything: everything)
      events += slow.count { !$0.hasPrefix("Rejection") }
      for (line, pair) in zip(fast, slow).enumerated() where pair.0 != pair.1 {
        let bytes = log.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[line]
        Issue.record(
          "seed \(seed), round \(round): \(pair.0), not \(pair.1): \(String(decoding: bytes, as: UTF8.self))"
        )
      }
    }
    #expect(events > 150, "\(events)")
  }
}
