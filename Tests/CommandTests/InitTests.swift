import Foundation
import Testing

/// `rollcall init`: a set that works as it is.
@Suite struct InitTests {
  /// A folder with the set in it.
  private func set() throws -> Scratch {
    let scratch = try Scratch()
    let run = try Program.run("init", in: scratch.path)
    #expect(run.code == 0, "\(run.errors)")
    return scratch
  }

  private let registers = [
    "people", "contractors", "infrastructure", "tools", "subprocessors", "approvals", "secrets",
    "backups", "limits", "roles", "flows", "policies", "reviews", "attestations", "incidents",
    "risks", "requests", "drills", "dispositions", "tasks",
  ]

  @Test func `it writes every register, the policy and the configuration, and says so`() throws {
    let scratch = try Scratch()
    let run = try Program.run("init", "a/b", in: scratch.path)
    #expect(run.code == 0)
    let files = Set(run.lines)
    #expect(files.count == registers.count + 3)
    for name in ["rollcall.yaml", "policy.yaml"] + registers.map({ "registers/\($0).yaml" }) {
      #expect(files.contains("a/b/\(name)"))
      let text = String(decoding: try scratch.read("a/b/\(name)"), as: UTF8.self)
      #expect(text.hasPrefix("# "), "\(name) teaches nothing")
    }
    #expect(run.errors.contains("next: cd a/b && rollcall check --config rollcall.yaml"))
  }

  @Test func `check passes on it, on the day and a year later`() throws {
    let scratch = try set()
    let run = try Program.run("check", "--strict", "--config", "rollcall.yaml", in: scratch.path)
    #expect(run.code == 0 && run.output.isEmpty, "\(run.output)\(run.errors)")
    #expect(run.ledger.hasSuffix("0 errors · 0 warnings"), "\(run.errors)")
    // Every row of the policy that a register can show is kept.
    #expect(run.errors.contains(" 0 exceptions "), "\(run.errors)")
    let later = Date().addingTimeInterval(365 * 86_400).ISO8601Format().prefix(10)
    let next = try Program.run(
      "check", "--config", "rollcall.yaml", "--as-of", String(later), in: scratch.path)
    #expect(next.code == 0, "\(next.output)")
    // What has come due since is told, and nothing is an error.
    #expect(next.output.contains("no offboarding was recorded") && !next.output.contains("error:"))
  }

  @Test func `a scan of its log finds what its comments promise`() throws {
    let scratch = try set()
    let run = try Program.run(
      "scan", "--config", "rollcall.yaml", "--output", "jsonl", in: scratch.path)
    #expect(run.code == 0, "\(run.errors)")
    let findings = run.lines.compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8)))
        .flatMap { ($0 as? [String: Any])?["message"] as? String }
    }
    #expect(
      findings.contains("Contractor kim used db1 outside the agreed system"), "\(findings)")
    #expect(findings.contains("guest used web1 and is in no register"), "\(findings)")
    #expect(!findings.contains { $0.contains("tom ") || $0.contains("backup ") }, "\(findings)")
    #expect(run.ledger.contains("read 8 lines · parsed 8 · rejected 0"), "\(run.ledger)")
  }

  @Test func `nothing that is there is overwritten, and rows of an example do not join real ones`()
    throws
  {
    for name in ["policy.yaml", "registers/staff.yaml", "logs/example.log"] {
      let scratch = try Scratch()
      try scratch.write(name, "mine\n")
      let run = try Program.run("init", in: scratch.path)
      #expect(run.code == 2)
      #expect(run.errors.contains("is there already: ./\(name)"), "\(run.errors)")
      #expect(run.errors.contains("nothing was written"))
      #expect(try scratch.read(name) == Data("mine\n".utf8))
      #expect(!FileManager.default.fileExists(atPath: scratch.path + "/rollcall.yaml"))
    }
  }

  @Test func `a folder that can not be made is said`() throws {
    let scratch = try Scratch()
    try scratch.write("file", "x")
    let run = try Program.run("init", "file/x", in: scratch.path)
    #expect(run.code == 2 && run.errors.contains("can not be written"), "\(run.errors)")
  }
}
