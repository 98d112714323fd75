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

@Suite struct SHA256Tests {
  @Test func `the digest is that of the standard`() {
    #expect(
      sha256Hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      sha256Hex(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
