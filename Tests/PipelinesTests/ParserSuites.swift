import Bytes
import Events
import Foundation

/// Fields that other parsers made of the same lines.
enum ParserSuites {
  /// Our field for a key of theirs.
  static let names = [
    "host.hostname": "host.name", "process.name": "process.name", "process.pid": "process.pid",
    "source.port": "source.port", "http.request.method": "http.request.method",
    "http.response.status_code": "http.response.status_code", "url.domain": "url.domain",
    "url.original": "url.original", "user_agent.original": "user_agent.original",
    "event.outcome": "event.outcome", "user.id": "user.id",
    "http.response.body.bytes": "http.response.body.bytes",
    "http.response.bytes": "http.response.body.bytes",
    "process.command_line": "process.command_line", "group.name": "group.name",
  ]

  /// How the fields that both sides name differ; `-` and nothing are both "absent".
  static func differences(
    _ item: Corpus.Case, _ reading: Reading, only keys: Set<String>? = nil
  ) -> [String] {
    var differences: [String] = []
    func compare(_ key: String, _ found: String?, _ wanted: String?) {
      let plain = wanted == "-" || wanted == "" ? nil : wanted
      if found != plain { differences.append("\(key) \(found ?? "none"), not \(plain ?? "none")") }
    }
    for key in item.expect.keys.sorted() where keys?.contains(key) ?? true {
      switch key {
      case "source.ip", "source.address": compare(key, reading.peer, item[key].map(plainAddress))
      case "user.name":
        // The account that is changed is the user of ECS where nobody else is named.
        compare(key, reading["user.name"] ?? reading["user.target.name"], item[key])
      case "url.path":
        // Their path has the query in it.
        let wanted = item[key] ?? ""
        let found = wanted.contains("?") ? reading["url.original"] : reading["url.path"]
        compare(key, found, item[key])
      case "timestamp", "@timestamp", "timestamp_local":
        let wanted = item[key].flatMap { Clock.nanoseconds($0, zone: .gmt) }
        // Some write whole seconds whatever the line says.
        let isWhole = item[key]?.contains(".") == false
        let time = isWhole ? reading.time - reading.time % 1_000_000_000 : reading.time
        if wanted != time {
          differences.append("time \(reading.time), not \(item[key] ?? "")")
        }
      case "url.domain":
        // Some keep the port with the host.
        compare(key, reading[key], item[key].map { String($0.prefix { $0 != ":" }) })
      default:
        if let name = names[key] { compare(key, reading[name], item[key]) }
      }
    }
    if let reason = reading.rejection { differences.append("rejected: \(reason)") }
    return differences
  }

