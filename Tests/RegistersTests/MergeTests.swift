import Documents
import Registers
import Testing

/// Imported rows put into registers that are there.
@Suite struct MergeTests {
  private func merge(
    _ users: String, into files: [(file: String, text: String)]
  ) throws -> RegisterMerge {
    let rows = try RegisterImport(.scim, file: "users.json", text: users).rows
    return try RegisterMerge(rows, into: files, folder: "r", source: .scim)
  }

  private let aya = #"[{"externalId":"2","userName":"aya","displayName":"Aya"}]"#

  @Test func `new rows are appended to their register, and what is there stays to the letter`()
    throws
  {
    let text = """
      # Our people.
      people:
          - {id: p-1, name: Dana}   # the boss

      """
    let merge = try merge(aya, into: [("r/people.yaml", text)])
    #expect(
      merge.files.count == 1 && merge.files[0].file == "r/people.yaml" && !merge.files[0].isNew)
    #expect(
      merge.files[0].text == text + """
            - id: p-2
              name: Aya
              kind: employee
              accounts: {"*": [aya]}

        """)
    #expect(
      try Registers([("r/people.yaml", merge.files[0].text)]).people.map(\.id) == ["p-1", "p-2"])
  }

  @Test func `a row that is there is left alone, and what the import says otherwise is told`()
    throws
  {
    let text =
      "people:\n  - {id: p-2, name: Aya Mori, kind: employee, accounts: {\"*\": [aya]}, countries: [NL]}\n"
    let merge = try merge(aya, into: [("r/people.yaml", text)])
    #expect(merge.files.isEmpty && merge.added.isEmpty)
    #expect(merge.known.map(\.id) == ["p-2"])
    #expect(
      merge.known[0].differences.map { "\($0.key) \($0.old ?? "-") \($0.new ?? "-")" } == [
        "name Aya Mori Aya"
      ])
  }

  @Test func `an account that is somebody's already makes nobody new`() throws {
    for text in [
      "people:\n  - {id: p-9, accounts: {\"*\": [x, aya]}}\n",
      "contractors:\n  - {id: p-9, accounts: {\"*\": [aya]}, engagement: {start: 2026-01-01}}\n",
    ] {
      let merge = try merge(aya, into: [("r/all.yaml", text)])
      #expect(merge.files.isEmpty && merge.known.map(\.id) == ["p-9"])
      #expect(merge.known[0].account?.name == "aya")
    }
  }

  @Test(arguments: [
    ("r/people.yaml", "people: [{id: p-1}]\n"),
    ("r/people.yaml", "people:\n  - {id: p-1}\ntools: []\n"),
    ("r/people.csv", "id,name\np-1,Dana\n"), ("r/people.yaml", "people:\n  - {id: p-1}\n...\n"),
    ("r/people.yaml", "people:\n  - id: p-1\n    notes: |\n      text\n"),
  ])
  func `where rows can not be appended they get a file of their own, and all of it loads`(
    _ file: String, _ text: String
  ) throws {
    let merge = try merge(aya, into: [(file, text)])
    let new = try #require(merge.files.first)
    let files = new.isNew ? [(file, text), (new.file, new.text)] : [(new.file, new.text)]
    let registers = try Registers(files)
    #expect(registers.people.map(\.id).sorted() == ["p-1", "p-2"])
  }

  @Test func `into nothing comes a file for each register, and twice changes nothing`() throws {
    let users =
      #"[{"externalId":"2","userName":"aya"},{"externalId":"3","userName":"kim","userType":"contractor","meta":{"created":"2026-11-01"}}]"#
    let first = try merge(users, into: [])
    #expect(first.files.map(\.file) == ["r/people.yaml", "r/contractors.yaml"])
    let again = try merge(users, into: first.files.map { ($0.file, $0.text) })
    #expect(again.files.isEmpty && again.known.allSatisfy { $0.differences.isEmpty })
  }
}
