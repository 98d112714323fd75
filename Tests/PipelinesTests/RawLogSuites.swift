import Bytes
import Events
import Foundation

/// Whole logs of real machines against counts that were made by other means.
enum RawLogSuites {
  static let all = [
    auth("loghub OpenSSH: counts", "loghub/OpenSSH_2k.log.gz", 87, 0, 0),
    auth(
      "loghub Linux: counts", "loghub/Linux_2k.log.gz", 23, 3, 0,
      known: [
        "header_unparsed": "the counts could not read 8 headers (syslogd 1.4.1, -- root); we can",
        "hosts": "with the 8 lines of the line above", "programs": "names only the 15 commonest",
      ]),
    auth(
      "elastic auth.log: counts", "elastic-examples/auth.log.gz", 95, 2, 0,
      known: [
        "failed_total":
          "the counts leave out 4 lines `Failed publickey`; a refused key is a failure",
        "failed_top_ips.85.245.107.41": "the 4 refused keys are from there",
      ]),
    auth(
      "beats secure-rhel7: counts", "beats/raw/secure-rhel7.log", key: "raw/secure-rhel7.log",
      31, 0, 0),
    access(
      "elastic access log: counts", "elastic-examples/apache_access.log.gz", 17, 0, 0),
    columns(
      "loghub OpenSSH: columns", "loghub/OpenSSH_2k", host: "Component", program: nil, pid: "Pid",
      month: "Date", day: "Day", 2001, 0, 0),
    columns(
      "loghub Linux: columns", "loghub/Linux_2k", host: "Level", program: "Component", pid: "PID",
      month: "Month", day: "Date", 1994, 7, 0,
      known: Dictionary(
        uniqueKeysWithValues: [146, 374, 714, 1086, 1364, 1754, 1908].map {
          ("line#\($0)", "`syslogd 1.4.1:` has a blank in the tag; the text is kept whole")
        })),
  ]

  static func oracle(_ key: String) throws -> [String: Any] {
    let all = try Corpus.document("ORACLE-raw-logs.json") as? [String: Any]
    return all?[key] as? [String: Any] ?? [:]
  }

  /// Everything that is counted while a log of sign-ins is read.
  struct Counts {
    var facts: [String: Int] = [:]
    /// Name → count, by table.
    var tables: [String: [String: Int]] = [:]
    /// Address → the times of its failures, one for each attempt.
    var failures: [String: [Int64]] = [:]
    var usersTried: [String: Set<String>] = [:]
    var newUsers: Set<String> = []
    /// In logs with CRLF the counts lost PAM's failures without a user, whose last field is the return.
    var hasCarriageReturns = false

    mutating func add(_ fact: String, _ count: Int = 1) { facts[fact, default: 0] += count }
    mutating func add(_ table: String, _ name: String, _ count: Int = 1) {
      tables[table, default: [:]][name, default: 0] += count
    }

    mutating func add(_ reading: Reading) {
      guard reading.rejection == nil else { return add("header_unparsed") }
      add("hosts", reading["host.name"] ?? "")
      add("programs", reading["process.name"] ?? "")
      let (count, peer, user) = (
        Int(reading.weight), reading.peer ?? "", reading["user.name"] ?? ""
      )
      let message = reading["message"] ?? ""
      if message.hasPrefix("message repeated ") { add("classes.message_repeated_lines") }
      switch reading.code {
      case "sshd.failed":
        add("failed_total", count)
        add("failed_top_ips", peer, count)
        add("failed_top_users", user, count)
        failures[peer, default: []] += Array(repeating: reading.time, count: count)
        usersTried[peer, default: []].insert(user)
        let method = reading["authentication.method"] ?? ""
        add("classes.failed_\(method)", count)
        if reading["event.reason"] == "invalid-user" {
          add("classes.failed_for_invalid_user", count)
        }
      case "sshd.accepted":
        add("accepted_total", count)
        add("accepted_by_user", user, count)
        add("accepted_by_ip", peer, count)
        add("classes.accepted_\(reading["authentication.method"] ?? "")", count)
      case "sshd.invalid_user":
        add("classes.invalid_user_lines")
        add("invalid_user", user)
        add("invalid_user_top_ips", peer)
      case "pam.auth_failure":
        guard user != "" || !hasCarriageReturns else { break }
        add("classes.pam_auth_failure_lines")
        if peer != "" { add("pam_failure_top", peer) }
      case "pam.more_failures": add("classes.pam_more_lines")
      case "sshd.max_attempts", "sshd.closed_preauth":
        // The counts were made of lines that name a port, which OpenSSH before 7.2 did not write.
        for verb in [
          "maximum authentication attempts exceeded for", "Disconnected from",
          "Connection closed by", "Connection reset by",
        ] where message.contains(verb) && reading["source.port"] != nil {
          add("preauth_close", verb)
          add("preauth_close_top_ips", peer)
        }
      case "sudo.command", "sudo.denied": add("sudo_commands_by_user", user)
      case "useradd.new_user": newUsers.insert(reading["user.target.name"] ?? "")
      default: break
      }
    }

