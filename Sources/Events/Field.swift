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
  /// The names of the known fields; a field's index is its place here.
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
  ]

  /// The known field of a name; traps when the table lacks it, which a test would show.
  private static func known(_ name: String) -> Field {
    guard let index = knownNames.firstIndex(of: name) else {
      preconditionFailure("no field named \(name)")
    }
    return Field(index: index)
  }

  /// `@timestamp`.
  public static let timestamp = known("@timestamp")
  /// `event.category`.
  public static let eventCategory = known("event.category")
  /// `event.action`.
  public static let eventAction = known("event.action")
  /// `event.outcome`.
  public static let eventOutcome = known("event.outcome")
  /// `event.reason`.
  public static let eventReason = known("event.reason")
  /// Which message of a product this is (`sshd.failed`), finer than the action.
  public static let eventCode = known("event.code")
  /// How many alike events the line stands for (`message repeated N times`).
  public static let eventCount = known("event.count")
  /// `event.id`.
  public static let eventID = known("event.id")
  /// The mapping that read the line (`nginx-json`, `sshd`).
  public static let eventDataset = known("event.dataset")
  /// `user.name`.
  public static let userName = known("user.name")
  /// `user.id`.
  public static let userID = known("user.id")
  /// The account that is changed, for account.* actions.
  public static let userTargetName = known("user.target.name")
  /// The account switched to, by sudo and su.
  public static let userEffectiveName = known("user.effective.name")
  /// A valid address in its plainest spelling (`::ffff:1.2.3.4` becomes `1.2.3.4`).
  public static let sourceIP = known("source.ip")
  /// What the program wrote for the peer, also when it is a host or service name.
  public static let sourceAddress = known("source.address")
  /// `source.port`.
  public static let sourcePort = known("source.port")
  /// `source.domain`.
  public static let sourceDomain = known("source.domain")
  /// `host.name`.
  public static let hostName = known("host.name")
  /// `process.name`.
  public static let processName = known("process.name")
  /// `process.pid`.
  public static let processPID = known("process.pid")
  /// `process.command_line`.
  public static let commandLine = known("process.command_line")
  /// `process.working_directory`.
  public static let workingDirectory = known("process.working_directory")
  /// `http.request.method`.
  public static let requestMethod = known("http.request.method")
  /// `http.response.status_code`.
  public static let statusCode = known("http.response.status_code")
  /// `http.response.body.bytes`.
  public static let bodyBytes = known("http.response.body.bytes")
  /// `http.request.referrer`.
  public static let referrer = known("http.request.referrer")
  /// `url.original`.
  public static let urlOriginal = known("url.original")
  /// `url.path`.
  public static let urlPath = known("url.path")
  /// `url.query`.
  public static let urlQuery = known("url.query")
  /// `url.domain`.
  public static let urlDomain = known("url.domain")
  /// `user_agent.original`.
  public static let userAgent = known("user_agent.original")
  /// `service.name`.
  public static let serviceName = known("service.name")
  /// `message`.
  public static let message = known("message")
  /// `log.syslog.priority`.
  public static let syslogPriority = known("log.syslog.priority")
  /// `log.syslog.facility.code`.
  public static let syslogFacility = known("log.syslog.facility.code")
  /// `log.syslog.severity.code`.
  public static let syslogSeverity = known("log.syslog.severity.code")
  /// `log.syslog.msgid`.
  public static let syslogMessageID = known("log.syslog.msgid")
  /// `log.syslog.version`.
  public static let syslogVersion = known("log.syslog.version")
  /// `log.syslog.structured_data`.
  public static let structuredData = known("log.syslog.structured_data")
  /// `authentication.method`.
  public static let authenticationMethod = known("authentication.method")
  /// `authentication.mfa`.
  public static let authenticationMFA = known("authentication.mfa")
  /// `key.fingerprint`.
  public static let keyFingerprint = known("key.fingerprint")
  /// `session.id`.
  public static let sessionID = known("session.id")
  /// `group.name`.
  public static let groupName = known("group.name")
  /// `account.expiry.from`.
  public static let expiryFrom = known("account.expiry.from")
  /// `account.expiry.to`.
  public static let expiryTo = known("account.expiry.to")
  /// `cloud.region`.
  public static let cloudRegion = known("cloud.region")
  /// `cloud.account.id`.
  public static let cloudAccount = known("cloud.account.id")
  /// `user.admin`.
  public static let userAdmin = known("user.admin")
  /// Which parts of the time were not in the line: `year`, `zone`, `year,zone`.
  public static let timestampInferred = known("timestamp.inferred")
  /// `source.geo.country_iso_code`.
  public static let sourceCountry = known("source.geo.country_iso_code")
  /// `source.as.number`.
  public static let sourceNetwork = known("source.as.number")
  /// `listed`, `unlisted` (a private address no register row covers) or `external`.
  public static let sourceInfrastructure = known("source.infrastructure")
  /// `person.id`.
  public static let personID = known("person.id")
  /// `person.kind`.
  public static let personKind = known("person.kind")
  /// `person.status`.
  public static let personStatus = known("person.status")
  /// `person.expired_seconds`.
  public static let personExpiredSeconds = known("person.expired_seconds")
  /// `system.id`.
  public static let systemID = known("system.id")
  /// The name that the infrastructure look-up used, listed or not.
  public static let systemName = known("system.name")
  /// `system.environment`.
  public static let systemEnvironment = known("system.environment")
  /// `system.status`.
  public static let systemStatus = known("system.status")
  /// `access.scope`.
  public static let accessScope = known("access.scope")
  /// `access.scope_reason`.
  public static let accessScopeReason = known("access.scope_reason")
  /// `access.approval`.
  public static let accessApproval = known("access.approval")
  /// `tool.id`.
  public static let toolID = known("tool.id")
  /// `tool.status`.
  public static let toolStatus = known("tool.status")
  /// `login.first_seen`.
  public static let loginFirstSeen = known("login.first_seen")
  /// `login.speed_kmh`.
  public static let loginSpeed = known("login.speed_kmh")
  /// `login.distance_km`.
  public static let loginDistance = known("login.distance_km")
  /// `login.risk`.
  public static let loginRisk = known("login.risk")
  /// The configured or derived name of the log that the line came from.
  public static let logSource = known("log.source")
  /// `error.message`.
  public static let errorMessage = known("error.message")
  /// `event.duration_ms`.
  public static let eventDuration = known("event.duration_ms")
  /// `container.name`.
  public static let containerName = known("container.name")
  /// `orchestrator.resource.name`.
  public static let podName = known("orchestrator.resource.name")
  /// `destination.ip`.
  public static let destinationIP = known("destination.ip")
  /// `destination.port`.
  public static let destinationPort = known("destination.port")
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
    guard names.count < Event.fieldsMax else { return nil }
    indexes[name] = names.count
    names.append(name)
    return Field(index: names.count - 1)
  }

  /// The name of a field.
  public func name(_ field: Field) -> String { names[field.index] }
}
