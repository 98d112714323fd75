import Events

/// Which events a Sigma log source stands for, as data: what is not in these tables is read by nobody.
///
/// A rule's log source has up to three parts. Its category and its product with the service each have a
/// gate, and an event is of the log source when it passes both. Everything else is
/// loaded, told of and never run.
enum LogSource {
  /// A condition that an event of a log source meets; fields by name, for many are a product's own.
  indirect enum Gate {
    /// Any event.
    case always
    /// The field is one of these, in any case; `*` at an end stands for anything.
    case one(of: [String], in: String)
    /// The field is there.
    case present(String)
    /// One of several.
    case either([Gate])
    /// All of several.
    case both([Gate])

    /// Lines of programs.
    static func programs(_ names: String...) -> Gate { .one(of: names, in: "process.name") }
    /// Lines that a mapping of this name read.
    static func dataset(_ name: String) -> Gate { .one(of: [name + "*"], in: "event.dataset") }
    /// Lines that a mapping of this name read, or that have all of these keys.
    static func records(_ dataset: String, _ keys: String...) -> Gate {
      .either([.dataset(dataset), .both(keys.map { .present($0) })])
    }
  }

  /// The categories that some log has.
  static let categories: [String: Gate] = [
    "access": .always,
    // Applications are told apart by their product alone.
    "application": .always,
    // What the registers expect; no line of a log is of it.
    "register": .one(of: ["register"], in: "event.category"),
    "http": .one(of: ["http"], in: "event.category"),
    "webserver": .one(of: ["http"], in: "event.category"),
    // A web server in front of others writes the same as they do.
    "proxy": .one(of: ["http", "proxy"], in: "event.category"),
    "authentication": .one(of: ["authentication"], in: "event.category"),
    "database": .either([
      .one(of: ["postgresql*", "mysql*", "mariadb*", "mongodb*"], in: "event.dataset"),
      .programs("postgres", "mysqld", "mariadbd", "mongod"),
    ]),
    "process_creation": .present("process.executable"),
    "file_event": .present("file.path"),
    "network_connection": .both([.present("process.executable"), .present("destination.ip")]),
  ]

  /// Categories of what happens on a host; with them `linux` alone says no more.
  private static let hostCategories: Set<String> = [
    "process_creation", "file_event", "network_connection",
  ]

  /// One product's log.
  private struct Row {
    let product: String?
    /// The services; with `nil` among them the product alone means the same.
    let services: [String?]
    let gate: Gate
  }

  private static let rows: [Row] = [
    Row(
      product: "linux", services: ["auth"],
      gate: .either([
        .one(of: ["authentication"], in: "event.category"),
        .programs(
          "sshd", "sshd-session", "sshd-auth", "sudo", "su", "login", "systemd-logind", "polkitd",
          "useradd", "usermod", "userdel", "groupadd", "groupmod", "passwd", "chage", "gpasswd"),
      ])),
    Row(product: "linux", services: [nil, "syslog"], gate: .present("process.name")),
    service("sshd", "sshd", "sshd-session", "sshd-auth"),
    service("sudo", "sudo"), service("su", "su"), service("cron", "cron", "crond"),
    service("clamav", "clamd", "clamav", "freshclam", "clamscan"),
    service("vsftpd", "vsftpd"), service("guacamole", "guacd", "guacamole"),
    service("systemd", "systemd"), service("logind", "systemd-logind"),
    service("modsecurity", "modsecurity", "apache2", "httpd", "nginx"),
    Row(
      product: "linux", services: ["auditd"],
      gate: .either([
        .dataset("auditd"), .both([.present("type"), .programs("audispd", "auditd", "audit")]),
      ])),
    Row(product: "aws", services: ["cloudtrail"], gate: .dataset("cloudtrail")),
    Row(
      product: "gcp", services: [nil, "gcp.audit"],
      gate: .records("gcp", "protoPayload.methodName")),
    Row(
      product: "gcp", services: ["google_workspace.admin"],
      gate: .records("google-workspace", "eventService", "eventName")),
    Row(
      product: "azure", services: ["signinlogs"],
      gate: .both([
        .records("azure", "category", "operationName"),
        .one(of: ["*SignInLogs"], in: "category"),
      ])),
    Row(
      product: "azure", services: ["auditlogs"],
      gate: .both([
        .records("azure", "category", "operationName"), .one(of: ["AuditLogs"], in: "category"),
      ])),
    Row(
      product: "azure", services: [nil, "activitylogs"],
      gate: .records("azure", "category", "operationName")),
    Row(
      product: "azure", services: ["riskdetection", "pim"],
      gate: .records("azure", "riskEventType")),
    Row(
      product: "m365",
      services: [nil, "audit", "exchange", "threat_management", "threat_detection"],
      gate: .records("m365", "Workload", "Operation")),
    Row(product: "github", services: [nil, "audit"], gate: .records("github", "action", "actor")),
    Row(
      product: "bitbucket", services: [nil, "audit"],
      gate: .records("bitbucket", "auditType.category")),
    Row(
      product: "okta", services: [nil, "okta"], gate: .records("okta", "eventType", "published")),
    Row(
      product: "onelogin", services: [nil, "onelogin.events"],
      gate: .records("onelogin", "event_type_id")),
    Row(
      product: "cisco", services: ["duo"],
      gate: .records("duo", "event_type", "factor")),
    Row(
      product: "kubernetes", services: [nil, "audit"],
      gate: .records("kubernetes", "auditID", "verb")),
    Row(
      product: "docker", services: ["inspect"],
      gate: .one(of: ["docker-inspect"], in: "event.dataset")),
    Row(
      product: "zeek",
      services: [
        "dce_rpc", "smb_files", "http", "dns", "rdp", "kerberos", "x509", "ssl", "ssh", "conn",
      ], gate: .present("_path")),
  ]