  /// An IPv6 address in its shortest spelling, anything else as it is.
  static func plainAddress(_ text: String) -> String {
    var address = in6_addr()
    guard unsafe inet_pton(AF_INET6, text, &address) == 1 else { return text }
    var room = [CChar](repeating: 0, count: 64)
    guard unsafe inet_ntop(AF_INET6, &address, &room, 64) != nil else { return text }
    return String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a line looks like a combined or common access log's, virtual host or not.
  static func isAccess(_ text: String) -> Bool {
    text.firstMatch(of: #/^\S+ (\S+ )?\S+ .*\[\d\d\/\w{3}\/\d{4}:[^\]]*\] ".*" \d{3} /#) != nil
  }

  static func syslogProgram(_ text: String) -> String {
    let tagged = text.firstMatch(of: #/^\w{3} +\d+ [\d:]+ \S+ ([\w\-]+)(\(pam_unix\))?[\[:]/#)
      .map { String($0.1) }
    let dated = text.firstMatch(of: #/^\d{4}-\S+ \S+ ([\w\-]+)[\[:]/#).map { String($0.1) }
    return tagged ?? dated ?? ""
  }

  static let programs: Set = [
    "sshd", "sshd-session", "sudo", "su", "useradd", "usermod", "userdel", "groupadd", "gpasswd",
    "passwd", "systemd-logind", "CRON", "pvedaemon", "pveproxy",
  ]

  static func hub() throws -> [Corpus.Case] {
    try Corpus.files().filter { $0.hasPrefix("crowdsec-hub/") && $0.hasSuffix("/parser.jsonl") }
      .flatMap { try Corpus.cases($0) }
  }

  /// Formats of the hub whose products are read.
  private static let shipped: Set = [
    "gitlab", "aws-cloudtrail", "caddy", "traefik", "mongodb", "k8s-audit",
  ]

  /// Why a line of the hub is none of ours, or `nil` when it is.
  static func foreign(_ item: Corpus.Case) -> String? {
    if shipped.contains(item.format) { return nil }
    // That the wrapping comes off is another suite's matter.
    if item.format == "containerd" {
      return item.text.contains("downstream_remote_address")
        ? nil : "fields of a product that is not shipped, in CRI's wrapping"
    }
    if item.format == "nginx" || item.format == "apache2" || item.format == "nginx-proxy-manager" {
      return isAccess(item.text) ? nil : "error log, or the product's own format: \(item.format)"
    }
    let program = syslogProgram(item.text)
    if programs.contains(program) { return nil }
    if item.format == "syslog" { return "syslog of a product that is not shipped" }
    return "product not shipped: \(item.format)"
  }

  static let all = [
    ConformanceSuite(
      "crowdsec hub: fields", 98, 3, 416,
      known: [
        "crowdsec/gitlab-logs#1":
          "the tried name stands in `params`, a list of keys and values that mappings do not look into; application_json.log names it",
        "crowdsec/gitlab-logs#3": "the same, of LDAP",
        "crowdsec/traefik_json#7":
          "two private addresses in one value: crowdsec takes the last, we the first, since no stranger had a say",
      ],
      run: {
        // Lines without a year carry the year of the run there, 2026.
        let path = try NormalisePath(anchor: 1_798_761_500)
        var outcome = Outcome()
        for item in try hub() {
          if let kind = foreign(item) {
            outcome.skip(kind)
          } else {
            outcome.judge(item.id, differences(item, path.read(item.line)))
          }
        }
        return outcome
      }),
    ConformanceSuite(
      "crowdsec hub: syslog headers of other products", 116, 0, 0,
      run: {
        let path = try NormalisePath(anchor: 1_798_761_500)
        var outcome = Outcome()
        for item in try hub() where item.format == "syslog" && foreign(item) != nil {
          let keys: Set = ["host.hostname", "timestamp"]
          guard !keys.isDisjoint(with: item.expect.keys) else {
            outcome.skip("neither host nor time is expected")
            continue
          }
          outcome.judge(item.id, differences(item, path.read(item.line), only: keys))
        }
        return outcome
      }),
    ConformanceSuite(
      "crowdsec hub: CRI's wrapping", 10, 0, 0,
      run: {
        let path = try NormalisePath(anchor: 1_798_761_500)
        var outcome = Outcome()
        for item in try hub() where item.format == "containerd" {
          let reading = path.read(item.line)
          var wrong = reading.format == .cri ? [] : ["\(reading.format?.rawValue ?? "no format")"]
          if let reason = reading.rejection { wrong.append(reason) }
          // The runtime's time is that of the line's head; a time within JSON comes before it.
          let head = item.text.prefix { $0 != " " }
          let inner = item.text.firstMatch(of: #/"start_time":"([^"]+)"/#).map { $0.1 }
          if Clock.nanoseconds(String(inner ?? head), zone: .gmt) != reading.time {
            wrong.append("time \(reading.time)")
          }
          outcome.judge(item.id, wrong)
        }
        return outcome
      }),
    ConformanceSuite(
      "wazuh: outcomes", 33, 1, 38,
      known: [
        "wazuh/sshd#17": "`Postponed` decides nothing; the attempt's own `Failed` follows"
      ],
      run: {
        let path = try NormalisePath(anchor: 1_798_761_500)
        var outcome = Outcome()
        // Rules of sudo name no outcome, but each stands for one.
        let rules = ["5403": "success", "5401": "failure", "5404": "failure", "5405": "failure"]
        for name in try Corpus.files() where name.hasPrefix("wazuh/") && name.hasSuffix(".jsonl") {
          for item in try Corpus.cases(name) {
            let groups = item.expect["rule.groups"] as? [String] ?? []
            let wanted = item["event.outcome"] ?? rules[item["wazuh.rule"] ?? ""]
            guard item.format == "sshd" || item.format == "sudo" else {
              outcome.skip("product not shipped: \(item.format)")
              continue
            }
            let reading = path.read(item.line)
            if let wanted {
              outcome.fact(item.id, reading["event.outcome"] ?? "none", wanted)
            } else if !groups.contains("authentication_failed") {
              // What Wazuh does not call a failed login must not become one.
              outcome.judge(item.id, reading.isFailedLogin ? ["a failed login"] : [])
            } else {
              outcome.skip("no outcome is expected")
            }
          }
        }
        return outcome
      }),
    beats("beats: system auth", ["beats/system-auth-test.log.jsonl"], 10, 0, 0),
    beats(
      "beats: access logs",
      ["beats/nginx-access-test.log.jsonl", "beats/apache2-access-test.log.jsonl"], 10, 1, 0,
      known: [
        "filebeat/nginx-access/test.log@693":
          "of forwarded addresses Filebeat takes the first public one, which the client may have made up; we take the last"
      ]),
    ConformanceSuite(
      "documentation samples", 12, 0, 7,
      run: {
        let path = try NormalisePath(anchor: 1_798_761_500)
        var outcome = Outcome()
        let ours: Set = [
          "docker-json-file", "gitlab-production_json", "gitlab-audit_json", "syslog-pam",
          "syslog-sudo",
          "syslog-usermod", "nginx-json",
        ]
        for item in try Corpus.cases("doc-samples/lines.jsonl") {
          guard ours.contains(item.format) else {
            outcome.skip("product not shipped: \(item.format)")
            continue
          }
          outcome.judge(item.id, differences(item, path.read(item.line)))
        }
        return outcome
      }),
  ]

  /// Lines of Filebeat's modules; its run was in 2018.
  static func beats(
    _ name: String, _ files: [String], _ right: Int, _ wrong: Int, _ skipped: Int,
    known: [String: String] = [:]
  ) -> ConformanceSuite {
    ConformanceSuite(
      name, right, wrong, skipped, known: known,
      run: {
        let path = try NormalisePath(anchor: 1_546_300_700)
        var outcome = Outcome()
        for item in try files.flatMap({ try Corpus.cases($0) }) {
          outcome.judge(item.id, differences(item, path.read(item.line)))
        }
        return outcome
      })
  }
}
