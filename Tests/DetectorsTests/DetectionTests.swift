import Detectors
import Documents
import Events
import Testing

@Suite struct DetectionTests {
  @Test(arguments: [
    ("kim", "kim", true), ("kim", "KIM", true), ("kim", "kimo", false), ("kim", "akim", false),
    ("*", "", true), ("*", "x", true), ("k*", "kim", true), ("k*", "akim", false),
    ("*m", "kim", true), ("*m", "kimo", false), ("k?m", "kim", true), ("k?m", "km", false),
    ("k?m", "këm", true), ("k??m", "kim", false), ("?", "", false), ("a*b*c", "a1b2c", true),
    ("a*b*c", "a1c2b", false), ("*a*b", "xaxbxab", true), ("a*a", "a", false),
    (#"a\*b"#, "a*b", true), (#"a\*b"#, "axb", false), (#"a\?b"#, "a?b", true),
    (#"a\?b"#, "acb", false), (#"a\b"#, #"a\b"#, true), (#"a\\b"#, #"a\b"#, true),
    (#"a\\b"#, #"a\\b"#, false), (#"a\\\\b"#, #"a\\b"#, true), (#"a\\*"#, #"a\anything"#, true),
    (#"a\\*"#, "anything", false), (#"a\\\*"#, #"a\*"#, true), (#"a\\\*"#, #"a\x"#, false),
    (#"a\"#, #"a\"#, true), (#"escaped\*\?\\*?"#, #"escaped*?\run1"#, true),
    (#"escaped\*\?\\*?"#, #"escaped*?\"#, false), (#"escaped\*\?\\*?"#, #"escapedx?\run1"#, false),
    ("", "", true), ("", "x", false),
  ])
  func `a value matches the whole text, with wildcards and escapes`(
    _ pattern: String, _ text: String, _ isMatch: Bool
  ) throws {
    #expect(
      try matches("{s: {user.name: '\(pattern)'}, condition: s}", ["user.name": .text(text)])
        == isMatch)
  }

  @Test(arguments: [
    ("user.name|contains: im", Sample.text("KIMO"), true),
    ("user.name|contains: im", .text("mi"), false),
    ("user.name|contains: 'a*c'", .text("xxabcxx"), true),
    ("user.name|startswith: ki", .text("kim"), true),
    ("user.name|startswith: im", .text("kim"), false),
    ("user.name|endswith: im", .text("kim"), true), ("user.name|endswith: ki", .text("kim"), false),
    ("user.name|contains|all: [a, b]", .text("bxa"), true),
    ("user.name|contains|all: [a, b]", .text("xa"), false),
    ("user.name|contains: [aa, b, c]", .text("xaay"), true),
    ("user.name|contains: [aab, ab, bca]", .text("aABx"), true),
    ("user.name|contains: [aab, ab, bca]", .text("acbxba"), false),
    ("user.name|contains|cased: [aab, ab, bca]", .text("AAB"), false),
    ("user.name: [a, b, c, d]", .text("D"), true), ("user.name: [a, b, c, d]", .text("e"), false),
    ("user.name|cased: Kim", .text("Kim"), true), ("user.name|cased: Kim", .text("kim"), false),
    ("user.name|startswith|cased: K", .text("Kim"), true),
    ("user.name|startswith|cased: K", .text("kim"), false),
    ("user.name|exists: true", .text("x"), true), ("user.name|exists: false", .text("x"), false),
    ("user.name|exists: true", .null, true), ("user.id|exists: false", .text("x"), true),
    ("user.id|exists: true", .text("x"), false),
    ("user.name|re: '^k.m$'", .text("kim"), true), ("user.name|re: '^k.m$'", .text("Kim"), false),
    ("user.name|re|i: '^k.m$'", .text("Kim"), true),
    ("user.name|re|m: '^b$'", .text("a\nb\nc"), true),
    ("user.name|re: '^b$'", .text("a\nb\nc"), false),
    ("user.name|re|s: 'a.b'", .text("a\nb"), true), ("user.name|re: 'a.b'", .text("a\nb"), false),
    ("source.ip|cidr: 192.0.2.0/24", .text("192.0.2.9"), true),
    ("source.ip|cidr: 192.0.2.0/24", .text("192.0.3.9"), false),
    ("source.ip|cidr: '2001:db8::/32'", .text("2001:db8::1"), true),
    ("source.ip|cidr: '2001:db8::/32'", .text("2001:db9::1"), false),
    ("source.ip|cidr: ['10.0.0.0/8', '::1/128']", .text("0:0:0:0:0:0:0:1"), true),
    ("source.ip|cidr: 0.0.0.0/0", .text("not an address"), false),
    ("event.count|gt: 5", .integer(6), true), ("event.count|gt: 5", .integer(5), false),
    ("event.count|gte: 5", .integer(5), true), ("event.count|lt: 5", .integer(4), true),
    ("event.count|lt: 5", .text("5"), false), ("event.count|lte: 5", .text("5"), true),
    ("event.count|gt: 0.5", .number("0.75"), true), ("event.count|gt: 0.5", .text("x"), false),
    ("user.name|neq: kim", .text("dana"), true), ("user.name|neq: kim", .text("kim"), false),
    ("user.name|contains|neq: im", .text("kim"), false),
    ("user.name: null", .null, true), ("user.name: null", .text(""), false),
    ("user.id: null", .text("x"), true), ("user.name: ''", .text(""), true),
    ("user.name: ''", .null, false), ("user.name: '*'", .null, false),
    ("http.response.status_code: 200", .integer(200), true),
    ("http.response.status_code: 200", .text("200"), true),
    ("http.response.status_code: '200'", .integer(200), true),
    ("http.response.status_code: 200", .integer(201), false),
    ("http.response.status_code: 200", .number("200.0"), true),
    ("http.response.status_code: 2.5", .number("2.50"), true),
    ("http.response.status_code|startswith: 4", .integer(404), true),
    ("http.response.status_code: 4*", .integer(503), false),
    ("user.admin: true", .bool(true), true), ("user.admin: true", .bool(false), false),
    ("user.name: kim", .json(#"["dana","kim"]"#), true),
    ("user.name: kim", .json(#"["dana",["Kim"]]"#), true),
    ("user.name: kim", .json("[]"), false), ("user.name: 'a\"b'", .json(#"["a\"b"]"#), true),
    ("user.name: é", .json(#"["\u00e9"]"#), true),
    ("user.name: 😀", .json(#"["\ud83d\ude00"]"#), true),
    ("user.name: 7", .json("[1, 7]"), true), ("user.name|gt: 6", .json("[1, 7]"), true),
    ("user.name: true", .json("[false,true]"), true),
    (#"user.name|contains: '"a":1'"#, .json(#"{"a":1}"#), true),
    (#"user.name|contains: '"a":1'"#, .json(#"[{"b":2},{"a":1}]"#), true),
    ("user.name: kim", .json(#"["kim"#), false),
  ])
  func `each modifier has a match and a near miss`(
    _ item: String, _ sample: Sample, _ isMatch: Bool
  ) throws {
    let name = item.prefix { $0 != "|" && $0 != ":" }
    let text =
      "title: t\nlogsource: {category: access}\ndetection:\n  s:\n    \(item)\n  condition: s"
    let field = name == "user.id" ? "user.name" : String(name)
    #expect(try hits(text, [field: sample]).isEmpty == !isMatch)
  }

  @Test func `keywords look at the raw line and at every field`() throws {
    let detection = "{s: [root, 'log*out'], condition: s}"
    #expect(try matches(detection, line: "su: ROOT on tty", [:]))
    #expect(try matches(detection, line: "x", ["user.name": .text("a root b")]))
    #expect(try matches(detection, line: "a logged out b", [:]))
    #expect(try !matches(detection, line: "out log", ["user.name": .text("kim")]))
    let all = "{s: {'|all': [one, two]}, condition: s}"
    #expect(try matches(all, line: "two and one", [:]))
    #expect(try !matches(all, line: "two and", [:]))
    #expect(try matches("{s: [aa, bb, cc, dd], condition: s}", line: "xDDx", [:]))
  }

  @Test func `a list of mappings is an alternative and a mapping a conjunction`() throws {
    let detection = "{s: [{user.name: a, user.id: '1'}, {user.name: b}], condition: s}"
    #expect(try matches(detection, ["user.name": .text("a"), "user.id": .text("1")]))
    #expect(try !matches(detection, ["user.name": .text("a"), "user.id": .text("2")]))
    #expect(try matches(detection, ["user.name": .text("b")]))
  }

  @Test(arguments: [
    ("a", "a", true), ("a or b and c", "a", true), ("a or b and c", "b", false),
    ("a or b and c", "bc", true), ("(a or b) and c", "a", false), ("(a or b) and c", "ac", true),
    ("not a and b", "b", true), ("not a and b", "ab", false), ("not (a and b)", "a", true),
    ("not not a", "a", true), ("a and not b or c", "c", true), ("a AND NOT b", "a", true),
    ("1 of them", "b", true), ("any of them", "", false), ("all of them", "abc", true),
    ("all of them", "ab", false), ("all of x*", "de", true), ("1 of x*", "e", true),
    ("not 1 of x*", "a", true), ("1 of x* and a", "d", false), ("1 of them", "h", false),
    ("1 of _*", "h", true), ("_h", "h", true), ("1 of *2", "e", true),
  ])
  func `a condition binds not, and, or in that order`(
    _ condition: String, _ present: String, _ isMatch: Bool
  ) throws {
    let names = Array("abcdeh").map(String.init)
    let keys = ["a": "a", "b": "b", "c": "c", "d": "x1", "e": "x2", "h": "_h"]
    let used = condition.contains("all of them") ? Array(names.prefix(3)) : names
    let selections = used.map { "\(keys[$0] ?? $0): {f.\($0): '1'}" }
    let detection = "{\(selections.joined(separator: ", ")), condition: '\(condition)'}"
    let fields = Dictionary(uniqueKeysWithValues: present.map { ("f.\($0)", Sample.text("1")) })
    #expect(try matches(detection, fields) == isMatch)
  }

  @Test func `a list of conditions is an alternative`() throws {
    let detection = "{a: {x: '1'}, b: {y: '1'}, condition: [a, b]}"
    #expect(try matches(detection, ["y": .text("1")]))
    #expect(try !matches(detection, ["z": .text("1")]))
  }

  @Test func `a placeholder stands for each of its values`() throws {
    let lists = ["contractors.accounts": ["kim", "lee*"], "none": []]
    let detection = "{s: {user.name|expand: '%contractors.accounts%'}, condition: s}"
    #expect(try matches(detection, placeholders: lists, ["user.name": .text("Kim")]))
    #expect(try matches(detection, placeholders: lists, ["user.name": .text("lee2")]))
    #expect(try !matches(detection, placeholders: lists, ["user.name": .text("dana")]))
    let around = "{s: {user.name|contains|expand: 'x-%contractors.accounts%-y'}, condition: s}"
    #expect(try matches(around, placeholders: lists, ["user.name": .text("ax-kim-yb")]))
    let none = "{s: {user.name|expand: '%none%'}, condition: s}"
    #expect(try !matches(none, placeholders: lists, ["user.name": .text("")]))
    let problems = try load(rule(detection)).problems
    #expect(problems.map(\.message) == ["the placeholder `%contractors.accounts%` has no values"])
  }

  @Test func `a policy value stands for itself anywhere in a rule`() throws {
    let detection = "{s: {event.count|gte: '%policy.max%'}, condition: s}"
    let policy = ["max": "7", "window": "2h"]
    #expect(try matches(detection, policy: policy, ["event.count": .integer(7)]))
    #expect(try !matches(detection, policy: policy, ["event.count": .integer(6)]))
    let text = rule(detection) + "\nwindow: '%policy.window%'\ndescription: max %policy.max% a day"
    let rules = try load(text, policy: policy).rules.rules
    #expect(rules.first?.header.windowSeconds == 7200)
    #expect(rules.first?.header.description == "max 7 a day")
    let problems = try load(rule(detection)).problems
    #expect(problems.map(\.message) == ["no policy value named `max`"])
    #expect(problems.first?.line == 3)
  }

  @Test func `a log source gates the rule and names its fields`() throws {
    let detection = "{s: {cs-uri-query|contains: x, sc-status: 200}, condition: s}"
    let fields: [String: Sample] = [
      "event.category": .text("http"), "url.query": .text("axb"),
      "http.response.status_code": .integer(200),
    ]
    #expect(try matches(detection, category: "webserver", fields))
    var other = fields
    other["event.category"] = .text("authentication")
    #expect(try !matches(detection, category: "webserver", other))
    #expect(try !matches(detection, category: "access", fields))
    let sshd =
      "title: t\nlogsource: {product: linux, service: sshd}\n"
      + "detection: {s: [denied], condition: s}"
    #expect(try hits(sshd, line: "denied", ["process.name": .text("sshd-session")]) == [0])
    #expect(try hits(sshd, line: "denied", ["process.name": .text("cron")]) == [])
  }

  @Test func `a log source that nothing reads is listed and not evaluated`() throws {
    let text = "title: t\nlogsource: {product: windows}\ndetection: {s: [x], condition: s}"
    let (rules, problems, _) = try load(text)
    #expect(problems.isEmpty)
    #expect(rules.rules.first?.notReadable == "no source of windows")
    #expect(try hits(text, line: "x", [:]).isEmpty)
  }
}
