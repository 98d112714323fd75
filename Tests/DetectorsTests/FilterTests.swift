import Detectors
import Documents
import Events
import Testing

/// Filters: exceptions in files of their own.
@Suite struct FilterTests {
  private func base(_ name: String, _ source: String = "{product: linux, service: sshd}") -> String
  {
    """
    title: \(name)
    id: \(name)
    logsource: \(source)
    detection: {s: {user.name: [kim, dana, lee]}, condition: s}

    """
  }

  private func filter(
    _ rules: String, _ body: String = "selection: {user.name: kim}, condition: not selection",
    source: String = "{product: linux}"
  ) -> String {
    "title: known\nlogsource: \(source)\nfilter: {rules: \(rules), \(body)}\n"
  }

  private func hits(_ documents: [String], user: String) throws -> [Int] {
    try matchesOf(
      documents.joined(separator: "---\n"),
      ["user.name": .text(user), "process.name": .text("sshd")])
  }

  /// The helper of the other tests, under a name that this suite does not hide.
  private func matchesOf(_ text: String, _ samples: [String: Sample]) throws -> [Int] {
    var (rules, problems, table) = try load(text)
    if let problem = problems.first { throw problem }
    let event = Event()
    fill(
      event, line: "",
      samples.compactMap { name, sample in table.intern(name).map { ($0, sample) } })
    var found: [Int] = []
    Evaluator(rules).evaluate(event) { found.append($0) }
    return found
  }

  @Test func `a filter is joined as it is written to the rules it names`() throws {
    let files = [filter("[one]"), base("one"), base("two")]
    #expect(try hits(files, user: "dana") == [0, 1])
    #expect(try hits(files, user: "kim") == [1])
    // Without `not` only what the filter selects is left.
    let only = [filter("one", "selection: {user.name: kim}, condition: selection"), base("one")]
    #expect(try hits(only, user: "kim") == [0])
    #expect(try hits(only, user: "dana") == [])
  }

  @Test(arguments: ["any", "ANY", "[]"])
  func `a filter of any rule takes those of its log source`(_ rules: String) throws {
    let files = [base("one"), base("two", "{category: access}"), filter(rules)]
    #expect(try hits(files, user: "kim") == [1])
    #expect(try hits(files, user: "lee") == [0, 1])
  }

  @Test func `several filters hold together, and patterns mean the filter's own selections`() throws
  {
    let files = [
      base("one"),
      filter("[one]", "a_1: {user.name: kim}, a_2: {user.name: dana}, condition: not 1 of a_*"),
      filter("[one]", "s: {user.name: nobody}, condition: not 1 of them"),
    ]
    #expect(try hits(files, user: "kim") == [])
    #expect(try hits(files, user: "dana") == [])
    #expect(try hits(files, user: "lee") == [0])
  }

  @Test func `a filter's fields mean what those of the rule mean`() throws {
    let text = [
      """
      title: web
      id: web
      logsource: {category: webserver}
      detection: {s: {cs-method: GET}, condition: s}

      """,
      filter(
        "[web]", "s: {cs-uri-stem: /health}, condition: not s", source: "{category: webserver}"),
    ].joined(separator: "---\n")
    var fields: [String: Sample] = [
      "event.category": .text("http"), "http.request.method": .text("GET"),
      "url.path": .text("/health"),
    ]
    #expect(try matchesOf(text, fields) == [])
    fields["url.path"] = .text("/login")
    #expect(try matchesOf(text, fields) == [0])
  }

  @Test(arguments: [
    ("[on]", "no rule has the id or name `on`", "did you mean `one`?"),
    (
      "[one, count]", "`count` is a correlation; a filter is for rules",
      "name the rules that it counts"
    ),
    (
      "[web]",
      "the rule `web` has the log source `webserver`, not the filter's `linux`",
      "name the rule's log source"
    ),
    ("[broken]", "the rule `broken` was refused", ""),
  ])
  func `a rule that a filter names in vain is told of`(
    _ rules: String, _ message: String, _ fix: String
  ) throws {
    let text = [
      base("one"), base("web", "{category: webserver}"),
      "title: count\nid: count\ncorrelation: {type: event_count, rules: [one], timespan: 1h, "
        + "condition: {gte: 2}}\n",
      "title: b\nid: broken\nlogsource: {category: access}\ndetection: {s: {a: b}, condition: x}\n",
      filter(rules),
    ].joined(separator: "---\n")
    let (set, problems, _) = try load(text)
    let problem = try #require(problems.first { $0.message == message })
    #expect(problem.fix == fix && problem.severity == .error)
    #expect(set.rules.count == 3 && set.filterCount == 1 && set.refusedFilterCount == 0)
  }

  @Test(arguments: [
    ("title: f\nlogsource: {product: linux}\nfilter: {s: {a: b}, condition: s}", "no `rules`"),
    ("title: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {a: b}}", "no `condition`"),
    ("title: f\nfilter: {rules: any, s: {a: b}, condition: s}", "no `logsource`"),
    (
      "title: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {a: b}, condition: [s, s]}",
      "a filter has one condition"
    ),
    (
      "title: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {a|contian: b}, condition: s}",
      "unknown modifier `contian`"
    ),
    ("title: f\nlogsource: {product: linux}\nfilter: any", "`filter` is a mapping"),
    (
      "title: f\nlogsource: {product: linux}\nfilter: {rules: any, condition: not s}",
      "no selection"
    ),
  ])
  func `a broken filter is refused, and leaves the rules as they are`(
    _ text: String, _ message: String
  ) throws {
    let (set, problems, _) = try load(base("one") + "---\n" + text)
    #expect(problems.first?.message == message)
    #expect(set.rules.count == 1 && set.refusedFilterCount == 1)
  }

  @Test func `a filter that fits no rule is told of`() throws {
    let (_, problems, _) = try load(base("one") + "---\n" + filter("any", source: "{product: aws}"))
    #expect(problems.map(\.message) == ["no rule has the filter's log source `aws`"])
    #expect(problems.first?.severity == .warning)
  }
}
