import Bytes
import Events
import Foundation
import Testing

/// Lines of other projects with the fields that those found, where a copy of them is at hand.
///
/// The folder is `$ROLLCALL_SHARED/corpus`, or `shared/corpus` beside the package; without it these
/// tests pass, having compared nothing.
@Suite struct CorpusProductTests {
  /// One line and what its project says of it.
  struct Case {
    var id: String
    var program: [UInt8]
    var message: [UInt8]
    var expect: [String: String]
    var isNormal: Bool
  }

  /// What was compared with what came of it.
  struct Tally {
    var right = 0
    var absent = 0
    var wrong: [String] = []
  }

  static let folder: URL? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["ROLLCALL_SHARED"].map { [URL(fileURLWithPath: $0)] }
      ?? [
        package.deletingLastPathComponent().appendingPathComponent("shared"),
        package.deletingLastPathComponent().deletingLastPathComponent()
          .appendingPathComponent("shared"),
      ]
    return shared.map { $0.appendingPathComponent("corpus") }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static func cases(_ path: String) throws -> [Case] {
    guard let folder else { return [] }
    let data = try Data(contentsOf: folder.appendingPathComponent(path))
    return try data.split(separator: 0x0A).compactMap { line in
      guard let record = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
        let expect = record["expect"] as? [String: Any]
      else { return nil }
      let id = record["id"] as? String ?? "?"
      // Of the mixed samples only those with a syslog header are ours.
      guard !id.hasPrefix("doc/") || id.hasPrefix("doc/syslog") else { return nil }
      let raw: [UInt8]
      if let text = record["line"] as? String {
        raw = Array(text.utf8)
      } else if let base = record["line_b64"] as? String, let data = Data(base64Encoded: base) {
        raw = Array(data)
      } else {
        return nil
      }
      let (program, message) = split(raw)
      let options = record["options"] as? [[String: Any]] ?? []
      let isNormal = options.isEmpty || options.contains { $0["mode"] == nil }
      return Case(
        id: id, program: program, message: message, expect: outcomes(expect.mapValues { "\($0)" }),
        isNormal: isNormal)
    }
  }

  /// Adds the outcome that a rule of Wazuh's stands for where the record names only the rule.
  static func outcomes(_ expect: [String: String]) -> [String: String] {
    let known = ["5403": "success", "5401": "failure", "5404": "failure", "5405": "failure"]
    guard let rule = expect["wazuh.rule"], let outcome = known[rule] else { return expect }
    return expect.merging(["event.outcome": outcome]) { old, _ in old }
  }

  /// The program and the message of a line, read crudely: good enough for these files only.
  static func split(_ line: [UInt8]) -> (program: [UInt8], message: [UInt8]) {
    if line.first == UInt8(ascii: "<") { return splitStructured(line) }
    // After a time stamp the tag is the first word that ends with a colon, or one in brackets.
    var words = line.split(separator: 0x20, omittingEmptySubsequences: true)[...]
    words = words.dropFirst(line.first.map { $0 >= 0x41 } == true ? 3 : 1)
    for word in words.prefix(3) {
      let isTag = word.last == UInt8(ascii: ":") || word.first == UInt8(ascii: "[")
      guard isTag else { continue }
      let name = word.filter { $0 != UInt8(ascii: ":") }
      let bare = name.first == UInt8(ascii: "[") ? name.dropFirst() : name[...]
      let program = bare.prefix { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") }
      return (Array(program), Array(line[min(line.count, word.endIndex + 1)...]))
    }
    return ([], line)
  }

  private static func splitStructured(_ line: [UInt8]) -> (program: [UInt8], message: [UInt8]) {
    let words = line.split(separator: 0x20, maxSplits: 6)
    guard words.count == 7 else { return ([], line) }
    var rest = words[6][...]
    if rest.first == UInt8(ascii: "[") {
      while rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) {
        let inner = rest[...end].filter { $0 == UInt8(ascii: "\"") }.count
        var close = end
        if inner % 2 == 1 {
          close = rest[(end + 1)...].firstIndex(of: UInt8(ascii: "]")) ?? end
        }
        rest = rest[(close + 1)...]
      }
      rest = rest.dropFirst()
    } else {
      rest = rest.dropFirst(2)
    }
    return (Array(words[3]), Array(rest))
  }

  /// Whether a reading agrees with what is expected; `nil` when nothing of it was expected.
  static func judge(_ expect: [String: String], _ reading: Reading?) -> String? {
    let address =
      reading.map { $0["source.ip"] ?? $0["source.address"] ?? "-" } ?? "refused"
    for name in ["source.address", "source.ip"] {
      if let wanted = expect[name], wanted != address { return "\(name) \(wanted), not \(address)" }
    }
    if let wanted = expect["user.name"] {
      let user = reading.map { $0["user.name"] ?? $0["user.target.name"] ?? "-" } ?? "refused"
      if wanted != user { return "user.name \(wanted), not \(user)" }
    }
    if let wanted = expect["event.outcome"] {
      let outcome = reading.map { $0["event.outcome"] ?? "-" } ?? "refused"
      if wanted != outcome { return "event.outcome \(wanted), not \(outcome)" }
    }
    return nil
  }

  static let compared: Set = ["source.address", "source.ip", "user.name", "event.outcome"]

  static func tally(_ path: String) throws -> Tally {
    var tally = Tally()
    for item in try cases(path) {
      let isMatch = item.expect["match"] == "1" || item.expect["match"] == "true"
      guard item.isNormal, item.expect["match"] == nil || isMatch,
        !compared.isDisjoint(with: item.expect.keys)
      else {
        tally.absent += 1
        continue
      }
      let reading = Reading.of(item.program, item.message)
      if let fault = judge(item.expect, reading) {
        tally.wrong.append("\(item.id) \(fault): \(String(decoding: item.message, as: UTF8.self))")
      } else {
        tally.right += 1
      }
    }
    return tally
  }

  /// The lines on which we differ, and why.
  static let differences = [
    // A user called `test from … ssh2:` writes exactly this line, and with a password nothing follows
    // the protocol, so the last address is the client's.
    "fail2ban/sshd#147",
    // Postponed decides nothing; the same attempt's `Failed` is the failure.
    "wazuh/sshd#17",
  ]

  @Test(arguments: [
    "fail2ban/sshd-part1.jsonl", "fail2ban/pam-generic.jsonl", "wazuh/sshd.jsonl",
    "wazuh/sudo.jsonl", "crowdsec-hub/sshd-logs/parser.jsonl",
    "crowdsec-hub/sshd-success-logs/parser.jsonl", "beats/system-auth-test.log.jsonl",
    "doc-samples/lines.jsonl",
  ])
  func `other projects' readings are ours, or the difference has a reason`(_ path: String) throws {
    let tally = try Self.tally(path)
    for fault in tally.wrong {
      #expect(Self.differences.contains { fault.hasPrefix($0 + " ") }, "\(fault)")
    }
  }
}
