import Bytes
import Documents
import Registers
import Testing

/// The calendar, whose entries become findings, and the checks, which the review prints, say the same of one row.
@Suite struct AgreementTests {
  /// A row that is due, and the check that is about it.
  struct Duty: Sendable, CustomTestStringConvertible {
    let kind, id, check, text: String
    /// The first second that is too late.
    let due: String
    var policy = ""
    var testDescription: String { "\(kind) \(id) \(due)" }
  }

  static let duties: [Duty] = [
    // Of a bare date the last day is in time.
    Duty(
      kind: "rotation", id: "s", check: "rotation-overdue",
      text: "secrets:\n  - {id: s, class: sensitive_key, last_rotated: 2026-09-19}\n",
      due: "2026-10-21T00:00:00Z"),
    Duty(
      kind: "rotation", id: "s", check: "rotation-overdue",
      text:
        "secrets:\n  - {id: s, class: sensitive_key, last_rotated: 2026-09-19T08:00:00Z}\n",
      due: "2026-10-20T08:00:00Z"),
    Duty(
      kind: "rotation", id: "s", check: "rotation-overdue",
      text: "secrets:\n  - {id: s, max_age: 36h, last_rotated: 2026-10-01}\n",
      due: "2026-10-03T12:00:00Z"),
    Duty(
      kind: "backup", id: "b", check: "backup-missed",
      text: "backups:\n  - {id: b, interval: 24h, last_success: 2026-10-05}\n",
      due: "2026-10-07T12:00:00Z"),
    Duty(
      kind: "restore-test", id: "b", check: "restore-test-due",
      text: "backups:\n  - {id: b, restore_tests: [{at: 2025-10-20, environment: staging, "
        + "result: passed}, {at: 2025-12-01, result: passed}]}\n", due: "2026-10-21T00:00:00Z"),
    Duty(
      kind: "drill", id: "tabletop", check: "drill-due",
      text: "drills:\n  - {id: d, kind: tabletop, performed_on: 2026-05-04, result: failed}\n"
        + "  - {id: e, kind: recovery, performed_on: 2026-10-30}\n", due: "2026-11-03T00:00:00Z"),
    // What the policy asks for is not put off by a later day in the row.
    Duty(
      kind: "attestation", id: "a", check: "attestation-due",
      text: "people:\n  - {id: p-1}\nattestations:\n  - {id: a, clause: row-117, owner: p-1, "
        + "performed_on: 2025-10-20, next_due: 2027-10-20, link: x}\n", due: "2026-10-21T00:00:00Z"),
    Duty(
      kind: "policy-review", id: "p", check: "policy-review-due",
      text: "policies:\n  - {id: p, reviewed_on: 2025-10-20}\n", due: "2026-10-21T00:00:00Z"),
    Duty(
      kind: "request", id: "r", check: "dsr-overdue",
      text: "requests:\n  - {id: r, kind: access, received_at: 2026-09-24}\n",
      due: "2026-10-25T00:00:00Z"),
    // A weakness that touches clients has a time of its own, and only when it is critical.
    Duty(
      kind: "notification", id: "i/client", check: "vuln-client-notice",
      text:
        "incidents:\n  - {id: i, kind: vulnerability, severity: critical, client_affected: true, "
        + "detected_at: 2026-10-20T08:00:00Z, acknowledged_at: 2026-10-20T08:00:00Z}\n",
      due: "2026-10-23T08:00:00Z"),
    Duty(
      kind: "notification", id: "i/regulator", check: "notification-late",
      text: "incidents:\n  - {id: i, severity: high, personal_data: true, "
        + "detected_at: 2026-10-20, acknowledged_at: 2026-10-20}\n", due: "2026-10-24T00:00:00Z"),
    Duty(
      kind: "access-review", id: "git/2026-09", check: "access-review-overdue",
      text: "people:\n  - {id: p-1, roles: [\"approver:contractor\"]}\n  - {id: p-2}\nreviews:\n"
        + "  - {system: git, month: 2026-08, reviewed_by: p-1, reviewed_at: 2026-09-02}\n"
        // Signed in time, by somebody who may not.
        + "  - {system: git, month: 2026-09, reviewed_by: p-2, reviewed_at: 2026-10-02}\n",
      due: "2026-10-06T00:00:00Z"),
  ]

  /// When something is due that is open at a moment, by kind and id.
  private func dues(_ registers: Registers, at moment: Int64) -> [String: Int64] {
    var cursor = CalendarCursor(Calendar(registers))
    cursor.begin(at: moment)
    var found: [String: Int64] = [:]
    while let entry = cursor.next(by: moment) {
      let duty = entry.obligation
      if entry.stage == .open { found["\(duty.kind.rawValue) \(duty.id)"] = duty.due }
    }
    return found
  }

