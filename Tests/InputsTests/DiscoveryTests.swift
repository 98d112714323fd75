import Foundation
import Inputs
import Testing

@Suite struct DiscoveryTests {
  /// The streams among files of these names, each with its files' names in order.
  func streams(_ names: [String]) throws -> [String: [String]] {
    let folder = try TemporaryFolder()
    for name in names { try folder.write(name, "line of \(name)\n") }
    let found = discover([folder.path])
    #expect(Set(found.streams.map(\.name)).count == found.streams.count)
    return Dictionary(
      uniqueKeysWithValues: found.streams.map { stream in
        (
          stream.name,
          stream.files.map { String($0.path.description.dropFirst(folder.path.count + 1)) }
        )
      })
  }

  @Test(arguments: [
    ["access.log.10.gz", "access.log.2.gz", "access.log.1", "access.log"],
    ["access.log-20261102.gz", "access.log-20261103.gz", "access.log"],
    ["access.log-2026110208", "access.log-2026110209", "access.log"],
    ["access.log.2026-11-02", "access.log.2026-11-03.gz", "access.log.1", "access.log"],
    ["access.log.2026-10-01", "access.log.2026-10-02", "access.log.2026-11-01", "access.log"],
    ["access.2026-11-02.log", "access.2026-11-03.log", "access.log"],
    ["access-20261102.log.gz", "access-20261103.log", "access.log"],
    ["access.2026-11-03.0.log", "access.2026-11-03.1.log", "access.2026-11-03.10.log"],
    ["access.log.00", "access.log.01", "access.log.10"],
    ["access.log.aa", "access.log.ab", "access.log.ba"],
    ["access.log.aa.gz", "access.log.ab.gz"],
    ["access.log.aa", "access.log.db", "access.log.yz", "access.log.zaaa"],
    ["access.log-00", "access.log-01"],
    ["access.log.000", "access.log.001", "access.log.002"],
    ["access.log.01", "access.log.02"],
    ["access.2.log", "access.1.log", "access.log"],
    ["access.log.1.aa", "access.log.1.ab", "access.log"],
    ["access.log.gz"],
    ["access.log.0", "access.log"],
  ])
  func `rotated files are one stream, oldest first`(_ names: [String]) throws {
    #expect(try streams(names.reversed()) == ["access.log": names])
  }

  @Test func `a file and its compressed copy are read once, and files that differ both`() throws {
    let folder = try TemporaryFolder()
    let text = (0..<3000).map { "line \($0) of a log\n" }.joined()
    try folder.write("app.log.1", text)
    try folder.write("app.log.1.gz", try gzipped(Array(text.utf8)))
    try folder.write("app.log", "the last line\n")
    func names() -> [String] {
      discover([folder.path], comparing: true).streams.flatMap(\.files).map {
        String($0.path.description.dropFirst(folder.path.count + 1))
      }
    }
    #expect(names() == ["app.log.1", "app.log"])
    let problems = discover([folder.path], comparing: true).problems.map(\.description)
    #expect(problems.contains { $0.contains("holds the same lines as \(folder.path)/app.log.1") })
    // One byte far behind the beginning, and one line more.
    for other in [text.replacing("line 2999 ", with: "line 2998 "), text + "one more\n"] {
      try folder.write("app.log.1", other)
      #expect(names() == ["app.log.1", "app.log.1.gz", "app.log"])
    }
  }

  @Test(arguments: [
    ["10.0.0.4.log", "10.0.0.5.log"],
    ["10.0.0.4", "10.0.0.5"],
    ["notes.en", "notes.nl"],
    ["web-1.log", "web-2.log"],
    ["app.v1.2", "app.v1.3"],
    ["access.log", "error.log"],
    ["a/access.log", "b/access.log"],
    ["report.2026", "report.2025"],
  ])
  func `names that only look rotated stay apart`(_ names: [String]) throws {
    #expect(try Set(streams(names).values) == Set(names.map { [$0] }))
  }

