import Foundation
import Testing

/// `rollcall registers schema`, and what `check` says of the policy's rows.
@Suite struct RegistersCommandTests {
  static let registers = """
    people:
      - {id: p-1, name: Ann, employment: {start: 2020-01-01}, roles: ["approver:contractor"]}
    tools:
      - {id: wiki, status: approved, introduced_by: p-1, introduced_on: 2026-02-01, justification: WP-1,
         approval: {by: p-1, at: 2026-01-20, channel: email, ref: "<m@example.org>"}}
    secrets:
      - {id: key, class: sensitive_key, store: vault, last_rotated: 2026-10-01}

    """

  private func check(_ arguments: String...) throws -> Run {
    let scratch = try Scratch()
    try scratch.write("registers/all.yaml", RegistersCommandTests.registers)
    return try Program.run(["check"] + arguments, in: scratch.path)
  }

  @Test func `check lists the rows that are not kept after its problems, and still ends with 0`()
    throws
  {
    let run = try check("--at", "2026-11-10")
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(
      run.lines.contains {
        $0.hasSuffix(
          "all.yaml:4:5: note: row-2 tool-no-questionnaire: no questionnaire of `wiki` is known; "
            + "have the vendor answer, and add questionnaire: {ref: …, completed_on: …}")
      }, "\(run.output)")
    #expect(
      run.lines.contains {
        $0.hasSuffix(
          "note: row-86 rotation-overdue: `key` was last changed 2026-10-01, and was due on "
            + "2026-11-01; change it, and set `last_rotated`")
      }, "\(run.output)")
    #expect(run.errors.contains("no incidents register (8)"), "\(run.errors)")
    #expect(run.errors.contains("policy: "), "\(run.errors)")
  }

  @Test func `another day gives another answer`() throws {
    let run = try check("--at", "2026-10-20")
    #expect(!run.output.contains("rotation-overdue"), "\(run.output)")
    #expect(run.output.contains("tool-no-questionnaire"), "\(run.output)")
    #expect(try check("--as-of", "2026-10-20").output == run.output)
  }

  @Test func `with --strict a row that is not kept ends with 1, and an error with 2`() throws {
    #expect(try check("--at", "2026-11-10", "--strict").code == 1)
    let scratch = try Scratch()
    try scratch.write("registers/flows.yaml", "flows:\n  - {from: a, to: b}\n")
    #expect(try Program.run("check", "--strict", in: scratch.path).code == 0)
    try scratch.write("registers/more.yaml", "flows:\n  - {from: a, to: b}\n")
    #expect(try Program.run("check", "--strict", in: scratch.path).code == 2)
  }

  @Test func `schemas of all registers and the policy are written, and the same each time`() throws
  {
    let scratch = try Scratch()
    let run = try Program.run("registers", "schema", "--out", scratch.path + "/a/b")
    #expect(run.code == 0 && run.output.isEmpty, "\(run.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/a/b")
    #expect(files.count == 22 && files.contains("people.json") && files.contains("policy.json"))
    let again = try Program.run("registers", "schema", "--out", scratch.path + "/c")
    #expect(again.code == 0)
    for file in files {
      let text = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/a/b/" + file))
      #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/c/" + file)) == text)
      let value = try JSONSerialization.jsonObject(with: text) as? [String: Any]
      #expect(
        value?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema", "\(file)")
    }
  }

  @Test func `the first line of a CSV file is printed, or the nearest register named`() throws {
    let run = try Program.run("registers", "schema", "--columns", "flows")
    #expect(run.output == "id,name,from,to,why,owner,valid_from,valid_to,ref,notes\n")
    let wrong = try Program.run("registers", "schema", "--columns", "flow")
    #expect(wrong.code == 2 && wrong.errors.contains("did you mean `flows`?"), "\(wrong.errors)")
  }
}
