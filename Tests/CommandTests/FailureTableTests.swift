import Foundation
import Testing

/// The table of other tools' failures, held against the tests that it names.
@Suite struct FailureTableTests {
  private struct Row {
    let number: Int
    let failure, tests: String
  }

  private func rows() throws -> [Row] {
    let page = try String(
      contentsOf: HouseTests.root.appending(path: "Tests/FAILURES.md"), encoding: .utf8)
    return page.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard cells.count >= 5, let number = Int(cells[1]) else { return nil }
      return Row(number: number, failure: cells[2], tests: cells[3...].joined(separator: "|"))
    }
  }

  /// The raw identifiers of all tests, by the suite's file.
  private func tests() throws -> Set<String> {
    let folder = HouseTests.root.appending(path: "Tests")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    var names: Set<String> = []
    for file in files?.allObjects as? [URL] ?? [] where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      // Where tests of one suite stand in several files, the suite is an extension.
      let suites = text.matches(of: /(?:struct|extension) ([A-Za-z0-9]+Tests)/).map {
        String($0.output.1)
      }
      for match in text.matches(of: /func `([^`]+)`\(/) {
        for suite in suites { names.insert("\(suite): \(match.output.1)") }
      }
    }
    return names
  }

  @Test func `every failure has a test that exists, or a reason why it has none`() throws {
    let (rows, known) = (try rows(), try tests())
    #expect(known.count > 500)
    #expect(rows.map(\.number) == Array(1...57))
    for row in rows {
      #expect(row.failure.count > 20, "\(row.number)")
      let named = row.tests.matches(of: /`([A-Za-z0-9]+Tests): ([^`]+)`/).map {
        "\($0.output.1): \($0.output.2)"
      }
      if named.isEmpty {
        #expect(row.tests.hasPrefix("does not apply: "), "\(row.number)")
      }
      for name in named { #expect(known.contains(name), "\(row.number): \(name)") }
    }
  }
}
