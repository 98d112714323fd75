import Bytes
import Detectors
import Documents
import Events
import Registers

/// A document from bytes, or `nil` when YAML refuses it; a refusal names a place.
private func document(_ text: ByteView) -> Document? {
  do throws(Problem) {
    return try Document(file: "input.yaml", text: text.string)
  } catch {
    precondition(error.line >= 0 && error.column >= 0 && !error.message.isEmpty)
    _ = error.description
    return nil
  }
}

/// YAML as such.
struct DocumentsTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let document = unsafe document(bytes.view) else { return }
    for root in document.roots { _ = document.unknownKeys(in: root, known: ["people", "mapping"]) }
  }
}

/// Registers and policy: what loads can be linted and joined.
struct RegistersTarget: FuzzTarget {
  private let event = Event()

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = unsafe bytes.view.string
    if let document = unsafe document(bytes.view) { _ = try? Policy(document) }
    for name in ["input.yaml", "people.csv", "infrastructure.csv"] {
      do throws(Problems) {
        let registers = try Registers([(name, text)])
        _ = registers.lint(asOf: 1_790_812_800_000_000_000)
        _ = registers.checks(at: 1_790_812_800_000_000_000)
        for account in ["dana", "kim", ""] { join(registers, account) }
      } catch {
        precondition(!error.all.isEmpty, "a refusal without a reason")
        _ = error.description
      }
    }
  }

  private func join(_ registers: Registers, _ account: String) {
    // The first and the last instant that the path lets through, and one of today.
    for time: Int64 in [315_532_800_000_000_001, 1_790_812_800_000_000_000, .max - 1] {
      event.reset(line: .empty)
      event.time = time
      event.set(.userName, event.scratch.copy(account))
      event.set(.hostName, "web1.example.org")
      event.set(.sourceIP, "10.0.0.4")
      event.set(.eventAction, "auth.login")
      event.set(.urlDomain, "git.example.org")
      event.set(.sourceCountry, "NL")
      registers.join(event, source: .none, cache: JoinCache())
      _ = registers.resolve(account: account, at: time)
    }
  }
}

/// Exports of other systems: what is imported accounts for every record, loads, and can be merged once and no more.
struct ImportsTarget: FuzzTarget {
  private let sources: [RegisterImport.Source]

  init(_ sources: [RegisterImport.Source]) { self.sources = sources }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = unsafe bytes.view.string
    for source in sources {
      do throws(Problem) {
        let result = try RegisterImport(source, file: "input", text: text)
        precondition(result.read == result.imported + result.skipped.count, "a record is lost")
        guard !result.rows.isEmpty else { continue }
        if let problems = refusal(of: result.yaml) { preconditionFailure("\(problems)") }
        let merge = try RegisterMerge(result.rows, into: [], folder: "r", source: source)
        let again = try RegisterMerge(
          result.rows, into: merge.files.map { ($0.file, $0.text) }, folder: "r", source: source)
        precondition(again.files.isEmpty, "what is there came again")
      } catch {
        precondition(error.line > 0 && error.column > 0 && !error.message.isEmpty)
        _ = error.description
      }
    }
  }

  private func refusal(of text: String) -> Problems? {
    do throws(Problems) {
      _ = try Registers([("import.yaml", text)])
      return nil
    } catch {
      return error
    }
  }
}

/// Detectors: what loads can be evaluated and followed.
struct RulesTarget: FuzzTarget {
  private let event = Event()

  /// The line at hand, as *follow* has it.
  private final class Line: Occurrence {
    let event: Event
    let keys = KeyMemo()
    let lines = KeptLines()
    init(_ event: Event) { self.event = event }
    var time: Int64 { event.time }
    var weight: UInt32 { event.weight }
    var seed: EvidenceSeed {
      lines.keep(
        time: event.time, stream: 0, file: 0, line: 1, offset: 0, digest: [], raw: event.line,
        added: [])
    }
  }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let document = unsafe document(bytes.view) else { return }
    var table = FieldTable()
    let (rules, problems) = RuleSet.load(
      documents: [document], fields: &table, placeholders: { $0 == "names" ? ["a", "b*"] : nil },
      policy: { $0 == "ten" ? "10" : nil })
    for problem in problems { _ = problem.description }
    _ = rules.requiredFields
    let evaluator = Evaluator(rules)
    let plan = FeedPlan(rules)
    let correlator = Correlator(plan)
    let line = Line(event)
    for (count, value) in RulesTarget.values.enumerated() {
      event.reset(line: ByteView("Failed password for root from 203.0.113.9 port 4002 ssh2"))
      event.time = Int64(count) * 1_000_000_000
      event.set(.message, event.line)
      for index in 0..<min(table.names.count, Event.fieldsMax) where index % 3 != count % 3 {
        event.set(Field(index: index), value)
      }
      var hits: [Int] = []
      evaluator.evaluate(event) { hits.append($0) }
      precondition(hits == hits.sorted(), "hits out of order")
      for hit in hits {
        precondition(rules.rules.indices.contains(hit), "a rule that there is not")
        var feeds: [FeedKey] = []
        plan.append(hit, event, line.keys, to: &feeds)
        precondition(feeds.count == plan.feedCount(of: hit), "a feed without a key")
        correlator.observe(rule: hit, line, feeds: feeds.span) { _ in }
      }
    }
    for firing in correlator.close(at: .max, isLast: true) {
      precondition(firing.closed != nil, "a window that closed at no time")
      correlator.follow(firing, line) { _ in }
    }
  }

  private static let values: [Value] = [
    .text(ByteView("203.0.113.9")), .text(ByteView("auth.login")), .text(ByteView("")),
    .integer(404), .integer(.min),
    .number(0.5, text: ByteView("5e-1")), .bool(true), .null,
    .json(ByteView("[\"a\",1,null,{\"b\":[\"\\u00e9\"]}]")),
    .text(ByteView("C:\\Windows\\System32\\cmd.exe /c whoami")), .text(ByteView("2001:db8::1")),
  ]
}

