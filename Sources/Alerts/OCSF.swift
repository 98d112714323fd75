public import Detectors

/// Findings in the words of the Open Cybersecurity Schema Framework.
///
/// - SeeAlso: https://schema.ocsf.io/1.8.0/classes/detection_finding
public enum OCSF {
  /// The version of the schema that the objects follow.
  public static let version = "1.8.0"

  /// The kind of reasoning behind a finding; the schema's `analytic.type_id`.
  public enum Analytic: Int, Sendable {
    case rule = 1
    case behavioral, statistical

    /// The schema's caption for the kind.
    public var caption: String {
      switch self {
      case .rule: "Rule"
      case .behavioral: "Behavioral"
      case .statistical: "Statistical"
      }
    }
  }

  /// One Detection Finding (class 2004): one JSON object without line breaks, ready to be a line.
  ///
  /// Nothing in it depends on the clock or the machine: the finding's time is that of its last
  /// event, so that the same input gives the same bytes.
  ///
  /// - Parameters:
  ///   - finding: What was found.
  ///   - group: The findings that it stands for.
  ///   - version: The version of the product that found it.
  ///   - analytic: The kind of detector.
  public static func detectionFinding(
    _ finding: Finding, of group: FindingGroup? = nil, version: String, analytic: Analytic = .rule
  ) -> [UInt8] {
    let evidence = finding.evidence.map(EvidenceObject.init)
    var json = JSONWriter()
    json.object { json in
      json.writeClass()
      json.writeStanding(of: finding)
      json.object("metadata") { json in
        json.member("version", OCSF.version)
        json.object("product") { json in
          json.member("name", "Rollcall")
          json.member("vendor_name", "Rollcall")
          json.member("version", version)
        }
        json.member("uid", finding.uid)
      }
      json.writeInformation(on: finding, of: group, analytic: analytic)
      if !evidence.isEmpty {
        json.array("evidences") { json in
          for object in evidence { json.write(object) }
        }
      }
      json.writeObservables(of: evidence)
      json.object("unmapped") { json in
        if !finding.controls.isEmpty { json.member("controls", finding.controls) }
        json.member("subject", finding.subject)
        json.member("count", finding.count)
      }
    }
    return json.bytes
  }

  /// Milliseconds from nanoseconds, both since 1970 UTC, towards the past.
  static func milliseconds(_ nanoseconds: Int64) -> Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension Level {
  /// The schema's `severity_id`, which counts as Sigma's levels do, and its caption.
  fileprivate var severity: (id: Int, caption: String) {
    switch self {
    case .informational: (1, "Informational")
    case .low: (2, "Low")
    case .medium: (3, "Medium")
    case .high: (4, "High")
    case .critical: (5, "Critical")
    }
  }
}

extension JSONWriter {
  /// Writes what is the same in every finding: activity, category, class and type.
  fileprivate mutating func writeClass() {
    member("activity_id", 1)
    member("activity_name", "Create")
    member("category_uid", 2)
    member("category_name", "Findings")
    member("class_uid", 2004)
    member("class_name", "Detection Finding")
    member("type_uid", 200401)
    member("type_name", "Detection Finding: Create")
  }

  /// Writes severity, status, times and the sentence.
  fileprivate mutating func writeStanding(of finding: Finding) {
    let severity = finding.level.severity
    member("severity_id", severity.id)
    member("severity", severity.caption)
    member("status_id", 1)
    member("status", "New")
    member("is_alert", true)
    member("time", OCSF.milliseconds(finding.end))
    member("start_time", OCSF.milliseconds(finding.start))
    member("end_time", OCSF.milliseconds(finding.end))
    member("message", finding.message)
  }

  fileprivate mutating func writeInformation(
    on finding: Finding, of group: FindingGroup?, analytic: OCSF.Analytic
  ) {
    object("finding_info") { json in
      json.member("uid", finding.uid)
      json.member("title", finding.title)
      json.object("analytic") { json in
        json.member("type_id", analytic.rawValue)
        json.member("type", analytic.caption)
        json.member("uid", finding.detector)
        json.member("name", finding.title)
      }
      if !finding.techniques.isEmpty {
        json.array("attacks") { json in
          for technique in finding.techniques { json.writeAttack(technique) }
        }
      }
      json.member("created_time", OCSF.milliseconds(finding.end))
      json.member("first_seen_time", OCSF.milliseconds(finding.start))
      json.member("last_seen_time", OCSF.milliseconds(finding.end))
      if let group { json.writeRelated(group) }
      json.member("related_events_count", finding.count)
      let sources = finding.evidence.map(\.source).removingDuplicates()
      if !sources.isEmpty { json.member("data_sources", sources) }
    }
  }

  /// Writes one ATT&CK reference: `TA0006` is a tactic, `T1110.003` a technique's variant.
  private mutating func writeAttack(_ id: String) {
    object { json in
      guard !id.hasPrefix("TA") else {
        json.object("tactic") { $0.member("uid", id) }
        return
      }
      guard let dot = id.firstIndex(of: ".") else {
        json.object("technique") { $0.member("uid", id) }
        return
      }
      json.object("technique") { $0.member("uid", String(id[..<dot])) }
      json.object("sub_technique") { $0.member("uid", id) }
    }
  }
}

extension Sequence where Element: Hashable {
  /// The elements without those that came before, in order.
  func removingDuplicates() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
