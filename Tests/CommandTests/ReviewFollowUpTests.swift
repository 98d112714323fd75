import Foundation
import Testing

/// A review that follows up the one before it, and the variant of it that customers get.
@Suite struct ReviewFollowUpTests {
  /// Reviews of September and October over the samples; the one of September as somebody filled it in.
  private func reviews(
    _ more: [String] = [], filling fill: (inout [String: Any]) -> Void = { _ in }
  ) throws -> (scratch: Scratch, run: Run) {
    let samples = try Scratch.samples()
    let first = try Samples.scan(
      samples, ["--review", samples.path + "/sep", "--month", "2026-09"])
    #expect(first.code == 0)
    var review = try object(samples, "sep/review.json")
    fill(&review)
    let previous = samples.path + "/previous.json"
    try JSONSerialization.data(withJSONObject: review).write(to: URL(fileURLWithPath: previous))
    let run = try Samples.scan(
      samples,
      ["--review", samples.path + "/oct", "--month", "2026-10", "--previous", previous] + more)
    return (samples, run)
  }

  private func object(_ scratch: Scratch, _ name: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(try scratch.read(name))) as? [String: Any])
  }

  private func rows(_ table: String, _ review: [String: Any]) throws -> [[String: Any]] {
    let tables = try #require(review["tables"] as? [String: [String: Any]])
    return try #require(tables[table]?["rows"] as? [[String: Any]])
  }

  private func label(_ value: Any?) -> String? { (value as? [String: Any])?["label"] as? String }

  @Test func `last month's actions are followed up, with whatever somebody wrote to them`() throws {
    let (samples, run) = try reviews { review in
      guard var tables = review["tables"] as? [String: [String: Any]],
        var rows = tables["actions"]?["rows"] as? [[String: Any]]
      else { return }
      for place in rows.indices {
        switch rows[place]["row"] as? String {
        case "row-12": (rows[place]["owner"], rows[place]["due"]) = ("p-001", "2026-10-20")
        case "row-28": (rows[place]["owner"], rows[place]["done"]) = ("p-006", "2026-10-02")
        default: break
        }
      }
      // A row that held in October as well: it was an action once, and is none any more.
      rows.append(["row": "row-2", "asks": "x", "status": ["tone": "bad", "label": "fail"]])
      rows.append(["row": "row-30", "asks": "x", "since": "2026-05"])
      tables["actions"]?["rows"] = rows
      review["tables"] = tables
    }
    #expect(run.code == 0, "\(run.errors)")
    let review = try object(samples, "oct/review.json")
    let followed = try rows("follow-up", review)
    func verdict(_ row: String) -> String? {
      label(followed.first { $0["row"] as? String == row }?["verdict"])
    }
    #expect(verdict("row-2") == "closed")
    #expect(verdict("row-30") == "can not be told")
    #expect(verdict("row-12") == "open beyond its day")
    #expect(verdict("row-28") == "said to be done, found again")
    #expect(verdict("row-8") == "still open")
    let actions = try rows("actions", review)
    let carried = try #require(actions.first { $0["row"] as? String == "row-12" })
    #expect(carried["since"] as? String == "2026-09")
    #expect(carried["owner"] as? String == "p-001" && carried["due"] as? String == "2026-10-20")
    // Said to be done and found again is a new action, and nobody's.
    let again = try #require(actions.first { $0["row"] as? String == "row-28" })
    #expect(again["since"] as? String == "2026-10" && again["owner"] is NSNull)
    let new = try #require(actions.first { $0["row"] as? String == "row-10" })
    #expect(new["since"] as? String == "2026-10")
    let figures = try #require(review["figures"] as? [String: [String: Any]])
    #expect((figures["findings"]?["history"] as? [Int])?.count == 1)
    #expect(figures["actions_open"]?["value"] as? Int == followed.count - 2)
    #expect(try rows("changed-rows", review).contains { $0["row"] as? String == "row-10" })
    // What it was compared with belongs to what it was made from.
    #expect(try rows("manifest", review).contains { $0["role"] as? String == "earlier review" })
    #expect((review["command"] as? String)?.contains("--previous") == true)
    let tables = try #require(review["tables"] as? [String: [String: Any]])
    let whole = try #require(tables["access-gitlab"]?["completeness"] as? [String: Any])
    let turnover = try #require(whole["turnover"] as? [String: Int])
    #expect(
      (turnover["before"] ?? 0) + (turnover["joined"] ?? 0) - (turnover["left"] ?? 0)
        == turnover["now"])
  }

  @Test func `a file that is no earlier review stops the run with its fix`() throws {
    let scratch = try Scratch()
    try scratch.write("log/a.log", "2026-10-08T09:52:17Z db2 cron[5]: x\n")
    let cases = [
      ("{}", "this is no review"), ("[1", "2:1"),
      (#"{"schema_version": 2, "period": {"month": "2026-10"}}"#, "not before 2026-10"),
      (#"{"schema_version": 99, "period": {"month": "2026-09"}}"#, "version 99"),
    ]
    for (text, said) in cases {
      try scratch.write("p.json", text + (text == "[1" ? "\n" : ""))
      let run = try Program.run(
        "scan", scratch.path + "/log", "--review", scratch.path + "/r", "--month", "2026-10",
        "--previous", scratch.path + "/p.json")
      #expect(run.code == 2, "\(text)")
      #expect(run.errors.contains(said), "\(run.errors)")
    }
    let alone = try Program.run("scan", scratch.path + "/log", "--redacted")
    #expect(alone.code == 2 && alone.errors.contains("--review FOLDER --month 2026-10"))
  }

  @Test func `what customers get has no name, account, address, path or line`() throws {
    let (samples, run) = try reviews(["--redacted"])
    #expect(run.code == 0, "\(run.errors)")
    let hidden = [
      "olek", "Marchenko", "lena", "maren", "Bakker", "c-004", "p-001", "203.0.113", "10.8.0.",
      "contractors.yaml", "auth.log", "prod/orders-db", "Accepted publickey", "vpngw", "WP-3",
      "gitlab-requests",
    ]
    for page in ["review.html", "review.md", "review.json"] {
      let text = String(decoding: try samples.read("oct/" + page), as: UTF8.self)
      for word in hidden { #expect(!text.contains(word), "\(page): \(word)") }
    }
    let review = try object(samples, "oct/review.json")
    #expect(review["redacted"] as? Bool == true)
    let controls = try rows("controls-policy", review)
    #expect(controls.count == 138)
    #expect(controls.contains { label($0["status"]) == "fail" })
    #expect(controls.allSatisfy { ($0["name"] as? String)?.hasPrefix("[") == false })
    // One number stands for one thing throughout.
    let contractors = try rows("contractors", review).compactMap { $0["id"] as? String }
    let used = try rows("scope-used", review).compactMap { $0["contractor"] as? String }
    #expect(contractors.count == 5 && Set(contractors).count == 5)
    #expect(!used.isEmpty && Set(used).isSubset(of: contractors))
  }

  @Test func `evidence that a register gives says where its row stands`() throws {
    let samples = try Scratch.samples()
    let run = try Samples.scan(
      samples, ["--review", samples.path + "/oct", "--month", "2026-10"])
    #expect(run.code == 0)
    let review = try object(samples, "oct/review.json")
    let findings = try #require(review["findings"] as? [[String: Any]])
    let overdue = try #require(
      findings.first {
        $0["detector"] as? String == "rotation-overdue" && $0["subject"] as? String == "k-001"
      })
    let evidence = try #require((overdue["evidence"] as? [[String: Any]])?.first)
    #expect(evidence["line"] is NSNull && evidence["offset"] is NSNull)
    #expect((evidence["place"] as? String)?.hasSuffix("registers/secrets.yaml:4, `k-001`") == true)
    for page in ["review.html", "review.md"] {
      let text = String(decoding: try samples.read("oct/" + page), as: UTF8.self)
      #expect(!text.contains("line 0"))
      #expect(text.contains("secrets.yaml:4"))
    }
    // Lines of logs have their number.
    let burst = try #require(findings.first { $0["detector"] as? String == "login-brute-force" })
    let line = try #require((burst["evidence"] as? [[String: Any]])?.first)
    #expect((line["line"] as? Int ?? 0) > 0 && line["place"] is NSNull)
  }

  @Test func `what vouches for a row is no test of it, and databases show who was on them`() throws
  {
    let samples = try Scratch.samples()
    #expect(
      try Samples.scan(samples, ["--review", samples.path + "/oct", "--month", "2026-10"]).code == 0
    )
    let review = try object(samples, "oct/review.json")
    let rows = try rows("controls-policy", review)
    func status(_ row: String) -> String? {
      label(rows.first { $0["control"] as? String == row }?["status"])
    }
    #expect(status("row-101") == "attested" && status("row-106") == "fail")
    #expect(status("row-102") == "not run" && status("row-46") == "fail")
    for row in rows {
      let served = row["served_by"] as? [String] ?? []
      #expect(Set(served).count == served.count)
    }
    for table in ["controls-soc2", "controls-iso27001"] {
      #expect(try self.rows(table, review).filter { $0["name"] is NSNull }.isEmpty)
    }
    let uses = try self.rows("production-databases", review)
    #expect(uses.contains { $0["approval"] as? String == "a-033" })
    #expect(uses.contains { label($0["verdict"]) == "no approval" })
    let approvals = try self.rows("approvals", review)
    let database = try #require(approvals.first { $0["id"] as? String == "a-033" })
    #expect((database["used"] as? Int ?? 0) > 0)
    #expect(approvals.first { $0["id"] as? String == "x-007" }?["used"] as? Int == 0)
  }
}
