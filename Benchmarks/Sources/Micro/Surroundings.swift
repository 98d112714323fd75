import Bytes
import Corpora
import Detectors
import Documents
import Events
import Pipelines
import Registers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The registers of the generated logs, and the detectors and mappings that Rollcall ships.
enum Surroundings {
  static func setup(_ crowd: Crowd = .named) -> PipelineSetup {
    do {
      var table = FieldTable()
      let (mappings, wrong) = MappingLoader.load(
        try document("Sources/Events/Mappings/nginx-json.yaml"), table: &table)
      let registers = try Registers(
        Setting.files(for: .access, crowd: crowd).filter { $0.name.hasPrefix("registers/") }
          .map { (file: $0.name, text: $0.text) })
      let detectors = [
        "contractor-out-of-scope", "expired-account-active", "expired-account-failures",
        "login-brute-force", "login-password-spray", "unknown-infrastructure", "unknown-network",
      ]
      let (rules, refused) = RuleSet.load(
        documents: try detectors.map { try document("detectors/\($0).yaml") }, fields: &table,
        placeholders: { _ in nil }, policy: registers.policy.placeholder)
      precondition(wrong.isEmpty && refused.isEmpty, "\(wrong) \(refused)")
      return PipelineSetup(
        registers: registers, rules: rules, mappings: mappings, table: table, zone: .utc,
        // As a scan without a review.
        tallied: 0..<0)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// What the benchmarks of a path must return, found line by line with new parts for each.
  static func sum(
    of lines: [ByteView], _ setup: PipelineSetup, _ context: LineContext
  ) -> (time: UInt64, joined: UInt64, hits: UInt64) {
    var (time, joined, hits): (UInt64, UInt64, UInt64) = (0, 0, 0)
    let evaluator = Evaluator(setup.rules)
    for line in lines {
      var normaliser = setup.makeNormaliser()
      let event = Event()
      event.reset(line: line)
      guard normaliser.normalise(event, context) == nil else { continue }
      time &+= UInt64(bitPattern: event.time)
      setup.registers.join(event, source: .none, cache: JoinCache())
      if event.has(.systemStatus) { joined &+= 1 }
      if event.has(.personStatus) { joined &+= 1 }
      evaluator.evaluate(event) { hits &+= UInt64($0) &+ 1 }
    }
    return (time, joined, hits)
  }

  /// A file of the source tree that this program was built from.
  private static func document(_ path: String) throws -> Document {
    var root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    root.removeLast(4)
    let full = root.joined(separator: "/") + "/" + path
    guard let file = unsafe fopen(full, "rb") else { preconditionFailure("\(full) is not there") }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return try Document(file: path, text: String(decoding: bytes[..<count], as: UTF8.self))
  }
}
