import Alerts
import Detectors

/// Prints what became of detectors' tests, for a person or for a program.
struct TestPaper {
  /// What a run came to.
  struct Counts {
    var detectors, tests, failed, gaps: Int
  }

  let output: ScanCommand.Output
  /// How many lines and reasons of a failure are shown.
  private static let shownMax = 12
  /// How many detectors with the same gap are named one by one.
  private static let namedMax = 20

  /// Prints one test.
  func write(_ rule: Rule, _ test: DetectorTest, _ outcome: DetectorTestRun.Outcome) {
    guard output == .table else { return writeObject(rule, test, outcome) }
    let word = outcome.failures.isEmpty ? "ok  " : "FAIL"
    Console.out(TerminalText.clean("\(word) \(rule.header.id): \(test.name)") + "\n")
    for failure in outcome.failures {
      row("at", "\(failure.file):\(failure.fileLine)")
      list("line", failure.lines)
      row("wanted", failure.wanted)
      row("came", failure.came)
      list("because", failure.reasons)
    }
  }

  private func list(_ name: String, _ values: [String]) {
    let shown = values.prefix(TestPaper.shownMax)
    for (place, value) in shown.enumerated() { row(place == 0 ? name : "", value) }
    if values.count > shown.count { row("", "… \(values.count - shown.count) more") }
  }

  private func row(_ name: String, _ value: String) {
    let padding = String(repeating: " ", count: max(0, 9 - name.utf8.count))
    Console.out("     \(name)\(padding)\(TerminalText.clean(value))\n")
  }

  private func writeObject(
    _ rule: Rule, _ test: DetectorTest, _ outcome: DetectorTestRun.Outcome
  ) {
    object { json in
      json.member("type", "test")
      json.member("detector", rule.header.id)
      json.member("test", test.name)
      json.member("file", rule.file)
      json.member("line", test.fileLine)
      json.member("passed", outcome.failures.isEmpty)
      guard !outcome.failures.isEmpty else { return }
      json.array("failures") { json in
        for failure in outcome.failures {
          json.object { json in
            json.member("line", failure.fileLine)
            json.member("lines", failure.lines)
            json.member("wanted", failure.wanted)
            json.member("came", failure.came)
            json.member("because", failure.reasons)
          }
        }
      }
    }
  }

  /// Prints what the tests did not show, and how many there were of what.
  ///
  /// - Parameter gaps: The gaps, or `nil` when only their number was asked for.
  func write(untested: [String], gaps: [RuleGap]?, counts: Counts) {
    guard output == .table else {
      for gap in gaps ?? [] {
        var json = JSONWriter()
        gap.write(to: &json)
        Console.out(json.bytes + [0x0A])
      }
      return object { json in
        json.member("type", "summary")
        json.member("detectors", counts.detectors)
        json.member("tests", counts.tests)
        json.member("failed", counts.failed)
        json.member("without_tests", untested.count)
        json.member("gaps", counts.gaps)
      }
    }
    if let gaps {
      write(gaps)
    } else {
      // Whoever loads thousands of others' rules need not read all their names.
      for id in untested.prefix(TestPaper.namedMax) { line("none \(id): has no tests") }
      if untested.count > TestPaper.namedMax {
        line("none … and \(untested.count - TestPaper.namedMax) more")
      }
    }
    line(
      "\(TestPaper.count(counts.detectors)) · \(counts.tests) test\(counts.tests == 1 ? "" : "s") · "
        + "\(counts.failed) failed · \(TestPaper.count(untested.count)) without tests"
        + (gaps == nil ? "" : " · \(counts.gaps) gap\(counts.gaps == 1 ? "" : "s")"))
    if gaps == nil, counts.gaps > untested.count {
      Console.error(
        "note: \(counts.gaps) gaps in what the tests show, or can not work; --coverage lists them")
    }
  }

  /// Prints gaps in the order of the files; what many detectors share is told once.
  private func write(_ gaps: [RuleGap]) {
    struct Shared: Hashable {
      let kind: RuleGap.Kind
      let message, fix: String
    }
    var members: [Shared: [RuleGap]] = [:]
    for gap in gaps {
      members[Shared(kind: gap.kind, message: gap.message, fix: gap.fix), default: []].append(gap)
    }
    var told: Set<Shared> = []
    if !gaps.isEmpty { line("\ngaps") }
    for gap in gaps {
      let shared = Shared(kind: gap.kind, message: gap.message, fix: gap.fix)
      let alike = members[shared]?.count ?? 0
      guard alike > TestPaper.namedMax else {
        line(gap.text)
        continue
      }
      guard told.insert(shared).inserted else { continue }
      line(gap.text)
      line("  … and \(alike - 1) more detectors alike; --output jsonl names each")
    }
    if !gaps.isEmpty { line("") }
  }

  private func line(_ text: String) { Console.out(Console.clean(text) + "\n") }

  private func object(_ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.object { body(&$0) }
    Console.out(json.bytes + [0x0A])
  }

  private static func count(_ count: Int) -> String {
    "\(count) detector\(count == 1 ? "" : "s")"
  }
}
