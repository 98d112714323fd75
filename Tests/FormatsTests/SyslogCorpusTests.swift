import Bytes
import Foundation
import Formats
import Testing

/// Public test cases, when the corpus folder lies beside the package or `ROLLCALL_SHARED` names it.
@Suite struct SyslogCorpusTests {
  /// How the cases of one corpus ended.
  struct Outcome {
    var right = 0, notApplicable = 0
    var wrong: [String] = []
  }

  /// The cases of a file, or none.
  private func cases(_ path: String) -> [[String: Any]] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["ROLLCALL_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    guard let bytes = contents(shared.appendingPathComponent("corpus/\(path)").path) else {
      return []
    }
    return bytes.split(separator: 0x0A).compactMap { line in
      try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
    }
  }

  private func line(_ entry: [String: Any]) -> ByteView {
    if let text = entry["line"] as? String { return view(text) }
    let encoded = entry["line_b64"] as? String ?? ""
    return view([UInt8](Data(base64Encoded: encoded) ?? Data()))
  }

  private func id(_ entry: [String: Any]) -> String { entry["id"] as? String ?? "?" }

  private func expected(_ entry: [String: Any]) -> [String: Any] {
    entry["expect"] as? [String: Any] ?? [:]
  }

  /// The differences between a header and what is expected of it, by field.
  private func differences(_ header: SyslogHeader, _ expected: [String: Any]) -> [String] {
    var wrong: [String] = []
    func check(_ field: String, _ found: String, _ wanted: String?) {
      if found != (wanted ?? "") { wrong.append("\(field): \(found) for \(wanted ?? "nothing")") }
    }
    check("host", header.host.string, expected["host.hostname"] as? String)
    check("program", header.program.string, expected["process.name"] as? String)
    check("pid", header.pid.string, expected["process.pid"].map { "\($0)" })
    if let priority = expected["syslog.priority"] as? Int, Int(header.priority) != priority {
      wrong.append("priority: \(header.priority) for \(priority)")
    }
    return wrong
  }

  /// Seconds since 1970 of a time that Foundation reads.
  private func seconds(_ text: String) -> Double? {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    guard let point = text.firstIndex(of: ".") else {
      return formatter.date(from: text)?.timeIntervalSince1970
    }
    let digits = text[text.index(after: point)...].prefix { $0.isNumber }
    let whole = text[..<point] + text[digits.endIndex...]
    return formatter.date(from: String(whole)).map {
      $0.timeIntervalSince1970 + (Double("0." + digits) ?? 0)
    }
  }

  @Test func `go-syslog's cases all hold`() {
    var outcome = Outcome()
    for entry in cases("go-syslog/rfc5424-3164.jsonl") {
      let text = line(entry)
      let wanted = expected(entry)
      var cache = StampCache()
      let isOld = entry["format"] as? String == "syslog-rfc3164"
      let header =
        isOld
        ? try? RFC3164.parse(text, cache: &cache) : try? RFC5424.parse(text, cache: &cache)
      guard wanted["valid"] as? Bool == true else {
        if header == nil { outcome.right += 1 } else { outcome.wrong.append(id(entry)) }
        continue
      }
      guard let header else {
        outcome.wrong.append("\(id(entry)): refused")
        continue
      }
      var wrong = differences(header, wanted)
      // The reader that made these cases keeps the byte order mark in the message.
      let message = (wanted["message"] as? String ?? "")
      let unmarked =
        message.unicodeScalars.first == "\u{FEFF}" && !isOld
        ? String(String.UnicodeScalarView(message.unicodeScalars.dropFirst())) : message
      if header.message.string != unmarked { wrong.append("message: \(header.message.string)") }
      if header.messageID.string != wanted["syslog.msgid"] as? String ?? "" {
        wrong.append("msgid")
      }
      if !isOld, Int(header.version) != wanted["syslog.version"] as? Int { wrong.append("version") }
      if let time = wanted["timestamp"] as? String {
        let found = header.stamp.map { Double($0.nanoseconds) / 1e9 } ?? .nan
        if abs((seconds(time) ?? .infinity) - found) > 1e-6 {
          wrong.append("time \(time): \(found)")
        }
      }
      if let data = wanted["syslog.structured_data"] as? [String: [String: String]] {
        let flat = data.flatMap { id, values in values.map { "\(id).\($0)=\($1)" } }
        if flat.sorted() != parameters(header).sorted() { wrong.append("structured data") }
      }
      if wrong.isEmpty {
        outcome.right += 1
      } else {
        outcome.wrong.append("\(id(entry)): \(wrong)")
      }
    }
    report("go-syslog", outcome)
    #expect(outcome.wrong.isEmpty)
  }

  @Test func `rsyslog's cases hold but for the bare tag`() {
    var outcome = Outcome()
    for entry in cases("rsyslog/parsertest-parse1.jsonl") {
      let text = line(entry)
      let wanted = expected(entry)
      var cache = StampCache()
      guard let header = try? Syslog.parse(text, cache: &cache) else {
        // `eventSource= "…"`: RFC 5424 has no blank there.
        if text.firstOffset(of: "= \"") != nil {
          outcome.notApplicable += 1
        } else {
          outcome.wrong.append("\(id(entry)): refused")
        }
        continue
      }
      var wrong = differences(header, wanted)
      // rsyslog supplies what the line lacks: user.notice, and the host that received it.
      if header.priority < 0 { wrong.removeAll { $0.hasPrefix("priority") } }
      if header.host.isEmpty { wrong.removeAll { $0.hasPrefix("host") } }
      let message = wanted["msg"] as? String ?? ""
      let unspaced = message.hasPrefix(" ") ? String(message.dropFirst()) : message
      if header.message.string != unspaced { wrong.append("message: \(header.message.string)") }
      guard !wrong.isEmpty else {
        outcome.right += 1
        continue
      }
      // A word without colon or bracket is a tag to rsyslog; to us, and to the other two corpora,
      // it opens the message. It takes the year after the time for a host.
      let tag = wanted["syslog.tag"] as? String ?? "\""
      let isBareTag = header.program.isEmpty && !tag.hasSuffix(":")
      let isYear = wanted["host.hostname"] as? String == "2009"
      if isBareTag || isYear {
        outcome.notApplicable += 1
      } else {
        outcome.wrong.append("\(id(entry)): \(wrong)")
      }
    }
    report("rsyslog", outcome)
    #expect(outcome.wrong.isEmpty)
  }

  @Test func `beats' cases all hold`() {
    var outcome = Outcome()
    for entry in cases("beats/syslog-input-part1.jsonl") {
      let wanted = expected(entry)
      var cache = StampCache()
      guard let header = try? Syslog.parse(line(entry), cache: &cache), let stamp = header.stamp
      else {
        outcome.wrong.append("\(id(entry)): refused")
        continue
      }
      var wrong = differences(header, wanted)
      if header.message.string != wanted["message"] as? String ?? "" {
        wrong.append("message: \(header.message.string)")
      }
      let year = stamp.hasYear ? wanted["year"] as? Int ?? 0 : 1972
      let zone = wanted["utc_offset_seconds"] as? Int ?? 0
      func part(_ name: String) -> Int { wanted[name] as? Int ?? 0 }
      let nanoseconds = CivilTime.nanoseconds(
        year: year, month: part("month"), day: part("day"), hour: part("hour"),
        minute: part("minute"), second: part("second"), nanosecond: part("nanosecond"))
      if nanoseconds.map({ $0 - Int64(zone) * 1_000_000_000 }) != stamp.nanoseconds {
        // One case says 2016 for a line stamped 2018.
        if year == 2016, line(entry).has("<38>2018-", at: 0) {
          outcome.notApplicable += 1
          continue
        }
        wrong.append("time \(stamp)")
      }
      if wrong.isEmpty {
        outcome.right += 1
      } else {
        outcome.wrong.append("\(id(entry)): \(wrong)")
      }
    }
    report("beats", outcome)
    #expect(outcome.wrong.isEmpty)
  }

  private func report(_ name: String, _ outcome: Outcome) {
    let wrong = outcome.wrong.map { "\n  \($0)" }.joined()
    print(
      "\(name): \(outcome.right) right, \(outcome.wrong.count) wrong,",
      "\(outcome.notApplicable) not applicable\(wrong)"
    )
  }
}
