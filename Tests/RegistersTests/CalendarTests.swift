import Bytes
import Documents
import Registers
import Testing

/// What the registers expect, by time.
@Suite struct CalendarTests {
  /// Every entry from one moment to another, as text.
  private func entries(
    _ registers: Registers, from: String, to: String, cuts: [String] = []
  ) throws -> [String] {
    let calendar = Calendar(registers)
    var cursor = CalendarCursor(calendar)
    cursor.begin(at: try time(from))
    var said: [String] = []
    func read(by end: Int64) {
      while let entry = cursor.next(by: end) {
        let duty = entry.obligation
        said.append(
          "\(RFC3339.text(nanoseconds: entry.time)) \(entry.stage) \(duty.kind.rawValue) "
            + "\(duty.id) \(RFC3339.text(nanoseconds: duty.due))")
      }
    }
    for cut in cuts {
      read(by: try time(cut))
      var writer = SnapshotWriter()
      cursor.write(to: &writer)
      var reader = SnapshotReader(writer.bytes)
      cursor = CalendarCursor(calendar)
      try cursor.read(from: &reader)
    }
    read(by: try time(to))
    return said
  }

  private static let leaver = """
    people:
      - {id: p-001, name: Dana, kind: employee, employment: {start: 2024-02-01}, roles: ["approver:contractor"], accounts: {"*": [dana]}}
    contractors:
      - {id: c-007, accounts: {gitlab: [kim]}, engagement: {start: 2026-09-01, end: 2026-10-10},
         renewals: [{until: 2026-11-10, approved_by: p-001, approved_at: "2026-10-05T10:00:00Z", channel: matrix, ref: m}]}

    """

