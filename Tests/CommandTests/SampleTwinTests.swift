import Detectors
import Testing

@testable import Command
@_spi(Oracle) import Pipelines

/// The samples through the whole pipeline, the way it is and the plain way.
@Suite struct SampleTwinTests {
  private func run(
    _ workspace: Workspace, isPlain: Bool, jobs: Int, chunkBytes: Int, tallied: Range<Int64>?
  ) async throws -> [String] {
    let plan = try StreamPlan(workspace, paths: [], now: 1_793_491_200)
    let pipeline = Pipeline(
      workspace.setup(tallied: tallied),
      streams: plan.streams(hashing: false, chunkBytes: chunkBytes), jobs: jobs)
    pipeline.isPlain = isPlain
    let result = await pipeline.run()
    return result.findings.map { "\($0)" } + result.streams.map { "\($0.total) \($0.reasons)" }
  }

  @Test func `the samples give the same findings both ways, whatever the workers and chunks`()
    async throws
  {
    let samples = try Scratch.samples()
    let workspace = try Workspace(
      Workspace.Places(
        configuration: samples.path + "/samples/rollcall.yaml",
        detectors: [Program.package + "/detectors"]))
    let wanted = try await run(
      workspace, isPlain: true, jobs: 1, chunkBytes: 256 << 10, tallied: 0..<0)
    #expect(wanted.count > 30)
    for (jobs, chunkBytes) in [(1, 256 << 10), (2, 1000), (7, 64), (7, 4096)] {
      let found = try await run(
        workspace, isPlain: false, jobs: jobs, chunkBytes: chunkBytes, tallied: 0..<0)
      #expect(found == wanted, "\(jobs) jobs, \(chunkBytes) bytes")
    }
    // A review has every event judged in full.
    let reviewed = try await run(
      workspace, isPlain: false, jobs: 2, chunkBytes: 4096, tallied: nil)
    #expect(reviewed == wanted)
  }
}
