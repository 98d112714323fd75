import Bytes
import Testing

@testable import Detectors

/// The lines that windows keep, and those that nobody keeps any more.
@Suite struct KeptLinesTests {
  /// A line whose every part follows from its number.
  private func keep(_ number: Int, in lines: KeptLines) -> EvidenceSeed {
    text(number).withView { raw in
      lines.keep(
        time: Int64(number), stream: number % 7, file: Int32(number % 3), line: UInt64(number),
        offset: UInt64(number) * 100, digest: number % 5 == 0 ? [UInt8(number & 255)] : [],
        raw: raw, added: number % 11 == 0 ? [(field: number, text: text(number + 1))] : [])
    }
  }

  /// Lengths of all sizes of rooms, an empty one among them.
  private func text(_ number: Int) -> [UInt8] {
    let count = number % 17 == 0 ? number * 31 % 4097 : number * 7 % 300
    return (0..<count).map { UInt8(truncatingIfNeeded: number &+ $0) }
  }

  private func isWhole(_ seed: EvidenceSeed, _ number: Int) -> Bool {
    seed.time == Int64(number) && seed.stream == number % 7 && seed.file == Int32(number % 3)
      && seed.line == UInt64(number) && seed.offset == UInt64(number) * 100
      && seed.digest == (number % 5 == 0 ? [UInt8(number & 255)] : [])
      && seed.added.map(\.field) == (number % 11 == 0 ? [number] : [])
      && seed.added.map(\.text) == (number % 11 == 0 ? [text(number + 1)] : [])
      && seed.withRaw { $0.copy() } == text(number)
  }

  @Test func `a line that is marked stays as it was through every sweep`() {
    let lines = KeptLines()
    lines.sweepBytesMin = 100_000
    var random = SeededGenerator(seed: 20_261_128)
    var kept: [(number: Int, seed: EvidenceSeed)] = []
    var sweeps = 0
    for number in 0..<20_000 {
      kept.append((number, keep(number, in: lines)))
      // Some go at once, some after long: what is kept is anywhere among what is dropped.
      if kept.count > 300 { kept.remove(at: Int(random.next() >> 32) % kept.count) }
      guard lines.isDue else { continue }
      for line in kept { line.seed.mark() }
      lines.sweep()
      sweeps += 1
      for line in kept where !isWhole(line.seed, line.number) {
        Issue.record("line \(line.number) after sweep \(sweeps)")
        return
      }
    }
    #expect(sweeps > 10)
    #expect(kept.allSatisfy { isWhole($0.seed, $0.number) })
  }

  @Test func `what nobody marks makes room for what comes`() {
    let lines = KeptLines()
    lines.sweepBytesMin = 1 << 18
    var last = keep(0, in: lines)
    for number in 1..<20_000 {
      if lines.isDue {
        last.mark()
        lines.sweep()
        // One line, and nothing of the thousands before it.
        #expect(lines.bytesTaken < 5000)
      }
      #expect(lines.bytesTaken <= 1 << 18 + 10_000)
      last = keep(number, in: lines)
    }
    #expect(isWhole(last, 19_999))
    // A mark holds for one sweep.
    lines.sweep()
    #expect(lines.bytesTaken == 0)
  }
}
