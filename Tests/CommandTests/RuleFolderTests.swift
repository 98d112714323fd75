import Foundation
import Testing

/// A folder of rules that somebody else wrote.
@Suite struct RuleFolderTests {
  private static let good = """
    title: Good
    id: good
    logsource: {category: access}
    detection: {s: {kind: x}, condition: s}

    """

  /// A folder with rules that load, that nothing feeds, that are wrong, and a filter of each kind.
  private func folder() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("rules/good.yml", Self.good)
    try scratch.write(
      "rules/windows.yml",
      Self.good.replacing("good", with: "win").replacing(
        "{category: access}", with: "{product: windows, category: process_creation}"))
    try scratch.write(
      "rules/broken.yml",
      Self.good.replacing("good", with: "b").replacing("kind", with: "kind|contian"))
    try scratch.write(
      "rules/placeholder.yml",
      "title: P\n"
        + Self.good.replacing("title: Good\n", with: "")
        .replacing("good", with: "p").replacing("{kind: x}", with: "{kind|expand: '%Servers%'}"))
    try scratch.write("rules/torn.yml", "title: [\n")
    try scratch.write(
      "rules/filters.yml",
      """
      title: known
      logsource: {category: access}
      filter: {rules: [good], s: {user: kim}, condition: not s}
      ---
      title: wrong
      logsource: {category: access}
      filter: {rules: [gone], s: {user: kim}, condition: not s}

      """)
    try scratch.write(
      "log.jsonl",
      #"{"time":1790000000,"kind":"x","user":"kim"}"# + "\n"
        + #"{"time":1790000001,"kind":"x","user":"dana"}"# + "\n")
    return scratch
  }

  @Test func `check names each rule that did not load, and says how many did`() throws {
    let scratch = try folder()
    let run = try Program.run("check", "--detectors", scratch.path + "/rules")
    #expect(run.code == 2)
    #expect(run.output.contains("broken.yml:4:22: error: unknown modifier `contian`"))
    #expect(run.output.contains("error: the placeholder `%Servers%` has no values"))
    #expect(run.output.contains("torn.yml:2:1: error: not YAML"))
    #expect(run.output.contains("filters.yml:7:18: error: no rule has the id or name `gone`"))
    #expect(
      run.errors.contains("note: 1 rule can not fire here: no source of windows/process_creation"))
    #expect(run.ledger.contains("loaded 2 of 5 rules · 2 of 2 filters · 4 errors · 0 warnings"))
  }

  @Test func `the configuration says what a placeholder of somebody else's rule stands for`() throws
  {
    let scratch = try Scratch()
    try scratch.write(
      "rules/servers.yml",
      """
      title: from a server
      id: servers
      level: high
      logsource: {category: access}
      detection: {s: {user|expand: "adm_%Servers%"}, condition: s}

      """)
    try scratch.write(
      "log.jsonl",
      ["adm_db1", "adm_db2", "adm_web1", "db1"].map {
        #"{"time":1790000000,"user":"\#($0)"}"# + "\n"
      }.joined())
    func scan(_ placeholders: String) throws -> Run {
      try scratch.write("rollcall.yaml", "detectors: rules\n\(placeholders)\n")
      return try Program.run(
        "scan", scratch.path + "/log.jsonl", "--config", scratch.path + "/rollcall.yaml")
    }
    let found = try scan("placeholders: {Servers: [db1, db2]}")
    #expect(found.words.contains("servers 2") && found.output.contains("adm_db1"), "\(found)")
    let one = try scan("placeholders: {Servers: web1}")
    #expect(one.words.contains("servers 1") && one.output.contains("adm_web1"), "\(one)")
    let none = try scan("placeholders: {Server: web1}")
    #expect(none.code == 2 && none.errors.contains("did you mean `%Server%`?"), "\(none.errors)")
  }

  @Test func `scan tells of them too, and goes on with the others`() throws {
    let scratch = try folder()
    let run = try Program.run(
      "scan", "--detectors", scratch.path + "/rules", scratch.path + "/log.jsonl")
    #expect(run.code == 0)
    #expect(run.errors.contains("unknown modifier `contian`"))
    #expect(run.errors.contains("note: 1 of 2 rules can not fire here"))
    #expect(run.ledger == "read 2 lines · parsed 2 · rejected 0 · findings 1")
    #expect(run.output.contains("dana") && !run.output.contains("kim"))
  }
}
