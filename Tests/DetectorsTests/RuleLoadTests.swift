import Detectors
import Documents
import Events
import Testing

@Suite struct RuleLoadTests {
  @Test func `a header carries controls, techniques, subject and message`() throws {
    let text = """
      title: Too many
      id: too-many
      name: many
      level: high
      status: test
      tags: [attack.credential-access, attack.t1110, attack.t1078.004]
      controls: [CC6.1, row-7]
      subject: [user.name, source.ip]
      message: "{user.name} failed from {source.ip}"
      window: 15m
      logsource: {category: access}
      detection: {s: {a: b}, condition: s}
      tests: {match: [x]}
      """
    let (rules, problems, fields) = try load(text)
    #expect(problems.isEmpty)
    let rule = try #require(rules.rules.first)
    #expect(rule.header.id == "too-many")
    #expect(rule.header.level == .high)
    #expect(rule.header.techniques == ["T1110", "T1078.004"])
    #expect(rule.header.controls == ["CC6.1", "row-7"])
    #expect(rule.header.subject == [.userName, .sourceIP])
    #expect(
      rule.header.message == [.field(.userName), .text(" failed from "), .field(.sourceIP)])
    #expect(rule.header.windowSeconds == 900)
    #expect(rule.tests?["match"]?.list?.count == 1)
    #expect(rule.file == "rule.yaml" && rule.line == 1 && rule.alertsAlone)
    let own = try #require(fields["a"])
    #expect(rules.requiredFields == [.userName, .sourceIP, own])
  }

  @Test func `a message may name several fields, of which the first that is there counts`() throws {
    let text = """
      title: Used
      message: "{user.name} used {tool.name|url.domain}"
      logsource: {category: access}
      detection: {s: {a: b}, condition: s}
      """
    let (rules, problems, _) = try load(text)
    #expect(problems.isEmpty)
    let rule = try #require(rules.rules.first)
    #expect(
      rule.header.message == [
        .field(.userName), .text(" used "), .first([.toolName, .urlDomain]),
      ])
    #expect(rules.requiredFields.isSuperset(of: [.userName, .toolName, .urlDomain]))
    let (_, empty, _) = try load(text.replacing("|url.domain", with: "|"))
    #expect(empty.map(\.message) == ["`{}` names no field"])
  }

  @Test(arguments: [
    ("{s: {a|base64: b*}, condition: s}", 3, 27, "`base64` can not encode wildcards"),
    (
      "{s: {a|contains|base64offset: b}, condition: s}", 3, 28,
      "`base64offset` can not encode an open end"
    ),
    ("{s: {a|base64offset: b}, condition: s}", 3, 33, "the text is too short for `base64offset`"),
    (
      "{s: {a|windash: ' -a -b -c -d -e'}, condition: s}", 3, 28,
      "`windash` stands for at most 4 dashes of one value"
    ),
    ("{s: {a|re|windash: b}, condition: s}", 3, 22, "`windash` needs a text value"),
    ("{s: {a|cidr|wide: 10.0.0.0/8}, condition: s}", 3, 24, "`wide` needs a text value"),
    ("{s: {a|contains|fieldref: b}, condition: s}", 3, 28, "`fieldref` must be the first modifier"),
    ("{s: {a|fieldref: b*}, condition: s}", 3, 29, "the name of a field has no wildcards"),
    ("{s: {a|fieldref|cased: b}, condition: s}", 3, 28, "`cased` needs a text value"),
    ("{s: {a|fieldref|expand: b}, condition: s}", 3, 28, "a field's name has no placeholders"),
    ("{s: {a|re|cased: b}, condition: s}", 3, 22, "`cased` needs a text value"),
    ("{s: {a|cased|re: b}, condition: s}", 3, 25, "`re` must be the first modifier"),
    ("{s: {a|gt|contains: 5}, condition: s}", 3, 22, "`contains` needs a text value"),
    ("{s: {a|contains|gt: 5}, condition: s}", 3, 28, "`gt` must be the first modifier"),
    (
      "{s: {a|contains|startswith: b}, condition: s}", 3, 28,
      "`startswith` can not follow another test"
    ),
    ("{s: {a|utf16|wide: b}, condition: s}", 3, 25, "`wide`: the text is UTF-16 already"),
    ("{s: {a|hour|minute: 5}, condition: s}", 3, 24, "`minute` must be the first modifier"),
    ("{s: {a|contains|hour: 5}, condition: s}", 3, 28, "`hour` must be the first modifier"),
    ("{s: {a|hour: noon}, condition: s}", 3, 25, "`noon` is no hour"),
    ("{s: {a|hour|gt|lt: 5}, condition: s}", 3, 27, "`lt` must be the first modifier"),
    ("{s: {a|contains: null}, condition: s}", 3, 29, "null can not take this modifier"),
    ("{s: {a|cased: null}, condition: s}", 3, 26, "null can not take this modifier"),
    ("{s: {'|exists': true}, condition: s}", 3, 17, "keywords can not take `exists`"),
    (
      "{s: {'|startswith': b}, condition: s}", 3, 17,
      "keywords can not take `startswith`: they are looked for anywhere"
    ),
    ("{s: [], condition: s}", 3, 16, "the selection is empty"),
    ("{s: ['', b], condition: s}", 3, 17, "a keyword is text"),
    ("{s: {a|contain: b}, condition: s}", 3, 19, "unknown modifier `contain`"),
    ("{s: {a|contains|re: b}, condition: s}", 3, 28, "`re` must be the first modifier"),
    ("{s: {a|i: b}, condition: s}", 3, 19, "`i` is a flag of `re`"),
    ("{s: {a|contains|all: b}, condition: s}", 3, 17, "`all` needs a list of values"),
    ("{s: {a|exists: maybe}, condition: s}", 3, 27, "`exists` is true or false, not `maybe`"),
    ("{s: {a|exists|neq: true}, condition: s}", 3, 19, "`exists` must be the only modifier"),
    ("{s: {a|gt: many}, condition: s}", 3, 23, "`many` is no number"),
    ("{s: {a|cidr: 10.0.0.0/33}, condition: s}", 3, 25, "`10.0.0.0/33` is no network"),
    ("{s: {a: [b, null]}, condition: s}", 3, 24, "null can not stand in a list of values"),
    ("{s: {a: []}, condition: s}", 3, 20, "the list of values is empty"),
    ("{s: {a: {b: c}}, condition: s}", 3, 20, "a value is text, a number or null"),
    (
      "{s: {a|re: '(?=x)'}, condition: s}", 3, 23,
      "in the expression, at byte 0: look-ahead `(?=…)` is not supported"
    ),
    ("{sel: {a: b}, condition: sal}", 3, 37, "no selection named `sal`"),
    ("{sel: {a: b}, condition: 'sel and'}", 3, 45, "the condition ends where a name is wanted"),
    ("{s: {a: b}, condition: (s}", 3, 35, "`(` without `)`"),
    ("{s: {a: b}, condition: s)}", 3, 36, "unexpected `)`"),
    ("{s: {a: b}, condition: s s}", 3, 37, "unexpected `s`"),
    ("{s: {a: b}, condition: 2 of s*}", 3, 35, "`2 of` is not supported"),
    ("{s: {a: b}, condition: 1 of x*}", 3, 40, "no selection matches `x*`"),
    ("{s: {a: b}, condition: s | count() > 5}", 3, 37, "aggregation with `|` is not supported"),
    ("{s: {a: b}}", 3, 12, "no `condition`"),
    ("{s: {a: b}, timeframe: 5m, condition: s}", 3, 24, "`timeframe` is not supported"),
  ])
  func `a refused rule names the place and the part`(
    _ detection: String, _ line: Int, _ column: Int, _ message: String
  ) throws {
    let (rules, problems, _) = try load(rule(detection))
    #expect(rules.rules.isEmpty)
    let problem = try #require(problems.first)
    #expect(problem.message == message)
    #expect([problem.line, problem.column] == [line, column])
  }

  @Test(arguments: [
    ("title: t\nlevl: high", 2, "unknown key `levl`", "did you mean `level`?"),
    ("title: t\nlevel: hihg", 2, "unknown level `hihg`", "did you mean `high`?"),
    (
      "title: t\nwindow: soon", 2, "`soon` is no duration",
      "write a number and s, m, h, d, w, M or y, as in `15m`"
    ),
    ("title: t\nmessage: '{user.name'", 2, "`{` without `}`", "name a field: `{user.name}`"),
    (
      "title: t\naction: global", 2, "Sigma's `action` documents are not supported",
      "write each rule in full"
    ),
  ])
  func `a header's mistake comes with a fix`(
    _ head: String, _ line: Int, _ message: String, _ fix: String
  ) throws {
    let text = head + "\nlogsource: {category: access}\ndetection: {s: {a: b}, condition: s}"
    let (rules, problems, _) = try load(text)
    #expect(rules.rules.isEmpty)
    #expect(problems.first?.message == message)
    #expect(problems.first?.fix == fix)
    #expect(problems.first?.line == line)
  }

  @Test func `a key of somebody else's is told of and stops nothing`() throws {
    let text = rule("{s: {a: b}, condition: s}") + "\nxyz_internal_ticket: 17"
    let (rules, problems, _) = try load(text)
    #expect(rules.rules.count == 1)
    #expect(problems.map(\.message) == ["the key `xyz_internal_ticket` means nothing here"])
    #expect(problems.first?.severity == .warning)
  }

  @Test func `a rule that no log feeds is checked, and its fields take no room`() throws {
    let text = """
      title: t
      logsource: {product: windows, category: process_creation}
      detection: {s: {Image|windash|endswith: ' -x', a|re: '(?=x)'}, condition: s}
      """
    let (rules, problems, fields) = try load(text)
    #expect(problems.isEmpty)
    #expect(rules.rules.first?.notReadable == "no source of windows/process_creation")
    #expect(fields.names.count == Field.knownNames.count && rules.requiredFields.isEmpty)
    let broken = text.replacing("windash", with: "windsh")
    #expect(try load(broken).problems.map(\.message) == ["unknown modifier `windsh`"])
  }

  @Test func `one refused rule leaves the others standing`() throws {
    let text = rule("{s: {a: b}, condition: s}") + "\n---\n" + rule("{s: {a: b}, condition: x}")
    let (rules, problems, _) = try load(text)
    #expect(rules.rules.count == 1)
    #expect(problems.map(\.line) == [7])
  }
}

