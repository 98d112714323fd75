public import Detectors

/// Findings that one message tells of together: as much of each as a list shows.
public struct FindingGroup: Sendable {
  /// One of them.
  public struct Member: Sendable, Hashable {
    /// The identity, the detector's id, what it is about, and the sentence.
    public var uid, detector, subject, message: String
    /// The level.
    public var level: Level
    /// First and last event, nanoseconds since 1970 UTC.
    public var start, end: Int64
    /// How many events it stands for.
    public var count: UInt64

    /// A member from its parts.
    public init(
      uid: String, detector: String, level: Level, subject: String, message: String, start: Int64,
      end: Int64, count: UInt64
    ) {
      (self.uid, self.detector, self.level) = (uid, detector, level)
      (self.subject, self.message) = (subject, message)
      (self.start, self.end, self.count) = (start, end, count)
    }
  }

  /// Why they are told together.
  public enum Reason: Sendable {
    /// More of one detector within a minute than are told one by one.
    case storm
    /// They share what the output groups by.
    case group
    /// They were told, and have grown since.
    case growth
  }

  /// Those that are listed, in order.
  public let members: [Member]
  /// How many there are, which may be more than are listed.
  public let count: Int
  /// Why they are told together.
  public let reason: Reason

  /// How many findings a message lists; the count goes on.
  public static let listedMax = 100

  /// A group of findings.
  ///
  /// - Parameters:
  ///   - members: At least one; those beyond ``listedMax`` are counted, not listed.
  ///   - count: How many there are, when not all of them are given.
  public init(_ members: [Member], count: Int? = nil, reason: Reason) {
    precondition(!members.isEmpty, "a group has a finding")
    self.members = Array(members.prefix(FindingGroup.listedMax))
    self.count = count ?? members.count
    self.reason = reason
  }

  /// The same group with fewer of them listed.
  func listing(_ limit: Int) -> FindingGroup {
    FindingGroup(Array(members.prefix(max(1, limit))), count: count, reason: reason)
  }

  /// The finding that stands for all of them: it counts findings, not events.
  ///
  /// - Parameters:
  ///   - uid: Its identity.
  ///   - start: The first event of those that are not listed, too, nanoseconds since 1970 UTC.
  ///   - end: The last one.
  public func summary(uid: String, start: Int64? = nil, end: Int64? = nil) -> Finding {
    let detectors = members.map(\.detector).removingDuplicates()
    let subjects = members.map(\.subject).removingDuplicates()
    let detector = detectors.count == 1 ? detectors[0] : "several-detectors"
    return Finding(
      uid: uid, detector: detector, title: title, level: members.map(\.level).max() ?? .medium,
      message: sentence(detectors, subjects),
      subject: subjects.count == 1 && members.count == count ? subjects[0] : detector,
      controls: [], techniques: [], start: start ?? members.map(\.start).min() ?? 0,
      end: end ?? members.map(\.end).max() ?? 0, count: UInt64(count), evidence: [])
  }

  private var title: String {
    switch reason {
    case .storm: "Many findings at once"
    case .group: "Findings of one group"
    case .growth: "Findings that go on"
    }
  }

  private func sentence(_ detectors: [String], _ subjects: [String]) -> String {
    let what = detectors.count == 1 ? " of \(detectors[0])" : ""
    let noun = count == 1 ? "finding" : "findings"
    let others = count > members.count || subjects.count > 5 ? " and others" : ""
    let about = subjects.prefix(5).joined(separator: ", ") + others
    return switch reason {
    case .storm: "\(count) more \(noun)\(what) within a minute: \(about)"
    case .group: "\(count) \(noun)\(what): \(about)"
    case .growth: "\(count) \(noun)\(what) \(count == 1 ? "goes" : "go") on: \(about)"
    }
  }
}

extension JSONWriter {
  /// Writes the findings of a group as the schema's related events.
  mutating func writeRelated(_ group: FindingGroup) {
    array("related_events") { json in
      for member in group.members {
        json.object { json in
          json.member("uid", member.uid)
          json.member("type_uid", 200401)
          json.member("title", member.message)
          json.member("severity_id", member.level.rawValue)
          json.member("count", member.count)
          json.member("first_seen_time", OCSF.milliseconds(member.start))
          json.member("last_seen_time", OCSF.milliseconds(member.end))
        }
      }
    }
  }
}
