import Foundation
import Inputs
import Testing

@Suite struct SmallFilesTests {
  @Test func `text is read whole, without its mark`() throws {
    let folder = try TemporaryFolder()
    #expect(try readText(folder.write("a", "")) == "")
    #expect(try readText(folder.write("a", "\u{FEFF}é\r\n")) == "é\r\n")
    #expect(try readText(folder.write("a", "1234"), limit: 4) == "1234")
  }

  @Test func `text that can not be read says why and where`() throws {
    let folder = try TemporaryFolder()
    func refusal(_ path: String, limit: Int = 100) throws -> InputError {
      try #require(throws: InputError.self) { try readText(path, limit: limit) }
    }
    #expect(try refusal(folder.write("a", "12345"), limit: 4).reason == .tooLarge)
    let invalid = try refusal(folder.write("a", [0x61, 0x62, 0xFF, 0x63]))
    #expect(invalid.reason == .invalidUTF8)
    #expect(invalid.offset == 2)
    let marked = try refusal(folder.write("a", [0xEF, 0xBB, 0xBF, 0x61, 0xC3]))
    #expect(marked.offset == 4)
    #expect(try refusal(folder.path + "/none").reason == .missing)
    #expect(try refusal(folder.path).reason == .wrongKind)
  }

  @Test func `listed files are sorted and of the kind asked for`() throws {
    let folder = try TemporaryFolder()
    for name in ["b.yaml", "a.yml", "a.txt", ".c.yaml", "yaml", "d/e.yaml"] {
      try folder.write(name, "")
    }
    func names(_ recursive: Bool) throws -> [String] {
      try listFiles(folder.path + "/", extensions: ["yaml", "yml"], recursive: recursive)
        .map { String($0.dropFirst(folder.path.count + 1)) }
    }
    #expect(try names(false) == ["a.yml", "b.yaml"])
    #expect(try names(true) == ["a.yml", "b.yaml", "d/e.yaml"])
    #expect(throws: InputError.self) { try listFiles(folder.path + "/none", extensions: []) }
  }

  @Test func `a file's hash is the well-known one`() throws {
    let folder = try TemporaryFolder()
    #expect(
      try sha256(ofFile: folder.write("a", "abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test(arguments: ["Europe/Amsterdam", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
  func `zones are found`(_ name: String) throws {
    #expect(try zoneFile(named: name).starts(with: "TZif".utf8))
  }

  @Test(arguments: [
    "", "/etc/passwd", "../passwd", "Europe/../UTC", "Europe/", "Europe//Amsterdam", "a\0b", ".",
    "a\nb", String(repeating: "a", count: 65),
  ])
  func `names that could lead elsewhere are refused`(_ name: String) throws {
    let error = try #require(throws: InputError.self) { try zoneFile(named: name) }
    #expect(error.reason == .badName)
  }

  @Test(arguments: [("Europe/Atlantis", InputReason.missing), ("Europe", .wrongKind)])
  func `zones that are none say so`(_ name: String, _ reason: InputReason) throws {
    let error = try #require(throws: InputError.self) { try zoneFile(named: name) }
    #expect(error.reason == reason)
  }
}
