import Events

/// Which events a Sigma log source stands for, as data.
enum LogSource {
  /// A condition that an event of a log source meets.
  indirect enum Gate {
    /// Any event.
    case always
    /// The field is one of these, in any case.
    case equals(Field, [String])
    /// The field begins with one of these.
    case begins(Field, [String])
    /// The field is there.
    case present(Field)
    /// One of several.
    case either([Gate])
  }

  /// Sigma's categories.
  static let categories: [String: Gate] = [
    "access": .always,
    "application": .always,
    "http": .equals(.eventCategory, ["http"]),
    "webserver": .equals(.eventCategory, ["http"]),
    "proxy": .equals(.eventCategory, ["http"]),
    "authentication": .equals(.eventCategory, ["authentication"]),
  ]

  private static let linux: [String: [String]] = [
    "sshd": ["sshd", "sshd-session", "sshd-auth"], "sudo": ["sudo"], "su": ["su"],
    "cron": ["cron", "crond"], "clamav": ["clamd", "clamav", "freshclam", "clamscan"],
    "vsftpd": ["vsftpd"], "guacamole": ["guacd", "guacamole"], "systemd": ["systemd"],
    "logind": ["systemd-logind"],
  ]

  private static let authenticationPrograms = [
    "sshd", "sshd-session", "sshd-auth", "sudo", "su", "login", "systemd-logind", "polkitd",
    "useradd", "usermod", "userdel", "groupadd", "groupmod", "passwd", "chage", "gpasswd",
  ]

  /// The gate of a product and service; `nil` when no mapping reads that log.
  static func gate(product: String?, service: String?) -> Gate? {
    switch (product, service) {
    case (nil, nil): return .always
    case ("linux", nil), ("linux", "syslog"), (nil, "syslog"): return .present(.processName)
    case ("linux", "auth"), (nil, "auth"):
      return .either([
        .equals(.eventCategory, ["authentication"]),
        .equals(.processName, authenticationPrograms),
      ])
    case ("linux", let service?), (nil, let service?):
      return linux[service].map {
        .either([.equals(.processName, $0), .begins(.eventDataset, [service])])
      }
    case ("aws", "cloudtrail"): return .equals(.eventDataset, ["cloudtrail"])
    case ("gitlab", _): return .begins(.eventDataset, ["gitlab"])
    case ("kubernetes", nil), ("kubernetes", "audit"):
      return .begins(.eventDataset, ["kubernetes"])
    case (let product?, nil) where datasets.contains(product):
      return .begins(.eventDataset, [product])
    default: return nil
    }
  }

  /// Products whose mappings are named after them.
  private static let datasets = [
    "apache", "caddy", "envoy", "keycloak", "mongodb", "nextcloud", "nginx", "openproject",
    "postgresql", "synapse", "traefik",
  ]

  /// The names that Sigma's web log sources use, and ours for the same thing.
  private static let webNames: [String: String] = [
    "cs-uri-query": "url.query", "c-uri-query": "url.query", "cs-uri-stem": "url.path",
    "c-uri-stem": "url.path", "c-uri": "url.original", "cs-uri": "url.original",
    "cs-method": "http.request.method", "sc-status": "http.response.status_code",
    "sc-bytes": "http.response.body.bytes", "cs-user-agent": "user_agent.original",
    "c-useragent": "user_agent.original", "cs-host": "url.domain", "r-dns": "url.domain",
    "cs-referer": "http.request.referrer", "cs-referrer": "http.request.referrer",
    "c-ip": "source.ip", "src_ip": "source.ip", "dst_ip": "destination.ip",
    "cs-username": "user.name",
  ]

  /// Our name for a field of a rule.
  static func fieldName(_ name: String, category: String?) -> String {
    switch category {
    case "webserver", "proxy", "http": webNames[name] ?? name
    default: name
    }
  }
}

extension LogSource.Gate {
  /// The gate as part of a rule; `nil` for any event.
  var expression: Expression? {
    switch self {
    case .always: nil
    case .equals(let field, let values): .any(values.map { Self.test(field, SigmaText($0)) })
    case .begins(let field, let values): .any(values.map { Self.test(field, SigmaText($0 + "*")) })
    case .present(let field): .test(Test(field: field, matcher: .exists))
    case .either(let gates): .any(gates.compactMap(\.expression))
    }
  }

  private static func test(_ field: Field, _ text: SigmaText) -> Expression {
    .test(Test(field: field, matcher: .text(text, isCased: false, number: nil)))
  }
}
