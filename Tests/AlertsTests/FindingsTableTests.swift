import Alerts
import Detectors
import Testing

@Suite struct FindingsTableTests {
  /// The time of day, as a caller with a time zone would give it.
  private static func clock(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000 % 86_400
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
    return "2026-11-21 " + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  private static let findings = [
    Sample.finding(
      uid: "1", detector: "sign-in-failures", level: .medium,
      message: "203.0.113.7 failed to sign in 41 times in 10 minutes, as 12 different users.",
      subject: "203.0.113.7", count: 41, end: Sample.time - 3_600_000_000_000),
    Sample.finding(
      uid: "2", detector: "contractor-out-of-scope", level: .high,
      message: "Contractor kim reached db1, which is outside the agreed scope (systems: gitlab, "
        + "web*) and no approval covers it.", subject: "kim · db1", count: 1),
    Sample.finding(
      uid: "3", detector: "sudo-to-root", level: .high, message: "dana became root on web1.",
      subject: "dana", count: 2, end: Sample.time - 60_000_000_000),
    Sample.contractor,
  ]

  private func table(_ width: Int, _ findings: [Finding], rowsMax: Int = .max) -> String {
    FindingsTable(width: width, rowsMax: rowsMax, time: Self.clock).text(for: findings)
  }

  @Test func `no findings is one sentence`() {
    #expect(table(80, []) == "No findings in what was read.\n")
  }

  @Test func `eighty cells hold the table, the message under each finding`() {
    let expected = #"""
      LEVEL     TIME                 DETECTOR                 SUBJECT      COUNT
      ────────────────────────────────────────────────────────────────────────────────
      critical  2026-11-21 16:04:00  contractor-expired       kim              3
                Contractor kim connected to db1 after access had ended.
                db1.log:102  connection authorized: user=kim database=prod

      high      2026-11-21 16:03:00  sudo-to-root             dana             2
                dana became root on web1.
                db1.log:102  connection authorized: user=kim database=prod
      high      2026-11-21 16:04:00  contractor-out-of-scope  kim · db1        1
                Contractor kim reached db1, which is outside the agreed scope
                (systems: gitlab, web*) and no approval covers it.
                db1.log:102  connection authorized: user=kim database=prod

      medium    2026-11-21 15:04:00  sign-in-failures         203.0.113.7     41
                203.0.113.7 failed to sign in 41 times in 10 minutes, as 12 different
                users.
                db1.log:102  connection authorized: user=kim database=prod
      ────────────────────────────────────────────────────────────────────────────────
      4 findings: 1 critical · 2 high · 1 medium

      """#
    #expect(table(80, Self.findings) == expected)
  }

  @Test func `a hundred and twenty cells hold the longer messages on one line`() {
    let expected = #"""
      LEVEL     TIME                 DETECTOR                 SUBJECT      COUNT
      ────────────────────────────────────────────────────────────────────────────────────────\#
      ────────────────────────────────
      critical  2026-11-21 16:04:00  contractor-expired       kim              3
                Contractor kim connected to db1 after access had ended.
                db1.log:102  connection authorized: user=kim database=prod

      high      2026-11-21 16:03:00  sudo-to-root             dana             2
                dana became root on web1.
                db1.log:102  connection authorized: user=kim database=prod
      high      2026-11-21 16:04:00  contractor-out-of-scope  kim · db1        1
                Contractor kim reached db1, which is outside the agreed scope (systems: gitlab\#
      , web*) and no approval covers
                it.
                db1.log:102  connection authorized: user=kim database=prod

      medium    2026-11-21 15:04:00  sign-in-failures         203.0.113.7     41
                203.0.113.7 failed to sign in 41 times in 10 minutes, as 12 different users.
                db1.log:102  connection authorized: user=kim database=prod
      ────────────────────────────────────────────────────────────────────────────────────────\#
      ────────────────────────────────
      4 findings: 1 critical · 2 high · 1 medium

      """#
    #expect(table(120, Self.findings) == expected)
  }

  @Test func `a wide terminal gets the message as a column`() {
    let lines = table(160, Self.findings).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0].hasSuffix("COUNT  MESSAGE"))
    #expect(lines[2].hasSuffix("    3  Contractor kim connected to db1 after access had ended."))
    #expect(lines[8] == String(repeating: " ", count: 76) + "web*) and no approval covers it.")
  }

  @Test func `hostile text is shown, and does nothing`() {
    let expected = #"""
      LEVEL  TIME                 DETECTOR            SUBJECT                    COUNT
      ────────────────────────────────────────────────────────────────────────────────
      low    2026-11-21 16:04:00  contractor-expired  名前                           3
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
             xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…

      info   2026-11-21 16:04:00  sign-in-failures    root\x07\u{9b}31mAAAAAAA…    18M
             \x1b[2J\x1b[1;1Hall is well\n4 findings: none\u{202e}txt.exe
             db1.log:102  日本語のログ 攻撃攻撃攻撃攻撃攻撃攻撃攻撃攻撃攻撃攻撃攻撃攻…
      ────────────────────────────────────────────────────────────────────────────────
      2 findings: 1 low · 1 info

      """#
    #expect(table(80, Self.hostile) == expected)
  }

  @Test(arguments: [0, 60, 61, 79, 80, 100, 120, 136, 137, 160, 240])
  func `no line is wider than the terminal, and none has control characters`(_ width: Int) {
    for line in table(width, Self.findings + Self.hostile).split(separator: "\n") {
      #expect(TerminalText.width(String(line)) <= max(width, 60))
      #expect(TerminalText.clean(String(line)) == line)
    }
  }

  @Test func `colour changes nothing but colour`() {
    let findings = Self.findings + Self.hostile
    let coloured = FindingsTable(width: 80, isColoured: true, time: Self.clock).text(for: findings)
    #expect(coloured.contains("\u{1b}[1;97;41mcritical\u{1b}[0m  2026-11-21"))
    let plain = coloured.replacing(/\u{1b}\[[0-9;]+m/, with: "")
    #expect(plain == table(80, findings))
  }

  @Test func `findings that are not shown are still counted`() {
    let text = table(80, Self.findings, rowsMax: 1)
    #expect(text.contains("contractor-expired") && !text.contains("sudo-to-root"))
    #expect(text.hasSuffix("3 more not shown.\n4 findings: 1 critical · 2 high · 1 medium\n"))
  }

  @Test func `the order of the findings does not matter`() {
    #expect(table(80, Self.findings) == table(80, Self.findings.reversed()))
  }

  /// What an attacker might write into a log.
  private static let hostile = [
    Sample.finding(
      detector: "sign-in-failures", level: .informational,
      message: "\u{1b}[2J\u{1b}[1;1Hall is well\n4 findings: none\u{202e}txt.exe",
      subject: "root\u{7}\u{9b}31m" + String(repeating: "A", count: 500), count: 18_446_744,
      evidence: [
        Sample.line(raw: "日本語のログ " + String(repeating: "攻撃", count: 300) + "\u{0}")
      ]),
    Sample.finding(
      level: .low, message: String(repeating: "x", count: 5000), subject: "名前", evidence: []),
  ]
}
