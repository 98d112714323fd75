import Bytes
import Documents
import Events
import Registers

/// Amsterdam's summer of 2026 as a zone: two hours ahead from 29 March, one hour otherwise.
struct SummerZone: CivilZone {
  private static let begins: Int64 = 1_774_746_000  // 2026-03-29T01:00:00Z
  private static let ends: Int64 = 1_792_890_000  // 2026-10-25T01:00:00Z

  func offsetSeconds(atUTCSeconds utc: Int64) -> Int {
    utc >= SummerZone.begins && utc < SummerZone.ends ? 7200 : 3600
  }

  func utcSeconds(ofLocalSeconds local: Int64) -> Int64 {
    let summer = local - 7200
    return offsetSeconds(atUTCSeconds: summer) == 7200 ? summer : local - 3600
  }
}

/// The examples of the design, as one file.
let example = """
  people:
    - {id: p-001, name: Dana Reyes, kind: employee, employment: {start: 2024-02-01, end: 2026-11-30},
       roles: ["approver:contractor"], accounts: {"*": [dana], gitlab: [dana.reyes, kim]}}
    - {id: s-010, name: Backup job, kind: service, accounts: {"*": [backup]}, owner: p-001}
  contractors:
    - id: c-007
      name: Kim Osei
      company: Osei Consulting
      accounts: {"*": [kim]}
      engagement: {start: 2026-09-01, end: 2026-10-10}
      renewals:
        - {until: 2026-11-21, approved_by: p-001, approved_at: 2026-10-08T10:00:00Z,
           channel: matrix, ref: "$abc:example.org"}
      scope: {systems: [db9, "web*"], environments: [staging, production],
              actions: ["auth.*", "http.*"], hours: "Mon-Fri 08:00-19:00", countries: [NL, DE]}
    - id: c-008
      accounts: {"*": [lee]}
      engagement: {start: 2026-09-01, end: 2026-09-30}
      offboarding: {completed_at: 2026-09-20T12:00:00Z, ref: WP-1}
  infrastructure:
    - {id: web1, kind: host, names: [web1, web1.example.org, "*.apps.example.org"],
       addresses: [10.0.0.4, "2001:db8::/32"], environment: staging, owner: p-001,
       valid_from: 2024-01-01}
    - {id: db1, kind: host, names: [db1, "db-*-old"], environment: production, owner: p-001,
       valid_to: 2026-10-31}
    - {id: new1, names: [new1], owner: p-001, valid_from: 2027-01-01}
    - {id: office, kind: network, addresses: [192.0.2.0/24], environment: corporate, owner: p-001}
  tools:
    - {id: gitlab, name: GitLab, domains: [git.example.org], status: approved, introduced_by: p-001,
       introduced_on: 2024-01-10,
       approval: {by: p-001, at: 2024-02-05, channel: email, ref: "<m1@example.org>"}}
    - {id: drop, domains: ["*.drop.example"], status: personal-cloud}
  approvals:
    - {id: a-031, type: scope, subject: c-007, systems: [db1], environments: [production],
       from: 2026-10-02, until: 2026-10-04, approved_by: p-001,
       approved_at: 2026-10-02T15:00:00Z, ref: WP-398}
    - {id: a-032, type: scope, subject: c-007, systems: ["*"], from: 2026-10-05, until: 2026-10-06,
       approved_by: c-007, approved_at: 2026-10-01T15:00:00Z, ref: WP-399}

  """

/// The registers of one text.
func registers(
  _ text: String, zone: any CivilZone = FixedZone.utc, policy: Policy = .defaults
) throws -> Registers {
  try Registers([("registers.yaml", text)], zone: zone, policy: policy) { name in
    name == "Europe/Amsterdam" ? SummerZone() : nil
  }
}

/// Nanoseconds of an instant.
func time(_ text: String) throws -> Int64 {
  guard let time = RFC3339.nanoseconds(of: text) else { throw NotAnInstant(text: text) }
  return time
}

struct NotAnInstant: Error { let text: String }

/// An event with fields, joined.
func joined(
  _ registers: Registers, at instant: String, system: StaticString? = nil,
  environment: StaticString? = nil, _ fields: [(Field, StaticString)]
) throws -> Joined {
  let event = Event()
  event.reset(line: .empty)
  event.time = try time(instant)
  for (field, text) in fields { event.set(field, text) }
  registers.join(
    event,
    source: SourceContext(
      system: system.map { ByteView($0) }, environment: environment.map { ByteView($0) }),
    cache: JoinCache())
  return Joined(registers: registers, event: event)
}

/// An event and the registers that its texts are views of.
struct Joined {
  let registers: Registers
  let event: Event

  /// A text field as a string.
  func string(_ field: Field) -> String? {
    withExtendedLifetime(registers) { event.text(field)?.string }
  }

  /// An integer field.
  func integer(_ field: Field) -> Int64? {
    if case .integer(let value)? = event[field] { value } else { nil }
  }

  /// Whether the event has a field.
  func has(_ field: Field) -> Bool { event.has(field) }
}
