import Detectors
import Testing

@testable import Command
@_spi(Oracle) import Pipelines

/// The samples through the whole pipeline, the way it is and the plain way.
@Suite struct SampleTwinTests {
  private func run(
    _ workspace: Workspace, isPlain: Bool, jobs: Int, chunkBytes: Int, tallied: Range<Int64>?
  ) async throws -> (found: [String], tallies: Tallies) {
    let plan = try StreamPlan(workspace, paths: [], now: 1_793_491_200)
    let pipeline = Pipeline(
      workspace.setup(tallied: tallied),
      streams: plan.streams(hashing: false, chunkBytes: chunkBytes), jobs: jobs)
    pipeline.isPlain = isPlain
    let result = await pipeline.run()
    let streams = result.streams.map { "\($0.total) \($0.reasons)" }
    return (result.findings.map { "\($0)" } + streams, result.tallies)
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
      workspace, isPlain: true, jobs: 1, chunkBytes: 256 << 10, tallied: 0..<0
    ).found
    #expect(wanted.count > 30)
    for (jobs, chunkBytes) in [(1, 256 << 10), (2, 1000), (7, 64), (7, 4096)] {
      let found = try await run(
        workspace, isPlain: false, jobs: jobs, chunkBytes: chunkBytes, tallied: 0..<0
      ).found
      #expect(found == wanted, "\(jobs) jobs, \(chunkBytes) bytes")
    }
    // A review counts every event, and has the same findings.
    let plain = try await run(
      workspace, isPlain: true, jobs: 1, chunkBytes: 256 << 10, tallied: nil)
    #expect(plain.found == wanted && plain.tallies.populations.events > 9000)
    for jobs in [1, 3] {
      let reviewed = try await run(
        workspace, isPlain: false, jobs: jobs, chunkBytes: 4096, tallied: nil)
      #expect(reviewed.found == wanted && reviewed.tallies == plain.tallies, "\(jobs) jobs")
    }
  }
}
