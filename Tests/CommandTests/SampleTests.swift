import Foundation
import Testing

/// The samples, scanned by the built program.
@Suite struct SampleTests {
  /// A row of `expected.tsv`.
  struct Row: CustomTestStringConvertible {
    var detector: String
    var subjects: [String]
    var isMust: Bool
    /// The day or month that the note begins with.
    var when: String
    var testDescription: String { "\(detector) \(subjects) \(isMust ? "must" : "mustnot") \(when)" }
  }

  /// A finding as far as the rows speak of it.
  struct Found {
    var detector, subject, day: String
  }

  static func rows() throws -> [Row] {
    let file = Program.package + "/samples/expected.tsv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let parts = line.split(separator: "\t").map(String.init)
      return Row(
        detector: parts[0], subjects: parts[1].split(separator: ",").map(String.init),
        isMust: parts[2] == "must", when: String(parts[3].prefix { $0 != ":" }))
    }
  }

  static func findings(_ run: Run) throws -> [Found] {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    return try run.lines.map { line in
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let info = try #require(json["finding_info"] as? [String: Any])
      let analytic = try #require(info["analytic"] as? [String: Any])
      let unmapped = try #require(json["unmapped"] as? [String: Any])
      let start = try #require(json["start_time"] as? Int)
      let day = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(start) / 1000))
      return Found(
        detector: try #require(analytic["uid"] as? String),
        subject: try #require(unmapped["subject"] as? String),
        day: String(format: "%04d-%02d-%02d", day.year ?? 0, day.month ?? 0, day.day ?? 0))
    }
  }

  @Test func `everything that must be found is, and nothing that must not`() throws {
    let run = try Samples.scan(try Scratch.samples())
    #expect(run.code == 0)
    #expect(run.ledger.hasPrefix("read 9434 lines · parsed 9428 · rejected 6 · findings "))
    let found = try SampleTests.findings(run)
    let rows = try SampleTests.rows()
    #expect(rows.count > 30)
    for row in rows {
      let hits = found.filter { finding in
        let parts = finding.subject.components(separatedBy: " · ")
        return finding.detector == row.detector && finding.day.hasPrefix(row.when)
          && row.subjects.contains(where: parts.contains)
      }
      #expect(hits.isEmpty != row.isMust, "\(row.testDescription): \(hits)")
    }
  }

  @Test(arguments: [
    ["--jobs", "1"], ["--jobs", "2"], ["--jobs", "7"], ["--jobs", "3", "--chunk-bytes", "4096"],
    ["--jobs", "1", "--chunk-bytes", "64"],
  ]) func `neither workers nor chunks change a byte`(_ options: [String]) throws {
    let samples = try Scratch.samples()
    let plain = try Samples.scan(samples)
    let other = try Samples.scan(samples, options)
    #expect(!plain.output.isEmpty)
    #expect(plain.output == other.output)
    #expect(plain.ledger == other.ledger)
  }

  @Test func `compressed or not, the findings are the same bytes`() throws {
    let samples = try Scratch.samples()
    let before = try Samples.scan(samples)
    let logs = samples.path + "/samples/logs/"
    for name in ["auth.log.1.gz", "nginx/access.json.1.gz", "gitlab/production_json.log.1.gz"] {
      #expect(try Program.run(["-d", logs + name], of: "/usr/bin/gzip").code == 0)
    }
    try samples.stamp("samples/logs/auth.log.1", Samples.october)
    let plain = try Samples.scan(samples)
    #expect(plain.code == 0)
    #expect(plain.output == before.output)
    // Without the name and the time in the header: the file's own time says the year.
    #expect(try Program.run(["-n", logs + "auth.log.1"], of: "/usr/bin/gzip").code == 0)
    try samples.stamp("samples/logs/auth.log.1.gz", Samples.october)
    #expect(try Program.run([logs + "nginx/access.json"], of: "/usr/bin/gzip").code == 0)
    let packed = try Samples.scan(samples)
    #expect(packed.code == 0)
    #expect(packed.output == before.output)
  }

  @Test func `a log cut into five rotated files is the same log`() throws {
    let samples = try Scratch.samples()
    let before = try Samples.scan(samples)
    let whole = try samples.read("samples/logs/auth.log")
    try FileManager.default.moveItem(
      atPath: samples.path + "/samples/logs/auth.log.1.gz",
      toPath: samples.path + "/samples/logs/auth.log.5.gz")
    var start = whole.startIndex
    for piece in (0..<5).reversed() {
      let wanted = piece == 0 ? whole.endIndex : start + whole.count / 5
      let end = piece == 0 ? wanted : (whole[wanted...].firstIndex(of: 0x0A) ?? wanted) + 1
      let name = "samples/logs/auth.log" + (piece == 0 ? "" : ".\(piece)")
      try samples.write(name, whole[start..<end])
      try samples.stamp(name, Samples.november)
      start = end
    }
    let cut = try Samples.scan(samples)
    #expect(cut.code == 0)
    #expect(cut.output == before.output)
    #expect(cut.ledger == before.ledger)
  }

  @Test func `a gzip file cut short ends with 3, and what came before its end counts`() throws {
    let samples = try Scratch.samples()
    let name = "samples/logs/auth.log.1.gz"
    let whole = try samples.read(name)
    try samples.write(name, whole.prefix(whole.count * 9 / 10))
    let run = try Samples.scan(samples)
    #expect(run.code == 3)
    #expect(run.errors.contains("auth.log.1.gz"))
    // The attack of 17 September stands in what could be read.
    let found = try SampleTests.findings(run)
    #expect(found.contains { $0.detector == "login-brute-force" && $0.subject == "203.0.113.68" })
  }

  @Test func `check reports the renewal that came too late`() throws {
    let samples = try Scratch.samples()
    let run = try Program.run(
      "check", "--registers", samples.path + "/samples/registers", "--as-of", "2026-11-01")
    #expect(run.code == 2)
    #expect(
      run.lines.contains {
        $0.contains("contractors.yaml:35:9: error: a renewal of `c-003` does not count")
      })
  }
}
