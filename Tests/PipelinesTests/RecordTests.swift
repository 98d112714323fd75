import Bytes
import Events
import Pipelines
import Testing

/// Records of several lines: whatever the blocks, each line is in exactly one of them, and in one count.
@Suite struct RecordTests {
  private static let postgresql = """
    2026-11-03 09:14:07.123 UTC [4121] LOG:  connection authorized: user=kim database=prod
    2026-11-03 09:14:08.000 UTC [4121] kim@prod ERROR:  relation "x" does not exist at character 15
    2026-11-03 09:14:08.000 UTC [4121] kim@prod DETAIL:  There is none.
    2026-11-03 09:14:08.000 UTC [4121] kim@prod STATEMENT:  select *
    \tfrom x

    \twhere note = 'LOG:  2026-11-03'
    2026-11-03 09:14:09.000 UTC [4122] FATAL:  password authentication failed for user "DETAIL:  x"
    2026-11-03 09:14:09.000 UTC [4122] DETAIL:  Connection matched file "pg_hba.conf" line 99

    """

  private static let java = """
    2026-11-03T09:14:07Z app1 shop: order 12 failed
    org.example.shop.OutOfStock: none left
    \tat org.example.Shop.order(Shop.java:12)
    \tat org.example.Main.main(Main.java:3)
    Caused by: java.io.IOException: closed
    \t... 2 more
    2026-11-03T09:14:08Z app1 shop: order 13 taken
    2026-11-03T09:14:09Z app1 worker: job failed
    Traceback (most recent call last):
      File "job.py", line 3, in run
        raise ValueError("no")
    ValueError: no
    2026-11-03T09:14:10Z app1 worker: done

    """

  private func rule(_ name: String) -> MultilineRule {
    MultilineRule.named(name) ?? MultilineRule(begins: [.time])
  }

  @Test func `PostgreSQL's statements and details belong to the message before`() {
    let log = LineLog.of(Self.postgresql, .rfc3164, rule: rule("postgresql"))
    #expect(log.rows.map { String($0.prefix { $0 != " " }) } == ["1+1", "2+6", "8+2"])
    #expect(log.total.parsed == 9 && log.total.lines == 9)
    #expect(log.total.bytes == UInt64(Self.postgresql.utf8.count))
    #expect(log.events[1]["message"]?.hasSuffix("\twhere note = 'LOG:  2026-11-03'") == true)
  }

  @Test func `the name of PostgreSQL's zone is no host`() {
    for zone in ["UTC", "CET", "CEST"] {
      let log = LineLog.of(
        "2026-11-03 09:14:07.123 \(zone) [4121] kim@prod LOG:  hello\n", .rfc3164,
        rule: rule("postgresql"))
      #expect(log.events.map { $0["host.name"] } == [nil])
      #expect(log.events.map { $0["message"] } == ["[4121] kim@prod LOG:  hello"])
      #expect(log.events.map { $0["timestamp.inferred"] } == [zone == "UTC" ? nil : "zone"])
    }
    // A host is one wherever no process id follows it.
    let log = LineLog.of("2026-11-03 09:14:07 WEB app[1]: hello\n", .rfc3164)
    #expect(log.events.map { $0["host.name"] } == ["WEB"])
  }

  @Test func `a stack trace belongs to the line that it follows`() {
    let log = LineLog.of(Self.java, .rfc3164, rule: rule("stack-traces"))
    #expect(log.rows.map { String($0.prefix { $0 != " " }) } == ["1+6", "7+1", "8+5", "13+1"])
    #expect(log.total.parsed == 13)
    #expect(log.events[0]["message"]?.hasPrefix("order 12 failed\norg.example.shop.OutOf") == true)
    #expect(log.events[0]["message"]?.hasSuffix("\t... 2 more") == true)
    #expect(log.events[1]["message"] == "order 13 taken")
  }

  @Test func `the first lines of a log ask for the rule`() {
    func rule(_ text: String, _ format: LineFormat = .rfc3164) -> String? {
      withView(Array(text.utf8)) { MultilineRule.detect($0, format: format)?.name }
    }
    #expect(rule(Self.postgresql) == "postgresql")
    #expect(rule(Self.java) == "time")
    #expect(rule("Nov  3 09:14:07 web1 sshd[1]: a\nNov  3 09:14:07 web1 sshd[1]: b\n") == nil)
    #expect(rule("Nov  3 09:14:07 web1 sshd[1]: LOG:  a\n  indented\n") == nil)
    // A trace before any line with a time has nothing to belong to.
    #expect(rule("\tat a.b(c)\nNov  3 09:14:07 web1 sshd[1]: a\n") == nil)
    #expect(rule(Self.java, .json) == nil)
  }

  @Test func `what follows a first line can not change who signed in`() {
    let log = LineLog.of(
      """
      2026-11-03T09:14:07Z web1 sshd[1]: Failed password for root from 203.0.113.9 port 4002 ssh2
      \tfrom 198.51.100.7 port 1 ssh2

      """, .rfc3164, rule: rule("indented"))
    #expect(log.events.map { $0["source.ip"] } == ["203.0.113.9"])
    #expect(log.total.parsed == 2)
  }

  @Test func `a JSON object may span lines`() {
    let log = LineLog.of(
      "{\n \"time\": \"2026-11-03T07:00:00Z\",\n \"remote_addr\": \"203.0.113.9\",\n \"request_method\": \"GET\",\n \"status\": 200\n}\n",
      .json, rule: MultilineRule(begins: [.pattern("{*")]))
    #expect(log.events.map { $0["source.ip"] } == ["203.0.113.9"])
    #expect(log.total.parsed == 6)
  }

