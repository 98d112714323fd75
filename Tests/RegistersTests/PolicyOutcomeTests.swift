import Documents
import Foundation
import Registers
import Testing

/// What changes when a number of the policy changes.
@Suite struct PolicyOutcomeTests {
  func policy(_ text: String) throws -> Policy {
    try Policy(Document(file: "policy.yaml", text: text))
  }

  /// Registers, a check, and how many exceptions it has by the defaults and by another policy.
  struct Case: Sendable, CustomTestStringConvertible {
    let check: String, policy: String
    let registers: String
    let before: Int, after: Int
    var testDescription: String { "\(check) by \(policy)" }
  }

  static func weakness(_ severity: String) -> String {
    Scenarios.incident(
      "kind: vulnerability, severity: \(severity), detected_at: 2026-10-29T12:00:00Z, "
        + "acknowledged_at: 2026-10-29T12:01:00Z, contained_at: 2026-10-29T12:02:00Z")
  }

  static func handled(_ severity: String, _ rest: String) -> String {
    Scenarios.incident("severity: \(severity), detected_at: 2026-10-26T12:00:00Z, \(rest)")
  }

  static func vouched(_ clause: String, on day: String) -> String {
    cast + "attestations:\n  - {id: a, clause: \(clause), statement: S, owner: p-2, link: x, "
      + "performed_on: \(day), signed_by: p-1}\n"
  }

  static func restored(into environment: String) -> String {
    cast + "backups:\n  - {id: b, systems: [db], owner: p-2, restore_tests: [{at: 2026-09-01, "
      + "environment: \(environment), result: passed, ref: W}]}\n"
  }

  static let cases: [Case] = [
    Case(
      check: "vuln-overdue", policy: "vulnerability: {critical: {value: 1d, reason: x}}",
      registers: weakness("critical"), before: 0, after: 1),
    Case(
      check: "vuln-overdue", policy: "vulnerability: {high: {value: 2d, reason: x}}",
      registers: weakness("high"), before: 0, after: 1),
    Case(
      check: "vuln-overdue", policy: "vulnerability: {medium: {value: 2d, reason: x}}",
      registers: weakness("medium"), before: 0, after: 1),
    Case(
      check: "vuln-overdue", policy: "incident: {low: {resolve_days: {value: 1, reason: x}}}",
      registers: weakness("low"), before: 0, after: 1),
    // Of other incidents the clocks are those of row-62 alone.
    Case(
      check: "response-sla-breach", policy: "vulnerability: {critical: {value: 90d, reason: x}}",
      registers: handled(
        "critical",
        "acknowledged_at: 2026-10-26T12:10:00Z, contained_at: 2026-10-26T12:20:00Z, "
          + "resolved_at: 2026-10-28T12:00:00Z"), before: 1, after: 1),
    Case(
      check: "response-sla-breach",
      policy: "incident: {critical: {acknowledge: {value: 1m, reason: x}}}",
      registers: handled(
        "critical",
        "acknowledged_at: 2026-10-26T12:10:00Z, contained_at: 2026-10-26T12:20:00Z, "
          + "resolved_at: 2026-10-26T13:00:00Z"), before: 0, after: 1),
    Case(
      check: "response-sla-breach",
      policy:
        "incident: {critical: {contain: {value: 1m, reason: x}, resolve: {value: 1m, reason: x}}}",
      registers: handled(
        "critical",
        "acknowledged_at: 2026-10-26T12:10:00Z, contained_at: 2026-10-26T12:20:00Z, "
          + "resolved_at: 2026-10-26T13:00:00Z"), before: 0, after: 2),
    Case(
      check: "response-sla-breach",
      policy:
        "incident: {high: {acknowledge: {value: 1m, reason: x}, contain: {value: 1m, reason: x}, "
        + "resolve: {value: 1m, reason: x}}}",
      registers: handled(
        "high",
        "acknowledged_at: 2026-10-26T12:10:00Z, contained_at: 2026-10-26T12:20:00Z, "
          + "resolved_at: 2026-10-26T13:00:00Z"), before: 0, after: 3),
    Case(
      check: "response-sla-breach",
      policy: "incident: {medium: {acknowledge_days: {value: 0, reason: x}, "
        + "contain_days: {value: 0, reason: x}, resolve_days: {value: 0, reason: x}}}",
      registers: handled(
        "medium",
        "acknowledged_at: 2026-10-27T12:00:00Z, contained_at: 2026-10-27T13:00:00Z, "
          + "resolved_at: 2026-10-27T14:00:00Z"), before: 0, after: 3),
    Case(
      check: "response-sla-breach",
      policy: "incident: {low: {acknowledge_days: {value: 0, reason: x}, "
        + "contain_days: {value: 0, reason: x}, resolve_days: {value: 0, reason: x}}}",
      registers: handled(
        "low",
        "acknowledged_at: 2026-10-27T12:00:00Z, contained_at: 2026-10-27T13:00:00Z, "
          + "resolved_at: 2026-10-27T14:00:00Z"), before: 0, after: 3),
    Case(
      check: "attestation-due", policy: "training: {interval: {value: 30d, reason: x}}",
      registers: vouched("row-81", on: "2026-09-01"), before: 0, after: 1),
    Case(
      check: "attestation-due", policy: "scan: {interval: {value: 92d, reason: x}}",
      registers: vouched("row-31", on: "2026-09-01"), before: 1, after: 0),
    Case(
      check: "attestation-due", policy: "image: {scan_interval: {value: 92d, reason: x}}",
      registers: vouched("row-94", on: "2026-09-01"), before: 1, after: 0),
    Case(
      check: "attestation-due", policy: "attestation: {days: {value: 30, reason: x}}",
      registers: vouched("row-101", on: "2026-09-01"), before: 0, after: 1),
    Case(
      check: "restore-test-due",
      policy: "infrastructure: {production: {value: [\"Customers*\"], reason: x}}",
      registers: restored(into: "customers-eu"), before: 0, after: 1),
    Case(
      check: "restore-test-due",
      policy: "infrastructure: {production: {value: [customers], reason: x}}",
      registers: restored(into: "Production"), before: 1, after: 0),
    Case(
      check: "flow-unexplained",
      policy: "infrastructure: {production: {value: [customers], reason: x}}",
      registers: "flows:\n  - {from: staging, to: customers}\n", before: 0, after: 1),
  ]

