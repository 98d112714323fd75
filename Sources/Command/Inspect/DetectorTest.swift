import Bytes
import Detectors
import Documents
import Events
import Registers

/// One entry of a detector's `tests:`: lines that must raise it, and lines that must not.
struct DetectorTest {
  /// Lines that are read as one log, and whether the detector must be raised by them.
  struct Case {
    var lines: [String]
    var fires: Bool
    /// Where each of them stands in the file.
    var fileLines: [Int]
    /// Where the first of them does.
    var fileLine: Int { fileLines.first ?? 0 }
  }
  /// What must be true of the findings of the cases that fire.
  struct Expectation {
    var subject: String?
    var level: Level?
    var count: UInt64?
  }

  var name: String
  var fileLine: Int
  /// The registers as text, empty when the test has none.
  var registers: [(file: String, text: String)] = []
  var policy: Document?
  var timezone = "UTC"
  var format: LineFormat?
  var system, environment, mapping: String?
  var geo: TestPlaces?
  /// The day on which the log was last written, for time stamps without a year.
  var written = "2026-12-31"
  /// How far time goes on behind the last line, for what the registers expect by then; nanoseconds.
  var until: Int64?
  var cases: [Case] = []
  var expect = Expectation()
}

/// Where addresses are, as a test says.
struct TestPlaces: GeoLookup {
  var points: [String: GeoPoint] = [:]

  func place(of address: ByteView) -> GeoPoint? { points[address.string] }
}

/// Reads the tests of a detector; what is wrong is reported in place.
struct DetectorTestReader {
  let document: Document
  private(set) var problems: [Problem] = []

  private static let keys = [
    "name", "registers", "policy", "timezone", "format", "source", "geo", "written", "until",
    "fires",
    "silent", "fires_together", "silent_together", "expect",
  ]

  init(_ document: Document) { self.document = document }

  /// Every test of a `tests:` value; those with a mistake are left out.
  mutating func tests(_ node: Node) -> [DetectorTest] {
    guard let list = node.list else {
      problem(node, "tests are a list", "begin each with `- name:`")
      return []
    }
    return list.compactMap { entry in
      let before = problems.count
      let test = test(entry)
      return problems.count == before ? test : nil
    }
  }

  private mutating func test(_ node: Node) -> DetectorTest? {
    guard node.entries != nil else {
      problem(node, "a test is a mapping", "begin with `name:`")
      return nil
    }
    problems += document.unknownKeys(in: node, known: DetectorTestReader.keys)
    guard let name = text(node["name"]) else {
      problem(node, "a test needs a name", "say in `name:` what it shows")
      return nil
    }
    var test = DetectorTest(name: name, fileLine: node.line)
    if let registers = node["registers"] {
      test.registers = [(document.file, LaidOutText(registers).text)]
    }
    if let policy = node["policy"] {
      test.policy = try? Document(file: document.file, text: LaidOutText(policy).text)
      if test.policy == nil { problem(policy, "this policy can not be read", "") }
    }
    if let zone = text(node["timezone"]) { test.timezone = zone }
    if let written = text(node["written"]) { test.written = written }
    if let entry = node["until"], let word = text(entry) {
      test.until = RFC3339.nanoseconds(of: word)
      if test.until == nil {
        problem(entry, "`\(word)` is no instant", "write one such as 2026-11-03T09:00:00Z")
      }
    }
    if let word = node["format"], let format = text(word) {
      test.format = LineFormat.named(format)
      if test.format == nil {
        let known = LineFormat.allCases.map(\.rawValue)
        problem(
          word, "no format is called `\(format)`",
          nearestName(to: format, among: known).map { "did you mean `\($0)`?" }
            ?? "known: \(known.joined(separator: ", "))")
      }
    }
    if let source = node["source"] {
      problems += document.unknownKeys(in: source, known: ["system", "environment", "mapping"])
      test.system = text(source["system"])
      test.environment = text(source["environment"])
      test.mapping = text(source["mapping"])
    }
    test.geo = node["geo"].map { places($0) }
    if let expect = node["expect"] { test.expect = expectation(expect) }
    for (key, fires) in [("fires", true), ("silent", false)] {
      for line in lines(node[key]) {
        test.cases.append(.init(lines: [line.text], fires: fires, fileLines: [line.at]))
      }
      let together = lines(node[key + "_together"])
      if !together.isEmpty {
        test.cases.append(
          .init(lines: together.map(\.text), fires: fires, fileLines: together.map(\.at)))
      }
    }
    if test.cases.isEmpty {
      problem(
        node, "the test `\(name)` has no lines",
        "add `fires:`, `silent:`, `fires_together:` or `silent_together:`")
    } else if node["expect"] != nil, !test.cases.contains(where: \.fires) {
      problem(node, "`expect` is about findings, and no line of this test must raise one", "")
    }
    return test
  }

  private mutating func lines(_ node: Node?) -> [(text: String, at: Int)] {
    guard let node, !node.isNull else { return [] }
    guard let list = node.list else {
      problem(node, "lines are a list", "begin each with `-`")
      return []
    }
    return list.compactMap { entry in
      guard let line = text(entry) else { return nil }
      guard !line.isEmpty, !line.utf8.contains(0x0A) else {
        problem(entry, "a line of a log is one line", "write each as an entry of its own")
        return nil
      }
      return (line, entry.line)
    }
  }

  private mutating func expectation(_ node: Node) -> DetectorTest.Expectation {
    problems += document.unknownKeys(in: node, known: ["subject", "level", "count"])
    var result = DetectorTest.Expectation(subject: text(node["subject"]))
    if let entry = node["level"], let word = text(entry) {
      result.level = Level(name: word)
      if result.level == nil {
        let known = Level.allCases.map(\.name).joined(separator: ", ")
        problem(entry, "no level is called `\(word)`", "known: \(known)")
      }
    }
    if let entry = node["count"], let word = text(entry) {
      result.count = UInt64(word)
      if result.count == nil { problem(entry, "`\(word)` is no count", "write a whole number") }
    }
    return result
  }

  private mutating func places(_ node: Node) -> TestPlaces {
    var places = TestPlaces()
    guard let entries = node.entries else {
      problem(node, "geo maps addresses to places", "write `203.0.113.7: {country: NL}`")
      return places
    }
    for entry in entries {
      problems += document.unknownKeys(
        in: entry.value, known: ["country", "latitude", "longitude", "radius", "network"])
      places.points[entry.key] = GeoPoint(
        country: text(entry.value["country"]) ?? "", latitude: number(entry.value["latitude"]),
        longitude: number(entry.value["longitude"]), radius: number(entry.value["radius"]) ?? 0,
        network: number(entry.value["network"]).flatMap { UInt32(exactly: $0) } ?? 0)
    }
    return places
  }

  private mutating func text(_ node: Node?) -> String? {
    guard let node, !node.isNull else { return nil }
    if node.text == nil { problem(node, "a single value belongs here", "") }
    return node.text
  }

  private mutating func number(_ node: Node?) -> Double? {
    guard let node, let word = text(node) else { return nil }
    let number = Double(word)
    if number == nil { problem(node, "`\(word)` is no number", "") }
    return number
  }

  private mutating func problem(_ node: Node, _ message: String, _ fix: String) {
    problems.append(document.problem(node, message, fix: fix))
  }
}
