import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// What the twins of the read stage have in common.
enum ReadTwins {
  /// Rules that read closed fields only, and what makes the read stage take another way.
  enum Rules: CaseIterable, Sendable {
    /// Closed fields, also feeding correlations.
    case closed
    /// Beside them fields that no look-up knows.
    case open
    /// A rule that reads what only the join says, and the time.
    case joined
    /// A rule that looks at the whole line.
    case keywords
    /// Rules over words that a line must hold, so that one look may be enough.
    case words
    /// Late rules: with news, and without.
    case late, lateWithoutNews
    /// Rules that read open fields of few actions, and what correlations have beyond Sigma.
    case gated
    /// Rules that need what a key of the event leads to.
    case keyed
    /// Rules that only rates listen to, of which one look is enough and of which it is not.
    case rates
  }

  static let sources = [
    SourceContext.none,
    SourceContext(system: ByteView("web1"), environment: ByteView("staging")),
    SourceContext(system: ByteView("db1")),
    SourceContext(system: ByteView("nowhere")),
  ]

  static func context(_ kind: LogWriter.Kind) -> LineContext {
    let format: LineFormat =
      switch kind {
      case .sshd: .rfc3164
      case .json: .json
      case .access: .access
      case .vpn: .rfc5424
      case .csvlog: .csvlog
      case .squid: .squid
      }
    return LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_790_812_800), source: ByteView("twin"))
  }

  /// Compares two accounts and shows the first difference.
  static func compare(_ found: [String], _ wanted: [String], _ note: String) {
    guard found != wanted else { return }
    for (place, pair) in zip(found, wanted).enumerated() where pair.0 != pair.1 {
      Issue.record("\(note), \(place): \(pair.0)\nnot \(pair.1)")
      return
    }
    Issue.record("\(note): \(found.count), not \(wanted.count)")
  }

  static func setup(_ kind: Rules, talliesMonths: Bool = false) throws -> PipelineSetup {
    var table = FieldTable()
    let (mappings, wrong) = MappingLoader.load(
      try Document(file: "mappings.yaml", text: mappings), table: &table)
    var text = rules
    switch kind {
    case .closed: break
    case .open: text += open
    case .joined: text += joined
    case .keywords: text += keywords
    case .words: text += words
    case .late: text += late
    case .lateWithoutNews: text += late + lateWithoutNews
    case .gated: text += gated
    case .keyed: text += keyed
    case .rates: text += rates
    }
    let (loaded, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(wrong.isEmpty && refused.isEmpty, "\(wrong) \(refused)")
    let policy = try Policy(
      Document(
        file: "policy.yaml",
        text: """
          login:
            first_seen:
              warm_up_successes: {value: 2, reason: few are enough here}
              warm_up_days: {value: 1, reason: and soon}
            hour: {successes_min: {value: 5, reason: few are enough here}}
            risk:
              shown: {value: 0.2, reason: to see more of them}
              alert: {value: 0.7, reason: to learn less}

          """))
    return PipelineSetup(
      registers: try Registers([("registers.yaml", registers)], policy: policy), rules: loaded,
      mappings: mappings, table: table, zone: .utc, tallied: talliesMonths ? nil : 0..<0,
      talliesMonths: talliesMonths)
  }

  private static let mappings = """
    mapping: web
    format: json
    match: {keys: [status]}
    fields:
      "@timestamp": time
      user.name: user
      user_agent.original: http_user_agent
      source.ip: remote_addr
      url.domain: host
      url.original: uri
      http.request.method: request_method
      http.response.status_code: status
      tool.name: tool
      credential.id: key
      user.target.name: target
      destination.port: port
      role.name: role
      user.email: mail
      client.id: client
    ages: {thing.age_seconds: began}
    ---
    mapping: proxy
    format: json
    match: {keys: [proxy]}
    fields: {"@timestamp": time, user.name: user, source.ip: remote_addr, url.domain: host}
    set: {event.category: proxy, event.action: http.request, event.outcome: success}
    ---
    mapping: claims
    format: json
    match: {keys: [kind, action]}
    fields:
      {"@timestamp": time, user.name: user, source.ip: remote_addr, host.name: host,
       event.action: action, event.outcome: result, tool.name: tool, credential.id: key, user.target.name: target, destination.port: port, role.name: role}
    cases:
      - {when: {kind: contractor}, set: {event.reason: claimed}, fields: {user.target.name: [target, user]}}
    ---
    mapping: app
    format: json
    match: {keys: [action]}
    fields:
      {"@timestamp": time, user.name: user, source.ip: remote_addr, host.name: host,
       event.action: action, event.outcome: result, tool.name: tool, credential.id: key, user.target.name: target, destination.port: port, role.name: role}
    ---
    mapping: database
    format: json
    match: {keys: [error_severity, session_id]}
    fields:
      {"@timestamp": timestamp, user.name: user, source.ip: remote_host, source.port: remote_port,
       message: message, event.reason: state_code}
    cases:
      - {when: {state_code: [28P01, "28000"]}, set: {event.action: auth.login, event.outcome: failure}}
      - {when: {message: "connection authorized: *"}, set: {event.action: auth.login, event.outcome: success}}
    ---
    mapping: plain
    format: json
    fields:
      {"@timestamp": time, user.name: user, source.ip: remote_addr, url.domain: host, tool.name: tool, credential.id: key, user.target.name: target, destination.port: port, role.name: role}
    ---
    mapping: vpn
    format: rfc5424
    match: {structured_data: ["auth@32473"]}
    fields: {user.name: auth@32473.user, source.ip: auth@32473.src, event.reason: auth@32473.result}
    cases:
      - {when: {auth@32473.action: login, auth@32473.result: success}, set: {event.action: auth.login, event.outcome: success}}
      - {when: {auth@32473.action: login}, set: {event.action: auth.login, event.outcome: failure}}

    """

  private static let rules = """
    title: Failure
    id: failure
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}
    ---
    title: Success
    id: success
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: success}, condition: a}
    ---
    title: Expired
    id: expired
    logsource: {category: access}
    detection:
      a: {person.status: [expired, offboarded, not-started]}
      b: {event.outcome: success}
      condition: a and b
    ---
    title: Stranger
    id: stranger
    logsource: {category: access}
    subject: [user.name, host.name]
    detection: {a: {person.kind: unlisted}, condition: a}
    ---
    title: Unknown system
    id: unknown
    logsource: {category: access}
    subject: [host.name, url.domain]
    detection:
      a: {system.status: [unlisted, retired]}
      b: {source.infrastructure: unlisted}
      condition: a or b
    ---
    title: Missing
    id: missing
    logsource: {category: access}
    subject: [source.ip, http.response.status_code]
    detection: {a: {event.action: http.request, http.response.status_code: [404, 410, 999, 1000]}, condition: a}
    ---
    title: Without a status
    id: statusless
    logsource: {category: access}
    detection:
      a: {event.action: http.request}
      b: {http.response.status_code|gt: 0}
      condition: a and not b
    ---
    title: Tool
    id: tool
    logsource: {category: access}
    detection: {a: {tool.status: [proposed, personal-cloud, retired]}, condition: a}
    ---
    title: Outside
    id: outside
    logsource: {category: access}
    subject: [person.id, system.name, access.scope_reason]
    detection:
      a: {person.kind: contractor, access.scope: [outside, unscoped]}
      b: {access.approval|exists: true}
      condition: a and not b
    ---
    title: Forbidden way
    id: way
    logsource: {category: access}
    detection: {a: {flow.status: [forbidden, allowed]}, condition: a}
    ---
    title: Reached from outside
    id: reached
    logsource: {category: access}
    subject: [system.name]
    detection:
      a: {source.infrastructure: external, system.status: listed}
      b: {system.internet_facing: "true"}
      condition: a and not b
    ---
    title: Tool of nobody
    id: tool-of-nobody
    logsource: {category: access}
    detection: {a: {tool.status: unlisted}, condition: a}
    ---
    title: Approved or excepted
    id: approved
    logsource: {category: access}
    subject: [access.approval, access.approval_type, access.exception]
    detection:
      a: {access.approval_type: [prod_db, exception]}
      b: {access.exception: row-38}
      condition: a or b
    ---
    title: Approved late
    id: late-approval
    logsource: {category: access}
    subject: [access.approval_late]
    detection: {a: {access.approval_late|exists: true}, condition: a}
    ---
    title: Guessing
    id: guessing
    correlation: {type: event_count, rules: [failure], group-by: [source.ip], timespan: 1d, condition: {gte: 4}}
    ---
    title: Guessing at somebody
    id: guessing-person
    correlation: {type: event_count, rules: [failure, stranger], group-by: [person.id], timespan: 1d, condition: {gte: 3}}
    ---
    title: Spraying
    id: spraying
    correlation:
      {type: value_count, rules: [failure], group-by: [source.ip], timespan: 2d, condition: {field: user.name, gte: 5}}
    ---
    title: In at last
    id: in-at-last
    correlation:
      {type: temporal_ordered, rules: [guessing, success], group-by: [source.ip], timespan: 2d}

    """

  private static let open = """
    ---
    title: Root
    id: root
    logsource: {category: access}
    detection: {a: {user.name|startswith: [root, guess1]}, b: {http.response.status_code|gte: 403}, condition: a or b}
    ---
    title: Short
    id: short
    logsource: {category: access}
    detection: {a: {source.ip|cidr: 203.0.113.0/24, event.outcome: success}, condition: a}
    ---
    title: Young
    id: young
    logsource: {category: access}
    detection: {a: {thing.age_seconds|lt: 172800}, b: {thing.age_seconds: 0}, condition: a or b}

    """

  private static let joined = """
    ---
    title: Person on a system
    id: person-system
    logsource: {category: access}
    detection: {a: {person.kind: employee, system.id: web1, user.name|contains: a}, condition: a}
    ---
    title: Noon
    id: noon
    logsource: {category: access}
    detection: {a: {'@timestamp|contains': 'T12:00:00'}, condition: a}

    """

  private static let keywords = """
    ---
    title: Words
    id: words
    logsource: {category: access}
    detection: {a: [guess7, '*publickey for kim*'], condition: a}

    """

  private static let words = """
    ---
    title: Names
    id: names
    logsource: {category: access}
    detection: {a: {user.name|contains: [guess1, dana.rey, 'kim k']}, condition: a}
    ---
    title: A page of a host
    id: page
    logsource: {category: access}
    detection: {a: {url.original|endswith: login, url.domain|re: 'd(rop|own)\\.examp'}, condition: a}
    ---
    title: Of another log
    id: another
    logsource: {product: linux}
    detection: {a: {host.name|contains: [b, d], event.outcome: success}, b: [success], condition: a or b}
    ---
    title: A word
    id: word
    logsource: {category: access}
    detection: {a: [unlisted-host, 'longer-than'], condition: a}

    """

  private static let late = """
    ---
    title: News
    id: news
    logsource: {category: access}
    detection: {a: {event.outcome: success, login.first_seen|exists: true}, condition: a}
    ---
    title: Risk
    id: risk
    logsource: {category: access}
    subject: [login.person, login.network]
    message: "{user.name}: {login.risk}, {login.risk_parts}, {login.hour_probability}"
    detection: {a: {event.outcome: success, login.risk|gte: 0.2}, condition: a}
    ---
    title: News again
    id: news-again
    correlation: {type: event_count, rules: [news], group-by: [user.name], timespan: 5d, condition: {gte: 2}}

    """

  private static let lateWithoutNews = """
    ---
    title: Nothing new
    id: nothing-new
    logsource: {category: access}
    detection:
      a: {event.action: auth.login, event.outcome: success}
      b: {login.first_seen|exists: true}
      condition: a and not b

    """

  private static let rates = """
    ---
    title: Request
    id: request
    logsource: {category: access}
    detection: {a: {event.action: http.request}, condition: a}
    ---
    title: Refused
    id: refused
    logsource: {category: access}
    detection: {a: {event.action: http.request, event.outcome: failure, http.response.status_code|gte: 403}, condition: a}
    ---
    title: Pages
    id: pages
    correlation: {type: value_count, rules: [request], group-by: [source.ip], per: 1h, condition: {field: url.path, gte: 2}}
    ---
    title: Requests of a host
    id: host-requests
    correlation: {type: event_count, rules: [request, success], group-by: [url.domain], per: 1d, condition: {gte: 3}}
    ---
    title: Share
    id: share
    correlation: {type: event_count, rules: [refused, request], group-by: [source.ip], per: 1d, share: {gt: 0.3}, condition: {gte: 1}}
    ---
    title: Share that slides
    id: sliding-share
    correlation: {type: event_count, rules: [refused, request], group-by: [source.ip], per: 2d, step: 2h, share: {gt: 0.1}, condition: {gte: 2}}
    ---
    title: Hosts that slide
    id: sliding-hosts
    correlation: {type: event_count, rules: [success], group-by: [url.domain], per: 6h, step: 30m, condition: {gte: 2}}
    ---
    title: Pages unlike oneself
    id: unlike-itself
    correlation:
      type: value_count
      rules: [request]
      group-by: [source.ip]
      per: 30m
      condition: {field: url.path, gte: 900}
      or-own: {percentile: 50, times: 1, after: 1, from: 1}
    ---
    title: Shown
    id: shown
    logsource: {category: access}
    detection: {a: {http.response.status_code|gte: 403}, condition: a}
    ---
    title: Pages of which one was refused
    id: shown-pages
    correlation: {type: value_count, rules: [request], group-by: [source.ip], per: 4h, condition: {field: url.path, gte: 1}, shows: [shown]}
    ---
    title: Requests of a client
    id: client-requests
    correlation: {type: event_count, rules: [request], group-by: [client.id], per: 1d, condition: {gte: 1}}
    ---
    title: Requests with a query
    id: query-requests
    correlation: {type: event_count, rules: [refused], group-by: [url.query], per: 1d, condition: {gte: 1}}

    """

  private static let gated = """
    ---
    title: Unknown name
    id: unknown-name
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: failure, event.reason: invalid-user}, condition: a}
    ---
    title: Known name
    id: known-name
    logsource: {category: access}
    detection:
      a: {event.action: [auth.login, auth.logout], user.name|exists: true}
      b: {event.reason: invalid-user}
      condition: a and not b
    ---
    title: Password where two are asked for
    id: password
    logsource: {category: access}
    subject: [user.name, system.name]
    detection:
      a: {event.action: auth.login, event.outcome: success, system.mfa_required: "true"}
      b: {authentication.method: publickey}
      condition: a and b
    ---
    title: Web
    id: web-login
    logsource: {category: access}
    detection: {a: {event.action: auth.login, http.response.status_code|gte: 302}, condition: a}
    ---
    title: Bucket
    id: bucket
    correlation: {type: event_count, rules: [failure], group-by: [source.ip], leak: 1h, condition: {gt: 3}}
    ---
    title: Bucket of names
    id: names
    correlation:
      {type: value_count, rules: [unknown-name, failure], group-by: [source.network], leak: 2h,
       condition: {gt: 2, field: user.name}, cancelled-by: [success]}
    ---
    title: Slow
    id: slow
    correlation:
      {type: event_count, rules: [failure], group-by: [source.ip], timespan: 3d, condition: {gte: 3}, median-gap: 10m,
       cancelled-by: [success]}
    ---
    title: Few tries each
    id: few-each
    correlation:
      {type: value_count, rules: [known-name], group-by: [source.network], timespan: 2d,
       condition: {gte: 3, field: user.name}, per-value: {lte: 2}}
    ---
    title: Failed and did not come in
    id: stayed-out
    correlation:
      {type: event_count, rules: [failure], group-by: [user.name], timespan: 6h, condition: {gte: 1}, unless-followed-by: [success]}
    ---
    title: Out of nowhere
    id: out-of-nowhere
    correlation:
      {type: event_count, rules: [success], group-by: [user.name], timespan: 4h, condition: {gte: 1}, unless-preceded-by: [failure]}
    ---
    title: Alone
    id: alone
    correlation:
      {type: event_count, rules: [failure], group-by: [source.ip], timespan: 3h, condition: {gte: 1}, unless-preceded-by: [success],
       unless-followed-by: [success]}
    ---
    title: Goes on
    id: goes-on
    correlation:
      {type: event_count, rules: [known-name], group-by: [user.name], timespan: 2d, lasts: 9h, condition: {gte: 2}}
    ---
    title: Goes on since
    id: goes-on-since
    correlation:
      {type: event_count, rules: [known-name], group-by: [source.network], timespan: 2d, lasts: 1h, condition: {gte: 1}, begins-with: [failure],
       cancelled-by: [unknown-name]}
    ---
    title: Comes back
    id: comes-back
    correlation:
      {type: event_count, rules: [success, failure], group-by: [user.name], timespan: 1d, pause: 2h, condition: {gte: 2}}
    ---
    title: Woken
    id: woken
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: success, login.dormant_days|gte: 30}, condition: a}
    ---
    title: Several that stayed out
    id: several-out
    correlation: {type: value_count, rules: [stayed-out], group-by: [host.name], timespan: 5d, condition: {gte: 2, field: user.name}}

    """

  private static let keyed = """
    ---
    title: Key
    id: key
    logsource: {category: access}
    subject: [secret.id, secret.class, user.name]
    detection: {a: {secret.status: [revoked, expired, unlisted]}, condition: a}
    ---
    title: Task
    id: task
    logsource: {category: access}
    subject: [task.id, user.name]
    detection: {a: {person.kind: contractor, task.id|exists: true}, condition: a}
    ---
    title: Known by an address
    id: addressee
    logsource: {category: access}
    subject: [person.id]
    detection: {a: {user.email|contains: "@example.org"}, b: {person.kind: [employee, contractor]}, condition: a and b}
    ---
    title: Reader
    id: reader
    logsource: {category: access}
    subject: [secret.id, user.name]
    detection: {a: {secret.reader: unlisted}, condition: a}
    ---
    title: Target
    id: target
    logsource: {category: access}
    detection: {a: {target.person.kind: [contractor, unlisted]}, condition: a}
    ---
    title: Role
    id: role
    logsource: {category: access}
    detection: {a: {role.status: unlisted}, b: {target.person.status: active}, condition: a and b}
    ---
    title: Port
    id: port
    logsource: {category: access}
    subject: [system.name, destination.port]
    detection: {a: {port.status: unlisted}, condition: a}
    ---
    title: No administrator
    id: admin
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: success, access.admin: unlisted}, condition: a}
    ---
    title: Confidential from an office
    id: confidential
    logsource: {category: access}
    subject: [source.environment, system.classification]
    detection:
      a: {event.action: [auth.login, auth.logout], system.classification: confidential}
      b: {source.environment: corporate}
      c: {access.deployer: listed}
      condition: a and (b or c)
    ---
    title: Targets
    id: targets
    correlation: {type: event_count, rules: [target], group-by: [target.person.kind], timespan: 1d, condition: {gte: 3}}
    ---
    title: Successes for a target
    id: successes
    correlation:
      {type: value_count, rules: [success], group-by: [target.person.id], timespan: 3d, condition: {field: source.ip, gte: 2}}

    """

  static let registers = """
    people:
      - {id: p-1, name: Dana Reyes, kind: employee, employment: {start: 2024-02-01, end: 2026-10-02},
         roles: ["approver:contractor", "admin:db*", "deployer:staging"], job_role: engineer,
         keys: ["SHA256:own"], emails: [dana@example.org], accounts: {"*": [dana], db1: [dana.reyes, kim], web1: [guess3]}}
      - {id: p-2, name: Noor, kind: employee, employment: {start: 2026-10-02},
         accounts: {"*": [noor, noor-with-a-name-that-is-longer-than-32-bytes, exactly-sixteen-,
                          exactly-thirty-two-bytes-of-name]}}
      - {id: p-3, name: Second Dana, kind: employee, employment: {start: 2026-10-03},
         accounts: {"*": [dana]}}
      - {id: s-10, name: Backup, kind: service, accounts: {"*": [backup], db1: [root]}, owner: p-1}
    contractors:
      - {id: c-1, name: Kim, company: Kim BV, accounts: {"*": [kim]}, emails: [kim@example.org, dana@example.org],
         engagement: {start: 2026-09-01, end: 2026-10-03},
         scope: {systems: [web1], environments: [staging], actions: ["auth.*"],
                 hours: "Mon-Fri 08:00-19:00"}}
      - {id: c-2, accounts: {"*": [lee], web1: [guess4]}, engagement: {start: 2026-09-01, end: 2026-10-30},
         offboarding: {completed_at: 2026-10-03T12:00:00Z, ref: WP-1}}
    infrastructure:
      - {id: web1, kind: host, names: [web1, web1.example.org, "*.apps.example.org"],
         addresses: [10.0.0.4, "2001:db8::/32"], environment: staging, owner: p-1, mfa_required: true,
         internet_facing: true, allowed_ports: ["443"], classification: confidential}
      - {id: db1, kind: host, names: [db1], environment: production, owner: p-1,
         valid_from: 2026-10-02, valid_to: 2026-10-02}
      - {id: db2, kind: host, names: [db2], environment: production, owner: p-1, valid_to: 2026-10-03}
      - {id: new1, names: [new1], owner: p-1, valid_from: 2027-01-01}
      - {id: office, kind: network, addresses: [192.0.2.0/24], environment: corporate, owner: p-1}
    tools:
      - {id: gitlab, name: GitLab, domains: [git.example.org], status: approved, introduced_by: p-1,
         introduced_on: 2024-01-10,
         approval: {by: p-1, at: "2026-10-02T12:00:00Z", channel: email, ref: "<m1@example.org>"}}
      - {id: drop, domains: ["*.drop.example"], oauth_clients: [drop-app], status: personal-cloud}
      - {id: ci, name: CI, images: [registry.example.org], status: proposed, introduced_by: p-1}
    secrets:
      - {id: key-1, class: sensitive_key, keys: [AKIA1], revoked_at: "2026-10-03T12:00:00Z"}
      - {id: key-2, class: service_token, keys: [AKIA2, "SHA256:old"], expires_on: 2026-10-02}
      - {id: key-3, class: other, keys: [AKIA3], valid_to: 2026-10-02, readers: [p-001]}
    roles:
      - {job_role: engineer, grants: {"*": [reader], web1: [owner]}, valid_to: 2026-10-03}
    flows:
      - {from: corporate, to: staging, why: work, valid_to: 2026-10-02}
    approvals:
      - {id: a-1, type: scope, subject: c-1, systems: [db1, db2], environments: [production],
         from: 2026-10-01, until: 2026-10-02, approved_by: p-1,
         approved_at: 2026-10-01T12:00:00Z, ref: WP-398}
      - {id: a-2, type: prod_db, subject: c-1, systems: [db1], from: 2026-10-01, until: 2026-10-03, approved_by: p-1,
         approved_at: 2026-10-02T12:00:00Z, ref: WP-399}
      - {id: a-3, type: exception, subject: p-2, control: row-38, from: 2026-10-02, until: 2026-10-03,
         approved_by: p-1, approved_at: 2026-10-02T12:00:00Z, ref: WP-400}
      - {id: a-4, type: exception, subject: db2, control: row-26, from: 2026-10-01, until: 2026-10-02,
         approved_by: p-1, approved_at: 2026-10-01T12:00:00Z, ref: WP-401}
      - {id: a-5, type: exception, subject: c-2, from: 2026-10-02, until: 2026-10-03, approved_by: p-1,
         approved_at: 2026-10-03T12:00:00Z, ref: WP-402}
      - {id: a-6, type: tool, subject: ci, from: 2026-10-02, until: 2026-10-03, approved_by: p-1,
         approved_at: 2026-10-02T12:00:00Z, ref: WP-403}
    tasks:
      - {id: t-1, assignee: Kim, systems: [web1], from: 2026-10-02, until: 2026-10-02, created_at: 2026-10-01}
      - {id: t-2, assignee: c-1, from: 2026-10-01, until: 2026-10-31, created_at: 2026-10-02T12:00:00Z}
      - {id: t-3, assignee: lee, systems: [db1, db2], from: 2026-10-03, until: 2026-10-03T12:00:00Z, created_at: 2026-10-01}
    """
}