  @Test(arguments: cases)
  func `a check goes by the policy's number`(_ one: Case) throws {
    for (policy, count) in [(.defaults, one.before), (try policy(one.policy), one.after)] {
      let checks = try registers(one.registers, policy: policy).checks(
        at: try time("2026-11-01T12:00:00Z"))
      let found = checks.filter { $0.id == one.check }.flatMap(\.exceptions)
        .filter { !$0.isWarning }
      #expect(found.count == count, "\(found.map(\.message))")
    }
  }

  @Test(arguments: [
    (
      "policy-review-due", "document: {warn_days: {value: 92, reason: x}}",
      "policies:\n  - {id: pol, title: P, reviewed_on: 2026-01-10}\n"
    ),
    (
      "vendor-review-due", "vendor: {warn_days: {value: 92, reason: x}}",
      cast + "subprocessors:\n  - {id: sub, owner: p-2, reviewed_on: 2026-01-10}\n"
    ),
    (
      "recovery-unproven", "drill: {warn: {value: 150d, reason: x}}",
      "infrastructure:\n  - {id: db, rto: 1h, runbook: W-1}\ndrills:\n"
        + "  - {id: d, kind: recovery, systems: [db], performed_on: 2026-09-01, result: passed}\n"
    ),
  ])
  func `how long before it is due something is told of is the policy's`(
    _ check: String, _ text: String, _ rows: String
  ) throws {
    for (policy, count) in [(.defaults, 0), (try policy(text), 1)] {
      let found = try registers(rows, policy: policy).checks(at: try time("2026-11-01T12:00:00Z"))
        .filter { $0.id == check }.flatMap(\.exceptions).filter(\.isWarning)
      #expect(found.count == count, "\(found.map(\.message))")
    }
  }

