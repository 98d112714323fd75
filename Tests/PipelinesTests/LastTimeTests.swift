import Bytes
import Events
import Foundation
import Pipelines
import Testing

/// Times that are taken over from the line before against times that are read.
@Suite struct LastTimeTests {
  /// Stamps as they open a line or fill a value: every length from fifteen bytes to past 32, and
  /// many that begin alike.
  static let stamps: [String] = {
    var stamps: [String] = []
    for second in ["07", "08"] {
      let loose = ["Nov  3 09:14:\(second)", "Nov 03 09:14:\(second)", "Nov 3 09:14:\(second)"]
      for stamp in loose + ["novembre 3 09:14:\(second)", "Nov  3 2026 09:14:\(second)"] {
        stamps += [
          "", ".1", ".123", ".123456789", " UTC", " +01:00", " 2026", " 2027", " UTC 2026", ":",
        ]
        .map { stamp + $0 }
      }
      for stamp in ["2026-11-03T09:14:\(second)", "2026-11-03 09:14:\(second)"] {
        stamps += [
          "", "Z", "z", ".1", ".12Z", ".123Z", ".1234Z", ".12345Z", ".123456Z", ".1234567Z",
          ".12345678Z", ".123456789Z", ".1234567890Z", ".123456789012Z", "+01:00", ".1+01:00",
          ".123+0100", ".123456+01:00", ".1234567+01:00", ".12345678+01:00", ".123456789+01:00",
          " UTC", " GMT", " +01:00", " +0100", "Z+0000", ",123", ":",
        ].map { stamp + $0 }
      }
      stamps += ["03/Nov/2026:09:14:\(second) +0100", "03/Nov/2026:09:14:\(second)"]
      stamps += [
        "17936972\(second)", "17936972\(second).5", "17936972\(second)123",
        "17936972\(second)123456",
      ]
      stamps += [
        "[2026-11-03T09:14:\(second)Z]", " 2026-11-03T09:14:\(second)Z ",
        "Tue Nov  3 09:14:\(second) 2026",
      ]
    }
    return stamps + ["2026-13-03T09:14:07Z", "Nov 31 09:14:07", "2026-11-03T09:14:0", "-", ""]
  }()

  private static let accessStamps: [String] =
    stamps.enumerated().filter { $0.offset % 20 == 0 }.map(\.element)
    + (0..<20).map { number in
      "03/Nov/2026:09:14:0\(number % 3)"
        + ["", " +0100", " +0000", " -0500", ".5 +0100", "+01:00", " UTC"][number % 7]
    }

  /// What stands behind a stamp; some of it belongs to the time.
  private static let rests = [
    " web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " 10.0.0.4 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " 2026 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    "  2026 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " 2026: web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " UTC web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " GMT 2026 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002",
    " UTC-host sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " Ghost sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " +02:00 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " -0300 web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " <auth.info> web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002",
    " 2026x web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    "  sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2 and so on",
    ": web1 sshd[42]: Failed password for root from 203.0.113.9 port 4002 ssh2",
    " last message repeated 2 times", " web1 sshd: x", " x", " ", "",
    "Z web1 sshd[1]: text that is long",
    ".5 web1 sshd[1]: text that is long enough",
  ]

  private static func amsterdam() throws -> Zone {
    let file = URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Amsterdam")
    return try Zone(tzif: Array(Data(contentsOf: file)))
  }

  private struct Author {
    var random: JSONReaderPropertyTests.Seeded
    mutating func pick<Item>(_ items: [Item]) -> Item {
      items[Int(random.next() >> 33) % items.count]
    }

    mutating func line(_ format: LineFormat, _ stamp: String, _ rest: String) -> String {
      switch format {
      case .json:
        let user = pick(["kim", "dana"])
        return pick([
          #"{"time":"\#(stamp)","user":"\#(user)"}"#, #"{"user":"\#(user)","time":"\#(stamp)"}"#,
        ])
      case .access:
        return
          #"203.0.113.9 - kim [\#(stamp)\#(pick(["", "", " +0100", " x"]))] "GET / HTTP/1.1" 200 1"#
      case .logfmt:
        let text = "user=\(pick(["kim", "dana"])) a=b"
        return pick(["time=\"\(stamp)\" \(text)", "I, [\(stamp) #77]  INFO -- : \(text)"])
      case .csvlog:
        return
          #"\#(stamp)\#(pick(["", " UTC", " CET"])),"kim","prod",77,"[local]",6b.25,1,"",\#(stamp),,0,LOG,00000,"hi",,,,,,,,,"","",,0"#
      case .squid:
        let time = pick(["1793697247.123", "1793697247.124", "179369724.123"])
        return "\(time) 12 203.0.113.9 TCP_MISS/200 310 GET http://a.example/ kim HIER_NONE/- -"
      case .rfc3164, .rfc5424:
        return pick(["", "", "", "", "", "<86>", "<13>", "<86>1 ", "<86> ", " "]) + stamp + rest
      case .cri:
        // What the container wrote may be of any format, and of another on the next line.
        let inner = line(pick([.json, .access, .logfmt, .rfc3164]), stamp, rest)
        return "2026-11-03T09:14:07.123456789Z stdout F " + inner
      case .docker:
        let inner = line(pick([.access, .logfmt, .rfc3164]), stamp, rest)
          .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return #"{"log":"\#(inner)\n","stream":"stdout","time":"2026-11-03T09:14:07.123456789Z"}"#
      case .journal:
        let inner = line(pick([.json, .access, .rfc3164]), stamp, rest)
          .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return
          #"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1793697247123456","_SYSTEMD_UNIT":"web.service","MESSAGE":"\#(inner)"}"#
      }
    }
  }

