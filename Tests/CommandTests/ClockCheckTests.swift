import Detectors
import Documents
import Registers
import Testing

@testable import Command

/// When a log's times are not the clock's.
@Suite struct ClockCheckTests {
  /// Looks at a log every half minute, with its newest event so many seconds ago, and returns what was told when.
  private func told(_ lags: [Double], _ policy: Policy = .defaults) -> [Int: Double] {
    var clock = ClockCheck(policy)
    var result: [Int: Double] = [:]
    for (number, lag) in lags.enumerated() {
      result[number] = clock.take("web", lag: lag, at: Double(number) * 30)?.seconds
    }
    return result
  }

  @Test func `a clock that is ahead or behind is told once, after ten minutes`() {
    #expect(told(Array(repeating: -7200, count: 60)) == [20: -7200])
    #expect(told((0..<60).map { 400 + Double($0 % 7) }) == [20: 400])
  }

  @Test func `lines that come late now and then are no other clock`() {
    #expect(told((0..<200).map { $0 % 15 == 0 ? 2 : 5000 }).isEmpty)
    #expect(told(Array(repeating: 290, count: 60)).isEmpty)
    #expect(told(Array(repeating: -59, count: 60)).isEmpty)
  }

  @Test func `how much a clock may differ is the policy's`() throws {
    let text = "source: {clock_ahead: {value: 1h, reason: x}, clock_behind: {value: 2m, reason: x}}"
    let policy = try Policy(Document(file: "policy.yaml", text: text))
    #expect(told(Array(repeating: -3590, count: 60), policy).isEmpty)
    #expect(told(Array(repeating: -3610, count: 60), policy).count == 1)
    #expect(told(Array(repeating: 110, count: 60), policy).isEmpty)
    #expect(told(Array(repeating: 130, count: 60), policy).count == 1)
  }

  @Test func `it is told again after it was right`() {
    let wrong = Array(repeating: -600.0, count: 21)
    let right = Array(repeating: 1.0, count: 42)
    #expect(told(wrong + right + wrong + wrong).count == 2)
  }

  @Test func `few looks say nothing`() {
    var clock = ClockCheck(.defaults)
    for number in 0..<9 { #expect(clock.take("web", lag: 9000, at: Double(number) * 600) == nil) }
    #expect(clock.take("web", lag: 9000, at: 5400)?.seconds == 9000)
  }

  @Test func `the finding says it in words, once a day`() {
    let finding = ClockCheck.finding(.init(name: "web", seconds: -7290), now: 86_400_000_000_000)
    #expect(
      finding.message
        == "web: its newest events are 2 h 1 min ahead of this machine's clock; a clock or its "
        + "`timezone:` is wrong")
    #expect(finding.uid == "clock-web-ahead-1")
    let late = ClockCheck.finding(.init(name: "web", seconds: 600), now: 0)
    #expect(
      late.message.contains("10 min behind") && late.message.hasSuffix("or its lines come late"))
  }
}