  @Test func `lines before the first record stand alone`() {
    let log = LineLog.of("\tat a\n\tat b\n" + Self.java, .rfc3164, rule: rule("stack-traces"))
    #expect(log.total.rejected == 2 && log.total.parsed == 13)
    #expect(log.tally.reasons.map(\.reason) == ["not-syslog"])
  }

  // MARK: - Wherever it is cut

  /// A container's log in which both outputs write pieces at once, of every length.
  private static func containers(_ random: inout JSONReaderPropertyTests.Seeded) -> String {
    var text = ""
    for number in 0..<120 {
      let output = random.next() >> 40 % 3 == 0 ? "stderr" : "stdout"
      let tag = random.next() >> 40 % 4 == 0 ? "P" : "F"
      let said = String(repeating: "x", count: Int(random.next() >> 40 % 90))
      text += "2026-11-03T08:14:07.\(number + 100)Z \(output) \(tag) \(number) \(said)\n"
      if random.next() >> 40 % 30 == 0 { text += "garbage\n" }
    }
    return text
  }

  private static func traces(_ random: inout JSONReaderPropertyTests.Seeded) -> String {
    var text = "\tat first\n"
    for number in 0..<50 {
      text += "2026-11-03T08:14:07.\(number + 100)Z web1 app[\(number)]: failed\n"
      for frame in 0..<(random.next() >> 40 % 12) {
        text += frame % 5 == 4 ? "\r\n" : "\tat org.example.Shop(\(frame))\n"
      }
    }
    return text
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `where a stream is cut makes no difference`(_ seed: UInt64) {
    var random = JSONReaderPropertyTests.Seeded(state: seed)
    let logs: [(String, LineFormat, MultilineRule?)] = [
      (Self.containers(&random), .cri, nil), (Self.traces(&random), .rfc3164, rule("stack-traces")),
      (Self.traces(&random), .rfc3164, rule("time")),
      (Self.postgresql, .rfc3164, rule("postgresql")),
    ]
    for (text, format, rule) in logs {
      // Bounds that every record keeps, and bounds that many break.
      for bound in [1 << 20, 600, 150] {
        for lineBytesMax in [Int.max, 70] {
          let whole = LineLog.of(
            text, format, rule: rule, recordBytesMax: bound, lineBytesMax: lineBytesMax)
          let lines = UInt64(text.utf8.count { $0 == 0x0A })
          #expect(whole.total.lines == lines)
          #expect(whole.total.lines == whole.total.parsed + whole.total.rejected)
          #expect(whole.total.bytes == UInt64(text.utf8.count))
          for chunkBytes in [1, 64, 333, 1000] {
            let parts = LineLog.of(
              text, format, rule: rule, chunkBytes: chunkBytes, recordBytesMax: bound,
              lineBytesMax: lineBytesMax, freshReaders: chunkBytes == 1000)
            #expect(parts.rows == whole.rows, "\(format) \(bound) \(chunkBytes)")
            #expect(parts.total == whole.total)
          }
        }
      }
    }
  }

  // MARK: - Bounds

  @Test func `a record that is too long keeps its head, and its other lines are rejected`() {
    let text =
      "2026-11-03T09:14:07Z web1 app: failed\n" + String(repeating: "\tat x\n", count: 1000)
      + "2026-11-03T09:14:08Z web1 app: done\n"
    let log = LineLog.of(
      text, .rfc3164, rule: rule("stack-traces"), chunkBytes: 64, recordBytesMax: 98)
    #expect(log.rows[0].hasPrefix("1+11 at 0, "))
    #expect(log.total.parsed == 12 && log.total.rejected == 990)
    #expect(log.tally.reasons.map { "\($0.reason) \($0.count)" } == ["record-too-long 990"])
  }

  @Test func `a text whose pieces never end is rejected piece by piece, and the next is read`() {
    let piece = "2026-11-03T08:14:07Z stdout P " + String(repeating: "x", count: 70) + "\n"
    let other = "2026-11-03T08:14:07Z stderr F fine\n"
    let end = "2026-11-03T08:14:07Z stdout F end\n2026-11-03T08:14:07Z stdout F next\n"
    let text = String(repeating: piece + other, count: 100) + end
    let log = LineLog.of(text, .cri, chunkBytes: 256, recordBytesMax: 500)
    #expect(log.total.lines == 202 && log.total.parsed == 101 && log.total.rejected == 101)
    #expect(log.tally.reasons.map { "\($0.reason) \($0.count)" } == ["record-too-long 101"])
    #expect(log.events.last?["message"] == "next")
  }

  @Test func `a piece that is never finished is read as it is`() {
    let log = LineLog.of(
      "2026-11-03T08:14:07Z stderr P one \n2026-11-03T08:14:08Z stdout P {\"a\":\n"
        + "2026-11-03T08:14:09Z stderr P two", .cri)
    #expect(log.events.map { $0["message"] } == ["one two"])
    #expect(log.total.parsed == 2 && log.total.rejected == 1)
    #expect(log.tally.reasons.map(\.reason) == ["json-unfinished"])
  }

  @Test func `no block is longer than the bound asks for`() {
    // The two outputs' texts overlap for ever, so that there is no place to cut.
    var text = ""
    for _ in 0..<2000 {
      text += "2026-11-03T08:14:07Z stdout P a\n2026-11-03T08:14:07Z stderr F b\n"
      text += "2026-11-03T08:14:07Z stderr P c\n2026-11-03T08:14:07Z stdout F d\n"
    }
    let feed = Blocks(
      Array(text.utf8), chunkBytes: 100, records: RecordFraming(.cri, bytesMax: 1000))
    while feed.next() != nil {}
    #expect(feed.bytesMax > 3000)
    #expect(feed.bytesMax < 4300)
  }
}
