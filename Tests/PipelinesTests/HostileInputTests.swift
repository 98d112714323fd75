import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// Lines that somebody bent: whatever they hold, none traps, and each is in exactly one count.
@Suite struct HostileInputTests {
  @Test(arguments: LineFormat.allCases)
  func `twenty thousand bent lines are all accounted for`(_ format: LineFormat) throws {
    let seed: UInt64 = 20_261_103
    var bender = Bender(seed: seed, examples: Examples.lines(of: format))
    let reader = LineReader(try Examples.setup())
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_793_697_247), source: ByteView("bent"))
    for round in 0..<20 {
      let (bytes, lines) = bender.block(lines: 1000)
      let whole = Counts(reader.read(block(bytes), context, .none))
      let place = Comment(rawValue: "seed \(seed), round \(round) of \(format)")
      #expect(whole.lines == lines, place)
      #expect(whole.parsed + whole.rejected == lines, place)
      #expect(whole.reasons == whole.rejected, place)
      #expect(whole.bytes == UInt64(bytes.bytes.count), place)
      // A reader that has seen nothing yet judges the same lines alike.
      guard round % 10 == 0 else { continue }
      #expect(
        Counts(LineReader(try Examples.setup()).read(block(bytes), context, .none)) == whole, place)
    }
  }

  @Test(arguments: LineFormat.allCases)
  func `the examples themselves are parsed`(_ format: LineFormat) throws {
    let examples = Examples.lines(of: format)
    let bytes = Kept(examples.joined(separator: [0x0A]) + [0x0A])
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_793_697_247), source: ByteView("whole"))
    let counts = Counts(LineReader(try Examples.setup()).read(block(bytes), context, .none))
    #expect(counts.parsed == UInt64(examples.count))
  }

  private func block(_ bytes: Kept) -> LineBlock {
    LineBlock(
      stream: 0, sequence: 0, file: 0, bytes: bytes.view, firstLine: 1, offset: 0, oversized: [],
      owner: bytes)
  }
}

/// What a batch counted.
private struct Counts: Equatable {
  var lines: UInt64 = 0, bytes: UInt64 = 0, parsed: UInt64 = 0, rejected: UInt64 = 0
  var reasons: UInt64 = 0

  init(_ batch: Batch) {
    for day in [batch.tally.leading] + batch.tally.days {
      lines += day.lines
      bytes += day.bytes
      parsed += day.parsed
      rejected += day.rejected
    }
    reasons = batch.tally.reasons.reduce(0) { $0 + $1.count }
  }
}

/// Bytes at one place for as long as a block needs them.
@safe final class Kept: @unchecked Sendable {
  // Written once, before anybody else sees it.
  let bytes: [UInt8]
  private let room: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    unsafe room = .allocate(capacity: max(1, bytes.count))
    _ = unsafe room.initialize(from: bytes)
  }

  deinit { unsafe room.deallocate() }

  /// Overwrites the bytes: nobody may read them any more.
  func spoil() { unsafe room.update(repeating: 0x23) }

  var view: ByteView {
    guard let base = unsafe room.baseAddress else { return .empty }
    // SAFETY: that many bytes were initialised and live as long as the object.
    return unsafe ByteView(base: UnsafePointer(base), count: bytes.count)
  }
}

/// Bends lines: bytes flipped, cut out, doubled, grafted from another line or from a list of words
/// that parsers stumble over.
private struct Bender {
  private var state: UInt64
  private let examples: [[UInt8]]

  init(seed: UInt64, examples: [[UInt8]]) { (state, self.examples) = (seed, examples) }

