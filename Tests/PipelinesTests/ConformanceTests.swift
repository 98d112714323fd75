import Foundation
import Testing

/// Every suite of the corpora, each held to exactly what is known of it.
@Suite(.enabled(if: Corpus.isThere, "the corpora are not beside the package"))
struct ConformanceTests {
  /// What each suite gives, worked out once for the suites' tests and the page.
  static let results: [(suite: ConformanceSuite, outcome: Outcome)] = suites.map { suite in
    do {
      return (suite, try suite.run())
    } catch {
      var outcome = Outcome()
      outcome.wrong.append(("suite", "\(error)"))
      return (suite, outcome)
    }
  }

  static let suites: [ConformanceSuite] =
    FailToBanSuites.all + ParserSuites.all + CloudSuites.all + RawLogSuites.all + TimeSuites.all
    + SyslogSuites.all + JSONSuites.all

  @Test(arguments: suites.indices)
  func `a suite gives exactly what is known of it`(_ index: Int) {
    let (suite, outcome) = Self.results[index]
    let wrong = outcome.wrong.map { "\($0.id): \($0.why)" }
    #expect(outcome.counts == suite.expected, "\(suite.name)")
    for (item, text) in zip(outcome.wrong, wrong) {
      #expect(suite.known[item.id] != nil, "\(suite.name): \(text)")
    }
    let unmet = Set(suite.known.keys).subtracting(outcome.wrong.map(\.id))
    #expect(unmet.isEmpty, "\(suite.name): right by now")
  }

  @Test func `the published page says what the suites give`() throws {
    let page = ConformancePage.render(Self.results)
    if ConformancePage.isWriting {
      try page.write(to: ConformancePage.file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: ConformancePage.file, encoding: .utf8) == page)
  }
}
