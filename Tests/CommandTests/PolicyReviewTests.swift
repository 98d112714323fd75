import Foundation
import Testing

/// What the review says differently by another policy.
@Suite struct PolicyReviewTests {
  /// The review of a small log: a system that is heard of on the second day alone, and a source of which one line in twenty can not be read.
  private func review(_ policy: String, hasRegisters: Bool = true) throws -> [String: Any] {
    let scratch = try Scratch()
    if hasRegisters {
      try scratch.write("registers/people.yaml", HostileLogTests.people)
      try scratch.write(
        "registers/infrastructure.yaml",
        """
        infrastructure:
          - {id: web1, kind: host, names: [web1], environment: production, owner: p-001}
          - {id: web2, kind: host, names: [web2], environment: production, owner: p-001}
          - {id: web3, kind: host, names: [web3], environment: production, owner: p-001}
        """)
    }
    func line(_ day: Int, _ host: String) -> String {
      "2026-11-\(day < 10 ? "0" : "")\(day)T09:00:00Z \(host) sshd[7]: Accepted publickey for dana from 10.0.0.4 port 22 ssh2\n"
    }
    let lines = (1...30).map { line($0, "web1") + ($0 == 2 ? line(2, "web2") : "") }
    try scratch.write("logs/auth.log", lines.joined() + "no line of any log\n")
    try scratch.write("policy.yaml", policy)
    let config = try scratch.write(
      "rollcall.yaml",
      "\(hasRegisters ? "registers: registers\n" : "")policy: policy.yaml\nsources:\n  - {name: hosts, path: logs/auth.log, format: syslog}\n"
    )
    let run = try Program.run(
      "scan", "-q", "--config", config, "--review", scratch.path + "/r", "--month", "2026-11")
    #expect(run.code < 2, "\(run.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(try scratch.read("r/review.json")))
    return try #require(json as? [String: Any])
  }

  private func silent(_ review: [String: Any]) throws -> String {
    let tables = try #require(review["tables"] as? [String: Any])
    let table = try #require(tables["silent-infrastructure"])
    return String(
      decoding: try JSONSerialization.data(withJSONObject: table, options: .sortedKeys),
      as: UTF8.self)
  }

  private func unseen(_ review: [String: Any]) throws -> [String] {
    let lists = try #require(review["lists"] as? [String: Any])
    return try #require(lists["not-seen"] as? [String]).filter {
      $0.contains("parsed_percent")
    }
  }

  @Test func `a system is silent after as many days as the policy says`() throws {
    let usual = try silent(review(""))
    #expect(usual.contains("web3") && !usual.contains("web2") && !usual.contains("web1"))
    let fewer = try silent(
      review("infrastructure: {silent_days: {value: 14, reason: Each speaks daily.}}"))
    #expect(fewer.contains("web3") && fewer.contains("web2") && !fewer.contains("web1"))
  }

  @Test func `how much of a source has to be read is the policy's`() throws {
    #expect(
      try unseen(review("")) == [
        "hosts: 96.8 % of the lines could be read, less than the 99.0 % that the policy asks for (source.parsed_percent)."
      ])
    #expect(
      try unseen(review("source: {parsed_percent: {value: 90.0, reason: Old devices.}}")) == [])
  }

  @Test func `the policy counts where there are no registers`() throws {
    let policy = "source: {parsed_percent: {value: 90.0, reason: Old devices.}}"
    #expect(try unseen(review("", hasRegisters: false)).count == 1)
    #expect(try unseen(review(policy, hasRegisters: false)) == [])
  }
}
