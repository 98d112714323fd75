import Alerts
import Detectors
import Pipelines
import Storage

/// Writes the message about the findings of a group, in the form that the route's receiver takes.
enum GroupWriter {
  /// The message; its identity is made from which findings it tells of, and how much of each when it tells of
  /// them again.
  static func message(
    _ findings: [StoredFinding], isRepeated: Bool, body: MessageBody
  ) -> StoredGroupMessage {
    let group = FindingGroup(
      findings.map(FindingGroup.Member.init), reason: isRepeated ? .growth : .group)
    let parts = findings.map { isRepeated ? "\($0.uid) \($0.count)" : $0.uid }.sorted()
    let digest = Digest.hex(Digest.sha256(Array(parts.joined(separator: "\n").utf8)))
    let uid = "group-" + digest
    // One that has grown is the finding that its receivers know.
    let summary = group.summary(uid: findings.count == 1 ? findings[0].uid : uid)
    return StoredGroupMessage(
      uid: uid, level: summary.level.name, message: summary.message,
      body: body.bytes(summary, of: group, version: Rollcall.version))
  }

  /// The group that sums up a storm, and the finding that stands for it.
  static func storm(_ storm: StoredStorm) -> (group: FindingGroup, summary: Finding) {
    let group = FindingGroup(
      storm.findings.map(FindingGroup.Member.init), count: storm.count, reason: .storm)
    return (
      group,
      group.summary(uid: "storm-" + storm.first, start: storm.start, end: storm.end)
    )
  }
}

extension FindingGroup.Member {
  /// A finding as the store keeps it.
  init(_ finding: StoredFinding) {
    self.init(
      uid: finding.uid, detector: finding.detector, level: Level(name: finding.level) ?? .medium,
      subject: finding.subject, message: finding.message, start: finding.start, end: finding.end,
      count: finding.count)
  }
}