    /// The largest number of failures of an address within ten minutes.
    func burst(_ address: String) -> Int {
      let times = (failures[address] ?? []).sorted()
      var (best, first) = (0, 0)
      for last in times.indices {
        while times[last] - times[first] > 600 * 1_000_000_000 { first += 1 }
        best = max(best, last - first + 1)
      }
      return best
    }
  }

  static func auth(
    _ name: String, _ file: String, key: String? = nil, _ right: Int, _ wrong: Int, _ skipped: Int,
    known: [String: String] = [:]
  ) -> ConformanceSuite {
    ConformanceSuite(
      name, right, wrong, skipped, known: known,
      run: {
        let path = try NormalisePath(anchor: 1_546_300_700)
        var (counts, outcome) = (Counts(), Outcome())
        let lines = try Corpus.lines(file)
        counts.hasCarriageReturns = file.hasPrefix("loghub/")
        for line in lines { counts.add(path.read(line, as: .rfc3164)) }
        compare(counts, lines.count, try oracle(key ?? file), &outcome)
        return outcome
      })
  }

  static func compare(
    _ counts: Counts, _ lines: Int, _ wanted: [String: Any], _ outcome: inout Outcome
  ) {
    outcome.fact("lines", lines, wanted["lines"] as? Int ?? -1)
    for key in ["header_unparsed", "failed_total", "accepted_total"] {
      outcome.fact(key, counts.facts[key] ?? 0, wanted[key] as? Int ?? -1)
    }
    for key in ["classes", "preauth_close"] {
      for (name, value) in (wanted[key] as? [String: Int] ?? [:]).sorted(by: { $0.key < $1.key }) {
        let found = key == "classes" ? counts.facts["classes.\(name)"] : counts.tables[key]?[name]
        outcome.fact("\(key).\(name)", found ?? 0, value)
      }
    }
    for key in ["hosts", "programs", "accepted_by_user", "accepted_by_ip", "sudo_commands_by_user"]
    {
      outcome.fact(key, counts.tables[key] ?? [:], wanted[key] as? [String: Int] ?? [:])
    }
    for key in [
      "failed_top_ips", "failed_top_users", "invalid_user_top_ips", "pam_failure_top",
      "preauth_close_top_ips",
    ] {
      for row in wanted[key] as? [[Any]] ?? [] {
        let (name, value) = (row[0] as? String ?? "", row[1] as? Int ?? -1)
        outcome.fact("\(key).\(name)", counts.tables[key]?[name] ?? 0, value)
      }
    }
    for (key, table) in [
      ("failed_distinct_ips", "failed_top_ips"), ("failed_distinct_users", "failed_top_users"),
      ("invalid_user_distinct", "invalid_user"),
      ("invalid_user_distinct_ips", "invalid_user_top_ips"),
      ("preauth_close_distinct_ips", "preauth_close_top_ips"),
      ("pam_failure_distinct_rhost", "pam_failure_top"),
    ] {
      outcome.fact(key, counts.tables[table]?.count ?? 0, wanted[key] as? Int ?? -1)
    }
    for row in wanted["brute_force_top"] as? [[Any]] ?? [] {
      let address = row[0] as? String ?? ""
      outcome.fact("brute_force_top.\(address)", counts.burst(address), row[1] as? Int ?? -1)
    }
    let bursts = counts.failures.keys.count { counts.burst($0) >= 10 }
    outcome.fact(
      "brute_force_ips_ge10_in_600s", bursts, wanted["brute_force_ips_ge10_in_600s"] as? Int ?? -1)
    for row in wanted["spray_ips_ge5_users"] as? [[Any]] ?? [] {
      let address = row[0] as? String ?? ""
      outcome.fact(
        "spray.\(address)", counts.usersTried[address]?.count ?? 0, row[1] as? Int ?? -1)
    }
    outcome.fact("new_users", counts.newUsers, Set(wanted["new_users"] as? [String] ?? []))
  }