  /// What one normaliser made of a line.
  private func answer(
    _ line: ByteView, _ normaliser: inout Normaliser, _ event: Event, _ context: LineContext?
  ) -> String {
    event.reset(line: line)
    if let context { normaliser.begin(context) }
    if let rejection = normaliser.normalise(event) { return "\(rejection)" }
    return "\(event.time) \(JSONShapeTests.description(of: event))"
  }

  @Test(arguments: LineFormat.allCases, [1, 2, 20_261_127] as [UInt64])
  func `a time that stands as before is the time that is read`(
    _ format: LineFormat, _ seed: UInt64
  ) throws {
    var author = Author(random: JSONReaderPropertyTests.Seeded(state: seed))
    var shared = NormalisePath.setup.makeNormaliser()
    var fresh = NormalisePath.setup.makeNormaliser()
    let event = Event()
    let amsterdam = try LastTimeTests.amsterdam()
    let contexts = [
      LineContext(
        format: format, zone: .utc, years: YearRule(anchor: 1_793_697_247),
        source: ByteView("one"), path: ByteView("one.log")),
      LineContext(
        format: format, zone: amsterdam, years: YearRule(anchor: 1_735_689_600),
        source: ByteView("two"), path: ByteView("two.log")),
      LineContext(
        format: format, zone: amsterdam, years: YearRule(anchor: 1_793_697_247),
        source: ByteView("three"), path: ByteView("one.log")),
    ]
    var dated = 0
    var (stamp, rest) = (LastTimeTests.stamps[0], LastTimeTests.rests[0])
    for round in 0..<60 {
      let context = contexts[round % contexts.count]
      shared.begin(context)
      for number in 0..<40 {
        // Mostly the time of the line before, so that it may be taken over.
        if number % 3 == 0 {
          let stamps = format == .access ? LastTimeTests.accessStamps : LastTimeTests.stamps
          stamp = author.pick(stamps)
        }
        if author.pick([true, false]) { rest = author.pick(LastTimeTests.rests) }
        let text = author.line(format, stamp, rest)
        text.withView { line in
          let fast = answer(line, &shared, event, nil)
          let slow = answer(line, &fresh, event, context)
          if !slow.hasPrefix("Rejection") { dated += 1 }
          if fast != slow {
            Issue.record("seed \(seed), \(format), \(text): \(fast), not \(slow)")
          }
        }
      }
    }
    #expect(dated > 100, "\(dated)")
  }

  @Test(arguments: [
    // The same fifteen bytes and a blank, and then a year or a zone that belongs to the time.
    (
      "Nov  3 09:14:07 web1 sshd[1]: text that is long enough",
      "Nov  3 09:14:07 2025 web1 sshd[1]: text that is long enough"
    ),
    (
      "2026-11-03T09:14:07 web1 sshd[1]: text that is long enough",
      "2026-11-03T09:14:07 UTC web1 sshd[1]: text that is long enough"
    ),
    (
      "2026-11-03T09:14:07 web1 sshd[1]: text that is long enough",
      "2026-11-03T09:14:07 +05:00 web1 sshd[1]: text that is long enough"
    ),
  ]) func `what follows a time may be a part of it`(_ first: String, _ second: String) throws {
    let context = LineContext(
      format: .rfc3164, zone: try LastTimeTests.amsterdam(),
      years: YearRule(anchor: 1_793_697_247), source: ByteView("one"))
    var (shared, fresh) = (
      NormalisePath.setup.makeNormaliser(), NormalisePath.setup.makeNormaliser()
    )
    shared.begin(context)
    let event = Event()
    var answers: [String] = []
    for text in [first, first, second, first] {
      text.withView { line in
        let fast = answer(line, &shared, event, nil)
        #expect(fast == answer(line, &fresh, event, context))
        answers.append(fast)
      }
    }
    #expect(answers[0] == answers[1] && answers[1] != answers[2] && answers[0] == answers[3])
  }
}
