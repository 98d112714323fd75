import Registers
import Testing

@Suite struct CalendarCountTests {
  @Test func `what is expected in a span is counted by kind`() throws {
    let registers = try Registers([
      (
        "r.yaml",
        """
        contractors:
          - {id: c-1, name: Kim, accounts: {"*": [kim]}, engagement: {start: 2026-09-20, end: 2026-10-20}}
        infrastructure: [{id: web1, kind: host, names: [web1]}]
        """
      )
    ])
    let calendar = Calendar(registers)
    let day: Int64 = 86_400_000_000_000
    // October 2026, and a month ten years before.
    let october = 20_727 * day..<20_758 * day
    let before = 17_000 * day..<17_030 * day
    #expect(calendar.count(of: ["access-ending"], in: october) == 1)
    #expect(calendar.count(of: ["offboarding"], in: october) >= 1)
    #expect(calendar.count(of: ["rotation"], in: october) == 0)
    #expect(calendar.count(of: nil, in: october) >= 2)
    #expect(calendar.count(of: ["access-ending"], in: before) == 0)
  }
}
