import Bytes
import Detectors
import Documents
import Events
import Foundation
import Pipelines
import Registers

/// What the path made of one line.
struct Reading {
  var format: LineFormat?
  var rejection: String?
  var fields: [String: String] = [:]
  var weight: UInt32 = 1
  /// Nanoseconds since 1970 UTC.
  var time: Int64 = 0

  subscript(name: String) -> String? { fields[name] }
  var code: String { fields["event.code"] ?? "" }
  /// The peer: an address in its plainest spelling, or the name that stands for it.
  var peer: String? { fields["source.ip"] ?? fields["source.address"] }
  /// Whether the event says that somebody failed to get in.
  var isFailedLogin: Bool {
    fields["event.action"] == "auth.login" && fields["event.outcome"] == "failure"
  }
}

/// The way of a line from bytes to an event: format, normaliser, and the mappings that are shipped.
final class NormalisePath {
  static let shipped: (mappings: [Mapping], table: FieldTable) = {
    let folder = Corpus.package.appendingPathComponent("Sources/Events/Mappings").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var (mappings, table): ([Mapping], FieldTable) = ([], FieldTable())
    for name in names.sorted() where name.hasSuffix(".yaml") {
      guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8),
        let document = try? Document(file: name, text: text)
      else { fatalError("\(name) can not be read") }
      let (loaded, problems) = MappingLoader.load(document, table: &table)
      precondition(problems.isEmpty, "\(problems)")
      mappings += loaded
    }
    return (mappings, table)
  }()

  /// What every run shares: empty registers, no rules, every field.
  static let setup: PipelineSetup = {
    guard let registers = try? Registers([]) else { fatalError("no registers are no fault") }
    return PipelineSetup(
      registers: registers, rules: RuleSet(), mappings: shipped.mappings, table: shipped.table,
      zone: .utc, everything: true)
  }()

  private var normaliser: Normaliser
  private let event = Event()
  private let zone: Zone
  private let years: YearRule

  /// - Parameter anchor: The instant near which the lines were written, seconds since 1970.
  init(zone: Zone = .utc, anchor: Int64) throws {
    (self.zone, years) = (zone, YearRule(anchor: anchor))
    normaliser = NormalisePath.setup.makeNormaliser()
  }

  /// Reads a line; its format is the one that the line itself looks like, unless one is given.
  func read(_ line: [UInt8], as given: LineFormat? = nil) -> Reading {
    withView(line) { line in
      var reading = Reading()
      reading.format = given ?? LineFormat.detect(line)
      event.reset(line: line)
      let context = LineContext(
        format: reading.format ?? .rfc3164, zone: zone, years: years,
        source: ByteView("conformance"))
      reading.rejection = normaliser.normalise(event, context)?.reason
      reading.weight = event.weight
      reading.time = event.time
      event.forEach { field, value in
        if case .null = value { return }
        reading.fields[NormalisePath.shipped.table.name(field)] =
          value.text(event.scratch).string
      }
      return reading
    }
  }
}

/// Times as other projects write them, read by Foundation and so not by the code under test.
enum Clock {
  /// Nanoseconds of `2005-06-21T16:47:48[.fraction][Z|±hh:mm]`; without a zone, in `zone`.
  static func nanoseconds(_ text: String, zone: TimeZone) -> Int64? {
    let (main, offset) = parted(text)
    let halves = main.split(separator: ".")
    let numbers = halves[0].split { !$0.isNumber }.compactMap { Int($0) }
    guard numbers.count == 6 else { return nil }
    var calendar = Calendar(identifier: .gregorian)
    // Foundation has no zones beyond 18 hours, which the offset of a line may be.
    calendar.timeZone = offset == nil ? zone : TimeZone(secondsFromGMT: 0) ?? zone
    guard
      let date = calendar.date(
        from: DateComponents(
          year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3],
          minute: numbers[4], second: numbers[5]))
    else { return nil }
    let digits = halves.count > 1 ? halves[1].prefix(9) : ""
    let fraction = Int64(String(digits).padding(toLength: 9, withPad: "0", startingAt: 0)) ?? 0
    return (Int64(date.timeIntervalSince1970) - Int64(offset ?? 0)) * 1_000_000_000 + fraction
  }

  private static func parted(_ text: String) -> (Substring, Int?) {
    if text.hasSuffix("Z") { return (text.dropLast(), 0) }
    guard text.count > 19,
      let sign = text.dropFirst(19).lastIndex(where: { $0 == "+" || $0 == "-" })
    else { return (text[...], nil) }
    let digits = text[sign...].filter(\.isNumber).compactMap(\.wholeNumberValue)
    guard digits.count == 4 else { return (text[...], nil) }
    let minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
    return (text[..<sign], (text[sign] == "-" ? -minutes : minutes) * 60)
  }
}
