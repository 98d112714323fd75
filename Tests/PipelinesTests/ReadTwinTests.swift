import Bytes
import Detectors
import Documents
import Events
@_spi(Oracle) import Pipelines
import Registers
import Testing

/// The read stage as it is against one that takes nothing over from line to line: the same batches,
/// and the same findings.
@Suite struct ReadTwinTests {
  @Test(arguments: LogWriter.Kind.allCases, ReadTwins.Rules.allCases)
  func `what a reader passes on does not depend on what it read before`(
    _ kind: LogWriter.Kind, _ rules: ReadTwins.Rules
  ) throws {
    let seed: UInt64 = 20_261_127
    let setup = try ReadTwins.setup(rules)
    for source in ReadTwins.sources {
      var writer = LogWriter(seed: seed)
      let (fast, plain) = (LineReader(setup), LineReader(setup))
      plain.isPlain = true
      let spare = Batch()
      for round in 0..<3 {
        let text = Kept(writer.log(kind, lines: 100))
        let block = LineBlock(
          stream: 0, sequence: round, file: 0, bytes: text.view, firstLine: 1, offset: 0,
          oversized: [], owner: text)
        let batch = fast.read(block, ReadTwins.context(kind), source, reusing: spare)
        let twin = plain.read(block, ReadTwins.context(kind), source)
        let note = "seed \(seed), \(kind), \(rules), round \(round)"
        ReadTwins.compare(batch.account, twin.account, note)
        #expect("\(batch.tally)" == "\(twin.tally)", "\(note)")
        #expect(batch.account.count > 5, "\(note)")
      }
    }
  }

  @Test(arguments: LogWriter.Kind.allCases)
  func `a log cut anywhere is read alike on both sides of the cut`(_ kind: LogWriter.Kind) throws {
    let setup = try ReadTwins.setup(.closed)
    var writer = LogWriter(seed: 20_261_127)
    let (fast, plain) = (LineReader(setup), LineReader(setup))
    plain.isPlain = true
    let bytes = writer.log(kind, lines: 2)
    for cut in 0...bytes.count {
      for part in [Array(bytes[..<cut]), Array(bytes[cut...])] {
        let text = Kept(part)
        let block = LineBlock(
          stream: 0, sequence: 0, file: 0, bytes: text.view, firstLine: 1, offset: 0,
          oversized: [], owner: text)
        let batch = fast.read(block, ReadTwins.context(kind), .none)
        let twin = plain.read(block, ReadTwins.context(kind), .none)
        let note = "\(kind), cut at \(cut)"
        ReadTwins.compare(batch.account, twin.account, note)
        #expect("\(batch.tally)" == "\(twin.tally)", "\(note)")
      }
    }
  }

  @Test(arguments: ReadTwins.Rules.allCases)
  func `neither the way of reading nor workers nor chunks change a finding`(
    _ rules: ReadTwins.Rules
  ) async throws {
    let seed: UInt64 = 20_261_127
    let setup = try ReadTwins.setup(rules)
    var writer = LogWriter(seed: seed)
    let logs = LogWriter.Kind.allCases.map { ($0, writer.log($0, lines: 150)) }
    func run(isPlain: Bool, jobs: Int, blockBytes: Int) async -> [String] {
      let streams = logs.enumerated().map { place, log in
        PipelineStream(
          name: "\(log.0)", contexts: [ReadTwins.context(log.0)],
          source: ReadTwins.sources[place % ReadTwins.sources.count], firstTime: .min,
          feed: BlockFeed(log.1, stream: place, blockBytes: blockBytes))
      }
      let pipeline = Pipeline(setup, streams: streams, jobs: jobs)
      pipeline.isPlain = isPlain
      let result = await pipeline.run()
      return result.findings.map { "\($0)" } + result.streams.map { "\($0.total) \($0.reasons)" }
    }
    let wanted = await run(isPlain: true, jobs: 1, blockBytes: 256 << 10)
    #expect(wanted.count > 20)
    // Every number of workers with every size of chunks for two sets of rules; one is enough of others.
    let isAll = rules == .closed || rules == .late
    for jobs in isAll ? [1, 2, 7] : [7] {
      for blockBytes in isAll ? [64, 1000, 4096, 256 << 10] : [1000] {
        let found = await run(isPlain: false, jobs: jobs, blockBytes: blockBytes)
        ReadTwins.compare(found, wanted, "seed \(seed), \(jobs) jobs, \(blockBytes) bytes")
      }
    }
  }
}