  @Test func `a contractor's ends, as they stood before each renewal, and what follows the last`()
    throws
  {
    let found = try entries(
      registers(CalendarTests.leaver), from: "2026-09-01T00:00:00Z", to: "2027-01-01T00:00:00Z")
    #expect(
      found == [
        "2026-09-01T00:00:00Z open access-ending c-007 2026-10-11T00:00:00Z",
        "2026-10-04T00:00:00Z warn access-ending c-007 2026-10-11T00:00:00Z",
        "2026-10-05T10:00:00Z met access-ending c-007 2026-10-11T00:00:00Z",
        "2026-10-05T10:00:00Z open access-ending c-007 2026-11-11T00:00:00Z",
        "2026-10-11T00:00:00Z open offboarding c-007/gitlab 2026-11-12T00:00:00Z",
        "2026-11-04T00:00:00Z warn access-ending c-007 2026-11-11T00:00:00Z",
        "2026-11-10T00:00:00Z warn access-ending c-007 2026-11-11T00:00:00Z",
        "2026-11-11T18:00:00Z warn offboarding c-007/gitlab 2026-11-12T00:00:00Z",
      ])
  }

  @Test func `what is open begins with whoever looks, and what is over is not told`() throws {
    let found = try entries(
      registers(CalendarTests.leaver), from: "2026-11-10T12:00:00Z", to: "2026-11-10T13:00:00Z")
    #expect(
      found == [
        "2026-11-10T12:00:00Z open access-ending c-007 2026-11-11T00:00:00Z",
        "2026-11-10T12:00:00Z warn access-ending c-007 2026-11-11T00:00:00Z",
        "2026-11-10T12:00:00Z open offboarding c-007/gitlab 2026-11-12T00:00:00Z",
      ])
    let late = try entries(
      registers(CalendarTests.leaver), from: "2026-11-12T00:00:00Z", to: "2030-01-01T00:00:00Z")
    #expect(late.isEmpty)
  }

  @Test(arguments: [
    ["2026-09-01T00:00:00Z"], ["2026-10-04T00:00:00Z"], ["2026-10-05T10:00:00Z"],
    ["2026-09-15T00:00:00Z", "2026-10-11T00:00:00Z", "2026-11-11T18:00:00Z"],
    ["2026-11-30T00:00:00Z"],
  ])
  func `who stops anywhere and goes on tells each entry once`(_ cuts: [String]) throws {
    let rows = try registers(CalendarTests.all)
    let whole = try entries(rows, from: "2026-09-01T00:00:00Z", to: "2027-03-01T00:00:00Z")
    let parts = try entries(
      rows, from: "2026-09-01T00:00:00Z", to: "2027-03-01T00:00:00Z", cuts: cuts)
    #expect(whole.count > 25)
    #expect(parts.sorted() == whole.sorted())
  }

  private static let all =
    leaver + """
      reviews:
        - {id: r-1, system: gitlab, month: 2026-09, reviewed_by: p-001, reviewed_at: "2026-10-02T10:00:00Z"}
        - {id: r-2, system: gitlab, month: 2026-10, reviewed_by: p-001, reviewed_at: "2026-11-09T10:00:00Z"}
      secrets:
        - {id: s-1, name: Key, class: sensitive_key, last_rotated: "2026-10-01T12:00:00Z", owner: p-001}
      backups:
        - {id: b-1, name: Dump, systems: [db1], jobs: [j], interval: 1h, last_success: "2026-10-01T12:00:00Z", owner: p-001,
           restore_tests: [{at: 2026-01-10, environment: staging, result: passed}]}
      incidents:
        - {id: i-1, title: Leak, severity: medium, detected_at: "2026-10-02T09:00:00Z", owner: p-001, contained_at: "2026-10-05T09:00:00Z"}
      policies:
        - {id: pol, title: Access, reviewed_on: 2026-01-01, owner: p-001}
      risks:
        - {id: r, title: Risk, reviewed_on: 2026-08-01, owner: p-001}
      drills:
        - {id: d, kind: tabletop, performed_on: 2026-05-01, result: passed, owner: p-001}
      infrastructure:
        - {id: db1, kind: host, names: [db1], environment: production, owner: p-001}

      """

  @Test func `a month's review is made for the month, however long the span`() throws {
    let rows = try registers(CalendarTests.all)
    var cursor = CalendarCursor(Calendar(rows))
    cursor.begin(at: try time("2026-10-15T00:00:00Z"))
    var months: [String] = []
    while let entry = cursor.next(by: try time("2126-10-15T00:00:00Z")) {
      if entry.obligation.kind == .accessReview, entry.stage == .open {
        months.append(entry.obligation.id)
      }
    }
    #expect(months.count == 1201)
    #expect(months.first == "gitlab/2026-10" && months.last == "gitlab/2126-10")
    #expect(Set(months).count == months.count)
  }

  @Test func `a review belongs to its month, and is due at the end of the policy's day`() throws {
    let found = try entries(
      registers(CalendarTests.all), from: "2026-10-01T00:00:00Z", to: "2026-11-20T00:00:00Z"
    ).filter { $0.contains("access-review") }
    #expect(
      found == [
        "2026-10-01T00:00:00Z open access-review gitlab/2026-09 2026-10-06T00:00:00Z",
        "2026-10-01T00:00:00Z open access-review gitlab/2026-10 2026-11-06T00:00:00Z",
        "2026-10-02T10:00:00Z met access-review gitlab/2026-09 2026-10-06T00:00:00Z",
        "2026-11-01T00:00:00Z open access-review gitlab/2026-11 2026-12-06T00:00:00Z",
      ])
  }

  @Test func `business days end with the day, and weekends are none`() throws {
    let found = try entries(
      registers(CalendarTests.all), from: "2026-10-02T00:00:00Z", to: "2026-10-02T10:00:00Z"
    ).filter { $0.contains("incident") }
    // A Friday: one, two and ten business days later.
    #expect(
      found == [
        "2026-10-02T09:00:00Z open incident-ack i-1 2026-10-06T00:00:00Z",
        "2026-10-02T09:00:00Z open incident-contain i-1 2026-10-07T00:00:00Z",
        "2026-10-02T09:00:00Z open incident-resolve i-1 2026-10-17T00:00:00Z",
      ])
  }

  @Test func `what recurs and was over before anybody looked begins anew`() throws {
    let found = try entries(
      registers(CalendarTests.all), from: "2026-12-01T00:00:00Z", to: "2026-12-01T01:00:00Z")
    #expect(found.contains("2026-12-01T00:00:00Z open backup b-1 2026-12-01T01:30:00Z"))
    #expect(found.contains("2026-12-01T00:00:00Z open rotation s-1 2027-01-01T00:00:00Z"))
  }

  @Test func `a row that says otherwise by now is told again, and no other`() throws {
    let before = Calendar(try registers(CalendarTests.all))
    let after = Calendar(
      try registers(
        CalendarTests.all.replacing(
          "2026-10-01T12:00:00Z\", owner: p-001}", with: "2026-10-20T12:00:00Z\", owner: p-001}"
        )
        .replacing(
          "  - {id: pol,",
          with:
            "    - {id: new, title: New, reviewed_on: 2026-01-01, owner: p-001}\n    - {id: pol,")))
    var cursor = CalendarCursor(before)
    cursor.begin(at: try time("2026-10-15T00:00:00Z"))
    let now = try time("2026-10-21T00:00:00Z")
    var count = 0
    while cursor.next(by: now) != nil { count += 1 }
    #expect(count > 8)
    var writer = SnapshotWriter()
    cursor.write(to: &writer)
    var reader = SnapshotReader(writer.bytes)
    var next = CalendarCursor(after)
    try next.read(from: &reader)
    var told: [String] = []
    while let entry = next.next(by: now) {
      told.append("\(entry.stage) \(entry.obligation.kind.rawValue) \(entry.obligation.id)")
    }
    #expect(told.sorted() == ["open policy-review new", "open rotation s-1"])
  }

  @Test func `whether something stands is the registers' to say`() throws {
    let calendar = Calendar(try registers(CalendarTests.all))
    let due = try time("2026-11-06T00:00:00Z")
    #expect(calendar.stands(kind: "access-review", id: "gitlab/2026-10", due: due, at: due))
    #expect(!calendar.stands(kind: "access-review", id: "gitlab/2026-09", due: due, at: due))
    #expect(
      !calendar.stands(
        kind: "access-review", id: "gitlab/2026-09", due: try time("2026-10-06T00:00:00Z"), at: due)
    )
    #expect(!calendar.stands(kind: "access-review", id: "other/2026-10", due: due, at: due))
    // Due again and again, whatever a row said when it was told.
    #expect(calendar.stands(kind: "rotation", id: "s-1", due: 5, at: due))
    #expect(!calendar.stands(kind: "rotation", id: "s-2", due: 5, at: due))
    #expect(!calendar.stands(kind: "nonsense", id: "s-1", due: 5, at: due))
  }

  @Test(arguments: ["1s", "1m", "36500d"])
  func `no interval makes more entries than rows`(_ interval: String) throws {
    let text = CalendarTests.all.replacing("interval: 1h", with: "interval: \(interval)")
    let found = try entries(
      registers(text), from: "2026-10-01T00:00:00Z", to: "2076-10-01T00:00:00Z")
    #expect(found.count(where: { $0.contains(" backup ") }) <= 2)
  }
}
