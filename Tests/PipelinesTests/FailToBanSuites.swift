import Bytes
import Foundation

/// fail2ban's own cases: who failed, from where, and when.
///
/// Their clock stands at 14 August 2005, noon in Zurich, so a line of September is of 2004.
enum FailToBanSuites {
  static let zone = TimeZone(identifier: "Europe/Zurich") ?? .gmt
  static let anchor: Int64 = 1_124_013_600

  static func makePath() throws -> NormalisePath {
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Zurich")))
    return try NormalisePath(zone: Zone(tzif: bytes), anchor: anchor)
  }

  static func cases() throws -> [Corpus.Case] {
    try Corpus.files().filter { $0.hasPrefix("fail2ban/") && $0.hasSuffix(".jsonl") }
      .flatMap { try Corpus.cases($0) }
  }

  static let accessFormats: Set = [
    "apache-badbots", "php-url-fopen", "apache-pass", "traefik-auth",
  ]

  /// Whether the line is of a program that is mapped: sshd, or any that PAM speaks for.
  static func isSignIn(_ item: Corpus.Case) -> Bool {
    // The generic example writes other things under PAM's name.
    item.format == "sshd"
      || item.text.contains("pam_unix") && item.format != "zzz-generic-example"
  }

  static let all = [
    ConformanceSuite(
      "fail2ban: sign-ins", 68, 3, 374,
      known: [
        "fail2ban/sshd#147":
          "two readings: a user of that name writes just this line, and nothing follows a password's protocol, so the last address is the client's",
        "fail2ban/sshd#271":
          "the client left while it was signing in: a failure for us and crowdsec, for fail2ban only in its wider modes",
        "fail2ban/sshd#415":
          "a bracket in a structured-data value must be escaped (RFC 5424, 6.3.3); rejected as bad-structured-data and counted",
      ],
      run: {
        let path = try makePath()
        var outcome = Outcome()
        for item in try cases() {
          guard isSignIn(item) else {
            outcome.skip(
              accessFormats.contains(item.format)
                ? "access log, see the next suite" : "product not shipped: \(item.format)")
            continue
          }
          let reading = path.read(item.line)
          if item.matches {
            guard let wanted = item["source.address"], item.text.contains(wanted) else {
              outcome.skip("the address is in another line of the session")
              continue
            }
            var differences = reading.peer == wanted ? [] : ["\(reading.peer ?? "none")"]
            if let user = item["user.name"], reading["user.name"] != user {
              differences.append("user \(reading["user.name"] ?? "none")")
            }
            outcome.judge(item.id, differences)
          } else if item.text.contains("pam_unix") || item.text.contains("Failed publickey") {
            outcome.skip("a failure by itself, forgiven by what the session says later")
          } else {
            outcome.judge(
              item.id, reading.isFailedLogin && reading.peer != nil ? ["a failure"] : [])
          }
        }
        return outcome
      }),
    ConformanceSuite(
      "fail2ban: access logs", 9, 0, 3,
      run: {
        let path = try makePath()
        var outcome = Outcome()
        for item in try cases() where accessFormats.contains(item.format) {
          guard let wanted = item["source.address"] else {
            outcome.skip("no address is expected")
            continue
          }
          let reading = path.read(item.line)
          outcome.judge(
            item.id, reading["source.ip"] == wanted ? [] : ["\(reading["source.ip"] ?? "none")"])
        }
        return outcome
      }),
    ConformanceSuite(
      "fail2ban: times", 257, 0, 188,
      run: {
        let path = try makePath()
        var outcome = Outcome()
        for item in try cases() {
          guard let wanted = item["timestamp_local"] else {
            outcome.skip("no time is expected")
            continue
          }
          guard hasOurStamp(item.text) else {
            outcome.skip("stamp of a format that is not read: \(item.format)")
            continue
          }
          let reading = path.read(item.line)
          let seconds = Clock.nanoseconds(wanted, zone: zone).map { $0 / 1_000_000_000 }
          let found = reading.rejection == nil ? reading.time / 1_000_000_000 : nil
          outcome.judge(
            item.id,
            found == seconds ? [] : ["\(found ?? -1) for \(wanted) \(reading.rejection ?? "")"])
        }
        return outcome
      }),
  ]

  /// Whether the line begins like syslog, or has the time of an access log.
  static func hasOurStamp(_ text: String) -> Bool {
    text.firstMatch(of: #/^(<[^>]*>)? ?(\w{3} +\d{1,2} |\d{4}-\d\d-\d\d[T ]\d)/#) != nil
      || text.firstMatch(of: #/ \[\d\d\/\w{3}\/\d{4}[^\]]*\] "/#) != nil
  }
}
