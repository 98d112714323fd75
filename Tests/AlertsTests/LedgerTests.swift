import Alerts
import Testing

@Suite struct LedgerTests {
  @Test func `the last line says what was read and what became of it`() {
    let ledger = Ledger(read: 1000, parsed: 990, rejected: 10, findings: 4)
    #expect("\(ledger)" == "read 1000 lines · parsed 990 · rejected 10 · findings 4")
    #expect(ledger.isBalanced)
    #expect(!Ledger(read: 1000, parsed: 990, rejected: 9, findings: 4).isBalanced)
  }
}
