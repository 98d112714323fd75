import Formats

/// A field of an event: an index into a table of names fixed when the rules are loaded.
///
/// The names are those of the Elastic Common Schema where it has one, and the fields that the joins
/// and baselines add. A product's own keys get further indexes from ``FieldTable``.
public struct Field: Hashable, Sendable {
  /// The place in the table, 0 through ``Event/fieldsMax`` minus one.
  public let index: Int

  /// The field at a place.
  @inlinable public init(index: Int) { self.index = index }
}

/// The fields that every build knows, in table order.
extension Field {
  /// Whether only the registers and the places of addresses fill the field.
  @inlinable package var isJoined: Bool {
    (index >= Field.sourceCountry.index && index <= Field.toolStatus.index)
      || (index >= Field.targetPersonID.index && index <= Field.obligationPeriod.index)
      || (index >= Field.accessApprovalType.index && index <= Field.taskID.index)
  }

  /// The fields by which an event leads to rows of the registers, beside those that every look-up reads.
  package static let joinKeys: Set<Field> = [
    .userTargetName, .toolName, .imageName, .roleName, .credentialID, .keyFingerprint, .secretName,
    .backupJob, .clientID, .destinationPort, .webhookEndpoint,
  ]

  /// The names of the known fields; a field's index is its place here, and the constants below must
  /// agree with it (a test compares them).
  public static let knownNames: [String] = [
    "@timestamp", "event.category", "event.action", "event.outcome", "event.reason", "event.code",
    "event.count", "event.id", "event.dataset", "user.name", "user.id", "user.target.name",
    "user.effective.name", "source.ip", "source.address", "source.port", "source.domain",
    "host.name", "process.name", "process.pid", "process.command_line", "process.working_directory",
    "http.request.method", "http.response.status_code", "http.response.body.bytes",
    "http.request.referrer", "url.original", "url.path", "url.query", "url.domain",
    "user_agent.original", "service.name", "message", "log.syslog.priority",
    "log.syslog.facility.code", "log.syslog.severity.code", "log.syslog.msgid",
    "log.syslog.version", "log.syslog.structured_data", "authentication.method",
    "authentication.mfa", "key.fingerprint", "session.id", "group.name", "account.expiry.from",
    "account.expiry.to", "cloud.region", "cloud.account.id", "user.admin", "timestamp.inferred",
    "source.geo.country_iso_code", "source.as.number", "source.infrastructure", "person.id",
    "person.kind", "person.status", "person.expired_seconds", "system.id", "system.name",
    "system.environment", "system.status", "access.scope", "access.scope_reason",
    "access.approval", "tool.id", "tool.status", "login.first_seen", "login.speed_kmh",
    "login.distance_km", "login.risk", "log.source", "error.message", "event.duration_ms",
    "container.name", "orchestrator.resource.name", "destination.ip", "destination.port",
    "user.target.email", "user.email", "container.id", "orchestrator.namespace",
    "source.network", "system.mfa_required", "login.dormant_days", "login.hour_probability",
    "login.risk_parts", "login.network", "login.person", "process.executable",
    "process.parent.executable", "process.parent.command_line", "file.path", "destination.domain",
    "tool.name", "role.name", "credential.id", "secret.name", "backup.job", "ticket.id",
    "client.id", "tls.version", "container.image.name", "target.person.id", "target.person.kind",
    "target.person.status", "source.environment", "flow.status", "access.admin", "access.deployer",
    "role.status", "secret.id", "secret.class", "secret.status", "backup.id", "limit.id",
    "system.classification", "system.sso_required", "system.internet_facing", "port.status",
    "obligation.kind", "obligation.id", "obligation.due", "obligation.owner", "obligation.note",
    "obligation.warn", "obligation.period",
    "backup.bytes", "backup.target",
    "access.approval_type", "access.approval_late", "access.exception", "secret.environment",
    "secret.system_kind", "account.expiry.status", "secret.reader", "task.id", "webhook.endpoint",
  ]

