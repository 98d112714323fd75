import Detectors
import Documents
import Registers
import Testing

@testable import Command

/// When a log counts as silent.
@Suite struct SilenceTests {
  /// A log that speaks each minute for some hours.
  private func steady(_ hours: Int, every seconds: Double = 60) -> (Silence, now: Double) {
    var silence = Silence(.defaults)
    var now = 0.0
    while now < Double(hours) * 3600 {
      silence.heard("web", at: now)
      #expect(silence.fallen(at: now + seconds / 2).isEmpty)
      now += seconds
    }
    return (silence, now - seconds)
  }

  @Test func `a log that spoke each minute is silent after ten, once, until it speaks again`() {
    var (silence, now) = steady(3)
    #expect(silence.fallen(at: now + 599).isEmpty)
    let fallen = silence.fallen(at: now + 601)
    #expect(fallen == [Silence.Fallen(name: "web", seconds: 601, longest: 60)])
    #expect(silence.fallen(at: now + 9000).isEmpty)
    silence.heard("web", at: now + 9000)
    // Now it has paused for so long once, within a day.
    #expect(silence.fallen(at: now + 9000 + 9000 * 2.9).isEmpty)
    #expect(silence.fallen(at: now + 9000 + 9000 * 3.1).count == 1)
  }

  @Test func `how long a silence is, and how much longer than a pause, is the policy's`() throws {
    let text = "source: {silent: {value: 30m, reason: x}, silent_factor: {value: 5.0, reason: x}}"
    var silence = Silence(try Policy(Document(file: "policy.yaml", text: text)))
    for minute in 0..<180 { silence.heard("web", at: Double(minute) * 60) }
    for tenth in 0..<50 { silence.heard("rare", at: Double(tenth) * 600) }
    let (web, rare) = (179.0 * 60, 49.0 * 600)
    #expect(silence.fallen(at: web + 1799).isEmpty)
    #expect(silence.fallen(at: web + 1801).map(\.name) == ["web"])
    #expect(silence.fallen(at: rare + 2999).isEmpty)
    #expect(silence.fallen(at: rare + 3001).map(\.name) == ["rare"])
  }

  @Test func `a log that speaks rarely is not silent when it pauses as it does`() {
    var (silence, now) = steady(24, every: 1800)
    #expect(silence.fallen(at: now + 3 * 1800).isEmpty)
    #expect(silence.fallen(at: now + 3 * 1800 + 1).count == 1)
  }

  @Test func `a log that is new, or has said little, is never silent`() {
    var silence = Silence(.defaults)
    for minute in 0..<19 { silence.heard("few", at: Double(minute) * 300) }
    for second in 0..<1000 { silence.heard("new", at: Double(second)) }
    #expect(silence.fallen(at: 1_000_000).isEmpty)
  }

  @Test func `a night's pause is forgotten after a day`() {
    var silence = Silence(.defaults)
    var now = 0.0
    func speak(_ hours: Double) {
      let end = now + hours * 3600
      while now < end {
        silence.heard("web", at: now)
        now += 60
      }
    }
    speak(10)
    now += 8 * 3600
    speak(20)
    #expect(silence.fallen(at: now + 3600).isEmpty)
    speak(8)
    #expect(silence.fallen(at: now + 3600).count == 1)
  }

  @Test func `the finding says it in words, and one silence has one identity`() {
    let fallen = Silence.Fallen(name: "web", seconds: 2100, longest: 45)
    let first = Silence.finding(fallen, latest: 5_000_000_000, now: 9_000_000_000)
    #expect(
      first.message
        == "web has been silent for 35 minutes; its longest pause within a day was 45 seconds")
    #expect(first.uid == Silence.finding(fallen, latest: 5_000_000_000, now: 1).uid)
    #expect(first.uid != Silence.finding(fallen, latest: 6_000_000_000, now: 1).uid)
  }
}
