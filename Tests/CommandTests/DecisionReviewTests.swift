import Foundation
import Testing

/// What an analyst writes down about findings, who signs, and what was delivered, as the review has it.
@Suite(.serialized) struct DecisionReviewTests {
  private func object(_ scratch: Scratch, _ name: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(try scratch.read(name))) as? [String: Any])
  }

  private func rows(_ table: String, _ review: [String: Any]) throws -> [[String: Any]] {
    let tables = try #require(review["tables"] as? [String: [String: Any]])
    return try #require(tables[table]?["rows"] as? [[String: Any]])
  }

  private func label(_ value: Any?) -> String? { (value as? [String: Any])?["label"] as? String }

  /// Three addresses that guess, on one day each; a configuration, and two people.
  private func place() throws -> (scratch: Scratch, findings: [String: String]) {
    let scratch = try Scratch()
    var log = ""
    for day in [5, 6, 7] {
      for second in 10..<40 {
        log +=
          "2026-10-0\(day)T10:00:\(second)Z gw1 sshd[1]: Failed password for root from 203.0.113.\(day) port 1 ssh2\n"
      }
    }
    try scratch.write("logs/auth.log", log)
    try scratch.write(
      "registers/people.yaml",
      """
      people:
        - {id: p-1, name: Dana, kind: employee, accounts: {"*": [dana]}, roles: ["approver:contractor"]}
        - {id: p-2, name: Kim, kind: employee, accounts: {"*": [kim]}}
      """)
    try scratch.write(
      "rollcall.yaml",
      """
      registers: registers
      sources: [{name: hosts, path: logs/auth.log}]
      review:
        preparer: {name: Dana Reyes, role: Security lead}
        reviewer: {name: Kim Osei, role: Director}
      """)
    let run = try Program.run(
      "scan", "-q", "--config", scratch.path + "/rollcall.yaml", "--output", "jsonl")
    #expect(run.code == 0, "\(run.errors)")
    var findings: [String: String] = [:]
    for line in run.lines {
      let finding = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let info = finding?["finding_info"] as? [String: Any], let uid = info["uid"] as? String,
        (info["analytic"] as? [String: Any])?["uid"] as? String == "login-brute-force",
        let day = (5...7).first(where: { line.contains("203.0.113.\($0)") })
      else { continue }
      findings["\(day)"] = uid
    }
    #expect(findings.count == 3)
    return (scratch, findings)
  }

  private func scan(_ scratch: Scratch, _ more: String...) throws -> [String: Any] {
    let run = try Program.run(
      [
        "scan", "-q", "--config", scratch.path + "/rollcall.yaml", "--review",
        scratch.path + "/out",
      ]
        + ["--month", "2026-10"] + more)
    #expect(run.code == 0, "\(run.errors)")
    return try object(scratch, "out/review.json")
  }

  @Test func `what an analyst wrote down is counted, and what can not be is said`() throws {
    let (scratch, findings) = try place()
    let ids = try (5...7).map { try #require(findings["\($0)"]) }
    try scratch.write(
      "registers/dispositions.yaml",
      """
      dispositions:
        - {finding: "\(ids[0].prefix(8))", disposition: false-positive, by: p-1, at: 2026-10-05T11:00:00Z}
        - {finding: "\(ids[0])", disposition: true-positive, by: p-2, at: 2026-10-08, why: "Guessing", ref: WP-1}
        - {finding: "\(ids[1])", disposition: benign, by: p-1, at: 2026-10-05}
        - {finding: "0123456789ab", disposition: duplicate, by: p-1, at: 2026-10-09}
        - {finding: "0123456789ac", disposition: duplicate, by: p-1, at: 2026-09-09}
      """)
    let review = try scan(scratch)
    let told = try rows("dispositions", review)
    #expect(
      told.map { label($0["verdict"]) } == [
        "decided before its first event", "decided again later", "counts",
        "names no finding of this month",
      ])
    let detectors = try rows("findings-by-detector", review)
    let burst = try #require(detectors.first { $0["detector"] as? String == "login-brute-force" })
    #expect(burst["true_positive"] as? Int == 1 && burst["false_positive"] as? Int == 0)
    #expect(burst["undecided"] as? Int == 2)
    let found = try #require(review["findings"] as? [[String: Any]])
    let decision = try #require(
      found.first { $0["uid"] as? String == ids[0] }?["disposition"] as? [String: Any])
    #expect(decision["outcome"] as? String == "true positive")
    #expect(decision["by"] as? String == "p-2" && decision["ref"] as? String == "WP-1")
    #expect(found.first { $0["uid"] as? String == ids[1] }?["disposition"] is NSNull)
    let figures = try #require(review["figures"] as? [String: [String: Any]])
    #expect(figures["findings_undecided"]?["value"] as? Int == found.count - 1)
    let page = String(decoding: try scratch.read("out/review.html"), as: UTF8.self)
    #expect(page.contains("not run: scanned without outputs"))

    // The same from a spreadsheet, byte for byte but for where it was read.
    try FileManager.default.removeItem(atPath: scratch.path + "/registers/dispositions.yaml")
    try scratch.write(
      "registers/dispositions.csv",
      "finding,disposition,by,at,why,ref\n\(ids[0]),true-positive,p-2,2026-10-08,Guessing,WP-1\n")
    let again = try scan(scratch)
    #expect(try rows("dispositions", again).count == 1)
    #expect(
      (again["findings"] as? [[String: Any]])?.first { $0["uid"] as? String == ids[0] }?[
        "disposition"] as? NSDictionary == decision as NSDictionary)
  }

  @Test func `check says what no disposition may be`() throws {
    let (scratch, _) = try place()
    let file = try scratch.write(
      "registers/dispositions.yaml",
      """
      dispositions:
        - {finding: "0123456789ab", disposition: benign, by: p-9, at: 2026-10-05}
        - {finding: F-3, disposition: benign, by: p-1, at: 2026-10-05}
      """)
    let run = try Program.run("check", "--config", scratch.path + "/rollcall.yaml")
    #expect(run.code == 2)
    #expect(run.output.contains("dispositions.yaml:2:56: error: `p-9`, who decided about"))
    #expect(run.output.contains("dispositions.yaml:3:15: error: `F-3` is no finding's identity"))
    try scratch.write(
      "registers/dispositions.yaml",
      "dispositions:\n  - {finding: \"0123456789ab\", disposition: wrong, by: p-1, at: 2026-10-05}\n"
    )
    let wrong = try Program.run("check", "--config", scratch.path + "/rollcall.yaml")
    #expect(wrong.code == 2 && wrong.output.contains("one of true-positive, benign"))
    try FileManager.default.removeItem(atPath: file)
  }

  @Test func `who signs stands in the configuration, and options win`() throws {
    let (scratch, _) = try place()
    func signatories(_ review: [String: Any]) throws -> [[String]] {
      let sign = try #require(review["sign_off"] as? [String: Any])
      return try #require(sign["signatories"] as? [[String: Any]]).map { one in
        ["name", "role"].map { "\(one[$0] ?? "")" }
      }
    }
    let review = try scan(scratch)
    #expect(
      try signatories(review) == [["Dana Reyes", "Security lead"], ["Kim Osei", "Director"]])
    #expect((review["command"] as? String)?.contains("Dana") == false)
    let named = try scan(
      scratch, "--prepared-by", "Dana  Reyes", "--reviewed-by", "Al Fox, Auditor")
    #expect(try signatories(named) == [["Dana Reyes", "Security lead"], ["Al Fox", "Auditor"]])
    #expect((named["command"] as? String)?.contains("--reviewed-by 'Al Fox, Auditor'") == true)
    let same = try scan(scratch, "--reviewed-by", "dana reyes, Director")
    let problem = (same["sign_off"] as? [String: Any])?["problem"] as? String
    #expect(problem?.hasPrefix("The reviewer must not be the preparer") == true)

    try scratch.write(
      "rollcall.yaml",
      "registers: registers\nreview:\n  preparer: {name: Dana}\n  reviewer: {name: DANA}\n")
    let check = try Program.run("check", "--config", scratch.path + "/rollcall.yaml")
    #expect(check.output.contains("rollcall.yaml:4:13: warning: the reviewer is the preparer"))
    let alone = try Program.run("scan", scratch.path + "/logs", "--prepared-by", "x")
    #expect(alone.code == 2 && alone.errors.contains("--prepared-by is about a review"))
  }

  @Test func `the review of a store has what was delivered`() throws {
    let place = try WatchTests.Place()
    try place.start("--haste", "60")
    try place.fail("203.0.113.9", 30)
    try place.wait("a message") { !place.messages.isEmpty }
    try place.wait("the lines") { try place.status().contains(" 30 ") }
    #expect(place.stop() == 0)
    let month = String("\(Date().ISO8601Format())".prefix(7))
    let out = place.scratch.path + "/out"
    let run = try Program.run("review", "--month", month, "--config", place.config, "--out", out)
    #expect(run.code == 0, "\(run.errors)")
    let review = try object(place.scratch, "out/review.json")
    let routes = try rows("deliveries", review)
    #expect(routes.map { $0["route"] as? String } == ["archive"])
    let told = try #require(routes.first?["told"] as? Int)
    #expect(told > 0 && routes.first?["dead"] as? Int == 0)
    #expect(label(routes.first?["verdict"]) == "all delivered")
    #expect((routes.first?["median"] as? String)?.hasSuffix(" s") == true)
    let page = String(decoding: try place.scratch.read("out/review.html"), as: UTF8.self)
    #expect(page.contains("Somebody was told of \(told) of"))
    // The same store gives the same bytes.
    let before = try place.scratch.read("out/review.json")
    _ = try Program.run("review", "--month", month, "--config", place.config, "--out", out)
    #expect(try place.scratch.read("out/review.json") == before)
  }
}