@Suite struct CorrelationTests {
  private func base(_ name: String, _ value: String) -> String {
    "title: \(name)\nname: \(name)\nlogsource: {category: access}\n"
      + "detection: {s: {user.name: \(value)}, condition: s}\n"
  }

  private func correlation(_ name: String, _ body: String) -> String {
    "title: \(name)\nid: \(name)\ncorrelation: \(body)\n"
  }

  private func all(_ documents: String...) -> String { documents.joined(separator: "---\n") }

  @Test func `a count refers to its rule, which then is silent`() throws {
    let text = all(
      correlation(
        "many",
        "{type: event_count, rules: [failed], group-by: [source.ip, user.name], "
          + "timespan: 10m, condition: {gte: 10, lt: 50}}"), base("failed", "x"))
    let (set, problems, _) = try load(text)
    #expect(problems.isEmpty)
    guard case .correlation(let correlation) = set.rules[0].kind else {
      Issue.record("no correlation")
      return
    }
    #expect(correlation.kind == .eventCount)
    #expect(correlation.rules == [1])
    #expect(correlation.groupBy == [.sourceIP, .userName])
    #expect(correlation.timespanSeconds == 600)
    #expect(correlation.accepts(10) && correlation.accepts(49))
    #expect(!correlation.accepts(9) && !correlation.accepts(50))
    #expect(set.rules[0].alertsAlone && !set.rules[1].alertsAlone)
    #expect(set.requiredFields == [.sourceIP, .userName])
  }

