import Bytes
import Registers

/// Writes logs of sign-ins as hostile as an author of names can make them, around the instants at
/// which rows of ``ReadTwins/registers`` begin and end.
struct LogWriter {
  enum Kind: CaseIterable, Sendable { case sshd, json, access, vpn, csvlog, squid }

  private var random: JSONReaderPropertyTests.Seeded
  private var time: Int64
  /// The instant about which lines stand at the moment.
  private var near = LogWriter.instants[0] * 1_000_000_000

  /// 2026-10-01T00:00:00Z, before anything of the registers changes.
  private static let begin: Int64 = 1_790_812_800
  /// Seconds at which rows begin or end.
  static let instants: [Int64] = [
    1_790_899_200,  // 2026-10-02: Noor starts, db1 is listed
    1_790_985_600,  // 2026-10-03: Dana's last day was the second; db1 is retired
    1_791_028_800,  // 2026-10-03T12:00:00Z: Lee was offboarded
    1_791_072_000,  // 2026-10-04: Kim's engagement is over
    1_791_115_200,  // 2026-10-04T12:00:00Z: the tool is approved
  ]

  static let users =
    [
      "dana", "dana", "dana.reyes", "kim", "kim", "lee", "lee", "noor", "noor",
      "dana", "Dana", "DANA", "dana.reyes", "kim", "KIM", "lee", "noor", "backup", "root", "nobody",
      "",
      "-", "dana@example.org", "EXAMPLE\\\\dana", "noor-with-a-name-that-is-longer-than-32-bytes",
      "NOOR-with-a-name-that-is-longer-than-32-bytes", "exactly-sixteen-", "exactly-sixteen-x",
      "exactly-thirty-two-bytes-of-name", "dana\u{0}", "dan", "a", "é", "kim kim",
    ] + (0..<30).map { "guess\($0)" }
  static let hosts = [
    "web1", "web1", "db1", "db1", "db2", "db2", "web1", "WEB1", "web1.example.org",
    "a.apps.example.org", "db1", "db2", "new1", "localhost",
    "10.0.0.4",
    "10.0.0.9", "unlisted-host", "a-host-with-a-name-that-is-longer-than-thirty-two.example.org",
    "x",
    "git.example.org", "my.drop.example", "unknown.example", "web1:8443", "[2001:db8::4]:443",
  ]
  static let addresses = [
    "10.0.0.4", "10.0.0.4", "10.0.0.9", "192.0.2.7", "203.0.113.9", "203.0.113.9", "198.51.100.1",
    "198.51.100.2", "2001:db8::7", "::1", "127.0.0.1", "::ffff:203.0.113.9", "peer.example.net",
    "-",
    "300.1.1.1",
  ]

  init(seed: UInt64) {
    random = JSONReaderPropertyTests.Seeded(state: seed)
    time = LogWriter.begin * 1_000_000_000
  }

  private mutating func below(_ count: Int) -> Int { Int(random.next() >> 33) % count }

  private mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  /// The next line's instant: a little later, or beside the instant at which a row changes.
  private mutating func instant() -> Int64 {
    switch below(8) {
    case 0, 1, 2, 3:
      // Some lines in a row about one instant, so that what was looked up on one side is asked for on
      // the other.
      if below(12) == 0 { near = pick(LogWriter.instants) * 1_000_000_000 }
      return near + pick([-1_000_000_000, -1, 0, 1, 1_000_000_000])
    case 4: return time
    default:
      time += Int64(below(5 * 3600)) * 1_000_000_000 / 4
      if time > (LogWriter.begin + 6 * 86_400) * 1_000_000_000 {
        time = LogWriter.begin * 1_000_000_000
      }
      return time
    }
  }

  mutating func log(_ kind: Kind, lines: Int) -> [UInt8] {
    var text: [UInt8] = []
    for number in 0..<lines {
      text += Array(line(kind).utf8)
      if number + 1 < lines || below(2) == 0 { text.append(0x0A) }
    }
    return text
  }

