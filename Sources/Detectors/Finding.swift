/// How much a finding matters; Sigma's levels.
public enum Level: Int, Sendable, Comparable, CaseIterable {
  case informational = 1, low, medium, high, critical

  /// The level of a Sigma word.
  public init?(name: String) {
    guard let level = Level.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// Sigma's word for the level.
  public var name: String { "\(self)" }

  /// By rising weight.
  public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// One line that proves a finding.
public struct Evidence: Hashable, Sendable {
  /// The source's name.
  public var source: String
  /// The line's number in the source, from one; 0 for a row of a register.
  public var line: UInt64
  /// The byte offset of the line in the (uncompressed) source.
  public var offset: UInt64
  /// SHA-256 of the line's bytes without the line ending, 64 hexadecimal digits.
  public var sha256: String
  /// The line, invalid UTF-8 replaced, cut after 4096 bytes.
  public var raw: String
  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64
  /// Fields worth showing, by name (`user.name`, `source.ip`, `host.name`, `person.id` …), sorted.
  public var fields: [Pair]

  /// One field of the evidence.
  public struct Pair: Hashable, Sendable {
    /// The field's name and its value as text.
    public var name, value: String
    /// A pair.
    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// Evidence from its parts.
  public init(
    source: String, line: UInt64, offset: UInt64, sha256: String, raw: String, time: Int64,
    fields: [Pair]
  ) {
    (self.source, self.line, self.offset) = (source, line, offset)
    (self.sha256, self.raw, self.time, self.fields) = (sha256, raw, time, fields)
  }

  /// The line's number as it stands behind the source, `:17`; nothing for what is no line of a log.
  public var lineMark: String { line == 0 ? "" : ":\(line)" }

  /// The value of a field, or `nil`.
  public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// What a detector concluded about one subject in one window.
public struct Finding: Sendable {
  /// The stable identity: 64 hexadecimal digits, made from detector, subject, window and evidence.
  public var uid: String
  /// The detector's id and title.
  public var detector, title: String
  /// The detector's level.
  public var level: Level
  /// The sentence a person reads first.
  public var message: String
  /// The values that the finding is about (`kim`, `203.0.113.7`), joined by ` · `.
  public var subject: String
  /// Control ids: SOC 2 (`CC6.1`), ISO 27001 (`ISO27001:A.5.20`), policy row (`row-7`).
  public var controls: [String]
  /// ATT&CK techniques from the rule's tags, such as `T1078`.
  public var techniques: [String]
  /// First and last event, nanoseconds since 1970 UTC.
  public var start, end: Int64
  /// How many events it stands for.
  public var count: UInt64
  /// The first lines that prove it, at most ``Finding/evidenceMax``.
  public var evidence: [Evidence]

  /// How many lines a finding keeps as proof; the count goes on.
  public static let evidenceMax = 10

  /// A finding from its parts.
  public init(
    uid: String, detector: String, title: String, level: Level, message: String, subject: String,
    controls: [String], techniques: [String], start: Int64, end: Int64, count: UInt64,
    evidence: [Evidence]
  ) {
    (self.uid, self.detector, self.title, self.level) = (uid, detector, title, level)
    (self.message, self.subject, self.controls) = (message, subject, controls)
    (self.techniques, self.start, self.end) = (techniques, start, end)
    (self.count, self.evidence) = (count, evidence)
  }
}
