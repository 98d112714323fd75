import Alerts
import Bytes
import Detectors
import Inputs

/// A configured way out for findings.
struct FindingOutput {
  /// Where it leads.
  enum Place {
    case webhook(Webhook)
    /// A file that findings are appended to, one a line.
    case file(String)
    case syslog(SyslogListener.Address)
  }

  /// A configured webhook.
  struct Webhook {
    var url: String
    /// One key, or the new one and the old one while the receiver changes over.
    var secrets: [String] = []
    /// PagerDuty's key, which is put in at sending.
    var routingKey: String?
    var allowsPrivate = false
  }

  var name: String
  var place: Place
  var body = MessageBody.ocsf
  var filter = OutputFilter()
  var grouping: Grouping?

  /// The webhook, when it is one.
  var webhook: Webhook? { if case .webhook(let hook) = place { hook } else { nil } }
}

/// Which findings an output takes; an empty list takes all.
struct OutputFilter: Sendable {
  var levels: [String] = []
  /// Detectors' ids and systems' names, in which `*` stands for anything.
  var detectors: [String] = []
  var systems: [String] = []

  /// What it does not take of a finding, or `nil` when it takes the finding.
  func refusal(of finding: Finding) -> String? {
    if !levels.isEmpty, !levels.contains(finding.level.name) { return "its level" }
    if !OutputFilter.fits(finding.detector, detectors) { return "its detector" }
    // Without a line there is no system to go by: summaries, and what is wrong with watching itself.
    guard !systems.isEmpty, !finding.evidence.isEmpty else { return nil }
    let names = finding.systems
    return names.contains { OutputFilter.fits($0, systems) } ? nil : "its system"
  }

  /// Whether a text is like one of some patterns, or there are none.
  static func fits(_ text: String, _ patterns: [String]) -> Bool {
    patterns.isEmpty
      || patterns.contains { pattern in
        text.withView { text in pattern.withView { text.matches(glob: $0) } }
      }
  }
}

/// What an output tells of in one message, in the words of Prometheus' Alertmanager.
struct Grouping: Sendable, Equatable {
  /// What findings of one group share.
  enum Label: String, CaseIterable, Sendable {
    case detector, subject, level, system, person
  }

  var labels: [Label]
  /// How long the first finding waits for others, how long after a message the next one follows, and how
  /// long after it was told a finding that grows is told again; seconds.
  var wait: Int64 = 30
  var interval: Int64 = 300
  var repetition: Int64?

  /// The group of a finding: its labels and their values, which no value can make look like others.
  func name(of finding: Finding) -> String {
    var json = JSONWriter()
    json.object { json in
      for label in labels { json.member(label.rawValue, Grouping.value(of: label, finding)) }
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func value(of label: Label, _ finding: Finding) -> String {
    switch label {
    case .detector: finding.detector
    case .subject: finding.subject
    case .level: finding.level.name
    case .system: finding.systems.first ?? ""
    case .person: finding.evidence.lazy.compactMap { $0["person.id"] }.first ?? ""
    }
  }
}

extension Finding {
  /// The systems that its lines are about: by id, by the name that the registers were asked for, by host.
  var systems: [String] {
    ["system.id", "system.name", "host.name"].flatMap { name in
      evidence.compactMap { $0[name] }
    }
  }
}

/// How long something takes, as settings write it.
enum Span {
  private static let units: [(letter: Character, seconds: Int64)] = [
    ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]
  /// The longest there is, seconds.
  private static let longest: Int64 = 365 * 86_400

  /// The seconds that `30s`, `5m`, `4h` or `1d` stand for; `nil` for anything else.
  static func seconds(_ text: String) -> Int64? {
    guard let unit = units.first(where: { text.last == $0.letter }),
      text.dropLast().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int64(text.dropLast()), number <= longest / unit.seconds
    else { return nil }
    return number * unit.seconds
  }
}
