import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// Secrets are gone from whatever is kept of a line.
@Suite struct RedactionTests {
  // Put together from parts, so that no scanner takes this file for one with secrets.
  private static let letters = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
  private static let secrets: [(text: String, secret: String)] = [
    ("key " + "AKIA" + "IOSFODNN7EXAMPLE", "IOSFODNN7EXAMPLE"),
    ("token " + "ghp_" + letters + " used", letters),
    ("token " + "github_pat_" + "11ABCDEFG0abcdefghijkl_mnop", "11ABCDEFG0abcdefghijkl_mnop"),
    ("PRIVATE-TOKEN: " + "glpat-" + "abcDEF123456_ghiJKL7", "abcDEF123456_ghiJKL7"),
    ("slack " + "xoxb-" + "123456789012-abcdefGHIJ", "123456789012-abcdefGHIJ"),
    (
      "Bearer " + "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0"
        + ".dozjgNryP4J3jVmNHl0w5N",
      "dozjgNryP4J3jVmNHl0w5N"
    ),
    (
      "-----BEGIN RSA " + "PRIVATE KEY-----\\nMIIEowIBAAKCAQEA7v\\nQEFAASCBKcwggSj\\n-----END RSA",
      "QEFAASCBKcwggSj"
    ),
    (
      "AWS_SECRET_ACCESS_KEY=" + "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01",
      "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01"
    ),
    ("to postgres://shop:" + "hunter2hunter2@db1/shop", "hunter2hunter2"),
    ("clone https://anybody:" + "hunter2hunter2@git.example.org/a.git", "hunter2hunter2"),
    ("GET /login?user=kim&password=" + "hunter2hunter2&next=1", "hunter2hunter2"),
    ("--api_key=" + "0123456789abcdef", "0123456789abcdef"),
  ]

  /// The findings of a rule that any line hits, over one log.
  private func findings(_ lines: [String], _ format: LineFormat) async throws -> [Finding] {
    var table = FieldTable()
    let (set, problems) = RuleSet.load(
      documents: [
        try Document(
          file: "r.yaml",
          text: """
            title: Any line
            id: any
            subject: [log.source, message]
            message: "said {message}"
            logsource: {category: access}
            detection: {a: ['*'], condition: a}
            """)
      ], fields: &table, placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.isEmpty)
    let (mappings, refused) = MappingLoader.load(
      try Document(
        file: "m.yaml",
        text: """
          mapping: own
          format: json
          fields: {"@timestamp": time, message: message}
          """), table: &table)
    #expect(refused.isEmpty)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: set, mappings: mappings, table: table, zone: .utc)
    let stream = PipelineStream(
      name: "s",
      contexts: [
        LineContext(
          format: format, zone: .utc, years: YearRule(anchor: 1_794_000_000), source: ByteView("s"))
      ], source: .none, firstTime: .min,
      feed: BlockFeed(Array(lines.map { $0 + "\n" }.joined().utf8), blockBytes: 1 << 16))
    return await Pipeline(setup, streams: [stream], jobs: 1).run().findings
  }

  @Test func `evidence, subject and message have stars where a secret was, and the rest as it was`()
    async throws
  {
    for (text, secret) in Self.secrets {
      let line = "2026-11-03T09:14:00Z ci1 app[1]: \(text)"
      let found = try await findings([line], .rfc3164)
      let told = "\(found)"
      #expect(!found.isEmpty, "\(text)")
      #expect(!told.contains(secret), "\(told)")
      let kept = try #require(found.first?.evidence.first)
      #expect(kept.raw.utf8.count == line.utf8.count)
      #expect(kept.raw.hasPrefix("2026-11-03T09:14:00Z ci1 app[1]: "))
      #expect(kept.raw.contains("*"))
    }
  }

  @Test func `what only looks like a secret stays`() async throws {
    for text in [
      "using AKIASHORT", "ghp_short", "commit glpat-rules", "password=[FILTERED] and more",
      "password=****** was taken out", "the eyJhbGciOiJIUzI1NiJ9 alone", "http://db1:5432/shop",
      "https://git.example.org/a@b", "-----BEGIN PUBLIC KEY-----\\nMIIBIjANBgkqhkiG9w0",
      "XAKIAIOSFODNN7EXAMPLE of another word", "Failed password for kim from 203.0.113.9",
    ] {
      let line = "2026-11-03T09:14:00Z ci1 app[1]: \(text)"
      let found = try await findings([line], .rfc3164)
      let kept = try #require(found.first?.evidence.first)
      #expect(kept.raw == line)
    }
  }

  @Test func `CloudTrail's ids of keys stay, for they say who it was`() async throws {
    let line =
      #"{"time":"2026-11-03T09:14:00Z","userIdentity":{"accessKeyId":"AKIA"# + "IOSFODNN7EXAMPLE"
      + #""},"message":"x"}"#
    let found = try await findings([line], .json)
    #expect(found.first?.evidence.first?.raw == line)
  }
}
