import Detectors
import Testing

@testable import Command

/// Systems whose use should show in a log that nobody reads.
@Suite struct AuditSourceTests {
  private static let day: Int64 = 86_400 * 1_000_000_000
  private let audited = [
    AuditSources.Audited(
      system: "gitlab", source: "gitlab-audit", start: .min, end: .max),
    AuditSources.Audited(
      system: "web1", source: "hosts", start: .min, end: .max),
    AuditSources.Audited(system: "old1", source: "old", start: .min, end: 5),
  ]

  @Test func `a source that was never heard is told of after an hour, once a day`() {
    var watch = AuditSources(audited)
    var told: [(second: Double, subjects: [String])] = []
    for second in stride(from: 0.0, through: 90_000, by: 600) {
      let findings = watch.findings(
        heard: ["hosts"], at: second, time: 10 * Self.day + Int64(second) * 1_000_000_000)
      if !findings.isEmpty { told.append((second, findings.map(\.subject))) }
      #expect(findings.allSatisfy { $0.controls.contains("row-56") })
    }
    #expect(told.map(\.second) == [3600, 86_400])
    #expect(told.allSatisfy { $0.subjects == ["gitlab"] })
  }

  @Test func `one that is heard in time is not told of`() {
    var watch = AuditSources(audited)
    #expect(watch.findings(heard: ["hosts"], at: 0, time: Self.day).isEmpty)
    #expect(watch.findings(heard: ["hosts", "gitlab-audit"], at: 7200, time: Self.day).isEmpty)
  }

  @Test func `without such rows nothing is asked`() {
    var watch = AuditSources([])
    #expect(watch.findings(heard: [], at: 0, time: 0).isEmpty)
    #expect(watch.findings(heard: [], at: 9e9, time: 0).isEmpty)
  }
}
