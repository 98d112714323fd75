public import Bytes

/// Where one event stands with the registers: rows and verdicts as small numbers, nothing copied.
///
/// ``Registers/standing(of:source:cache:)`` finds it and ``Registers/set(_:on:source:)`` writes it into
/// the event's fields. What rules may ask of the closed fields is all in ``code``, so that whoever
/// knows what followed from a code need not write the fields of an event that nothing follows from.
public struct Standing {
  /// `person.kind`.
  enum PersonKind: UInt32 { case none, employee, contractor, service, unlisted }
  /// `person.status`.
  enum PersonStatus: UInt32 { case none, active, notStarted, expired, offboarded }
  /// `system.status`.
  enum SystemStatus: UInt32 { case none, listed, retired, unlisted }
  /// `source.infrastructure`.
  enum Source: UInt32 { case none, listed, unlisted, external }
  /// `tool.status`.
  enum ToolStatus: UInt32 { case none, approved, proposed, retired, personalCloud }

  var personKind = PersonKind.none
  var personStatus = PersonStatus.none
  var systemStatus = SystemStatus.none
  var source = Source.none
  var toolStatus = ToolStatus.none
  /// Rows of the person, the tool, the system found by its name, and the declared one; or -1.
  var person: Int32 = -1, tool: Int32 = -1, row: Int32 = -1, declared: Int32 = -1
  /// The system's id and environment where they are known, and the name that was looked up.
  var systemID, environment, systemName: ByteView?
  /// The id of the person behind the account; `nil` for nobody the registers know.
  public internal(set) var personID: ByteView?

  /// How many bits ``code`` has.
  public static let codeBits: UInt32 = 14

  /// Everything that closed fields can say, as one number.
  @inline(__always) public var code: UInt32 {
    personKind.rawValue | personStatus.rawValue << 3 | systemStatus.rawValue << 6
      | source.rawValue << 8 | toolStatus.rawValue << 10
  }

  /// Whether a scope may have been agreed, which needs the whole event to judge.
  @inline(__always) public var isContractor: Bool { personKind == .contractor }

  /// The system by id, else by name.
  @inline(__always) public var system: ByteView? { systemID ?? systemName }
}