  /// `@timestamp`.
  @inlinable public static var timestamp: Field { Field(index: 0) }
  /// `event.category`.
  @inlinable public static var eventCategory: Field { Field(index: 1) }
  /// `event.action`.
  @inlinable public static var eventAction: Field { Field(index: 2) }
  /// `event.outcome`.
  @inlinable public static var eventOutcome: Field { Field(index: 3) }
  /// `event.reason`.
  @inlinable public static var eventReason: Field { Field(index: 4) }
  /// Which message of a product this is (`sshd.failed`), finer than the action.
  @inlinable public static var eventCode: Field { Field(index: 5) }
  /// How many alike events the line stands for (`message repeated N times`).
  @inlinable public static var eventCount: Field { Field(index: 6) }
  /// `event.id`.
  @inlinable public static var eventID: Field { Field(index: 7) }
  /// The mapping that read the line (`nginx-json`, `sshd`).
  @inlinable public static var eventDataset: Field { Field(index: 8) }
  /// `user.name`.
  @inlinable public static var userName: Field { Field(index: 9) }
  /// `user.id`.
  @inlinable public static var userID: Field { Field(index: 10) }
  /// The account that is changed, for account.* actions.
  @inlinable public static var userTargetName: Field { Field(index: 11) }
  /// The account switched to, by sudo and su.
  @inlinable public static var userEffectiveName: Field { Field(index: 12) }
  /// A valid address in its plainest spelling (`::ffff:1.2.3.4` becomes `1.2.3.4`).
  @inlinable public static var sourceIP: Field { Field(index: 13) }
  /// What the program wrote for the peer, also when it is a host or service name.
  @inlinable public static var sourceAddress: Field { Field(index: 14) }
  /// `source.port`.
  @inlinable public static var sourcePort: Field { Field(index: 15) }
  /// `source.domain`.
  @inlinable public static var sourceDomain: Field { Field(index: 16) }
  /// `host.name`.
  @inlinable public static var hostName: Field { Field(index: 17) }
  /// `process.name`.
  @inlinable public static var processName: Field { Field(index: 18) }
  /// `process.pid`.
  @inlinable public static var processPID: Field { Field(index: 19) }
  /// `process.command_line`.
  @inlinable public static var commandLine: Field { Field(index: 20) }
  /// `process.working_directory`.
  @inlinable public static var workingDirectory: Field { Field(index: 21) }
  /// `http.request.method`.
  @inlinable public static var requestMethod: Field { Field(index: 22) }
  /// `http.response.status_code`.
  @inlinable public static var statusCode: Field { Field(index: 23) }
  /// `http.response.body.bytes`.
  @inlinable public static var bodyBytes: Field { Field(index: 24) }
  /// `http.request.referrer`.
  @inlinable public static var referrer: Field { Field(index: 25) }
  /// `url.original`.
  @inlinable public static var urlOriginal: Field { Field(index: 26) }
  /// `url.path`.
  @inlinable public static var urlPath: Field { Field(index: 27) }
  /// `url.query`.
  @inlinable public static var urlQuery: Field { Field(index: 28) }
  /// `url.domain`.
  @inlinable public static var urlDomain: Field { Field(index: 29) }
  /// `user_agent.original`.
  @inlinable public static var userAgent: Field { Field(index: 30) }
  /// `service.name`.
  @inlinable public static var serviceName: Field { Field(index: 31) }
  /// `message`.
  @inlinable public static var message: Field { Field(index: 32) }
  /// `log.syslog.priority`.
  @inlinable public static var syslogPriority: Field { Field(index: 33) }
  /// `log.syslog.facility.code`.
  @inlinable public static var syslogFacility: Field { Field(index: 34) }
  /// `log.syslog.severity.code`.
  @inlinable public static var syslogSeverity: Field { Field(index: 35) }
  /// `log.syslog.msgid`.
  @inlinable public static var syslogMessageID: Field { Field(index: 36) }
  /// `log.syslog.version`.
  @inlinable public static var syslogVersion: Field { Field(index: 37) }
  /// `log.syslog.structured_data`.
  @inlinable public static var structuredData: Field { Field(index: 38) }
  /// `authentication.method`.
  @inlinable public static var authenticationMethod: Field { Field(index: 39) }
  /// `authentication.mfa`.
  @inlinable public static var authenticationMFA: Field { Field(index: 40) }
  /// `key.fingerprint`.
  @inlinable public static var keyFingerprint: Field { Field(index: 41) }
  /// `session.id`.
  @inlinable public static var sessionID: Field { Field(index: 42) }
  /// `group.name`.
  @inlinable public static var groupName: Field { Field(index: 43) }
  /// `account.expiry.from`.
  @inlinable public static var expiryFrom: Field { Field(index: 44) }
  /// `account.expiry.to`.
  @inlinable public static var expiryTo: Field { Field(index: 45) }
  /// `cloud.region`.
  @inlinable public static var cloudRegion: Field { Field(index: 46) }
  /// `cloud.account.id`.
  @inlinable public static var cloudAccount: Field { Field(index: 47) }
  /// `user.admin`.
  @inlinable public static var userAdmin: Field { Field(index: 48) }
  /// Which parts of the time were not in the line: `year`, `zone`, `year,zone`.
  @inlinable public static var timestampInferred: Field { Field(index: 49) }
  /// `source.geo.country_iso_code`.
  @inlinable public static var sourceCountry: Field { Field(index: 50) }
  /// `source.as.number`.
  @inlinable public static var sourceNetwork: Field { Field(index: 51) }
  /// `listed`, `unlisted` (a private address no register row covers) or `external`.
  @inlinable public static var sourceInfrastructure: Field { Field(index: 52) }
  /// `person.id`.
  @inlinable public static var personID: Field { Field(index: 53) }
  /// `person.kind`.
  @inlinable public static var personKind: Field { Field(index: 54) }
  /// `person.status`.
  @inlinable public static var personStatus: Field { Field(index: 55) }
  /// `person.expired_seconds`.
  @inlinable public static var personExpiredSeconds: Field { Field(index: 56) }
  /// `system.id`.
  @inlinable public static var systemID: Field { Field(index: 57) }
  /// The name that the infrastructure look-up used, listed or not.
  @inlinable public static var systemName: Field { Field(index: 58) }
  /// `system.environment`.
  @inlinable public static var systemEnvironment: Field { Field(index: 59) }
  /// `system.status`.
  @inlinable public static var systemStatus: Field { Field(index: 60) }
  /// `access.scope`.
  @inlinable public static var accessScope: Field { Field(index: 61) }
  /// `access.scope_reason`.
  @inlinable public static var accessScopeReason: Field { Field(index: 62) }
  /// `access.approval`.
  @inlinable public static var accessApproval: Field { Field(index: 63) }
  /// `tool.id`.
  @inlinable public static var toolID: Field { Field(index: 64) }
  /// `tool.status`.
  @inlinable public static var toolStatus: Field { Field(index: 65) }
  /// `login.first_seen`.
  @inlinable public static var loginFirstSeen: Field { Field(index: 66) }
  /// `login.speed_kmh`.
  @inlinable public static var loginSpeed: Field { Field(index: 67) }
  /// `login.distance_km`.
  @inlinable public static var loginDistance: Field { Field(index: 68) }
  /// `login.risk`.
  @inlinable public static var loginRisk: Field { Field(index: 69) }
  /// The configured or derived name of the log that the line came from.
  @inlinable public static var logSource: Field { Field(index: 70) }
  /// `error.message`.
  @inlinable public static var errorMessage: Field { Field(index: 71) }
  /// `event.duration_ms`.
  @inlinable public static var eventDuration: Field { Field(index: 72) }
  /// `container.name`.
  @inlinable public static var containerName: Field { Field(index: 73) }
  /// `orchestrator.resource.name`.
  @inlinable public static var podName: Field { Field(index: 74) }
  /// `destination.ip`.
  @inlinable public static var destinationIP: Field { Field(index: 75) }
  /// `destination.port`.
  @inlinable public static var destinationPort: Field { Field(index: 76) }
  /// `login.hour_probability`.
  @inlinable public static var loginHourProbability: Field { Field(index: 84) }
  /// `login.risk_parts`.
  @inlinable public static var loginRiskParts: Field { Field(index: 85) }
  /// Where a session is from: the autonomous system, else the /24 or /56.
  @inlinable public static var loginNetwork: Field { Field(index: 86) }
  /// Whose session it is: the person's id, else the user's name.
  @inlinable public static var loginPerson: Field { Field(index: 87) }
  /// `user.email`.
  @inlinable public static var userEmail: Field { Field(index: 78) }
  /// `container.id`.
  @inlinable public static var containerID: Field { Field(index: 79) }
  /// `orchestrator.namespace`.
  @inlinable public static var podNamespace: Field { Field(index: 80) }
  /// `source.network`: the /24 or /56 around the address.
  @inlinable public static var sourcePrefix: Field { Field(index: 81) }
  /// `system.mfa_required`: `true` where the register asks for a second factor.
  @inlinable public static var systemSecondFactor: Field { Field(index: 82) }
  /// `login.dormant_days`: whole days since the person's success before, a week at the least.
  @inlinable public static var loginDormantDays: Field { Field(index: 83) }
  /// `tool.name`: the name by which an event refers to a tool: an OAuth client, an app, an image registry, an event source.
  @inlinable public static var toolName: Field { Field(index: 93) }
  /// `role.name`: the role that is granted or taken away.
  @inlinable public static var roleName: Field { Field(index: 94) }
  /// `credential.id`: an access key's, token's or certificate's id; never the secret itself.
  @inlinable public static var credentialID: Field { Field(index: 95) }
  /// `secret.name`: the secret that is read, written or rotated, by its name in the store.
  @inlinable public static var secretName: Field { Field(index: 96) }
  /// `backup.job`: the job that an event of a backup belongs to.
  @inlinable public static var backupJob: Field { Field(index: 97) }
  /// `ticket.id`: the task that a change names.
  @inlinable public static var ticketID: Field { Field(index: 98) }
  /// `client.id`: who calls an API: a client id, or a key's hash.
  @inlinable public static var clientID: Field { Field(index: 99) }
  /// `tls.version`: the version of TLS, such as `1.2`.
  @inlinable public static var tlsVersion: Field { Field(index: 100) }
  /// `container.image.name`: the image that a container runs.
  @inlinable public static var imageName: Field { Field(index: 101) }
  /// `target.person.id`: the person behind `user.target.name`.
  @inlinable public static var targetPersonID: Field { Field(index: 102) }
  /// `target.person.kind`: as `person.kind`, of `user.target.name`.
  @inlinable public static var targetPersonKind: Field { Field(index: 103) }
  /// `target.person.status`: as `person.status`, of `user.target.name`.
  @inlinable public static var targetPersonStatus: Field { Field(index: 104) }
  /// `source.environment`: the environment of the row that covers the source address.
  @inlinable public static var sourceEnvironment: Field { Field(index: 105) }
  /// `flow.status`: whether the way from `source.environment` to `system.environment` is `same`, `allowed` or `forbidden`.
  @inlinable public static var flowStatus: Field { Field(index: 106) }
  /// `access.admin`: whether the person is `listed` or `unlisted` as an administrator of the system.
  @inlinable public static var accessAdmin: Field { Field(index: 107) }
  /// `access.deployer`: whether the person is `listed` or `unlisted` as one who deploys to the environment.
  @inlinable public static var accessDeployer: Field { Field(index: 108) }
  /// `role.status`: whether the role matrix has the role for the person who gets it: `listed` or `unlisted`.
  @inlinable public static var roleStatus: Field { Field(index: 109) }
  /// `secret.id`: the row of the secrets register behind `credential.id`, `key.fingerprint` or `secret.name`.
  @inlinable public static var secretID: Field { Field(index: 110) }
  /// `secret.class`: the row's class.
  @inlinable public static var secretClass: Field { Field(index: 111) }
  /// `secret.status`: `active`, `expired`, `revoked` or `unlisted` as of the event.
  @inlinable public static var secretStatus: Field { Field(index: 112) }
  /// `backup.id`: the row of the backups register behind `backup.job`.
  @inlinable public static var backupID: Field { Field(index: 113) }
  /// `limit.id`: the row of the limits register that holds for the client.
  @inlinable public static var limitID: Field { Field(index: 114) }
  /// `system.classification`: how confidential the system's data is.
  @inlinable public static var systemClassification: Field { Field(index: 115) }
  /// `system.sso_required`: `true` where the register asks for single sign-on.
  @inlinable public static var systemSSO: Field { Field(index: 116) }
  /// `system.internet_facing`: `true` where the register says that the internet reaches it.
  @inlinable public static var systemInternetFacing: Field { Field(index: 117) }
  /// `port.status`: whether the system's row lists `destination.port`: `listed` or `unlisted`.
  @inlinable public static var portStatus: Field { Field(index: 118) }
  /// `obligation.kind`: what the registers' calendar expects: `offboarding`, `rotation`, `backup` and the like.
  @inlinable public static var obligationKind: Field { Field(index: 119) }
  /// `obligation.id`: the row that it is about, and the part of it where there are several.
  @inlinable public static var obligationID: Field { Field(index: 120) }
  /// `obligation.due`: when it is due, RFC 3339.
  @inlinable public static var obligationDue: Field { Field(index: 121) }
  /// `obligation.owner`: who answers for it.
  @inlinable public static var obligationOwner: Field { Field(index: 122) }
  /// `obligation.note`: what is expected, in words.
  @inlinable public static var obligationNote: Field { Field(index: 123) }
  /// `obligation.warn`: when it is time to remind of it, RFC 3339.
  @inlinable public static var obligationWarn: Field { Field(index: 124) }
  /// `obligation.period`: how many seconds after it was done it is due again.
  @inlinable public static var obligationPeriod: Field { Field(index: 125) }
  /// `backup.bytes`: how large a backup is.
  @inlinable public static var backupBytes: Field { Field(index: 126) }
  /// `backup.target`: where a backup is written to: a bucket, a vault, a storage, a repository.
  @inlinable public static var backupTarget: Field { Field(index: 127) }
  /// `access.approval_type`: every kind of approval that holds for the event: `scope`, `prod_db`, `exception`.
  @inlinable public static var accessApprovalType: Field { Field(index: 128) }
  /// `access.approval_late`: an approval that would have held, had it been given before the event.
  @inlinable public static var accessApprovalLate: Field { Field(index: 129) }
  /// `access.exception`: what exceptions that hold for the person, system or tool are from: `row-38`, a detector's id, or `any`.
  @inlinable public static var accessException: Field { Field(index: 130) }
  /// `secret.environment`: the environment that the secret opens, as its row or its system's row says.
  @inlinable public static var secretEnvironment: Field { Field(index: 131) }
  /// `secret.system_kind`: the kind of the system that the secret opens, such as `database`.
  @inlinable public static var secretSystemKind: Field { Field(index: 132) }
  /// `account.expiry.status`: whether the account now ends `within` what was agreed with its person, `late`, or never (`none`).
  @inlinable public static var accountExpiryStatus: Field { Field(index: 133) }
  /// `secret.reader`: whether the person is one of those who may read the secret, where its row names any: `listed`, `unlisted`.
  @inlinable public static var secretReader: Field { Field(index: 134) }
  /// `task.id`: the row of the tasks register in whose time a contractor's change falls; a ticket that a log names is `ticket.id`.
  @inlinable public static var taskID: Field { Field(index: 135) }
  /// `webhook.endpoint`: where a delivery goes: the hook's id, or of an address the host, since the rest may be a secret.
  @inlinable public static var webhookEndpoint: Field { Field(index: 136) }
}

/// Gives every field name an index: the known ones first, then those that rules and mappings name.
public struct FieldTable: Sendable {
  /// The names, by index.
  public private(set) var names: [String] = Field.knownNames
  private var indexes: [String: Int] = Dictionary(
    uniqueKeysWithValues: Field.knownNames.enumerated().map { ($1, $0) })

  /// A table of the known fields.
  public init() {}

  /// The field of a name that is in the table.
  public subscript(name: String) -> Field? { indexes[name].map(Field.init) }

  /// The field of a name, added when new; `nil` when the table is full (``Event/fieldsMax``).
  public mutating func intern(_ name: String) -> Field? {
    if let index = indexes[name] { return Field(index: index) }
    guard names.count < Record.slotsMax else { return nil }
    indexes[name] = names.count
    names.append(name)
    return Field(index: names.count - 1)
  }

  /// The name of a field.
  public func name(_ field: Field) -> String { names[field.index] }
}