  @Test(arguments: duties)
  func `what is due is late for the calendar and for its check at one moment`(_ duty: Duty) throws {
    let registers = try registers(duty.text)
    let due = try time(duty.due)
    let found = dues(registers, at: due - 3_600_000_000_000)
    #expect(found["\(duty.kind) \(duty.id)"] == due, "\(found)")
    func isLate(_ moment: Int64) -> Bool {
      registers.checks(at: moment).filter { $0.id == duty.check }
        .contains { $0.exceptions.contains { !$0.isWarning } }
    }
    #expect(isLate(due + 1_000_000_000))
    // Who may not sign is told at once.
    if duty.kind != "access-review" { #expect(!isLate(due - 1_000_000_000)) }
  }

  @Test func `a system's accounts are reviewed for each whole month in which it is there`() throws {
    let registers = try registers(
      """
      infrastructure:
        - {id: git, valid_from: 2026-08-15, valid_to: 2026-10-31}
      people:
        - {id: p-1, accounts: {git: [ann]}}
      reviews:
        - {system: other, month: 2026-01, reviewed_by: p-1, reviewed_at: 2026-01-20}
      """)
    var asked: [String] = []
    for month in ["2026-08", "2026-09", "2026-10", "2026-11"] {
      let moment = try time(month + "-20T00:00:00Z")
      if dues(registers, at: moment)["access-review git/\(month)"] != nil { asked.append(month) }
    }
    #expect(asked == ["2026-09", "2026-10"])
    for (moment, month) in [("2026-10-07", "2026-09"), ("2026-11-07", "2026-10")] {
      let check = try #require(
        registers.checks(at: try time(moment + "T00:00:00Z"))
          .first { $0.id == "access-review-overdue" })
      #expect(check.exceptions.contains { $0.subject == "git" && $0.message.contains(month) })
    }
    let before = registers.checks(at: try time("2026-09-07T00:00:00Z"))
      .first { $0.id == "access-review-overdue" }
    #expect(before?.exceptions.contains { $0.subject == "git" } == false)
  }

  @Test func `only the systems that the policy lists are reviewed`() throws {
    let policy = try Policy(
      .init(
        file: "policy.yaml",
        text: "review:\n  systems: {value: [git], reason: the others are for tests}\n"
      ))
    let registers = try registers(
      "people:\n  - {id: p-1, accounts: {git: [ann], chat: [ann]}}\nreviews: [{system: git, month: 2026-09}]\n",
      policy: policy)
    let found = dues(registers, at: try time("2026-10-20T00:00:00Z"))
    #expect(found.keys.filter { $0.hasPrefix("access-review chat") } == [])
    #expect(found["access-review git/2026-10"] != nil)
  }

  @Test func `what was done after a moment hides nothing that was due before it`() throws {
    let registers = try registers(
      """
      drills:
        - {id: d-1, kind: tabletop, performed_on: 2026-03-01}
        - {id: d-2, kind: tabletop, performed_on: 2026-12-01}
      backups:
        - {id: b, restore_tests: [{at: 2025-09-01, environment: staging, result: passed},
           {at: 2026-12-01, environment: staging, result: passed}]}
      attestations:
        - {id: a-1, clause: row-117, performed_on: 2025-09-01}
        - {id: a-2, clause: row-117, performed_on: 2026-12-01}
      """)
    let found = dues(registers, at: try time("2026-08-30T00:00:00Z"))
    #expect(found["drill tabletop"] == (try time("2026-08-31T00:00:00Z")))
    #expect(found["restore-test b"] == (try time("2026-09-02T00:00:00Z")))
    #expect(found["attestation a-1"] == (try time("2026-09-02T00:00:00Z")))
    let late = Calendar(registers)
    // The clause was vouched for again, so the first attestation asks for nothing more.
    #expect(
      !late.stands(
        kind: "attestation", id: "a-1", due: try time("2026-09-02T00:00:00Z"),
        at: try time("2026-12-02T00:00:00Z")))
  }

  @Test func `an exception is over when one for the same that lasts longer is approved`() throws {
    func row(_ id: String, until: String, at: String, control: String = "row-7") -> String {
      "  - {id: \(id), type: exception, subject: git, control: \(control), from: 2026-09-01, until: \(until), "
        + "approved_by: p-1, approved_at: \(at), ref: x}\n"
    }
    let registers = try registers(
      "people:\n  - {id: p-1, roles: [\"approver:contractor\"]}\napprovals:\n"
        + row("x-1", until: "2026-10-10", at: "2026-08-30")
        + row("x-2", until: "2026-10-20", at: "2026-10-05")
        + row("x-3", until: "2026-10-20", at: "2026-10-08")
        + row("x-4", until: "2026-10-30", at: "2026-10-01", control: "row-8"))
    let calendar = Calendar(registers)
    func stands(_ id: String, _ due: String) throws -> Bool {
      let moment = try time(due + "T00:00:00Z")
      return calendar.stands(kind: "exception", id: id, due: moment, at: moment)
    }
    #expect(try !stands("x-1", "2026-10-11"))
    #expect(try stands("x-2", "2026-10-21"))
    #expect(try stands("x-3", "2026-10-21"))
    #expect(try stands("x-4", "2026-10-31"))
  }
}