/// Regular expressions, as rules carry them: the first line is the pattern, the rest the text.
struct ExpressionsTarget: FuzzTarget {
  private let event = Event()

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let (pattern, text) = unsafe bytes.view.halves
    let quoted = pattern.string.replacing("'", with: "''")
    let rule = """
      title: t
      logsource: {category: access}
      detection:
        a: {message|re|i: '\(quoted)'}
        b: {message|re: '\(quoted)'}
        condition: a or b
      """
    guard let document = try? Document(file: "rule.yaml", text: rule) else { return }
    var table = FieldTable()
    let (rules, _) = RuleSet.load(
      documents: [document], fields: &table, placeholders: { _ in nil }, policy: { _ in nil })
    event.reset(line: text)
    event.set(.message, text)
    Evaluator(rules).evaluate(event) { _ in }
  }
}

/// Mapping files: what loads reads lines.
struct MappingsTarget: FuzzTarget {
  private let event = Event()

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let document = unsafe document(bytes.view) else { return }
    var table = FieldTable()
    let (mappings, problems) = MappingLoader.load(document, table: &table)
    for problem in problems { _ = problem.description }
    guard !mappings.isEmpty else { return }
    var normaliser = Normaliser(
      NormaliserPlan(
        mappings: mappings, table: table, needed: nil,
        requests: HTTPRequests(signInPaths: ["/login"])))
    for format in LineFormat.allCases {
      let context = LineContext(
        format: format, zone: .utc, years: YearRule(anchor: 1_790_812_800),
        source: ByteView("input"))
      for line in MappingsTarget.lines {
        event.reset(line: line)
        _ = normaliser.normalise(event, context)
      }
    }
  }

  private static let lines =
    ([
      #"{"time":"2026-11-03T09:14:07Z","user":{"name":"kim"},"a":[1,{"b":null}],"status":404,"msg":"x=1"}"#,
      #"<86>1 2026-11-03T09:14:07Z vpn1 vpngw 811 AUTH [auth@32473 user="kim" src="203.0.113.9" result="ok"] done user=kim"#,
      #"<86>Nov  3 09:14:07 vpn1 vpngw[811]: user=kim result="failure" src=203.0.113.9"#,
      #"<86>Nov  3 09:14:07 vpn1 vpngw[811]: {"user":"kim","result":"failure"}"#,
      #"time=2026-11-03T09:14:07Z user=kim msg="login failed" ip=203.0.113.9"#,
      #"203.0.113.9 - kim [03/Nov/2026:09:14:07 +0100] "POST /login HTTP/1.1" 401 12 "-" "x""#,
    ] as [StaticString]).map { ByteView($0) }
}

/// The configuration: what is refused names a place and a reason; what is taken keeps its promises.
struct ConfigurationTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = unsafe bytes.view.string
    do {
      let configuration = try Configuration(
        file: "folder/rollcall.yaml", text: text, environment: ["NAME": "value", "EMPTY": ""])
      let names = configuration.sources.map(\.name)
      precondition(Set(names).count == names.count, "two sources of one name")
      if let most = configuration.lineBytesMax { precondition(1024...(64 << 20) ~= most) }
      for path in configuration.sources.compactMap(\.path) {
        precondition(path.hasPrefix("/") || path.hasPrefix("folder/"), "a path beside another file")
      }
    } catch let problem as Problem {
      check(problem)
    } catch let problems as Problems {
      precondition(!problems.all.isEmpty, "a refusal without a reason")
      for problem in problems.all { check(problem) }
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func check(_ problem: Problem) {
    precondition(problem.line >= 0 && problem.column >= 0 && !problem.message.isEmpty)
    precondition(problem.file == "folder/rollcall.yaml", "a problem of another file")
    _ = problem.description
  }
}
