import Bytes
import Detectors
import Documents
import Events

/// Loads rules written in a test.
func load(
  _ text: String, placeholders: [String: [String]] = [:], policy: [String: String] = [:]
) throws -> (rules: RuleSet, problems: [Problem], fields: FieldTable) {
  var fields = FieldTable()
  let document = try Document(file: "rule.yaml", text: text)
  let (rules, problems) = RuleSet.load(
    documents: [document], fields: &fields, placeholders: { placeholders[$0] },
    policy: { policy[$0] })
  return (rules, problems, fields)
}

/// A rule around one detection, written in flow style.
func rule(_ detection: String, category: String = "access") -> String {
  """
  title: t
  logsource: {category: \(category)}
  detection: \(detection)
  """
}

/// A value of a test's event, with storage of its own.
enum Sample: Hashable, CustomStringConvertible {
  case text(String), integer(Int64), number(String), json(String), bool(Bool), null

  var description: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .integer(let value): "\(value)"
    case .number(let text), .json(let text): text
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }
}

/// Sets fields of an event from samples.
func fill(_ event: Event, line: String, _ fields: [(Field, Sample)]) {
  event.reset(line: .empty)
  let keep = event.scratch
  event.line = keep.copy(line)
  for (field, sample) in fields {
    switch sample {
    case .text(let text): event.set(field, keep.copy(text))
    case .integer(let value): event.set(field, .integer(value))
    case .number(let text): event.set(field, .number(Double(text) ?? 0, text: keep.copy(text)))
    case .json(let text): event.set(field, .json(keep.copy(text)))
    case .bool(let value): event.set(field, .bool(value))
    case .null: event.set(field, .null)
    }
  }
}

/// The indexes of the rules of `text` that an event with these fields matches.
func hits(
  _ text: String, line: String = "", placeholders: [String: [String]] = [:],
  policy: [String: String] = [:], _ samples: [String: Sample]
) throws -> [Int] {
  var (rules, problems, table) = try load(text, placeholders: placeholders, policy: policy)
  if let problem = problems.first { throw problem }
  let event = Event()
  let fields = samples.compactMap { name, sample in table.intern(name).map { ($0, sample) } }
  fill(event, line: line, fields)
  var found: [Int] = []
  Evaluator(rules).evaluate(event) { found.append($0) }
  return found
}

/// Whether a detection matches an event.
func matches(
  _ detection: String, line: String = "", placeholders: [String: [String]] = [:],
  policy: [String: String] = [:], category: String = "access", _ samples: [String: Sample]
) throws -> Bool {
  try !hits(
    rule(detection, category: category), line: line, placeholders: placeholders, policy: policy,
    samples
  ).isEmpty
}

/// A small generator whose seed can be pasted back.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