  @Test func `generate lets the rule alert as well`() throws {
    let text = all(
      base("failed", "x"),
      correlation(
        "users",
        "{type: value_count, rules: failed, timespan: 1h, generate: true, "
          + "condition: {field: [user.name, source.ip], gt: 3}}"))
    let (set, problems, _) = try load(text)
    #expect(problems.isEmpty)
    guard case .correlation(let correlation) = set.rules[1].kind else {
      Issue.record("no correlation")
      return
    }
    #expect(correlation.kind == .valueCount && correlation.generates)
    #expect(correlation.countedFields == [.userName, .sourceIP])
    #expect(set.rules[0].alertsAlone)
  }

  @Test func `correlations chain, and aliases name a field for each rule`() throws {
    let text = all(
      base("failed", "x"), base("good", "y"),
      correlation(
        "many", "{type: event_count, rules: [failed], timespan: 1h, condition: {gte: 5}}"),
      correlation(
        "after",
        "{type: temporal_ordered, rules: [many, good], timespan: 1h, group-by: [who], "
          + "aliases: {who: {many: user.name, good: user.id}}}"))
    let (set, problems, fields) = try load(text)
    #expect(problems.isEmpty)
    guard case .correlation(let correlation) = set.rules[3].kind else {
      Issue.record("no correlation")
      return
    }
    #expect(correlation.kind == .temporalOrdered && correlation.rules == [2, 1])
    let who = try #require(fields["who"])
    #expect(correlation.field(who, inRule: 2) == .userName)
    #expect(correlation.field(who, inRule: 1) == .userID)
    #expect(!set.requiredFields.contains(who) && set.requiredFields.contains(.userID))
    #expect(set.rules.map(\.alertsAlone) == [false, false, false, true])
  }