  private mutating func line(_ kind: Kind) -> String {
    let stamp = RFC3339.text(nanoseconds: instant())
    let (user, host, address) = (
      pick(LogWriter.users), pick(LogWriter.hosts), pick(LogWriter.addresses)
    )
    switch kind {
    case .sshd: return syslog(stamp, user, host, address)
    case .json: return json(stamp, user, host, address)
    case .access: return access(user, host, address)
    case .vpn:
      let result = pick(["success", "success", "failure", "other", ""])
      let action = pick(["login", "login", "logout", "an action of more than sixteen bytes"])
      return
        #"<86>1 \#(stamp) \#(host) vpngw 811 AUTH [auth@32473 user="\#(user)" src="\#(address)" result="\#(result)" action="\#(action)"] open"#
    case .csvlog: return csvlog(stamp, user, address)
    case .squid: return squid(stamp, user, host, address)
    }
  }

  private mutating func squid(
    _ stamp: String, _ user: String, _ host: String, _ address: String
  ) -> String {
    let seconds = (RFC3339.nanoseconds(of: stamp) ?? 0) / 1_000_000_000
    let name = user.isEmpty ? "-" : user.replacing(" ", with: "%20")
    let result = pick(["MISS/200", "DENIED/407", "TUNNEL/200", "MISS/404"])
    let url = pick(["http://", ""]) + host + pick([":443", ""]) + pick(["", "/login"])
    let time = "\(seconds).\(100 + below(900))"
    return
      "\(time)     12 \(address) TCP_\(result) 310 \(pick(["GET", "CONNECT", "POST"])) \(url) \(name) HIER_DIRECT/\(address) text/html"
  }

  private mutating func csvlog(_ stamp: String, _ user: String, _ address: String) -> String {
    let name = user.isEmpty ? "" : "\"" + user.replacing("\"", with: "\"\"") + "\""
    let zone = pick([" UTC", " CET", "+00"])
    let time = stamp.replacing("T", with: " ").replacing("Z", with: zone)
    let code = pick(["00000", "00000", "28P01", "28000", "42P01"])
    let message = pick([
      #""connection authorized: user=x database=prod""#,
      #""disconnection: session time: 0:00:00.010""#,
      #""password authentication failed for user ""x""""#, #""checkpoint starting: time""#, "",
    ])
    let line =
      #"\#(time),\#(name),"prod",77,"\#(address):4002",6b0a.25,3,"authentication",\#(time),3/1,0,LOG,\#(code),\#(message),,,,,,,,,"psql","client backend",,0"#
    return below(12) == 0 ? String(line.prefix(60 + below(90))) : line
  }

  private mutating func syslog(
    _ stamp: String, _ user: String, _ host: String, _ address: String
  ) -> String {
    let process = 4000 + below(6)
    let message: String
    switch below(9) {
    case 0, 1, 2:
      let key = pick(["", "", ": ED25519 SHA256:own", ": RSA SHA256:old", ": RSA SHA256:nobodys"])
      message = "Accepted publickey for \(user) from \(address) port 50211 ssh2\(key)"
    case 3: message = "Failed password for \(user) from \(address) port 4002 ssh2"
    case 4: message = "Failed password for invalid user \(user) from \(address) port 4002 ssh2"
    case 5: message = "Invalid user \(user) from \(address) port 4002"
    case 6:
      message =
        "message repeated \(below(7)) times: [ Failed password for \(user) from \(address) port 4002 ssh2]"
    case 7:
      message =
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=\(address)  user=\(user)"
    default: message = "Connection closed by invalid user \(user) \(address) port 4002 [preauth]"
    }
    return "\(stamp) \(host) sshd[\(process)]: \(message)"
  }

