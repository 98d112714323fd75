public import Events

/// Which look-ups somebody wants the result of: those that cost more than a ``Standing`` does.
///
/// The others are made for every event; these only for events that get all their fields, and only where a rule, a
/// correlation or a sentence reads what they lead to.
public struct JoinReads: OptionSet, Sendable {
  /// One bit for each look-up.
  public let rawValue: UInt16

  /// A set by its bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  static let targetPerson = JoinReads(rawValue: 1)
  static let sourceEnvironment = JoinReads(rawValue: 2)
  static let administrator = JoinReads(rawValue: 4)
  static let deployer = JoinReads(rawValue: 8)
  static let role = JoinReads(rawValue: 16)
  static let secret = JoinReads(rawValue: 32)
  static let backup = JoinReads(rawValue: 64)
  static let limit = JoinReads(rawValue: 128)
  static let systemFacts = JoinReads(rawValue: 256)
  static let port = JoinReads(rawValue: 512)
  static let expiry = JoinReads(rawValue: 1024)
  static let task = JoinReads(rawValue: 2048)

  /// All of them.
  public static let everything = JoinReads(rawValue: 4095)

  /// What each look-up fills, and the fields by which it looks.
  private static let table: [(read: JoinReads, fills: [Field], keys: [Field])] = [
    (
      .targetPerson, [.targetPersonID, .targetPersonKind, .targetPersonStatus], [.userTargetName]
    ),
    (.sourceEnvironment, [.sourceEnvironment], [.sourceIP]),
    (.administrator, [.accessAdmin], [.userName]),
    (.deployer, [.accessDeployer], [.userName]),
    (.role, [.roleStatus], [.roleName, .userTargetName]),
    (
      .secret,
      [
        .secretID, .secretClass, .secretStatus, .secretEnvironment, .secretSystemKind,
        .secretReader,
      ],
      [.credentialID, .keyFingerprint, .secretName]
    ),
    (.backup, [.backupID], [.backupJob]),
    (.limit, [.limitID], [.clientID, .sourceIP, .webhookEndpoint]),
    (.systemFacts, [.systemClassification, .systemSSO], []),
    (.port, [.portStatus], [.destinationPort]),
    (.expiry, [.accountExpiryStatus], [.expiryTo, .userTargetName]),
    (.task, [.taskID], []),
    ([], [.accessApprovalLate], [.serviceName]),
    // Tools belong to the standing, and are found by keys all the same.
    ([], [.toolID, .toolStatus], [.toolName, .imageName, .userAgent]),
  ]

  /// Every field that only these look-ups fill.
  public static let fields: [Field] = table.filter { !$0.read.isEmpty }.flatMap(\.fills)

  /// The look-ups that some of the fields are filled by; all of them for `nil`.
  public init(filling fields: Set<Field>?) {
    self = []
    for row in JoinReads.table where fields.map({ !$0.isDisjoint(with: row.fills) }) ?? true {
      insert(row.read)
    }
  }

  /// The fields that must be extracted so that these can be filled.
  public static func keys(of fields: Set<Field>) -> [Field] {
    table.filter { !fields.isDisjoint(with: $0.fills) }.flatMap(\.keys)
  }
}
