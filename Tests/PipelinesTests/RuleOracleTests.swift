import Bytes
import Detectors
import Documents
import Events
import Foundation
import Pipelines
import Registers
import Testing

/// The evaluator beside the naive one on real events: public rules, made-up ones, and rules about what these
/// very events say.
@Suite(.enabled(if: Corpus.isThere)) struct RuleOracleTests {
  static let logs = [
    "cloudtrail-invictus/records.jsonl.gz", "elastic-examples/apache_access.log.gz",
    "elastic-examples/auth.log.gz", "loghub/Linux_2k.log.gz", "loghub/OpenSSH_2k.log.gz",
  ]

  /// Shows each event to a closure.
  private final class Onlooker: LineWitness {
    let body: (Event) -> Void
    init(_ body: @escaping (Event) -> Void) { self.body = body }
    func saw(_ event: Event, at place: LinePlace) { body(event) }
    func saw(rejected rejection: Rejection, at place: LinePlace) {}
  }

  private func read(_ lines: [[UInt8]], _ setup: PipelineSetup, _ body: @escaping (Event) -> Void) {
    guard let first = lines.first else { return }
    let reader = LineReader(setup)
    reader.witness = Onlooker(body)
    let text = Kept(Array(lines.joined(separator: [0x0A])) + [0x0A])
    let format = first.withView { LineFormat.detect($0) } ?? .rfc3164
    _ = reader.read(
      LineBlock(
        stream: 0, sequence: 0, file: 0, bytes: text.view, firstLine: 1, offset: 0, oversized: [],
        owner: text),
      LineContext(
        format: format, zone: .utc, years: YearRule(anchor: 1_790_812_800),
        source: ByteView("oracle")), .none)
  }

  /// A rule about a part of what an event said.
  private func rule(
    _ number: Int, _ name: String, _ text: String, _ random: inout SplitMix64
  ) -> String? {
    let plain = text.unicodeScalars.prefix(200).map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789 ./_-:".contains("\(scalar)"))
    }
    let characters = Array(text.unicodeScalars.prefix(200))
    guard characters.count > 1, plain.allSatisfy(\.self) else { return nil }
    let count = 2 + random.below(min(characters.count - 1, 12))
    let start = random.below(max(1, characters.count - count))
    let whole = characters.map { String($0) }.joined()
    let part = characters[start..<min(characters.count, start + count)].map { String($0) }.joined()
    let item =
      switch random.below(6) {
      case 0: "'\(name)|contains': '\(part)'"
      case 1: "'\(name)|startswith': '\(whole.prefix(count))'"
      case 2: "'\(name)|endswith': '\(whole.suffix(count).uppercased())'"
      case 3: "'\(name)': '\(whole)'"
      case 4: "'\(name)|re': '\(part.replacing(".", with: "\\."))'"
      default: "'|all': ['\(part)', '\(whole)']"
      }
    return """
      title: about \(number)
      logsource: {category: access}
      detection: {s: {\(item)}, condition: s}

      """
  }

  @Test(arguments: logs) func `what real events hit is what the naive evaluator says`(
    _ name: String
  ) throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SplitMix64(seed: seed)
    let all = try Corpus.lines(name).filter { $0.count > 20 && $0.count < 4000 }
    let step = max(1, all.count / 150)
    let lines = stride(from: 0, to: all.count, by: step).map { all[$0] }
    #expect(lines.count > 100)
    var table = NormalisePath.shipped.table
    var said: [(String, String)] = []
    let names = table
    read(lines, NormalisePath.setup) { event in
      event.forEach { field, value in
        said.append((names.name(field), value.text(event.scratch).string))
      }
    }
    var texts: [String] = []
    for number in 0..<60 where !said.isEmpty {
      let (name, text) = random.pick(said)
      if let rule = rule(number, name, text, &random) { texts.append(rule) }
    }
    texts += (0..<20).map { RuleBook.rule($0 * 149).text }
    texts += try Corpus.files().filter { $0.hasPrefix("sigma/rules") && $0.hasSuffix(".yml") }
      .map { String(decoding: try Corpus.bytes($0), as: UTF8.self) }
    let documents = try texts.enumerated().map {
      try Document(file: "\($0).yml", text: $1)
    }
    let (rules, _) = RuleSet.load(
      documents: documents, fields: &table, placeholders: { _ in nil }, policy: { _ in nil })
    let setup = PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: NormalisePath.shipped.mappings,
      table: table, zone: .utc, everything: true)
    let evaluator = Evaluator(rules)
    var (hits, events, isWrong) = (0, 0, false)
    read(lines, setup) { event in
      guard !isWrong else { return }
      events += 1
      var found: [Int] = []
      evaluator.evaluate(event) { found.append($0) }
      let wanted = NaiveEvaluator(event).hits(rules)
      hits += wanted.count
      guard found != wanted else { return }
      isWrong = true
      let names = Set(found).symmetricDifference(wanted).sorted().map {
        "\(rules.rules[$0].header.title) \(rules.rules[$0].expression)"
      }
      Issue.record("seed \(seed), \(event.line.string): found \(found), not \(wanted); \(names)")
    }
    print(
      "oracle: \(name): \(events) events, \(rules.rules.count) rules, \(hits) hits, seed \(seed)")
    #expect(events > 100 && hits > 50, "seed \(seed)")
  }
}
