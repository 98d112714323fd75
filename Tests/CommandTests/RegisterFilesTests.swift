import Foundation
import Testing

/// `rollcall registers diff` and `rollcall registers import`, as a person uses them.
@Suite struct RegisterFilesTests {
  private let dana = "people:\n  - {id: p-1, name: Dana, accounts: {\"*\": [dana]}}\n"

  private func git(_ words: String..., in folder: String) throws {
    let run = try Program.run(
      ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org"] + words,
      of: "/usr/bin/git")
    try #require(run.code == 0, "\(run.errors)")
  }

  @Test func `two folders: who came, changed, ended and was deleted`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "a/people.yaml", dana + "  - {id: p-2, name: Lee}\n  - {id: p-3, name: Kim}\n")
    try scratch.write(
      "b/people.yaml",
      "people:\n  - {id: p-1, name: Dana Reyes, accounts: {\"*\": [dana]}}\n  - {id: p-2, name: Lee, valid_to: 2026-10-31}\n  - {id: p-4, name: Aya}\n"
    )
    let run = try Program.run("registers", "diff", "a", "b", in: scratch.path)
    #expect(run.code == 0)
    #expect(
      run.output == """
        ADDED
          people p-4 Aya  (b/people.yaml:4)
        CHANGED
          people p-1 Dana Reyes  (b/people.yaml:2)
              name: Dana → Dana Reyes
        ENDED
          people p-2 Lee  (b/people.yaml:3)
              valid_to: (absent) → 2026-10-31
        DELETED (rows are ended with valid_to, never deleted)
          people p-3 Kim  (a/people.yaml:4)

        """)
    #expect(
      run.ledger
        == "a to b: 1 added · 1 changed · 1 ended · 1 deleted · 3 rows before, 3 after")
    let lines = try Program.run(
      "registers", "diff", "a", "b", "--output", "jsonl", in: scratch.path
    ).lines
    #expect(lines.count == 4)
    let ended = try #require(lines.first { $0.contains("p-2") })
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(ended.utf8)) as? [String: Any])
    #expect(object["change"] as? String == "ended" && object["line"] as? Int == 3)
    #expect((object["keys"] as? [[String: String]]) == [["key": "valid_to", "new": "2026-10-31"]])
  }

  @Test func `two revisions, and a revision against the folder as it is`() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/my repo"
    try scratch.write("my repo/registers/people.yaml", dana)
    try scratch.write("my repo/registers/notes.txt", "no register")
    try git("init", "-q", "-b", "main", in: folder)
    try git("add", ".", in: folder)
    try git("commit", "-q", "-m", "one", in: folder)
    try scratch.write("my repo/registers/people.yaml", dana + "  - {id: p-2, name: Aya}\n")
    try git("commit", "-q", "-a", "-m", "two", in: folder)
    try git("tag", "audit", in: folder)
    try scratch.write("my repo/registers/people.yaml", "people: []\n")
    let run = try Program.run("registers", "diff", "HEAD~1", "audit", in: folder)
    #expect(run.code == 0 && run.output.contains("people p-2 Aya  (audit:people.yaml:3)"), "\(run)")
    #expect(run.ledger.hasPrefix("HEAD~1 to audit: 1 added · 0 changed"))
    let now = try Program.run(
      "registers", "diff", "main", "--registers", folder + "/registers", in: scratch.path)
    #expect(now.code == 0 && now.ledger.contains("2 deleted"), "\(now.errors)")
  }

  @Test(arguments: ["nosuch", "--help-me", "-x", "HEAD; touch x", "$(touch x)", ""])
  func `what is neither a folder nor a revision is refused, and run by nobody`(_ name: String)
    throws
  {
    let scratch = try Scratch()
    try scratch.write("registers/people.yaml", dana)
    try git("init", "-q", in: scratch.path)
    let run = try Program.run("registers", "diff", "--", name, "registers", in: scratch.path)
    #expect(run.code == 2 && !run.errors.isEmpty, "\(run)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/x"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/registers/x"))
  }

  @Test func `an import prints registers, names what it left out, and counts all of it`() throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "users.json",
      #"[{"username":"dana","id":1,"state":"active"},{"username":"lee","id":2,"state":"blocked"}]"#)
    let run = try Program.run("registers", "import", "gitlab-users", file)
    #expect(run.code == 0)
    #expect(
      run.output == """
        people:
          - id: gitlab-1
            name: dana
            kind: employee
            accounts: {gitlab: [dana]}

        """)
    #expect(
      run.errors.contains("users.json:1:46: blocked, and no date says since when"), "\(run.errors)")
    #expect(run.ledger == "read 2 = imported 1 + skipped 1")
  }

  @Test func `into a folder: what is new is appended, what is there is told, and twice is once`()
    throws
  {
    let scratch = try Scratch()
    try scratch.write(
      "registers/people.yaml", "# ours\n" + dana + "  - {id: p-2, name: Aya Mori}\n")
    let users = try scratch.write(
      "users.json",
      #"[{"externalId":"2","userName":"aya","displayName":"Aya"},{"externalId":"3","userName":"dana"},{"externalId":"4","userName":"noor"}]"#
    )
    let run = try Program.run(
      "registers", "import", "scim", users, "--into", "registers", in: scratch.path)
    #expect(run.code == 0 && run.lines == ["added people p-4"], "\(run)")
    #expect(
      run.errors.contains(
        "registers/people.yaml:4:5: `p-2` stays: name is Aya Mori, the import says Aya"))
    #expect(run.errors.contains("`dana` on every system is `p-1` here, so `p-3` was not added"))
    #expect(
      run.errors.contains(
        "registers: 1 row added · 0 there already and alike · 2 there already and otherwise"))
    let text = String(decoding: try scratch.read("registers/people.yaml"), as: UTF8.self)
    #expect(text.hasPrefix("# ours\n" + dana) && text.contains("  - id: p-4\n"))
    let again = try Program.run(
      "registers", "import", "scim", users, "--into", "registers", in: scratch.path)
    #expect(again.code == 0 && again.output.isEmpty)
    #expect(try scratch.read("registers/people.yaml") == Data(text.utf8))
    #expect(try Program.run("check", "--registers", "registers", in: scratch.path).code == 0)
  }

  @Test func `a work package stands behind a contractor's change, from the export to the review`()
    throws
  {
    let scratch = try Scratch()
    try scratch.write(
      "registers/contractors.yaml",
      """
      contractors:
        - {id: c-7, name: Kim Osei, accounts: {"*": [kim]}, engagement: {start: 2026-10-10, end: 2026-11-20}}

      """)
    func sudo(_ at: String) -> String {
      "\(at) web1 sudo:      kim : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/systemctl restart app\n"
    }
    func deploy(_ at: String) -> String {
      #"{"object_kind":"deployment","status":"success","status_changed_at":"\#(at)","environment":"staging","project":{"path_with_namespace":"shop/app"},"user":{"username":"kim"}}"#
        + "\n"
    }
    try scratch.write(
      "logs/auth.log", sudo("2026-11-02T07:59:59Z") + sudo("2026-11-03T09:00:00Z"))
    try scratch.write("logs/hooks.json", deploy("2026-11-03T10:00:00Z"))
    try scratch.write(
      "packages.json",
      #"{"_embedded":{"elements":[{"id":398,"subject":"Restart","createdAt":"2026-11-02T08:00:00Z","startDate":"2026-11-02","dueDate":"2026-11-03","_links":{"assignee":{"href":"/api/v3/users/7","title":"Kim Osei"}}}]}}"#
    )
    func untracked() throws -> [String] {
      let run = try Program.run(
        "scan", "logs", "--registers", "registers", "--output", "jsonl", "--review", "review",
        "--month", "2026-11", in: scratch.path)
      return run.lines.filter { $0.contains(#""uid":"change-untracked""#) }
    }
    // One for each day.
    #expect(try untracked().count == 2)
    let run = try Program.run(
      "registers", "import", "openproject", "packages.json", "--into", "registers",
      in: scratch.path)
    #expect(run.code == 0 && run.lines == ["added tasks WP-398"], "\(run)")
    let left = try untracked()
    #expect(left.count == 1 && left[0].contains("07:59:59"), "\(left)")
    let review = String(decoding: try scratch.read("review/review.md"), as: UTF8.self)
    #expect(
      review.contains(
        "1 change succeeded; 0 of them, 0.0 %, name a ticket, and a task covers 1 more."))
    #expect(review.contains("`WP-398`"))
  }

  @Test func `mistakes are said with their place`() throws {
    let scratch = try Scratch()
    let file = try scratch.write("x.ldif", "dn: a\nnothing\n")
    let run = try Program.run("registers", "import", "ldif", file)
    #expect(
      run.code == 2 && run.errors.contains("x.ldif:2:1: error: no attribute and value"), "\(run)")
    let kind = try Program.run("registers", "import", "scin", file)
    #expect(kind.code == 2 && kind.errors.contains("did you mean `scim`?"))
    #expect(try Program.run("registers", "import", "ldif", file, "--system", "x").code == 2)
  }
}
