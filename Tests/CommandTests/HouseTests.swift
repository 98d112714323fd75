import Foundation
import Testing

/// What the README files claim about the house, held against the code.
@Suite struct HouseTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let floors = [
    "Bytes", "Documents", "Formats", "Events", "Registers", "Detectors", "Pipelines", "Storage",
    "Inputs",
    "Alerts", "Reviews", "Command",
  ]

  static func sources(of floor: String) throws -> [(name: String, text: String)] {
    let folder = root.appending(path: "Sources/\(floor)")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return try (files?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
      .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }

  @Test(arguments: HouseTests.floors)
  func `a floor imports only floors above it`(_ floor: String) throws {
    let place = try #require(HouseTests.floors.firstIndex(of: floor))
    let below = HouseTests.floors[place...]
    let files = try HouseTests.sources(of: floor)
    #expect(!files.isEmpty)
    for file in files {
      for line in file.text.split(separator: "\n") where line.contains("import ") {
        let words = line.split(separator: " ")
        guard let word = words.firstIndex(of: "import"), word + 1 < words.count, word <= 2 else {
          continue
        }
        #expect(!below.contains(String(words[word + 1])), "\(floor)/\(file.name): \(line)")
      }
    }
  }

  @Test(arguments: ["Bytes", "Formats", "Events", "Registers", "Detectors", "Pipelines"])
  func `the hot path does not import Foundation`(_ floor: String) throws {
    for file in try HouseTests.sources(of: floor) {
      #expect(!file.text.contains("import Foundation"), "\(floor)/\(file.name)")
    }
  }

  @Test func `every file that the house's page names exists`() throws {
    let page = try String(
      contentsOf: HouseTests.root.appending(path: "Sources/README.md"), encoding: .utf8)
    let names = page.matches(of: /[A-Z][A-Za-z]+\/[A-Za-z+\/]+\.swift/).map { String($0.output) }
    #expect(names.count > 10)
    for name in names {
      let url = HouseTests.root.appending(path: "Sources/\(name)")
      #expect(FileManager.default.fileExists(atPath: url.path()), "\(name)")
    }
  }

  @Test func `what the README shows of the demo is what the program prints`() throws {
    let readme = try String(
      contentsOf: HouseTests.root.appending(path: "README.md"), encoding: .utf8)
    let begin = try #require(readme.range(of: "ends like this:\n\n```\n"))
    let end = try #require(readme.range(of: "\n```", range: begin.upperBound..<readme.endIndex))
    let shown = readme[begin.upperBound..<end.lowerBound].split(separator: "\n")
      .filter { $0 != "…" && !$0.hasPrefix("The review:") }
    #expect(shown.count > 10)
    let scratch = try Scratch.samples()
    let run = try Program.run([
      "scan", scratch.path + "/samples/logs", "--config", scratch.path + "/samples/rollcall.yaml",
    ])
    let printed = Set((run.output + run.errors).split(separator: "\n"))
    for line in shown { #expect(printed.contains(line), "\(line)") }
  }
}
