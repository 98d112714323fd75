import Corpora
import Foundation

/// Writes a log whose findings are known, and judges what was found in it.
///
/// `stream` writes the log to standard output, and only what belongs beside it into the folder.
/// `rules` writes detectors of the usual shapes that no line of the logs fulfils; `book` writes rules like
/// those that people collect, and `ruled` a log with lines that some of them match.
///
///     Generate write KIND MEGABYTES FOLDER [SEED [PEOPLE]]
///     Generate stream KIND MEGABYTES FOLDER [SEED [PEOPLE]]
///     Generate rules COUNT FOLDER
///     Generate book COUNT FOLDER
///     Generate ruled LOG MEGABYTES FOLDER [SEED]
///     Generate judge FOLDER/truth.tsv FINDINGS.jsonl
///     Generate judge-book COUNT FOLDER/truth.tsv FINDINGS.jsonl
@main enum Generate {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    do {
      switch words.first {
      case "write": try write(Array(words.dropFirst()), toOutput: false)
      case "stream": try write(Array(words.dropFirst()), toOutput: true)
      case "rules": try rules(Array(words.dropFirst()))
      case "book": try book(Array(words.dropFirst()))
      case "ruled": try ruled(Array(words.dropFirst()))
      case "judge-book": try judgeBook(Array(words.dropFirst()))
      case "judge": try judge(Array(words.dropFirst()))
      default:
        throw Complaint(
          "usage: Generate write|stream KIND MEGABYTES FOLDER [SEED [PEOPLE]]"
            + " | rules|book COUNT FOLDER | ruled LOG MEGABYTES FOLDER [SEED]"
            + " | judge TRUTH FINDINGS | judge-book COUNT TRUTH FINDINGS")
      }
    } catch {
      FileHandle.standardError.write(Data("Generate: \(error)\n".utf8))
      exit(2)
    }
  }

  private static func write(_ words: [String], toOutput: Bool) throws {
    guard words.count >= 3, let kind = Kind(rawValue: words[0]), let megabytes = Int(words[1]),
      megabytes > 0, let seed = UInt64(words.count > 3 ? words[3] : "7")
    else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Complaint("write takes one of \(kinds), a size in MB, a folder and maybe a seed")
    }
    var crowd = Crowd.named
    if words.count > 4 {
      guard let count = Int(words[4]), let numbered = Crowd(numbered: count) else {
        throw Complaint("people are a number up to two million")
      }
      crowd = numbered
    }
    let folder = URL(fileURLWithPath: words[2])
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("registers"), withIntermediateDirectories: true)
    for (name, text) in Setting.files(for: kind, crowd: crowd) {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    var story = Story(kind, crowd: crowd, seed: seed)
    let truth: Truth
    if toOutput {
      truth = try story.write(bytes: megabytes * 1_000_000) {
        try FileHandle.standardOutput.write(contentsOf: Data($0))
      }
    } else {
      let path = folder.appendingPathComponent(kind.fileName)
      guard FileManager.default.createFile(atPath: path.path, contents: nil) else {
        throw Complaint("\(path.path) can not be written")
      }
      let handle = try FileHandle(forWritingTo: path)
      truth = try story.write(bytes: megabytes * 1_000_000) {
        try handle.write(contentsOf: Data($0))
      }
      try handle.close()
      // RFC 3164 names no year: the reader takes it from the time of the last line.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: TimeInterval(truth.lastSeconds))],
        ofItemAtPath: path.path)
    }
    try Data(truth.text.utf8).write(to: folder.appendingPathComponent("truth.tsv"))
  }

  private static func rules(_ words: [String]) throws {
    guard words.count == 2, let count = Int(words[0]), count > 0 else {
      throw Complaint("rules takes a number and a folder")
    }
    let folder = URL(fileURLWithPath: words[1])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in 0..<count {
      try Data(SyntheticRule.text(number).utf8).write(
        to: folder.appendingPathComponent("synthetic-\(number).yaml"))
    }
  }

  private static func book(_ words: [String]) throws {
    guard words.count == 2, let count = Int(words[0]), count > 0 else {
      throw Complaint("book takes a number and a folder")
    }
    let folder = URL(fileURLWithPath: words[1])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in 0..<count {
      try Data(RuleBook.rule(number).text.utf8).write(
        to: folder.appendingPathComponent("\(RuleBook.id(number)).yml"))
    }
  }

  private static func ruled(_ words: [String]) throws {
    guard words.count >= 3, let log = RuleBook.Log(rawValue: words[0]),
      let megabytes = Int(words[1]),
      megabytes > 0, let seed = UInt64(words.count > 3 ? words[3] : "7")
    else {
      let logs = RuleBook.Log.allCases.map(\.rawValue).joined(separator: ", ")
      throw Complaint("ruled takes one of \(logs), a size in MB, a folder and maybe a seed")
    }
    let folder = URL(fileURLWithPath: words[2])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appendingPathComponent(RuledLog.fileName(log))
    guard FileManager.default.createFile(atPath: path.path, contents: nil) else {
      throw Complaint("\(path.path) can not be written")
    }
    let handle = try FileHandle(forWritingTo: path)
    var bytes = 0
    var writer = RuledLog(log, seed: seed)
    let (lines, counts, lastSeconds) = try writer.write(bytes: megabytes * 1_000_000) {
      bytes += $0.count
      try handle.write(contentsOf: Data($0))
    }
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: TimeInterval(lastSeconds))],
      ofItemAtPath: path.path)
    var rows = ["lines\t\(lines)", "bytes\t\(bytes)"]
    rows += counts.sorted { $0.key < $1.key }.map { "hits\t\($0.key)\t\($0.value)" }
    try Data((rows.joined(separator: "\n") + "\n").utf8).write(
      to: folder.appendingPathComponent("truth.tsv"))
  }

  /// Compares what the first rules of the book found with the lines that were written for them.
  private static func judgeBook(_ words: [String]) throws {
    guard words.count == 3, let count = Int(words[0]) else {
      throw Complaint("judge-book takes a number of rules, the truth and the findings")
    }
    var expected: [String: Int] = [:]
    for line in try String(contentsOfFile: words[1], encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: "\t").map(String.init)
      guard parts.first == "hits", parts.count == 3, let number = Int(parts[1]),
        let hits = Int(parts[2]), number < count
      else { continue }
      expected[RuleBook.id(number)] = hits
    }
    var found: [String: Int] = [:]
    for line in try Data(contentsOf: URL(fileURLWithPath: words[2])).split(separator: 0x0A) {
      let finding = try JSONDecoder().decode(Counted.self, from: Data(line)).finding_info
      found[finding.analytic.uid, default: 0] += finding.related_events_count
    }
    var differences: [String] = []
    for id in Set(expected.keys).union(found.keys).sorted() where expected[id] != found[id] {
      differences.append("\(id)\twanted \(expected[id] ?? 0) events, found \(found[id] ?? 0)")
    }
    guard differences.isEmpty else {
      for line in differences.prefix(20) { print(line) }
      print("wrong: \(differences.count) of \(count) rules differ from the truth")
      exit(1)
    }
    print("right: \(found.values.reduce(0, +)) events of \(found.count) rules")
  }

  /// How many events a finding is about, and whose it is.
  private struct Counted: Decodable {
    struct Information: Decodable {
      struct Analytic: Decodable { var uid: String }
      var analytic: Analytic
      // The schema's own spelling.
      // swift-format-ignore: AlwaysUseLowerCamelCase
      var related_events_count: Int
    }
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var finding_info: Information
  }

  /// Compares findings (OCSF, one a line) with the truth; ends with 1 when they differ.
  private static func judge(_ words: [String]) throws {
    guard words.count == 2 else { throw Complaint("judge takes the truth and the findings") }
    var expected: [Truth.Planted: Int] = [:]
    for line in try String(contentsOfFile: words[0], encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.first == "finding" else { continue }
      guard parts.count == 4, let count = Int(parts[3]) else {
        throw Complaint("bad truth: \(line)")
      }
      expected[Truth.Planted(detector: parts[1], subject: parts[2])] = count
    }
    var found: [Truth.Planted: Int] = [:]
    var others = 0
    for line in try Data(contentsOf: URL(fileURLWithPath: words[1])).split(separator: 0x0A) {
      let finding = try JSONDecoder().decode(Found.self, from: Data(line))
      let planted = Truth.Planted(
        detector: finding.finding_info.analytic.uid, subject: finding.unmapped.subject)
      guard Truth.detectors.contains(planted.detector) else {
        others += 1
        continue
      }
      found[planted, default: 0] += 1
    }
    var differences: [String] = []
    for planted in Set(expected.keys).union(found.keys) {
      let (wanted, got) = (expected[planted] ?? 0, found[planted] ?? 0)
      if wanted != got {
        differences.append(
          "\(planted.detector)\t\(planted.subject)\twanted \(wanted), found \(got)")
      }
    }
    guard differences.isEmpty else {
      for line in differences.sorted().prefix(20) { print(line) }
      print("wrong: \(differences.count) findings differ from the truth")
      exit(1)
    }
    let right = found.values.reduce(0, +)
    print(
      "right: \(right) findings as planted" + (others > 0 ? ", \(others) of other detectors" : ""))
  }

  /// The parts of a Detection Finding that are judged.
  private struct Found: Decodable {
    struct Information: Decodable {
      struct Analytic: Decodable { var uid: String }
      var analytic: Analytic
    }
    struct Unmapped: Decodable { var subject: String }
    // The schema's own spelling.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    var finding_info: Information
    var unmapped: Unmapped
  }
}

/// What a user of the generator did wrong.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
