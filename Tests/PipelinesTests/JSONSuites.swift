import Bytes
import Foundation
import Formats

/// JSONTestSuite: what is JSON, what is not, and what RFC 8259 leaves to the reader.
enum JSONSuites {
  /// What is said of a line: `nil` for accepted, otherwise the reason.
  static func verdict(_ bytes: [UInt8], wanting path: String? = nil) -> String? {
    withView(bytes) { line -> String? in
      var reader = JSONReader()
      if let path { reader.want(path, slot: 0) }
      let record = Record()
      record.reset(line: line)
      do throws(JSONError) {
        try reader.read(line, into: record)
        return nil
      } catch {
        return error.reason.rawValue
      }
    }
  }

  static func inObject(_ bytes: [UInt8]) -> [UInt8] { Array("{\"k\":".utf8) + bytes + [0x7D] }

  static func files(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    try Corpus.files().filter { $0.hasPrefix("JSONTestSuite/\(folder)/") }.map {
      (URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent, try Corpus.bytes($0))
    }
  }

  /// What the RFC leaves open, decided: a number is JSON whatever its size, text must be UTF-8 without
  /// a mark, and an escape that names half a character is grammar, so it is taken and shown as U+FFFD.
  static let decisions: [String: String] = [:]

  static let all = [
    ConformanceSuite(
      "JSONTestSuite: one object a line", 0, 0, 0, known: [:],
      run: {
        var outcome = Outcome()
        for (name, bytes) in try files("test_parsing") where !name.hasPrefix("i_") {
          let verdict = verdict(bytes)
          let isObject = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
          // Only objects are lines; another value must fail for that reason alone.
          let wanted = name.hasPrefix("y_") ? (isObject ? nil : "json-not-an-object") : verdict
          outcome.judge(
            name,
            verdict == wanted && (verdict == nil) == (name.hasPrefix("y_") && isObject)
              ? [] : [verdict ?? "accepted"])
        }
        return outcome
      }),
    ConformanceSuite(
      "JSONTestSuite: as the value of a key", 0, 0, 0, known: [:],
      run: {
        var outcome = Outcome()
        for (name, bytes) in try files("test_parsing") where !name.hasPrefix("i_") {
          let line = inObject(bytes)
          let verdicts = [verdict(line), verdict(line, wanting: "k"), verdict(line, wanting: "k.a")]
          let isRight = verdicts.allSatisfy { ($0 == nil) == name.hasPrefix("y_") }
          outcome.judge(name, isRight ? [] : ["\(verdicts)"])
        }
        return outcome
      }),
    ConformanceSuite(
      "JSONTestSuite: left to the reader", 0, 0, 0, known: [:],
      run: {
        var outcome = Outcome()
        let cases =
          try files("test_parsing").filter { $0.name.hasPrefix("i_") } + files("test_transform")
        for (name, bytes) in cases {
          let line = inObject(bytes)
          let found = verdict(line, wanting: "k") ?? "accepted"
          outcome.judge(
            name,
            found == decisions[name] && verdict(line) ?? "accepted" == found ? [] : [found])
        }
        return outcome
      }),
  ]
}