  static func access(
    _ name: String, _ file: String, _ right: Int, _ wrong: Int, _ skipped: Int,
    known: [String: String] = [:]
  ) -> ConformanceSuite {
    ConformanceSuite(
      name, right, wrong, skipped, known: known,
      run: {
        let path = try NormalisePath(anchor: 1_546_300_700)
        var outcome = Outcome()
        var tables: [String: [String: Int]] = [:]
        let (lines, wanted) = (try Corpus.lines(file), try oracle(file))
        for line in lines {
          let reading = path.read(line)
          func add(_ table: String, _ name: String?) {
            if let name { tables[table, default: [:]][name, default: 0] += 1 }
          }
          add("rejected", reading.rejection)
          add("formats", reading.format?.rawValue ?? "none")
          add("statuses", reading["http.response.status_code"])
          add("methods", reading["http.request.method"])
          add("top_ips", reading["source.ip"])
          add("auth_users", reading["user.name"])
        }
        outcome.fact("lines", lines.count, wanted["lines"] as? Int ?? -1)
        outcome.fact("formats", tables["formats"] ?? [:], ["access": lines.count])
        outcome.fact(
          "clf_unparsed", tables["rejected"]?.values.reduce(0, +) ?? 0,
          wanted["clf_unparsed"] as? Int ?? -1)
        for key in ["statuses", "methods", "auth_users"] {
          outcome.fact(key, tables[key] ?? [:], wanted[key] as? [String: Int] ?? [:])
        }
        for row in wanted["top_ips"] as? [[Any]] ?? [] {
          let address = row[0] as? String ?? ""
          outcome.fact(
            "top_ips.\(address)", tables["top_ips"]?[address] ?? 0, row[1] as? Int ?? -1)
        }
        outcome.fact(
          "distinct_ips", tables["top_ips"]?.count ?? 0, wanted["distinct_ips"] as? Int ?? -1)
        return outcome
      })
  }

  /// Each line's header against the row of the structured twin.
  static func columns(
    _ name: String, _ file: String, host: String, program: String?, pid: String, month: String,
    day: String, _ right: Int, _ wrong: Int, _ skipped: Int, known: [String: String] = [:]
  ) -> ConformanceSuite {
    ConformanceSuite(
      name, right, wrong, skipped, known: known,
      run: {
        let path = try NormalisePath(anchor: 1_546_300_700)
        var outcome = Outcome()
        let lines = try Corpus.lines("\(file).log.gz")
        let rows = try table("\(file).log_structured.csv.gz")
        outcome.fact("rows", rows.count, lines.count)
        for (line, row) in zip(lines, rows) {
          let reading = path.read(line, as: .rfc3164)
          var differences: [String] = []
          func compare(_ name: String, _ found: String?, _ wanted: String?) {
            if found ?? "" != wanted ?? "" {
              differences.append("\(name) \(found ?? "none"), not \(wanted ?? "none")")
            }
          }
          compare("host", reading["host.name"], row[host])
          if let program { compare("program", reading["process.name"], row[program]) }
          compare("pid", reading["process.pid"], row[pid])
          compare("message", trimmed(reading["message"]), trimmed(row["Content"]))
          compare(
            "time", stamp(reading.time),
            "\(row[month] ?? "") \(row[day] ?? "") \(row["Time"] ?? "")")
          outcome.judge("line#\(row["LineId"] ?? "?")", differences)
        }
        return outcome
      })
  }

  private static func trimmed(_ text: String?) -> String {
    (text ?? "").trimmingCharacters(in: .whitespaces)
  }

  private static func stamp(_ time: Int64) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let parts = calendar.dateComponents(
      [.month, .day, .hour, .minute, .second],
      from: Date(timeIntervalSince1970: Double(time / 1_000_000_000)))
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let clock = [parts.hour, parts.minute, parts.second]
      .map { ($0 ?? 0) < 10 ? "0\($0 ?? 0)" : "\($0 ?? 0)" }.joined(separator: ":")
    return "\(months[(parts.month ?? 1) - 1]) \(parts.day ?? 0) \(clock)"
  }

  /// The rows of a comma-separated file, by column name.
  private static func table(_ name: String) throws -> [[String: String]] {
    var rows: [[String]] = []
    for line in try Corpus.lines(name) {
      var (cells, cell, quoted) = ([String](), [UInt8](), false)
      for byte in line {
        switch byte {
        case 0x22: quoted.toggle()
        case 0x2C where !quoted:
          cells.append(String(decoding: cell, as: UTF8.self))
          cell = []
        default: cell.append(byte)
        }
      }
      rows.append(cells + [String(decoding: cell, as: UTF8.self)])
    }
    guard let head = rows.first else { return [] }
    return rows.dropFirst().map { row in
      Dictionary(zip(head, row)) { first, _ in first }
    }
  }
}
