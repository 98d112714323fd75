import Events
import Foundation
import Testing

/// What the program says of how fields are filled, held against its own text.
@Suite struct FieldFillingTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  /// Files that read fields and fill none.
  private static let onlyRead = [
    "PipelineSetup.swift", "LineTally.swift", "JoinFacts.swift", "Glance.swift",
    "SecondFactor.swift",
  ]

  private static func text(of folders: [String]) throws -> String {
    var texts = ""
    for folder in folders {
      let files = FileManager.default.enumerator(
        at: sources.appending(path: folder), includingPropertiesForKeys: nil)
      for file in files?.allObjects as? [URL] ?? []
      where file.pathExtension == "swift" && !file.lastPathComponent.hasPrefix("Field")
        && !onlyRead.contains(file.lastPathComponent)
      {
        texts += try String(contentsOf: file, encoding: .utf8)
      }
    }
    return texts
  }

  @Test func `a field that only mappings fill is named nowhere else, and all others are`() throws {
    let code = try FieldFillingTests.text(of: [
      "Events", "Registers", "Pipelines", "Detectors/Follow",
    ])
    let list = try String(
      contentsOf: FieldFillingTests.sources.appending(path: "Events/Field.swift"), encoding: .utf8)
    var constants: [Int: String] = [:]
    for match in list.matches(of: /static var (\w+): Field \{ Field\(index: (\d+)\) \}/) {
      constants[try #require(Int(match.output.2))] = String(match.output.1)
    }
    for (index, name) in Field.knownNames.enumerated() {
      // What has no constant can only be written by its name, which is what mappings do.
      let isNamed = try constants[index].map { code.contains(try Regex("\\.\($0)\\b")) } ?? false
      #expect(isNamed != Field.filledByMappingsAlone.contains(Field(index: index)), "\(name)")
    }
    #expect(constants.count > 70)
  }

  @Test func `closed values are the words that the joins write`() throws {
    let code = try FieldFillingTests.text(of: ["Registers"])
    for (field, values) in Field.closedValues where field != .eventAction {
      let name = Field.knownNames[field.index]
      for value in values where value != "hours" {
        #expect(
          code.contains("\"\(value)\"") || code.contains("case \(value)"), "\(name): \(value)")
      }
    }
    // And no others: each word that is written to one of these fields is in the list.
    let words: [(String, Field)] = [
      ("personKind", .personKind), ("personStatus", .personStatus), ("systemStatus", .systemStatus),
      ("accessScope", .accessScope), ("toolStatus", .toolStatus),
      ("sourceInfrastructure", .sourceInfrastructure),
    ]
    for (name, field) in words {
      for match in code.matches(
        of: try Regex("set\\(\\.\(name), \"([a-z-]+)\"\\)", as: (Substring, Substring).self))
      {
        #expect(Field.closedValues[field]?.contains(String(match.output.1)) ?? false)
      }
    }
  }
}