  @Test func `the calendar goes by the same numbers`() throws {
    func due(_ kind: Obligation.Kind, _ text: String, _ policy: Policy) throws -> String? {
      let calendar = Calendar(try registers(text, policy: policy))
      var cursor = CalendarCursor(calendar)
      cursor.begin(at: try time("2026-08-01T00:00:00Z"))
      while let entry = cursor.next(by: .max - 1) {
        if entry.obligation.kind == kind {
          return RFC3339.text(nanoseconds: entry.obligation.due)
        }
      }
      return nil
    }
    let high = PolicyOutcomeTests.weakness("high")
    let quick = try policy("vulnerability: {high: {value: 2d, reason: x}}")
    #expect(try due(.incidentResolve, high, .defaults) == "2026-11-28T12:00:00Z")
    #expect(try due(.incidentResolve, high, quick) == "2026-10-31T12:00:00Z")
    let trained = PolicyOutcomeTests.vouched("row-81", on: "2026-09-01")
    let monthly = try policy("training: {interval: {value: 30d, reason: x}}")
    #expect(try due(.attestation, trained, .defaults) == "2026-12-03T00:00:00Z")
    #expect(try due(.attestation, trained, monthly) == "2026-10-02T00:00:00Z")
    // A test that went into production is none, whatever production is called.
    let restored = PolicyOutcomeTests.restored(into: "customers")
    let ours = try policy("infrastructure: {production: {value: [customers], reason: x}}")
    let tested = try due(.restoreTest, restored, .defaults)
    #expect(tested == "2027-09-02T00:00:00Z")
    #expect(try due(.restoreTest, restored, ours) != tested)
  }

  // MARK: - What detectors are told

  @Test func `a placeholder is the entry, or what follows from entries`() throws {
    let text = """
      slo: {budget: {value: 0.01, reason: x}, slow_factor: {value: 2.5, reason: x}}
      tls: {version_min: {value: 1.3, reason: x}}
      change: {protected_branches: {value: [], reason: x}}
      """
    let ours = try policy(text)
    let defaults = Policy.defaults
    #expect(defaults.placeholder("slo.fast_share") == "0.014400000")
    #expect(defaults.placeholder("slo.slow_share") == "0.006000000")
    #expect(ours.placeholder("slo.fast_share") == "0.144000000")
    #expect(ours.placeholder("slo.slow_share") == "0.025000000")
    #expect(defaults.placeholder("tls.versions_old") == "SSLv2, SSLv3, 1.0, 1.1")
    #expect(ours.placeholder("tls.versions_old") == "SSLv2, SSLv3, 1.0, 1.1, 1.2")
    #expect(defaults.placeholder("contractor.days_max") == "42")
    // A list of nothing is no value called `none`.
    #expect(ours.placeholder("change.protected_branches")?.isEmpty == true)
    #expect(defaults.placeholder("tls.version") == nil)
    let huge = try policy(
      "slo: {budget: {value: 1000000000, reason: x}, fast_factor: {value: 1000000000, reason: x}}")
    #expect(huge.placeholder("slo.fast_share") == "1000000000.000000000")
  }

  @Test(arguments: [
    ["80", "443"], ["443"], [], ["0"], ["1", "10", "100", "1000", "10000"],
    ["22", "8443", "65535"],
    ["4", "44", "443", "4433", "44330"],
  ])
  func `the pattern of other ports fits every other port and range`(_ ports: [String]) throws {
    let ours = try policy("port: {public: {value: [\(ports.joined(separator: ", "))], reason: x}}")
    let pattern = try #require(ours.placeholder("port.ranges_beyond"))
    let expression = try NSRegularExpression(pattern: #"^(?:\#(pattern))(?:\b|, )"#)
    func fits(_ text: String) -> Bool {
      expression.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }
    for port in 0...65_535 {
      // Alone the beginning of a range says enough when it is no public port.
      let isPublic = ports.contains("\(port)")
      #expect(fits("\(port)") == !isPublic, "\(port)")
      guard isPublic else { continue }
      #expect(!fits("\(port), \"toPort\": \(port)"))
      for end in [port + 1, port + 10, port * 10, 65_535] where end != port {
        #expect(fits("\(port),\"toPort\":\(end)"), "\(port) to \(end)")
      }
    }
    #expect(fits("-1"))
  }

  @Test(arguments: [
    (
      "port: {public: {value: [https], reason: x}}",
      "`port.public` has `https`; write a port such as 443"
    ),
    (
      "port: {public: {value: [70000], reason: x}}",
      "`port.public` has `70000`; write a port such as 443"
    ),
    (
      "port: {public: {value: [\"080\"], reason: x}}",
      "`port.public` has `080`; write a port such as 443"
    ),
    (
      "incident: {workdays: {value: [Monday], reason: x}}",
      "`incident.workdays` has `Monday`; write Mon, Tue, Wed, Thu, Fri, Sat, Sun"
    ),
  ])
  func `a list that is more than words says what it wants`(_ text: String, _ fault: String) throws {
    let problems = try #require(throws: Problems.self) { try policy(text) }
    #expect(problems.description.hasSuffix(fault))
  }
}
