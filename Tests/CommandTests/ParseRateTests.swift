import Detectors
import Documents
import Registers
import Testing

@testable import Command
@testable import Pipelines

/// When less of a log can be read than before.
@Suite struct ParseRateTests {
  /// Feeds windows, each with its lines read and rejected, and returns what was told of which.
  private func told(
    _ windows: [(UInt64, UInt64)], _ policy: Policy = .defaults
  ) -> [Int: ParseRate.Fallen] {
    var rate = ParseRate(policy)
    var (parsed, rejected, now) = (UInt64(0), UInt64(0), 0.0)
    _ = rate.take("web", parsed: 0, rejected: 0, at: 0)
    var result: [Int: ParseRate.Fallen] = [:]
    for (number, window) in windows.enumerated() {
      parsed += window.0
      rejected += window.1
      now += 300
      result[number] = rate.take("web", parsed: parsed, rejected: rejected, at: now)
    }
    return result
  }

  @Test func `a fall is told once, and again after it was usual`() {
    let good: (UInt64, UInt64) = (990, 10)
    let bad: (UInt64, UInt64) = (300, 700)
    let result = told([good, good, good, bad, bad, good, bad])
    #expect(result.keys.sorted() == [3, 6])
    #expect(result[3] == ParseRate.Fallen(name: "web", lines: 1000, share: 0.3, usual: 0.99))
  }

  @Test func `what was always half unread is no news, nor are a few lines`() {
    #expect(told(Array(repeating: (50, 50), count: 20)).isEmpty)
    #expect(told([(990, 10), (990, 10), (990, 10), (0, 99)]).isEmpty)
    // Few lines go on into the next window.
    #expect(told([(990, 10), (990, 10), (990, 10), (0, 99), (0, 1)]).keys.sorted() == [4])
  }

  @Test func `how much less counts is the policy's`() throws {
    let text = "source: {parsed_drop_percent: {value: 5, reason: x}}"
    let policy = try Policy(Document(file: "policy.yaml", text: text))
    let windows: [(UInt64, UInt64)] = [(990, 10), (990, 10), (990, 10), (900, 100)]
    #expect(told(windows, policy).keys.sorted() == [3])
    #expect(told(windows).isEmpty)
  }

  @Test func `a window is five minutes long`() {
    var rate = ParseRate(.defaults)
    for minute in 0...15 {
      #expect(
        rate.take("web", parsed: UInt64(minute) * 100, rejected: 0, at: Double(minute) * 60) == nil)
    }
    // Three windows are over; the fourth tells, and not before it is over.
    #expect(rate.take("web", parsed: 1500, rejected: 900, at: 1199) == nil)
    #expect(rate.take("web", parsed: 1500, rejected: 900, at: 1200)?.share == 0)
  }

  @Test func `a log that begins badly sets no measure for itself before it is known`() {
    #expect(told([(0, 500), (500, 0), (0, 500), (500, 0)]).isEmpty)
  }

  @Test func `the finding says it in words`() {
    let finding = ParseRate.finding(
      ParseRate.Fallen(name: "web", lines: 1000, share: 0.3, usual: 0.99),
      reasons: [ChunkTally.Reason(reason: "json-syntax", count: 700, lines: [5, 9])],
      now: 7_000_000_000)
    #expect(
      finding.message
        == "web: 30 % of the last 1000 lines could be read, 99 % before; most often: json-syntax, as in line 9"
    )
    #expect(finding.uid == "parse-rate-web-7")
  }
}
