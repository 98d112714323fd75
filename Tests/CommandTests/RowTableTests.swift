import Documents
import Foundation
import Registers
import Testing

@testable import Reviews

/// `detectors/README.md`: each row of the policies with what covers it, made from the detectors and checks themselves.
///
/// `ROLLCALL_CONFORMANCE=write` in the environment writes the page anew.
@Suite struct RowTableTests {
  private static let folder = Program.package + "/detectors"

  /// A detector as far as the page shows it.
  private struct Detector {
    var id, file, test: String
    var rows: [Int]
  }

  private static func detectors() throws -> [Detector] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.hasSuffix(".yaml") }.sorted().flatMap { name in
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      let document = try Document(file: name, text: text)
      return document.roots.compactMap { root -> Detector? in
        guard let id = root["id"]?.text else { return nil }
        let controls = (root["controls"]?.list ?? []).compactMap(\.text)
        let rows = controls.compactMap { $0.hasPrefix("row-") ? Int($0.dropFirst(4)) : nil }
        let test = root["tests"]?.list?.first?["name"]?.text ?? ""
        return rows.isEmpty ? nil : Detector(id: id, file: name, test: test, rows: rows)
      }
    }
  }

  private static func page() throws -> String {
    let detectors = try detectors()
    let checks = try Registers([]).checks(at: 0)
    var lines: [String] = []
    var (covered, left) = (0, 0)
    for row in Controls.policyRows {
      let mine = detectors.filter { $0.rows.contains(row.number) }
      let own = checks.filter { $0.rows.contains(row.number) }
      var cells = mine.map { "[`\($0.id)`](\($0.file))\($0.test.isEmpty ? "" : ": \($0.test)")" }
      cells += own.map { "check `\($0.id)`" }
      if cells.isEmpty {
        left += 1
        cells = ["none: \(row.notRunReason)"]
      } else {
        covered += 1
      }
      let text = cells.joined(separator: "<br>").replacingOccurrences(of: "|", with: "\\|")
      lines.append("| \(row.number) | \(row.title) | \(text) |")
    }
    return """
      # The detectors, by row of the policies

      Made from the files in this folder and the checks over the registers; a test compares, and `make conformance` writes it anew. Of
      \(Controls.policyRows.count) rows \(covered) have a detector, with the first of its tests, or a check (its scenario is in `Tests/RegistersTests/CheckScenarios.swift`);
      \(left) have none, for the reason given. A check runs in `rollcall check` and in the review, a detector in `scan` and `watch`.
      What a detector finds an exception lifts that names its row or the detector, and was given in time; `Tests/CommandTests/ExceptionRowTests.swift` shows it for
      each detector and row, with one that came late.

      | row | what the policy asks for | what covers it |
      |---|---|---|
      \(lines.joined(separator: "\n"))

      """
  }

  @Test func `the page says what the detectors and checks say`() throws {
    let file = RowTableTests.folder + "/README.md"
    let page = try RowTableTests.page()
    if ProcessInfo.processInfo.environment["ROLLCALL_CONFORMANCE"] == "write" {
      try page.write(toFile: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOfFile: file, encoding: .utf8) == page)
  }

  @Test(arguments: [
    1, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 20, 22, 24, 25, 26, 33, 35, 36, 37, 38, 39, 42, 47,
    48, 49, 50, 52,
    55, 57, 59, 60, 68, 69, 70, 74, 79, 82, 83, 85, 86, 87, 88, 90, 93, 95, 97,
  ])
  func `what can be seen in events has a detector with a test`(_ row: Int) throws {
    let mine = try RowTableTests.detectors().filter { $0.rows.contains(row) && !$0.test.isEmpty }
    #expect(!mine.isEmpty)
  }
}
