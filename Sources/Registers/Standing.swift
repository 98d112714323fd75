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
  enum ToolStatus: UInt32 { case none, approved, proposed, retired, personalCloud, unlisted }
  /// `flow.status`.
  enum Flow: UInt32 { case none, same, allowed, forbidden }

  /// Where the name came from that the infrastructure look-up used.
  enum Name: UInt8 { case none, host, domain }

  /// The closed fields, packed: person, system, source, tool, second factor, flow, reach.
  @usableFromInline var packed: UInt32 = 0
  /// Rows of the person, the tool, the system found by its name, and the declared one; or -1.
  var person: Int32 = -1, tool: Int32 = -1, row: Int32 = -1, declared: Int32 = -1
  var name = Name.none
  /// The number of the source's environment; 0 when no row says one.
  var sourceEnvironment: UInt8 = 0
  /// Whether approvals or exceptions may say something of the event.
  @usableFromInline var hasApprovals = false

  /// How many bits ``code`` has.
  public static let codeBits: UInt32 = 17

  /// Whether the system asks for a second factor.
  @inline(__always) var needsSecondFactor: Bool { packed >> 13 & 1 == 1 }

  /// Whether the internet may reach the system or tool.
  @inline(__always) var isInternetFacing: Bool { packed >> 16 & 1 == 1 }

  /// Adds what rows of systems say yes or no to; see ``Standing/Traits``.
  @inline(__always) mutating func add(_ traits: Traits) {
    packed |= (traits.rawValue & 1) << 13 | (traits.rawValue >> 1 & 1) << 16
    if traits.contains(.hasExceptions) { hasApprovals = true }
  }

  /// What a row says yes or no to.
  struct Traits: OptionSet {
    var rawValue: UInt32
    static let needsSecondFactor = Traits(rawValue: 1)
    static let isInternetFacing = Traits(rawValue: 2)
    static let hasExceptions = Traits(rawValue: 4)
  }

  /// Everything that closed fields can say, as one number.
  @inlinable @inline(__always) public var code: UInt32 { packed }

  /// Whether the person is a contractor.
  @inlinable @inline(__always) public var isContractor: Bool { packed & 7 == 2 }

  /// Whether a scope was agreed or something approved, which needs the whole event to judge.
  @inlinable @inline(__always) public var needsEvent: Bool { isContractor || hasApprovals }

  /// Whether the infrastructure register lists the source's address.
  public var isSourceListed: Bool { source == .listed }

  /// Adds what is known of the person: kind and status.
  @inline(__always) mutating func add(_ kind: PersonKind, _ status: PersonStatus) {
    packed |= kind.rawValue | status.rawValue << 3
  }

  @inline(__always) mutating func add(_ status: SystemStatus) { packed |= status.rawValue << 6 }
  @inline(__always) mutating func add(_ source: Source) { packed |= source.rawValue << 8 }
  @inline(__always) mutating func add(_ status: ToolStatus) { packed |= status.rawValue << 10 }
  @inline(__always) mutating func add(_ flow: Flow) { packed |= flow.rawValue << 14 }

  // Each was put there from a value of its kind.
  var personKind: PersonKind { PersonKind(rawValue: packed & 7) ?? .none }
  var personStatus: PersonStatus { PersonStatus(rawValue: packed >> 3 & 7) ?? .none }
  var systemStatus: SystemStatus { SystemStatus(rawValue: packed >> 6 & 3) ?? .none }
  var source: Source { Source(rawValue: packed >> 8 & 3) ?? .none }
  var toolStatus: ToolStatus { ToolStatus(rawValue: packed >> 10 & 7) ?? .none }
  var flow: Flow { Flow(rawValue: packed >> 14 & 3) ?? .none }
}
