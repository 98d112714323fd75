import Bytes
import Detectors
import Events
import Registers
import Testing

@testable import Pipelines

@Suite struct TallyTests {
  private func key(_ number: Int) -> StateKey {
    var hasher = StateHasher()
    hasher.combine(Int64(number))
    return hasher.key
  }

  private func count(_ numbers: [Int], _ table: inout TextTally) {
    for number in numbers {
      table.add(
        key(number), number % 4, at: Int64(number), number: number, isSecond: number % 2 == 1
      ) { ["\(number)"] }
    }
  }

  @Test func `rows are the same for any split, also where there are too many`() {
    let numbers = (0..<3000).map { $0 * 7 % 900 }
    var whole = TextTally(rowsMax: 100)
    count(numbers, &whole)
    for parts in [2, 3, 7] {
      var sum = TextTally(rowsMax: 100)
      for part in 0..<parts {
        var table = TextTally(rowsMax: 100)
        count(numbers.enumerated().filter { $0.offset % parts == part }.map(\.element), &table)
        sum.merge(table)
      }
      #expect(sum.rows == whole.bounded.rows)
      #expect(sum.rows.count == 100)
      #expect(sum.total == 3000 && sum.overflowCount == whole.bounded.overflowCount)
      #expect(sum.rows.allSatisfy { $0.number % 2 == 0 }, "the first rank stays")
    }
  }

  @Test func `a table comes back from a snapshot, and half of one does not`() throws {
    var table = TextTally(rowsMax: 100)
    count(Array(0..<80), &table)
    var writer = SnapshotWriter()
    table.write(to: &writer)
    var reader = SnapshotReader(writer.bytes)
    let back = try TextTally(from: &reader, rowsMax: 100)
    #expect(back.rows == table.rows && back.total == 80 && reader.isAtEnd)
    var half = SnapshotReader(Array(writer.bytes.dropLast(3)))
    #expect(throws: SnapshotError.self) { try TextTally(from: &half, rowsMax: 100) }
  }

  @Test func `a quantile is at most a sixteenth too long`() {
    var latency = Latency()
    for value in 1...10_000 { latency.add(microseconds: Int64(value) * 100) }
    for (share, exact) in [(500, 500_000), (950, 950_000), (990, 990_000), (1000, 1_000_000)] {
      let told = latency.quantile(share) ?? 0
      #expect(told >= Int64(exact) && told <= Int64(exact + exact / 16), "\(share)")
    }
    #expect(Latency().quantile(500) == nil)
    latency.add(microseconds: -5)
    latency.add(microseconds: .max)
    #expect(latency.count == 10_002)
  }

  @Test func `every time is in the bucket whose longest is not shorter`() {
    for value: Int64 in [0, 1, 15, 16, 17, 31, 32, 33, 1000, 65_535, 65_536, 1 << 35] {
      let bucket = Latency.bucket(of: value)
      #expect(Latency.longest(in: bucket) >= value)
      #expect(bucket == 0 || Latency.longest(in: bucket - 1) < value)
    }
  }

  @Test func `counts that are packed come back`() throws {
    for counts: [UInt32] in [[], [0, 0, 0], [1, 0, 0, 300, 0], [.max, 1, 127, 128, 0]] {
      #expect(try PackedCounts.counts(PackedCounts.bytes(counts)) == counts)
    }
    for bytes: [UInt8] in [[0], [0x80], [0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]] {
      #expect(throws: SnapshotError.self) { try PackedCounts.counts(bytes) }
    }
  }

  @Test func `a minute is bad when more than the share of its requests failed`() {
    var day = ServiceTally.Day()
    for request in 0..<100 { day.add(minute: 5, failed: request < 5, microseconds: nil) }
    for request in 0..<100 { day.add(minute: 6, failed: request < 6, microseconds: 1000) }
    #expect(day.minutes(badAbove: 50) == (2, 1))
    #expect(day.totals == (200, 11))
    #expect(day.latency.count == 100)
  }
}