  @Test func `a folder names its streams by their place in it, a file by its own name`() throws {
    let folder = try TemporaryFolder()
    try folder.write("deep/web/access.log.1", "a\n")
    #expect(discover([folder.path]).streams.map(\.name) == ["deep/web/access.log"])
    #expect(discover([folder.path + "/deep/"]).streams.map(\.name) == ["web/access.log"])
    #expect(
      discover([folder.path + "/deep/./web/access.log.1"]).streams.map(\.name) == ["access.log"])
    #expect(
      discover([folder.path + "/*/web/access*"]).streams.map(\.name) == ["access.log"])
  }

  @Test func `equal names grow until they differ, whatever the order`() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write("one/web/access.log", "1\n")
    let two = try folder.write("two/web/access.log", "2\n")
    let expected = ["one/web/access.log", "two/web/access.log"]
    #expect(discover([one, two]).streams.map(\.name) == expected)
    #expect(areEqual(discover([two, one]), discover([one, two])))
    #expect(discover([folder.path + "/one", folder.path + "/two"]).streams.map(\.name) == expected)
    let odd = discover([one, folder.path + "/two/../one/../two/web/access.log"])
    #expect(Set(odd.streams.map(\.name)).count == 2)
  }

  @Test func `the same file is read once`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("a.log", "1\n")
    try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/b.log")
    try folder.link("c.log", to: path)
    let found = discover([folder.path, path, path])
    #expect(found.streams.flatMap(\.files).count == 1)
    #expect(found.problems.map(\.reason) == [.seenTwice, .seenTwice])
    #expect(found.problems.filter { !$0.isNote } == [])
  }

  @Test func `what is no log is left out with a note`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.log", ".hidden.log", "a.log.idx", "x.YAML", "index.html", "pic.png", "a.log~"] {
      try folder.write(name, "1\n")
    }
    try folder.write("registers/people.log", "1\n")
    // SAFETY: the path is a text that lives as long as the call.
    let made = unsafe mkfifo(folder.path + "/pipe.log", 0o600)
    #expect(made == 0)
    try folder.link("loop", to: folder.path)
    let found = discover([folder.path], excluding: [folder.path + "/registers/../registers"])
    #expect(found.streams.map(\.name) == ["a.log"])
    let reasons = Dictionary(grouping: found.problems, by: \.reason).mapValues(\.count)
    #expect(
      reasons == [.hidden: 1, .notALog: 5, .specialFile: 1, .folderLoop: 1, .excluded: 1])
    #expect(found.problems.filter { !$0.isNote } == [])
    #expect(discover([folder.path + "/x.YAML"]).streams.count == 1)
  }

  @Test func `what can not be found or read is a problem, never the end`() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write("a.log", "1\n")
    let packed = try folder.write("b.log.zst", [0x28, 0xB5, 0x2F, 0xFD, 0, 0])
    try folder.link("dangling", to: "nowhere")
    let missing = folder.path + "/none.log"
    let found = discover([missing, missing + "*", packed, good, "/dev/null", folder.path, "a\0b"])
    #expect(found.streams.map(\.name) == ["a.log"])
    let faults = found.problems.filter { !$0.isNote }
    #expect(faults.count == 6)
    #expect(faults.allSatisfy { !$0.fix.isEmpty })
    #expect(
      Set(faults.map(\.reason)) == [.missing, .packed, .specialFile])
  }

  @Test func `a name with a bracket is taken as it is before it is a pattern`() throws {
    let folder = try TemporaryFolder()
    let odd = try folder.write("a[1].log", "1\n")
    try folder.write("a1.log", "2\n")
    #expect(discover([odd]).streams.map(\.name) == ["a[1].log"])
  }

  @Test func `hostile names open as they are and show escaped`() throws {
    let folder = try TemporaryFolder()
    let name = [UInt8]("a\n\u{1B}[2J\u{202E}b".utf8) + [0xFF] + [UInt8](".log".utf8)
    let path = RawPath(bytes: [UInt8](folder.path.utf8) + [0x2F] + name)
    var text = path.bytes.map { CChar(bitPattern: $0) } + [0]
    // SAFETY: the name is closed by a zero, and the text is three bytes long.
    let descriptor = unsafe open(&text, O_CREAT | O_WRONLY, 0o600)
    let written = unsafe write(descriptor, "ok\n", 3)
    #expect(written == 3)
    close(descriptor)
    let found = discover([folder.path])
    let stream = try #require(found.streams.first)
    #expect(stream.name == "a\\n\\u{1b}[2J\\u{202e}b\\xff.log")
    #expect(try read(stream).lines.count == 1)
    #expect(discover([path]).streams == [stream])
    // SAFETY: the name is closed by a zero.
    unsafe unlink(&text)
  }

  @Test func `pipes given by name are read, and standard input is a stream`() throws {
    #expect(discover(["-", "-"]).streams.map(\.name) == ["stdin"])
    #expect(discover(["-"]).streams.first?.files.first?.isStandardInput == true)
    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(try gzipped([UInt8]("one\ntwo".utf8))))
    try pipe.fileHandleForWriting.close()
    let got = try read(path: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)", chunkBytes: 2)
    #expect(got.lines.count == 2)
    #expect(got.faults == [])
  }

  @Test(arguments: [
    ("access.log-20261103.gz", 2026, 11, 3), ("x.2026-11-03", 2026, 11, 3),
    ("u_CloudTrail_eu_20240229T1015Z_x.json", 2024, 2, 29),
  ])
  func `the date in a name is found`(_ name: String, _ year: Int, _ month: Int, _ day: Int) throws {
    let folder = try TemporaryFolder()
    let file = discover([try folder.write(name, "1\n")]).streams.first?.files.first
    #expect(file?.nameDate?.year == year)
    #expect(file?.nameDate?.month == month)
    #expect(file?.nameDate?.day == day)
  }

  @Test(arguments: ["a.log", "a.log.1", "a20261399.log", "a.2026-13-01", "1202611031"])
  func `a number that is no date is none`(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(name, "1\n")
    #expect(discover([path]).streams.first?.files.first?.nameDate == nil)
  }

  @Test func `the head is uncompressed`() throws {
    let folder = try TemporaryFolder()
    let content = sampleLines(2000)
    for bytes in [content, try gzipped(content)] {
      let path = try folder.write("a.log", bytes)
      let file = try #require(discover([path]).streams.first?.files.first)
      #expect(try head(of: file) == [UInt8](content.prefix(64 << 10)))
      #expect(try head(of: file, bytes: 10) == [UInt8](content.prefix(10)))
    }
  }
}

/// Whether two discoveries found the same.
func areEqual(
  _ left: (streams: [LogStream], problems: [InputProblem]),
  _ right: (streams: [LogStream], problems: [InputProblem])
) -> Bool {
  left.streams == right.streams && left.problems == right.problems
}