  private static let words: [[UInt8]] =
    [
      "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", "[[[[[[[[", "<", ">", "<999>", "<191>1 ",
      " ",
      "\t", "\r", "\0", "=", "=\"", ":", ",", "-", "--", "9999999999999999999999", "-1", "1e999",
      "0x",
      "2026-02-30T25:61:61Z", "9999-12-31T23:59:60+23:59", "31/Feb/2026:00:00:00 +0000", "Feb 29 ",
      "::ffff:1.2.3.4", "fe80::1%", "message repeated 4294967296 times: [ ", "rhost=", " from ",
      "%",
      "%2e%2e", "\u{FEFF}", "\u{202E}", "😀", "null", "true", "http://", "/login", "?",
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x80]]

  private mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int(truncatingIfNeeded: (word ^ (word >> 31)) >> 1) % max(1, count)
  }

  /// So many lines; a newline that bending put in makes one more.
  mutating func block(lines: Int) -> (bytes: Kept, lines: UInt64) {
    var bytes: [UInt8] = []
    for _ in 0..<lines {
      bytes += line()
      bytes.append(0x0A)
    }
    return (Kept(bytes), UInt64(bytes.count { $0 == 0x0A }))
  }

  private mutating func line() -> [UInt8] {
    var line = examples[below(examples.count)]
    for _ in 0..<(1 + below(4)) {
      let place = below(line.count + 1)
      switch below(7) {
      case 0 where place < line.count: line[place] ^= 1 << UInt8(below(8))
      case 1 where place < line.count: line[place] = UInt8(below(256))
      case 2: line.removeSubrange(place..<min(line.count, place + 1 + below(12)))
      case 3: line.insert(contentsOf: line[place..<min(line.count, place + below(24))], at: place)
      case 4: line = Array(line[..<place])
      case 5:
        let other = examples[below(examples.count)]
        line = Array(line[..<place]) + other[below(other.count)...]
      default: line.insert(contentsOf: Bender.words[below(Bender.words.count)], at: place)
      }
    }
    return line
  }
}

/// Lines that are whole, and settings that look at every part of them.
private enum Examples {
  static func lines(of format: LineFormat) -> [[UInt8]] {
    let texts: [String] =
      switch format {
      case .json:
        [
          #"{"time":"2026-11-03T09:14:07+01:00","remote_addr":"203.0.113.9","remote_user":"kim","request_method":"POST","host":"web1.example.org","uri":"/login?x=1","status":"401","body_bytes_sent":"12","http_user_agent":"caf\u00e9 \"x\""}"#,
          #"{"time":1793697247.5,"remote_addr":"2001:db8::7","user":{"name":"dana"},"uri":"http://web1/%2e%2e/","status":200,"x":[1,{"y":null}]}"#,
        ]
      case .rfc3164:
        [
          "Nov  3 09:14:07 web1 sshd[4242]: Failed password for invalid user kim from 203.0.113.9 port 4002 ssh2",
          "<86>Nov  3 09:14:07 web1 sshd[4242]: message repeated 5 times: [ Failed password for root from 203.0.113.9 port 4002 ssh2]",
          "2026-11-03T09:14:07.123456+01:00 web1 sudo:     dana : TTY=pts/0 ; PWD=/home/dana ; USER=root ; COMMAND=/bin/sh -c id",
          "Nov  3 09:14:07 web1 CRON[1]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
          "Nov  3 09:14:07 web1 su[9]: (to root) dana on pts/1",
          "Nov  3 09:14:07 web1 systemd-logind[611]: New session 12 of user dana.",
        ]
      case .rfc5424:
        [
          #"<86>1 2026-11-03T09:14:07.123456Z vpn1 vpngw 811 AUTH [auth@32473 user="kim" src="203.0.113.9" result="success" note="a \"b\" \]"] open"#,
          #"<86>1 2026-11-03T09:14:07Z web1 sshd 4242 - [timeQuality tzKnown="1"][meta sequence="1"] Accepted password for dana from 2001:db8::7 port 1 ssh2"#,
          "<13>1 2026-11-03T09:14:07+01:00 - - - - - \u{FEFF}text",
        ]
      case .access:
        [
          #"203.0.113.9 - kim [03/Nov/2026:09:14:07 +0100] "POST /login HTTP/1.1" 401 12 "-" "Mozilla/5.0 (X11)""#,
          #"www.example.org 2001:db8::7 - - [03/Nov/2026:09:14:07 +0100] "GET /a?b=c HTTP/2.0" 200 -"#,
        ]
      case .logfmt:
        [
          #"time=2026-11-03T09:14:07Z level=info user=kim ip=203.0.113.9 msg="login \"failed\"" empty="#,
          "ts=1793697247 user=dana ip=2001:db8::7",
        ]
      case .cri:
        [
          #"2026-11-03T09:14:07.123456789+01:00 stdout P {"time":"2026-11-03T09:14:07Z","sta"#,
          #"2026-11-03T09:14:07.123456789+01:00 stdout F tus":200,"remote_user":"kim"}"#,
          "2026-11-03T08:14:07Z stderr F Nov  3 09:14:07 web1 sshd[1]: Accepted password for kim from 203.0.113.9 port 1 ssh2",
          "2026-11-03T08:14:07Z stderr F level=info msg=\"a\" user=kim",
        ]
      case .docker:
        [
          #"{"log":"{\"time\":\"2026-11-03T09:14:07Z\",","stream":"stdout","time":"2026-11-03T08:14:07.123456789Z"}"#,
          #"{"log":"\"status\":200}\n","stream":"stdout","time":"2026-11-03T08:14:07.123456789Z"}"#,
          #"{"log":"text \u00e9\n","stream":"stderr","time":"2026-11-03T08:14:07.123456789Z"}"#,
        ]
      case .csvlog:
        [
          #"2026-11-03 09:14:07.123 CET,"kim","prod",77,"203.0.113.9:4002",6728.4d,2,"authentication",2026-11-03 09:14:07 CET,3/1,0,FATAL,28P01,"password authentication failed for user ""kim""","Connection matched line 9: ""host",,,,,,,,"","client backend",,0"#,
          #"2026-11-03 09:14:08.123 UTC,,,77,"[local]",6728.4d,3,"",2026-11-03 09:14:07 UTC,,0,LOG,00000,"checkpoint starting: time",,,,,,"select 1,"#,
        ]
      case .squid:
        [
          "1793697247.123     54 203.0.113.9 TCP_MISS/200 310 GET http://web1.example.org:80/a?b kim%20o HIER_DIRECT/192.0.2.7 text/html",
          "1793697247.124      0 2001:db8::7 TCP_DENIED/407 3510 CONNECT drive.example.com:443 - HIER_NONE/- text/html",
        ]
      case .journal:
        [
          #"{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1793697247123456","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"sshd","_PID":"42","PRIORITY":"6","SYSLOG_FACILITY":"10","MESSAGE":"Accepted password for kim from 203.0.113.9 port 1 ssh2"}"#,
          #"{"__REALTIME_TIMESTAMP":"1793697247123456","__CURSOR":"s=1;i=3","MESSAGE":[70,111,255,10],"_COMM":["a","b"]}"#,
          #"{"__CURSOR":"s=1;i=4","__REALTIME_TIMESTAMP":"1793697247123456","_SYSTEMD_UNIT":"web.service","MESSAGE":"{\"time\":\"2026-11-03T09:14:07Z\",\"status\":200}"}"#,
        ]
      }
    return texts.map { Array($0.utf8) }
  }

