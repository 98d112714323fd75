import Bytes
import Formats
import Foundation

/// Headers of syslog messages, as three other readers take them apart.
enum SyslogSuites {
  /// The differences between a header and what is expected of it, by field.
  private static func differences(_ header: SyslogHeader, _ item: Corpus.Case) -> [String] {
    var wrong: [String] = []
    func check(_ field: String, _ found: String, _ wanted: String?) {
      if found != (wanted ?? "") { wrong.append("\(field): \(found) for \(wanted ?? "nothing")") }
    }
    check("host", header.host.string, item["host.hostname"])
    check("program", header.program.string, item["process.name"])
    check("pid", header.pid.string, item["process.pid"])
    if let priority = item["syslog.priority"], "\(header.priority)" != priority {
      wrong.append("priority: \(header.priority) for \(priority)")
    }
    return wrong
  }

  /// Every parameter of the structured data, `id.name=value` each, in order.
  private static func parameters(_ header: SyslogHeader) -> [String] {
    var (found, scratch) = ([String](), Scratch())
    StructuredData.forEachParameter(header.structuredData) { id, name, raw, _ in
      let value = unsafe scratch.write(capacity: raw.count) { room in
        unsafe StructuredData.unescape(raw, into: room)
      }
      found.append("\(id.string).\(name.string)=\(value.string)")
    }
    scratch = Scratch()
    return found.sorted()
  }

  private static func goDifferences(_ header: SyslogHeader, _ item: Corpus.Case) -> [String] {
    let isOld = item.format == "syslog-rfc3164"
    var wrong = differences(header, item)
    // The reader that made these cases keeps the byte order mark in the message.
    let message = (item["message"] ?? "").unicodeScalars
    let unmarked = message.first == "\u{FEFF}" && !isOld ? message.dropFirst() : message[...]
    if header.message.string != String(unmarked) {
      wrong.append("message: \(header.message.string)")
    }
    if header.messageID.string != item["syslog.msgid"] ?? "" { wrong.append("msgid") }
    if !isOld, "\(header.version)" != item["syslog.version"] { wrong.append("version") }
    if let time = item["timestamp"] {
      let found = header.stamp.map(\.nanoseconds)
      if Clock.nanoseconds(time, zone: utc) != found { wrong.append("time \(time)") }
    }
    if let data = item.expect["syslog.structured_data"] as? [String: [String: String]] {
      let flat = data.flatMap { id, values in values.map { "\(id).\($0)=\($1)" } }
      if flat.sorted() != parameters(header) { wrong.append("structured data") }
    }
    return wrong
  }

  private static let utc = TimeZone(secondsFromGMT: 0) ?? .current

  static let all = [
    ConformanceSuite(
      "go-syslog: headers", 93, 0, 0,
      run: {
        var outcome = Outcome()
        for item in try Corpus.cases("go-syslog/rfc5424-3164.jsonl") {
          withView(item.line) { line in
            var stamps = StampCache()
            let header =
              item.format == "syslog-rfc3164"
              ? try? RFC3164.parse(line, cache: &stamps) : try? RFC5424.parse(line, cache: &stamps)
            guard item["valid"] == "1" || item["valid"] == "true" else {
              outcome.judge(item.id, header == nil ? [] : ["accepted"])
              return
            }
            outcome.judge(item.id, header.map { goDifferences($0, item) } ?? ["refused"])
          }
        }
        return outcome
      }),
    ConformanceSuite(
      "rsyslog: headers", 20, 0, 9,
      run: {
        var outcome = Outcome()
        for item in try Corpus.cases("rsyslog/parsertest-parse1.jsonl") {
          withView(item.line) { line in
            var stamps = StampCache()
            guard let header = try? Syslog.parse(line, cache: &stamps) else {
              if line.firstOffset(of: "= \"") != nil {
                outcome.skip("a blank in structured data where RFC 5424 has none; we refuse it")
              } else {
                outcome.judge(item.id, ["refused"])
              }
              return
            }
            var wrong = differences(header, item)
            // rsyslog supplies what the line lacks: user.notice, and the host that received it.
            if header.priority < 0 { wrong.removeAll { $0.hasPrefix("priority") } }
            if header.host.isEmpty { wrong.removeAll { $0.hasPrefix("host") } }
            let message = item["msg"] ?? ""
            let unspaced = message.hasPrefix(" ") ? String(message.dropFirst()) : message
            if header.message.string != unspaced {
              wrong.append("message: \(header.message.string)")
            }
            let tag = item["syslog.tag"] ?? "\""
            if !wrong.isEmpty, header.program.isEmpty, !tag.hasSuffix(":") {
              outcome.skip("a bare word is a tag to rsyslog; to us it opens the message")
            } else if !wrong.isEmpty, item["host.hostname"] == "2009" {
              outcome.skip("rsyslog takes the year after the time for a host")
            } else {
              outcome.judge(item.id, wrong)
            }
          }
        }
        return outcome
      }),
    ConformanceSuite(
      "beats: headers of the syslog input", 14, 0, 1,
      run: {
        var outcome = Outcome()
        for item in try Corpus.cases("beats/syslog-input-part1.jsonl") {
          withView(item.line) { line in
            var stamps = StampCache()
            guard let header = try? Syslog.parse(line, cache: &stamps), let stamp = header.stamp
            else {
              outcome.judge(item.id, ["refused"])
              return
            }
            var wrong = differences(header, item)
            if header.message.string != item["message"] ?? "" {
              wrong.append("message: \(header.message.string)")
            }
            func part(_ name: String) -> Int { item.expect[name] as? Int ?? 0 }
            let year = stamp.hasYear ? part("year") : 1972
            let nanoseconds = CivilTime.nanoseconds(
              year: year, month: part("month"), day: part("day"), hour: part("hour"),
              minute: part("minute"), second: part("second"), nanosecond: part("nanosecond"))
            let zone = Int64(part("utc_offset_seconds")) * 1_000_000_000
            if nanoseconds.map({ $0 - zone }) != stamp.nanoseconds { wrong.append("time \(stamp)") }
            if year == 2016, line.has("<38>2018-", at: 0) {
              outcome.skip("the case says 2016 of a line stamped 2018")
            } else {
              outcome.judge(item.id, wrong)
            }
          }
        }
        return outcome
      }),
  ]
}