  private mutating func json(
    _ stamp: String, _ user: String, _ host: String, _ address: String
  ) -> String {
    var members = [
      #""time":"\#(stamp)""#, #""user":"\#(user)""#, #""remote_addr":"\#(address)""#,
      #""host":"\#(host)""#,
    ]
    switch below(6) {
    case 0:
      // Some are none of HTTP's, or no numbers.
      let statuses = [
        "200", "302", "401", "403", "404", "500", "\"404\"", "\"502\"", "\"0404\"", "0", "999",
        "1000", "-1",
        "404.0", "4e2", "\"-\"", "\"abc\"", "null", "99999999999999999999",
      ]
      // Often only the status differs from line to line.
      if below(3) > 0 {
        members[1...3] = [#""user":"-""#, #""remote_addr":"10.0.0.7""#, #""host":"nowhere""#]
      }
      members.append(#""status":\#(pick(statuses))"#)
      if below(2) == 0 { members.append(#""uri":"\#(pick(["/a", "/b?c=1", "a", "/d.css"]))""#) }
    case 1, 2:
      members += [
        #""status":\#(pick(["200", "302", "401", "403"]))"#, #""request_method":"POST""#,
        #""uri":"/login""#,
      ]
    case 3, 4:
      let words = [
        "auth.login", "auth.login", "auth.logout", "AUTH.LOGIN", "",
        "an action of more than sixteen bytes",
        "sixteen-bytes-aa",
      ]
      let results = [
        #""success""#, #""success""#, #""failure""#, #""Failure""#, "null", "1", "true",
        #"["success"]"#, "\"\"",
      ]
      members += [#""action":"\#(pick(words))""#, #""result":\#(pick(results))"#]
      // More words than a table holds.
      if below(4) == 0 { members[4] = #""action":"verb\#(below(90))""# }
    default:
      // What only the registers may say, and what the path makes of it; often of nobody, so that no
      // register says otherwise.
      if below(2) == 0 { members[1] = #""user":"-""# }
      members += [
        #""\#(pick(["person.kind", "person.status", "system.status", "person.id", "access.scope"]))":"\#(pick(["unlisted", "expired", "p-1"]))""#,
        #""kind":"\#(pick(["unlisted", "contractor", "employee"]))""#,
        #""action":"auth.login""#, #""result":"success""#,
      ]
    }
    // Who calls, by an id, in each of JSON's ways.
    if below(6) == 0 {
      let clients = [
        #""shop-app""#, #""partner""#, #""-""#, "17", "null", #""a\u0062c""#, #"["shop-app"]"#,
      ]
      members.append(#""client":\#(pick(clients))"#)
    }
    // Keys that lead to rows: often none, so that most shapes do without.
    switch below(12) {
    case 0:
      members.append(#""tool":"\#(pick(["ci", "drop-app", "registry.example.org/a:1", "x"]))""#)
    case 1: members.append(#""key":"\#(pick(["AKIA1", "AKIA2", "AKIA3", "AKIA4"]))""#)
    case 2: members.append(#""target":"\#(pick(LogWriter.users))""#)
    case 3: members.append(#""port":\#(pick(["22", "443", "8443"]))"#)
    case 4:
      members += [
        #""role":"\#(pick(["owner", "reader"]))""#, #""target":"\#(pick(["dana", "kim", "x"]))""#,
      ]
    case 5: members.append(#""proxy":"edge""#)
    case 6:
      // Who has no account may have an address.
      let mails = ["dana@example.org", "Kim@example.org", "nobody@example.org", ""]
      members[1] = pick([#""user":"-""#, members[1], #""u":"x""#])
      members.append(#""mail":"\#(pick(mails))""#)
    case 7:
      let times = [
        #""2026-10-02T00:00:00Z""#, #""Oct 3, 2026 12:00:00 PM""#, "1791028800", #""soon""#,
      ]
      members.append(#""began":\#(pick(times))"#)
    default: break
    }
    return "{" + members.joined(separator: ",") + "}"
  }

  private mutating func access(_ user: String, _ host: String, _ address: String) -> String {
    let day = 1 + below(6)
    let clock = pick(["00:00:00", "11:59:59", "12:00:00", "23:59:59", "21:59:59", "22:00:00"])
    let name = user.isEmpty || user.contains(" ") ? "-" : user
    return
      #"\#(pick(["", "\(host) "]))\#(address) - \#(name) [0\#(day)/Oct/2026:\#(clock) +0000] "\#(pick(["GET", "POST"])) \#(pick(["/login", "/a"])) HTTP/1.1" \#(pick(["200", "302", "401"])) 12 "-" "x""#
  }
}