  static func setup() throws -> PipelineSetup {
    var table = FieldTable()
    let (mappings, wrong) = MappingLoader.load(
      try Document(file: "mappings.yaml", text: mappings), table: &table)
    let (rules, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(wrong.isEmpty && refused.isEmpty)
    return PipelineSetup(
      registers: try Registers([("registers.yaml", registers)]), rules: rules, mappings: mappings,
      table: table, zone: .utc)
  }

  private static let mappings = """
    mapping: web
    format: json
    match: {keys: [status]}
    fields:
      "@timestamp": time
      user.name: [user.name, remote_user]
      source.ip: remote_addr
      url.original: uri
      url.domain: host
      http.request.method: request_method
      http.response.status_code: status
    ---
    mapping: vpn
    format: rfc5424
    match: {structured_data: ["auth@32473"]}
    fields: {user.name: auth@32473.user, source.ip: auth@32473.src, event.reason: auth@32473.note}
    set: {event.action: auth.login}
    cases:
      - {when: {auth@32473.result: success}, set: {event.outcome: success}}
    ---
    mapping: app
    format: logfmt
    fields: {"@timestamp": [time, ts], user.name: user, source.ip: ip, message: msg}

    """
  private static let rules = #"""
    title: Failure
    id: failure
    logsource: {category: access}
    detection: {a: {event.outcome: failure}, condition: a}
    ---
    title: Words
    id: words
    logsource: {category: access}
    detection:
      a: ['*root*', '*x1*']
      b: {url.original|re: '(\.|%2e){2}/'}
      c: {source.ip|cidr: 203.0.113.0/24, user.name|exists: true}
      d: {http.response.status_code|gte: 400}
      condition: 1 of them
    ---
    title: Expired
    id: expired
    logsource: {category: access}
    detection: {a: {person.status: [expired, offboarded]}, condition: a}

    """#
  private static let registers = """
    people:
      - {id: p-1, name: Dana, kind: employee, employment: {start: 2024-02-01},
         accounts: {"*": [dana, root]}, hours: "Mon-Fri 08:00-19:00", countries: [NL]}
    contractors:
      - {id: c-1, name: Kim, company: Kim BV, accounts: {"*": [kim]},
         engagement: {start: 2026-09-01, end: 2026-10-10},
         scope: {systems: ["web*"], environments: [staging], actions: ["auth.*"],
                 hours: "Mon-Fri 08:00-19:00"}}
    infrastructure:
      - {id: web1, kind: host, names: [web1, "*.example.org"], addresses: [10.0.0.4],
         environment: production}

    """
}