  @Test func `a circle is refused, and with it what builds on it`() throws {
    let body = "timespan: 1h, condition: {gte: 5}}"
    let text = all(
      correlation("a", "{type: event_count, rules: [b], \(body)"),
      correlation("b", "{type: event_count, rules: [a], \(body)"),
      correlation("c", "{type: event_count, rules: [b], \(body)"))
    let (set, problems, _) = try load(text)
    #expect(set.rules.isEmpty)
    #expect(
      problems.map(\.message) == [
        "correlations refer to each other in a circle: a → b → a", "the rule `a` was refused",
        "the rule `b` was refused",
      ])
  }

  @Test(arguments: [
    (
      "{type: value_sum, rules: [failed], timespan: 1h, condition: {gt: 3}}",
      "`value_sum` needs `field`"
    ),
    (
      "{type: value_avg, rules: [failed], timespan: 1h, condition: {field: [a, b], gt: 3}}",
      "only `value_count` takes several fields"
    ),
    (
      "{type: value_percentile, rules: [failed], timespan: 1h, condition: {field: a, gt: 3}}",
      "`value_percentile` needs `percentile`"
    ),
    (
      "{type: value_percentile, rules: [failed], timespan: 1h, "
        + "condition: {field: a, percentile: 101, gt: 3}}", "`101` is no percentile"
    ),
    (
      "{type: value_count, rules: [failed], timespan: 1h, condition: {field: a, gt: 5000}}",
      "more than 4096 different values are not told apart"
    ),
    ("{type: event_cout, rules: [failed], timespan: 1h}", "unknown type `event_cout`"),
    (
      "{type: event_count, rules: [faild], timespan: 1h, condition: {gte: 1}}",
      "no rule has the id or name `faild`"
    ),
    ("{type: event_count, rules: [failed], condition: {gte: 1}}", "no `timespan`"),
    ("{type: event_count, rules: [failed], timespan: 1h}", "no `condition`"),
    (
      "{type: event_count, rules: [failed], timespan: 1q, condition: {gte: 1}}",
      "`1q` is no duration"
    ),
    (
      "{type: value_count, rules: [failed], timespan: 1h, condition: {gte: 1}}",
      "`value_count` needs `field`"
    ),
    (
      "{type: temporal, rules: [failed], timespan: 1h, condition: 'failed and x'}",
      "no selection named `x`"
    ),
    (
      "{type: event_count, rules: [failed], timespan: 1h, condition: failed}",
      "a condition over rule names belongs to `temporal`"
    ),
    (
      "{type: event_count, rules: [failed], timespan: 1h, condition: {nq: 1}}",
      "unknown key `nq`"
    ),
    (
      "{type: event_count, rule: [failed], timespan: 1h, condition: {gte: 1}}",
      "unknown key `rule`"
    ),
  ])
  func `a refused correlation says why`(_ body: String, _ message: String) throws {
    let (set, problems, _) = try load(all(base("failed", "x"), correlation("c", body)))
    #expect(set.rules.count == 1)
    #expect(problems.first?.message == message)
    #expect(problems.first?.line == 8)
  }
}
