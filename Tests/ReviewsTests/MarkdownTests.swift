import Reviews
import Testing

@Suite struct MarkdownTests {
  @Test func `a small review reads as expected`() throws {
    var facts = ReviewFacts(
      organisation: "Example | BV", month: Month(year: 2026, month: 2), zone: "UTC",
      generatedFrom: "rollcall 0.1.0", command: "rollcall scan logs --month 2026-02")
    facts.ledger = .init(lines: 3, parsed: 2, rejected: 1, bytes: 1_530)
    facts.sources = [
      .init(
        name: "hosts", format: "rfc3164",
        days: [.init(day: 2, lines: 2, parsed: 2), .init(day: 4, lines: 1, rejected: 1)])
    ]
    facts.findings = [
      .init(
        uid: "ab", detector: "contractor-out-of-scope", title: "Out of scope", level: "high",
        message: "kim used db1.", subject: "kim", controls: ["row-7"], start: "2026-02-02 08:00:00",
        end: "2026-02-02 08:00:00", order: 1,
        evidence: [
          .init(
            source: "hosts", line: 1, offset: 0, sha256: "cd", raw: "sshd: kim `x`",
            time: "2026-02-02 08:00:00")
        ])
    ]
    let markdown = Review(facts).markdown()
    #expect(
      markdown.hasPrefix(
        """
        # Monthly SOC review, February 2026

        **Example \\| BV** · UTC

        **Serious exceptions.** 1 finding: 1 high. 1 of 1 control has exceptions, 0 passed, 0 could \
        not be tested in full. Of 3 lines read, 66.6 % could be parsed; 1 day of a source is without lines.

        Made from rollcall 0.1.0.

        ## Sign-off

        |  | Name | Role | Date | Signature |
        | --- | --- | --- | --- | --- |
        | Prepared by | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ |
        | Reviewed by | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ | \\_\\_\\_\\_\\_\\_ |

        The reviewer is someone else than the preparer.

        ## 1. Scope, and how to run this again

        """))
    for part in [
      """
      | `row-6` | Tools without approval are not used, not even for a while | not run | 0 | 0 | – | – | no detector is loaded for it |
      | `row-7` | Contractors have the least access that their task needs | fail | 0 | 1 | F-1 | – | – |
      """,
      "| hosts | `·█x!························` |", "## 9. Access review",
      """
      ### Accounts that no register knows

      **0 of 0 checked**

      _Completeness: 0 of 0 checked (accounts) · source: 1 source · loaded 3 = parsed 2 + rejected 1_
      """,
      """
      ### F-1 \\[high\\] Out of scope

      kim used db1.

      - Subject: `kim`
      - Detector: `contractor-out-of-scope`
      - Events: 1, 2026-02-02 08:00:00 to 2026-02-02 08:00:00
      - Controls: row-7
      - Disposition: undecided
      - Identity: `ab`
      """,
      """
      `hosts`, line 1, offset 0, 2026-02-02 08:00:00, SHA-256 `cd`

      ```text
      sshd: kim `x`
      ```
      """,
    ] { #expect(markdown.contains(part), "\(part)") }
  }
}
