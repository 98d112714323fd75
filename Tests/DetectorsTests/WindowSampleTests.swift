import Bytes
import Testing

@testable import Detectors

@Suite struct WindowSampleTests {
  @Test func `a thousand values are told exactly, by nearest rank`() {
    var samples = WindowSamples()
    for value in (1...1000).reversed() { samples.add(Double(value), weight: 1, time: 0) }
    #expect(samples.percentile(0) == 1)
    #expect(samples.percentile(50) == 500)
    #expect(samples.percentile(99.9) == 999)
    #expect(samples.percentile(100) == 1000)
    #expect(samples.median == 500.5)
    #expect(samples.total.weight == 1000 && samples.total.sum == 500_500)
  }

  @Test func `a line that stands for several counts as often`() {
    var samples = WindowSamples()
    samples.add(1, weight: 1, time: 0)
    samples.add(9, weight: 3, time: 1)
    #expect(samples.median == 9)
    #expect(samples.total.sum == 28)
    #expect(WindowSamples().median == nil && WindowSamples().percentile(50) == nil)
  }

  @Test func `beyond its room sums stay exact and percentiles near`() {
    var samples = WindowSamples()
    for place in 0..<100_000 {
      samples.add(Double((place * 7919) % 1000), weight: 1, time: Int64(place))
    }
    #expect(samples.count <= WindowSamples.countMax)
    #expect(samples.total.weight == 100_000)
    #expect(samples.total.sum == 49_950_000)
    let median = samples.median ?? -1
    #expect((400...600).contains(median))
  }

  @Test func `what is as old as the window is forgotten`() {
    var samples = WindowSamples()
    for time in 0..<10 { samples.add(1, weight: 1, time: Int64(time)) }
    samples.forget(before: 9, span: 5)
    #expect(samples.total.weight == 5)
  }

  @Test func `samples come back from a snapshot as they were`() throws {
    var samples = WindowSamples()
    for place in 0..<5000 { samples.add(Double(place % 77), weight: 2, time: Int64(place)) }
    var writer = SnapshotWriter()
    samples.write(to: &writer)
    var reader = SnapshotReader(writer.bytes)
    let again = try WindowSamples(from: &reader)
    #expect(reader.isAtEnd)
    #expect(again.median == samples.median && again.total == samples.total)
  }
}
