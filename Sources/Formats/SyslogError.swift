/// Why one syslog message could not be read.
public struct SyslogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong; the raw value is a stable name for counters.
  public enum Reason: String, Sendable, CaseIterable {
    /// The message does not begin with a `<priority>`.
    case noPriority = "no-priority"
    /// The priority is above 191 (facility 23, severity 7).
    case priorityAbove191 = "priority-above-191"
    /// The version is not a number from 1 through 999 with a blank after it.
    case badVersion = "bad-version"
    /// The time is not one, or no such time exists.
    case badTimestamp = "bad-timestamp"
    /// The host is empty, too long (255) or not printable ASCII.
    case badHost = "bad-host"
    /// The program is empty, too long (48) or not printable ASCII.
    case badProgram = "bad-program"
    /// The process id is empty, too long (128) or not printable ASCII.
    case badProcessID = "bad-process-id"
    /// The message id is empty, too long (32) or not printable ASCII.
    case badMessageID = "bad-message-id"
    /// The structured data breaks its grammar or repeats an id.
    case badStructuredData = "bad-structured-data"
    /// A byte order mark promises UTF-8, and what follows is not.
    case invalidUTF8 = "invalid-utf8"
    /// Neither a priority nor a time opens the line.
    case notSyslog = "not-syslog"
  }

  /// What is wrong.
  public let reason: Reason
  /// The offset of the first offending byte; the message's length when bytes are missing.
  public let offset: Int

  /// An error at an offset.
  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  /// What is wrong, where, and what to change.
  public var description: String { "\(reason.rawValue) at byte \(offset); \(advice)" }

  private var advice: String {
    switch reason {
    case .noPriority: "for lines without <priority> read the source as RFC 3164"
    case .priorityAbove191: "fix the sender's facility"
    case .badVersion: "RFC 5424 has the version 1 after <priority>"
    case .badTimestamp: "use a time such as 2026-11-03T09:14:07Z"
    case .badHost, .badProgram, .badProcessID, .badMessageID:
      "use printable ASCII within the length of RFC 5424, or - for none"
    case .badStructuredData: "use [id name=\"value\"] with \\ before \", \\ and ], or - for none"
    case .invalidUTF8: "leave the byte order mark out, or send UTF-8 after it"
    case .notSyslog: "set the source's format"
    }
  }
}