  /// A service of Linux that logs by way of syslog.
  private static func service(_ name: String, _ programs: String...) -> Row {
    Row(
      product: "linux", services: [name],
      gate: .either([.one(of: programs, in: "process.name"), .dataset(name)]))
  }

  /// Products whose mappings are named after them.
  private static let datasets: Set<String> = [
    "apache", "caddy", "envoy", "gitlab", "keycloak", "mongodb", "nextcloud", "nginx",
    "openproject", "postgresql", "synapse", "traefik",
  ]

  /// Frameworks whose applications are told by the name of their log, program, container or service.
  private static let applications: [String: [String]] = [
    "django": ["django"], "jvm": ["java", "jvm", "tomcat"], "nodejs": ["node"],
    "opencanary": ["opencanary"], "python": ["python"], "ruby_on_rails": ["rails", "ruby", "puma"],
    "spring": ["spring", "java"], "sql": ["sql", "postgres", "mysql", "mariadb"],
    "velocity": ["velocity", "java"],
  ]

  /// The gate of a product and service; `nil` when nothing that is read is such a log.
  static func gate(category: String?, product: String?, service: String?) -> Gate? {
    if product == nil, service == nil { return .always }
    if let category, hostCategories.contains(category), service == nil {
      return product == "linux" ? .always : nil
    }
    // Syslog's services are often named without the system.
    let system = product ?? "linux"
    for row in rows where row.product == system && row.services.contains(service) {
      guard system == "zeek", let service else { return row.gate }
      return .one(of: [service], in: "_path")
    }
    guard let product = product ?? service else { return nil }
    if category == "application", service == nil, let names = applications[product] {
      return .either(
        ["log.source", "process.name", "container.name", "service.name"].map {
          .one(of: names.map { "*\($0)*" }, in: $0)
        })
    }
    guard datasets.contains(product) else { return nil }
    // Which server wrote an access log, its lines do not say.
    let isWeb = category == "webserver" || category == "http" || category == "proxy"
    return isWeb ? .always : .dataset(product)
  }
}

/// A rule's log source as it names it.
struct LogSourceName: Hashable {
  var category, product, service: String?

  /// The name in one word: `windows/process_creation`.
  var description: String {
    [product, category, service].compactMap(\.self).joined(separator: "/")
  }

  /// Whether everything that this one says is said by the other, too.
  func contains(_ other: LogSourceName) -> Bool {
    (category == nil || category == other.category) && (product == nil || product == other.product)
      && (service == nil || service == other.service)
  }
}
