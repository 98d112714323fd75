import Foundation
import Testing

/// What the program ends with.
@Suite struct ExitCodeTests {
  static let line =
    "2026-11-03T09:14:00Z web1 sshd[1]: message repeated 11 times: [ Failed password for root from "
    + "203.0.113.9 port 4002 ssh2]\n"

  @Test func `0 when it is done, whatever was found`() throws {
    let run = try Program.run("scan", "-q", "-", input: Data(ExitCodeTests.line.utf8))
    #expect(run.code == 0)
    #expect(run.ledger == "read 1 lines · parsed 1 · rejected 0 · findings 1")
  }

  @Test(arguments: [("high", 1), ("critical", 0)])
  func `1 for findings at or above the level`(_ level: String, _ code: Int32) throws {
    let run = try Program.run(
      "scan", "-q", "-", "--fail-on", level, input: Data(ExitCodeTests.line.utf8))
    #expect(run.code == code)
  }

  @Test(arguments: [
    ["scan", "--no-such-option"], ["scan"], ["nonsense"], ["scan", "-", "--format", "xml"],
    ["parse"], ["parse", "-", "--format", "xml"], ["explain", "x", "--source", "none"],
    ["explain"], ["test", "no-such-detector"], ["scan", "-", "--config", "/no/such/file.yaml"],
    ["scan", "-", "--jobs", "0"], ["explain", "x", "--as-of-year", "26"],
  ]) func `2 for what a person wrote wrongly`(_ arguments: [String]) throws {
    let run = try Program.run(arguments)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
  }

  @Test(arguments: ["scan", "parse"])
  func `3 for what can not be read`(_ command: String) throws {
    let scratch = try Scratch()
    try scratch.write("good.log", ExitCodeTests.line)
    try scratch.write("strange.log", "what is this\nnobody knows\n")
    #expect(try Program.run(command, "-q", scratch.path + "/good.log").code == 0)
    #expect(try Program.run(command, "-q", scratch.path).code == 3)
    let missing = try Program.run(command, "-q", scratch.path + "/good.log", "/no/such/file.log")
    #expect(missing.code == 3)
    #expect(missing.ledger.hasPrefix("read 1 lines · parsed 1"))
  }

  @Test(arguments: ["scan", "parse"])
  func `an empty log is no fault`(_ command: String) throws {
    let scratch = try Scratch()
    let run = try Program.run(command, "-q", try scratch.write("new.log", ""))
    #expect(run.code == 0)
    #expect(run.ledger == "read 0 lines · parsed 0 · rejected 0 · findings 0")
  }

  @Test(arguments: ["scan", "parse"])
  func `3 when results can not be written`(_ command: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("auth.log", ExitCodeTests.line)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = [command, "-q", file]
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
    #expect(process.terminationStatus == 3)
    #expect(text.contains("results are missing"))
  }
}
