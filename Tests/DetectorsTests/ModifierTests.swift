import Detectors
import Documents
import Events
import Testing

/// Modifiers that write a value another way, compare fields, or ask for a part of a time.
@Suite struct ModifierTests {
  @Test(arguments: [
    // Base64 of a whole value, and of one within others, wherever it begins.
    ("a|base64: foobar", Sample.text("Zm9vYmFy"), true),
    ("a|base64: foobar", .text("foobar"), false),
    ("a|base64: fo", .text("Zm8="), true), ("a|base64|contains: foobar", .text("xZm9vYmFyx"), true),
    ("a|base64offset|contains: foobar", .text("Zm9vYmFy"), true),
    ("a|base64offset|contains: foobar", .text("eGZvb2Jhcg=="), true),
    ("a|base64offset|contains: foobar", .text("eHhmb29iYXI="), true),
    ("a|base64offset|contains: foobar", .text("eHh4Zm9vYmFy"), true),
    ("a|base64offset|contains: foobar", .text("eHh4Zm9vYmF4"), false),
    // UTF-16 in front of Base64, as PowerShell has it.
    ("a|wide|base64offset|contains: 'ping '", .text("cABpAG4AZwAgAA=="), true),
    ("a|utf16le|base64offset|contains: 'ping '", .text("AHAAaQBuAGcAIAA="), true),
    ("a|utf16le|base64: ping", .text("cABpAG4AZwA="), true),
    ("a|utf16be|base64: ping", .text("AHAAaQBuAGc="), true),
    ("a|utf16|base64: ping", .text("//5wAGkAbgBnAA=="), true),
    ("a|wide|base64: é", .text("6QA="), true),
    ("a|wide: ab", .text("a\0b\0"), true), ("a|wide|contains: b", .text("a\0b\0"), true),
    // All values, each in any of its spellings.
    ("a|base64offset|contains|all: [foo, bar]", .text("Zm9vIGJhciBmb28="), true),
    ("a|base64offset|contains|all: [foo, baz]", .text("Zm9vIGJhciBmb28="), false),
    // Dashes that begin a parameter.
    ("a|windash|contains: ' -f'", .text("x /f"), true),
    ("a|windash|contains: ' /f'", .text("x -f"), true),
    ("a|windash|contains: ' -f'", .text("x \u{2013}f"), true),
    ("a|windash|contains: ' -f'", .text("x \u{2014}f"), true),
    ("a|windash|contains: ' -f'", .text("x \u{2015}f"), true),
    ("a|windash|contains: ' -f'", .text("x +f"), false),
    ("a|contains|windash: ' -f'", .text("x /f"), true),
    ("a|windash: '-param-name'", .text("/param-name"), true),
    ("a|windash: '-param-name'", .text("-param/name"), false),
    ("a|windash|contains|all: [' -a', ' -b']", .text("x /a \u{2014}b"), true),
    ("a|windash: ' -a -b'", .text(" /a \u{2013}b"), true),
    ("a|windash: '- b'", .text("/ b"), false),
    ("a|windash: '*-b'", .text("x/b"), true),
    // Another field.
    ("a|fieldref: b", .text("Kim"), true), ("a|fieldref: b", .text("kimo"), false),
    ("a|fieldref|startswith: b", .text("KIMO"), true),
    ("a|fieldref|endswith: b", .text("akim"), true),
    ("a|fieldref|endswith: b", .text("akimo"), false),
    ("a|fieldref|contains: b", .text("akimo"), true),
    ("a|fieldref|contains: b", .text("akikimm"), true),
    ("a|fieldref|contains: b", .text("akikmm"), false),
    ("a|fieldref|neq: b", .text("dana"), true), ("a|fieldref|neq: b", .text("kim"), false),
    ("a|fieldref: absent", .text("kim"), false), ("absent|fieldref: b", .text("kim"), false),
    ("a|fieldref: [absent, b]", .text("kim"), true),
    ("a|fieldref: b", .json(#"["x","kim"]"#), true),
    ("a|fieldref: five", .integer(5), true), ("a|fieldref: five", .text("5"), true),
    ("a|fieldref: five", .number("5.0"), true), ("a|fieldref: b", .null, false),
    // Parts of a time, in UTC.
    ("a|minute: 30", .text("2024-12-30T23:30:00Z"), true),
    ("a|hour: 22", .text("2024-12-30T23:30:00+01:00"), true),
    ("a|hour|gte: 22", .text("2024-12-30T23:30:00Z"), true),
    ("a|hour|lt: 22", .text("2024-12-30T23:30:00Z"), false),
    ("a|day: 30", .text("2024-12-30T23:30:00Z"), true),
    ("a|week: 1", .text("2024-12-30T23:30:00Z"), true),
    ("a|week: 53", .text("2021-01-03T00:00:00Z"), true),
    ("a|week: 1", .text("2021-01-04T00:00:00Z"), true),
    ("a|month: 12", .text("2024-12-30 23:30:00"), true),
    ("a|year: [2023, 2024]", .integer(1_735_601_400), true),
    ("a|year: 2024", .text("1735601400123"), true), ("a|hour: 5", .text("5"), false),
    ("a|hour|neq: 23", .text("2024-12-30T23:30:00Z"), false),
    // Expressions.
    ("a|re|contains: 'b.d'", .text("abcde"), true),
    ("a|re|startswith: 'b|c'", .text("cx"), true), ("a|re|startswith: 'b|c'", .text("xc"), false),
    ("a|re|endswith: 'b|c'", .text("xc"), true), ("a|re|endswith: 'b|c'", .text("cx"), false),
    ("a|re|i|s: 'B.D'", .text("b\nd"), true), ("a|re|ignorecase: B", .text("b"), true),
    ("a|re|all: [b, d]", .text("bcd"), true), ("a|re|all: [b, e]", .text("bcd"), false),
    ("a|re|neq: b", .text("c"), true), ("a|cidr|neq: 10.0.0.0/8", .text("11.0.0.1"), true),
    ("a|gt|neq: 5", .integer(4), true), ("a|contains|all|neq: [b, c]", .text("b"), true),
    ("a|contains|all|neq: [b, c]", .text("bc"), false),
    // Letters beyond ASCII are the same in either case.
    ("a: MÜLLER", .text("Müller"), true), ("a: müller", .text("MÜLLER"), true),
    ("a|contains: straße", .text("Hauptstraße"), true), ("a|cased: Ü", .text("ü"), false),
    ("a: привет мир", .text("ПРИВЕТ МИР"), true), ("a|contains: привет", .text("а ПрИвЕт б"), true),
    ("a|startswith: привет", .text("ПРИВЕТ мир"), true),
    ("a|endswith: привет", .text("ПРИВЕТ мир"), false), ("a: 'п*т?мир'", .text("ПРИВЕТ МИР"), true),
    ("a|re|i: 'ÜB.R'", .text("über"), true), ("a|re: 'ÜB.R'", .text("über"), false),
  ])
  func `a modifier`(_ item: String, _ value: Sample, _ isMatch: Bool) throws {
    let fields: [String: Sample] = ["a": value, "b": .text("kim"), "five": .integer(5)]
    #expect(try matches("{s: {\(item)}, condition: s}", fields) == isMatch)
  }

  @Test(arguments: [
    ("'|all': [one, two]", "two and one", true), ("'|all': [one, two]", "one", false),
    ("'|contains': one", "xonex", true), ("'|re': 'o.e'", "xonex", true),
    ("'|cased': ONE", "one", false), ("'|neq': one", "two", true),
    ("'|base64offset|contains': foobar", "x eGZvb2Jhcg== y", true),
    ("'|windash': ' -x'", "a /x", true), ("'|windash|all': [' -x', ' -y']", "a /x \u{2013}y", true),
    ("'|expand': '%names%'", "hello Kim", true),
  ])
  func `a keyword's modifier`(_ item: String, _ line: String, _ isMatch: Bool) throws {
    #expect(
      try matches(
        "{s: {\(item)}, condition: s}", line: line, placeholders: ["names": ["kim"]], [:])
        == isMatch)
  }

  @Test(arguments: [
    ("target.displayName: console", true), ("target.displayName: kim", true),
    ("target.displayName: other", false), ("target.displayName|contains|all: [con, sole]", true),
    ("target.detail.level: 3", true), ("target.detail.level: 4", false),
    ("target.detail.tags: b", true), ("target.gone: null", true),
    ("target.gone|exists: true", false),
    ("target.displayName: null", false), ("target.displayName|exists: true", true),
    ("target.displayName|exists: false", false), ("target.displayName|re: '^k.m$'", true),
    ("target.displayName|neq: kim", false), ("target.detail: null", false),
  ])
  func `a path may lead through a list of objects`(_ item: String, _ isMatch: Bool) throws {
    let text = """
      title: t
      logsource: {product: okta, service: okta}
      detection: {s: {\(item)}, condition: s}
      """
    let target = Sample.json(
      #"[{"displayName":"Console","detail":{"level":3,"tags":["a","b"]}}, {"x":null,"displayName":"kim"}]"#
    )
    let fields: [String: Sample] = ["event.dataset": .text("okta"), "target": target]
    #expect(try !hits(text, fields).isEmpty == isMatch)
  }

  @Test(arguments: [
    ("a|fieldref|endswith: b", "something that ends with `b`"),
    ("a|hour|gte: 22", "a time whose hour is at least 22 (UTC)"),
    ("a|year: 2024", "a time whose year is 2024 (UTC)"), ("a: müller", "`müller`"),
    ("a|contains: привет", "`*привет*`"),
    ("a|base64offset|contains: foobar", "`*Zm9vYmFy*` or `*Zvb2Jhc*` or `*mb29iYX*`"),
    ("a|re|startswith: x|y", #"a match of /\A(?:x|y)/"#),
  ])
  func `a trace says what is asked for`(_ item: String, _ wanted: String) throws {
    let rules = try load(rule("{s: {\(item)}, condition: s}")).rules
    let trace = RuleTracer(try #require(rules.rules.first)).trace(Event())
    #expect(trace.selections.first?.answers.map(\.wanted) == [wanted])
  }

  @Test(arguments: [
    "all|gt: [5, 6]", "neq|gt: 5", "neq|hour: 5", "neq|fieldref: b", "neq|contains: b",
  ])
  func `what only joins or turns the answers may stand in front`(_ item: String) throws {
    #expect(try load(rule("{s: {a|\(item)}, condition: s}")).problems.isEmpty)
  }

  @Test func `lists may nest and mix`() throws {
    let detection = "{s: [{a: x, b: y}, [one, two], three], condition: s}"
    #expect(try matches(detection, ["a": .text("x"), "b": .text("y")]))
    for word in ["one", "two", "three"] { #expect(try matches(detection, line: word, [:])) }
    #expect(try !matches(detection, line: "four", ["a": .text("x")]))
  }

  @Test func `a placeholder may be a network, an expression or one of several in a text`() throws {
    let lists = ["nets": ["10.0.0.0/8", "2001:db8::/32"], "names": ["kim", "lee"]]
    func holds(_ item: String, _ value: String) throws -> Bool {
      try matches(
        "{s: {\(item)}, condition: s}", placeholders: lists, ["a": .text(value)])
    }
    #expect(try holds("a|cidr|expand: '%nets%'", "10.1.2.3"))
    #expect(try holds("a|expand|cidr: '%nets%'", "2001:db8::5"))
    #expect(try holds("a|re|expand: '^%names%[0-9]$'", "lee7"))
    #expect(try holds("a|expand: '%names%-%names%'", "kim-lee"))
    #expect(try holds("a|expand: '100 % of %names%'", "100 % of kim"))
    #expect(try !holds("a|expand|neq: '%names%'", "kim"))
  }

  @Test func `an unknown placeholder refuses its rule by name, and says which are near`() throws {
    var fields = FieldTable()
    let text = rule("{s: {a|expand: '%contractor.accounts%'}, condition: s}")
    let (rules, problems) = RuleSet.load(
      documents: [try Document(file: "rule.yaml", text: text)], fields: &fields,
      placeholders: { _ in nil }, placeholderNames: ["contractors.accounts", "tools.domains"],
      policy: { _ in nil })
    #expect(rules.rules.isEmpty)
    #expect(problems.first?.message == "the placeholder `%contractor.accounts%` has no values")
    #expect(problems.first?.fix == "did you mean `%contractors.accounts%`?")
  }
}
