import Detectors
import Documents
import Events
import Foundation
import Registers
import Testing

/// Every entry of the policy does something: a detector that ships asks for it, or code reads it by its name.
@Suite struct PolicyReachTests {
  /// Files that hold names without reading them.
  private static let onlyNames = ["Policy+Defaults.swift", "Policy+Placeholders.swift"]

  /// The rules that ship: those that run, and those that are there to be copied.
  private static func documents() throws -> [Document] {
    try ["detectors", "samples/single-signals"].flatMap { folder -> [Document] in
      let folder = Program.package + "/" + folder
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return try names.filter { $0.hasSuffix(".yaml") }.sorted().map { name in
        let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
        return try Document(file: name, text: text)
      }
    }
  }

  /// The entries that rules ask for, and placeholders that the policy does not know.
  private static func asked() throws -> (entries: Set<String>, unknown: [String]) {
    var (fields, entries, unknown) = (FieldTable(), Set<String>(), [String]())
    _ = RuleSet.load(
      documents: try documents(), fields: &fields, placeholders: { _ in [] },
      policy: { name in
        let text = Policy.defaults.placeholder(name)
        if text == nil { unknown.append(name) }
        entries.formUnion(Policy.entries(behind: name))
        return text
      })
    return (entries, unknown)
  }

  /// The texts in quotes of all code, comments aside; `nil` where the sources are not.
  private static func quoted() throws -> Set<String>? {
    let folder = URL(fileURLWithPath: Program.package + "/Sources")
    guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
    var texts: Set<String> = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    for file in files?.allObjects as? [URL] ?? []
    where file.pathExtension == "swift" && !onlyNames.contains(file.lastPathComponent) {
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in text.split(separator: "\n")
      where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        texts.formUnion(line.matches(of: /"([a-z_.]+)"/).map { String($0.output.1) })
      }
    }
    return texts
  }

  @Test func `a detector or code reads every entry`() throws {
    let (entries, unknown) = try PolicyReachTests.asked()
    #expect(unknown.isEmpty)
    guard let code = try PolicyReachTests.quoted() else { return }
    func unread(_ names: [String]) -> [String] {
      names.filter { !entries.contains($0) && !code.contains($0) }
    }
    #expect(unread(Policy.defaults.entries.map(\.name)).isEmpty)
    // The test can fail: what only the defaults name is read by nothing.
    let nobodys = ["contractor", "read_by_nobody"].joined(separator: ".")
    #expect(unread(["contractor.days_max", nobodys]) == [nobodys])
    #expect(entries.count > 80 && code.count > 100)
  }

  /// Numbers of conditions that ask whether there is anything at all, or more than one of it.
  private static let fewest = ["1", "2"]

  /// Keys of a correlation of which each is a threshold.
  private static let thresholds = [
    "timespan", "leak", "lasts", "pause", "median-gap", "per", "step", "share", "limit", "baseline",
    "per-value", "or-own", "and-own",
  ]

  /// Modifiers that compare with a number.
  private static let comparisons = ["gt", "gte", "lt", "lte"]

  /// What a rule compares with outside of the policy, as `key: value`.
  private static func ownNumbers(_ root: Node) -> [String] {
    var found: [String] = []
    func take(_ key: String, _ value: String, _ isMeant: Bool = true) {
      if isMeant, !value.hasPrefix("%policy.") { found.append("\(key): \(value)") }
    }
    if let window = root["window"]?.text { take("window", window) }
    for key in thresholds {
      guard let node = root["correlation"]?[key] else { continue }
      let values = node.text.map { [$0] } ?? (node.entries ?? []).compactMap(\.value.text)
      for value in values {
        // What is due is the register's, and so is a client's whole limit.
        take(key, value, !["due", "warn"].contains(value) && !(key == "limit" && value == "1.0"))
      }
    }
    for entry in root["correlation"]?["condition"]?.entries ?? [] where entry.key != "field" {
      let value = entry.value.text ?? ""
      take(entry.key, value, !fewest.contains(value))
    }
    func walk(_ node: Node) {
      for entry in node.entries ?? [] {
        let modifiers = entry.key.split(separator: "|").dropFirst()
        if modifiers.contains(where: { comparisons.contains(String($0)) }) {
          // The hundreds of a status are HTTP's own.
          take(entry.key, entry.value.text ?? "", !entry.key.contains("status_code"))
        }
        walk(entry.value)
      }
      for child in node.list ?? [] { walk(child) }
    }
    if let detection = root["detection"] { walk(detection) }
    return found
  }

  @Test func `no detector has a threshold of its own`() throws {
    for document in try PolicyReachTests.documents() {
      for root in document.roots {
        #expect(PolicyReachTests.ownNumbers(root).isEmpty, "\(root["id"]?.text ?? "")")
      }
    }
    let own = try Document(
      file: "rule.yaml",
      text: """
        window: 3d
        correlation: {timespan: 5m, step: 1m, share: {gt: 0.5}, and-own: {times: 3}, condition: {gte: 7, field: user.name}}
        detection: {some: {http.bytes|gte: 1000}}
        """)
    #expect(
      PolicyReachTests.ownNumbers(try #require(own.roots.first)) == [
        "window: 3d", "timespan: 5m", "step: 1m", "share: 0.5", "and-own: 3", "gte: 7",
        "http.bytes|gte: 1000",
      ])
  }
}
