import Documents
import Registers
import Testing

/// What is different between two states of the registers.
@Suite struct ChangesTests {
  private func changes(_ old: String, _ new: String) throws -> [String] {
    try RegisterChanges(from: [("a.yaml", old)], to: [("b.yaml", new)]).changes.map { change in
      let keys = change.keys.map { "\($0.key): \($0.old ?? "-") > \($0.new ?? "-")" }
      return
        "\(change.kind.rawValue) \(change.register.rawValue) \(change.id) [\(keys.joined(separator: "; "))]"
    }
  }

  private let dana =
    "people:\n  - {id: p-1, name: Dana, accounts: {\"*\": [dana], gitlab: [dr]}, employment: {start: 2024-02-01}}\n"

  @Test func `a row that is alike is not told, however it is written`() throws {
    let other = """
      people:
        - id: p-1
          employment: {start: "2024-02-01"}
          name: Dana
          accounts:
            gitlab: [dr]
            "*": [dana]
      """
    #expect(try changes(dana, other).isEmpty)
  }

  @Test func `rows come, change, end and vanish`() throws {
    let new = """
      people:
        - {id: p-1, name: Dana Reyes, accounts: {"*": [dana]}, employment: {start: 2024-02-01, end: 2026-11-30}}
      tools:
        - {id: t-1, status: retired}
        - {id: t-2, status: approved}
      """
    let old = dana + "tools:\n  - {id: t-1, status: approved}\n  - {id: t-3, status: proposed}\n"
    #expect(
      try changes(old, new) == [
        "ended people p-1 [name: Dana > Dana Reyes; employment.end: - > 2026-11-30; accounts.gitlab: dr > -]",
        "ended tools t-1 [status: approved > retired]",
        "added tools t-2 [id: - > t-2; status: - > approved]",
        "deleted tools t-3 [id: t-3 > -; status: proposed > -]",
      ])
  }

  @Test(arguments: [
    (
      "people", "{id: p, employment: {start: 2024-01-01}}",
      "{id: p, employment: {start: 2024-01-01, end: 2024-02-01}}"
    ),
    (
      "contractors", "{id: c, engagement: {start: 2024-01-01}}",
      "{id: c, engagement: {start: 2024-01-01}, offboarding: {completed_at: 2024-02-01}}"
    ),
    ("secrets", "{id: s, class: other}", "{id: s, class: other, revoked_at: 2024-02-01}"),
    ("infrastructure", "{id: i}", "{id: i, valid_to: 2024-02-01}"),
  ])
  func `an end is an end in every register`(_ register: String, _ old: String, _ new: String) throws
  {
    let found = try changes("\(register):\n  - \(old)\n", "\(register):\n  - \(new)\n")
    #expect(found.count == 1 && found[0].hasPrefix("ended "))
    // Another end is a change, and so is the end of an end.
    let other = new.replacing("2024-02-01", with: "2024-03-01")
    #expect(
      try changes("\(register):\n  - \(new)\n", "\(register):\n  - \(other)\n")[0].hasPrefix(
        "changed "))
    #expect(
      try changes("\(register):\n  - \(new)\n", "\(register):\n  - \(old)\n")[0].hasPrefix(
        "changed "))
  }

  @Test func `rows without an id are known by what they are about`() throws {
    let old = "flows:\n  - {from: a, to: b, why: x}\nreviews:\n  - {system: s, month: 2026-10}\n"
    let new = "flows:\n  - {from: a, to: b, why: y}\nreviews:\n  - {system: s, month: 2026-11}\n"
    #expect(
      try changes(old, new) == [
        "changed flows a to b [why: x > y]",
        "added reviews s 2026-11 [system: - > s; month: - > 2026-11]",
        "deleted reviews s 2026-10 [system: s > -; month: 2026-10 > -]",
      ])
  }

  @Test func `lists of mappings are compared place by place`() throws {
    let old = "contractors:\n  - {id: c, renewals: [{until: 2026-01-01, ref: a}]}\n"
    let new =
      "contractors:\n  - {id: c, renewals: [{until: 2026-01-01, ref: b}, {until: 2026-02-01}]}\n"
    #expect(
      try changes(old, new) == [
        "changed contractors c [renewals.1.ref: a > b; renewals.2.until: - > 2026-02-01]"
      ])
  }

  @Test func `a register that moves to CSV has not changed`() throws {
    let csv = "id,name,accounts,employment.start\np-1,Dana,*:dana gitlab:dr,2024-02-01\n"
    let found = try RegisterChanges(from: [("people.yaml", dana)], to: [("x/people.csv", csv)])
    #expect(found.changes.isEmpty, "\(found.changes)")
    #expect(found.before == 1 && found.after == 1)
  }

  @Test func `two rows of one id by mistake do not hide each other`() throws {
    let twice = dana + "  - {id: p-1, name: Other}\n"
    #expect(try changes(dana, twice) == ["added people p-1 (2) [id: - > p-1; name: - > Other]"])
  }

  @Test func `a file that can not be read is named with its place`() throws {
    let problem = try #require(throws: Problem.self) {
      try RegisterChanges(from: [("a.yaml", dana)], to: [("b.yaml", "people: [")])
    }
    #expect(problem.file == "b.yaml" && problem.line > 0)
  }
}
