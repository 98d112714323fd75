import Bytes
import Detectors
import Documents
import Events
import Foundation
import Pipelines
import Registers

/// Runs whole logs through the pipeline with rules of a file, and says what was found.
struct AlertRig {
  /// What a finding says, as far as other projects' alerts speak of it.
  struct Found {
    let detector, subject, message: String
    let count: UInt64
  }

  private let rules: RuleSet
  private let table: FieldTable
  private let mappings: [Mapping]
  private let registers: Registers
  private let geo: (any GeoLookup)?
  /// The rules that did not load, which then judge nothing.
  let refused: [Problem]

  /// - Parameters:
  ///   - files: The rules.
  ///   - mapping: A mapping file beside those that are shipped, which takes its turn first.
  init(rules files: [URL], mapping: URL? = nil, geo: (any GeoLookup)? = nil) throws {
    var (table, mappings) = (FieldTable(), [Mapping]())
    let shipped = Corpus.package.appendingPathComponent("Sources/Events/Mappings")
    let names = try FileManager.default.contentsOfDirectory(atPath: shipped.path).sorted()
    let all = names.filter { $0.hasSuffix(".yaml") }.map { shipped.appendingPathComponent($0) }
    for file in [mapping].compactMap(\.self) + all {
      let (loaded, problems) = MappingLoader.load(try AlertRig.document(file), table: &table)
      precondition(problems.isEmpty, "\(problems)")
      mappings += loaded
    }
    let policy = Policy.defaults
    (rules, refused) = RuleSet.load(
      documents: try files.map(AlertRig.document), fields: &table, placeholders: { _ in nil },
      policy: policy.placeholder)
    (self.table, self.mappings, self.geo) = (table, mappings, geo)
    registers = try Registers([])
  }

  private static func document(_ file: URL) throws -> Document {
    try Document(
      file: file.lastPathComponent, text: try String(contentsOf: file, encoding: .utf8))
  }

  /// Whether a rule of this id was loaded.
  func has(_ id: String) -> Bool { rules.index(of: id) != nil }

  /// The findings of a log, and how many of its lines were rejected.
  ///
  /// - Parameter anchor: The instant near which the lines were written, seconds since 1970.
  func found(
    in lines: [[UInt8]], as format: LineFormat? = nil, anchor: Int64 = 1_798_761_500
  ) async -> (findings: [Found], rejected: UInt64) {
    let bytes = lines.reduce(into: [UInt8]()) { bytes, line in
      bytes += line
      bytes.append(0x0A)
    }
    let detected = format ?? withView(bytes) { LineFormat.detect($0) } ?? .rfc3164
    let context = LineContext(
      format: detected, zone: .utc, years: YearRule(anchor: anchor),
      source: ByteView("alerts"))
    let setup = PipelineSetup(
      registers: registers, rules: rules, mappings: mappings, table: table, zone: .utc, geo: geo)
    let stream = PipelineStream(
      name: "alerts", contexts: [context], source: .none, firstTime: .min,
      feed: BlockFeed(bytes))
    let result = await Pipeline(setup, streams: [stream], jobs: 1).run()
    return (
      result.findings.map {
        Found(detector: $0.detector, subject: $0.subject, message: $0.message, count: $0.count)
      }, result.streams.reduce(0) { $0 + $1.total.rejected }
    )
  }
}
