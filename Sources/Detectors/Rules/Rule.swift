public import Documents
public import Events

/// What a detector says about itself.
public struct RuleHeader: Sendable {
  /// The id, or the title when the file gives none.
  public internal(set) var id: String
  /// The title.
  public internal(set) var title: String
  /// The name by which correlations may refer to it.
  public internal(set) var name: String?
  /// What it is for; empty when the file does not say.
  public internal(set) var description = ""
  /// Sigma's status (`stable`, `test`, `experimental` …), or `nil`.
  public internal(set) var status: String?
  /// How much a finding matters; `medium` when the file does not say.
  public internal(set) var level = Level.medium
  /// Who wrote it; attribution travels with the rule.
  public internal(set) var author: String?
  /// The licence that the file names.
  public internal(set) var license: String?
  /// Where to read more.
  public internal(set) var references: [String] = []
  /// When a finding is no cause for alarm.
  public internal(set) var falsePositives: [String] = []
  /// The tags as written.
  public internal(set) var tags: [String] = []
  /// ATT&CK techniques from the tags, such as `T1078` and `T1110.003`.
  public internal(set) var techniques: [String] = []
  /// Control ids: SOC 2, ISO 27001, policy rows.
  public internal(set) var controls: [String] = []
  /// The fields that a finding is about; empty when the file leaves it to the runner.
  public internal(set) var subject: [Field] = []
  /// The sentence that a person reads first; empty when the file leaves it to the runner.
  public internal(set) var message: [MessagePart] = []
  /// What kind of event the rule looks at, for the review's populations.
  public internal(set) var population = Population.event
  /// Findings about one subject within this many seconds are one.
  public internal(set) var windowSeconds: Int64 = 86_400
}

/// A piece of a finding's sentence.
public enum MessagePart: Sendable, Hashable {
  /// Text as it stands.
  case text(String)
  /// The value of a field.
  case field(Field)
  /// The value of the first of several fields that is there: `{tool.name|url.domain}`.
  case first([Field])

  /// The fields that it names.
  package var fields: [Field] {
    switch self {
    case .text: []
    case .field(let field): [field]
    case .first(let fields): fields
    }
  }
}

/// One detector.
public struct Rule: Sendable {
  /// What a rule looks at.
  public enum Kind: Sendable {
    /// One event at a time: the evaluator answers.
    case stateless
    /// Several events over time.
    case correlation(Correlation)
  }
  /// What it says about itself.
  public internal(set) var header: RuleHeader
  /// What it looks at.
  public internal(set) var kind: Kind
  /// Whether a match is a finding by itself; false for a rule that a correlation refers to, unless
  /// the correlation says `generate: true`.
  public internal(set) var alertsAlone = true
  /// Why no configured log feeds the rule, or `nil`; such a rule is listed and never evaluated.
  public internal(set) var notReadable: String?
  /// The rule's own tests as written, or `nil`.
  public internal(set) var tests: Node?
  /// The file that the rule stands in.
  public internal(set) var file: String
  /// The line at which the rule begins.
  public internal(set) var line: Int
  /// The log source as the rule names it; empty for a correlation.
  var source = LogSourceName()
  /// What a stateless rule asks; the log source is part of it.
  package var expression = Expression.any([])
  /// The detection as it is written, from which the expression was made; for ``RuleTracer``.
  package var written = WrittenDetection()
}

extension Rule {
  /// Whether it is about what the registers expect, and not about lines of logs.
  public var isAboutRegisters: Bool { source.category == "register" && isStateless }

  /// Makes the expression from its parts.
  mutating func join() {
    expression = .all([written.gate, written.body].compactMap(\.self))
  }
}

/// A detection in the parts that its author named.
package struct WrittenDetection: Sendable {
  /// What makes an event one of the log source; `nil` for any event.
  package var gate: Expression?
  /// The selections, in the order of the file.
  package var selections: [(name: String, expression: Expression)] = []
  /// The condition's text; several are joined by `or`.
  package var condition = ""
  /// The condition over the selections.
  package var body = Expression.any([])
}

/// A detector over several events: how many, how many different, or which after which.
public struct Correlation: Sendable {
  /// What is counted.
  public enum Kind: Sendable, Hashable {
    /// How many events.
    case eventCount
    /// How many different values of the condition's fields.
    case valueCount
    /// How many of the rules, in any order.
    case temporal
    /// All of the rules, in the order of the list.
    case temporalOrdered
    /// The sum, the mean, a percentile or the median of the condition's field.
    case valueSum, valueAverage, valuePercentile, valueMedian

    /// Whether the numbers of a field are measured.
    public var isNumeric: Bool {
      switch self {
      case .valueSum, .valueAverage, .valuePercentile, .valueMedian: true
      default: false
      }
    }
  }
  /// One bound on the count.
  public struct Bound: Sendable, Hashable {
    /// How the count stands to the bound.
    public enum Order: String, Sendable, CaseIterable { case gt, gte, lt, lte, eq, neq }
    /// How the count stands to the bound.
    public let order: Order
    /// The bound.
    public let value: Double
  }
  /// A group-by name that is a different field in each rule.
  public struct Alias: Sendable, Hashable {
    /// The name, interned, as it stands in `groupBy`.
    public let name: Field
    /// The field of each rule, by rule index.
    public internal(set) var fields: [Int: Field]
  }
  /// What is counted.
  public let kind: Kind
  /// Indexes of the rules that feed it, in the order written; they may be correlations themselves.
  public internal(set) var rules: [Int] = []
  /// The fields whose values part the events into groups.
  public let groupBy: [Field]
  /// The names in `groupBy` that stand for other fields.
  public internal(set) var aliases: [Alias] = []
  /// How long the window is, in seconds.
  public let timespanSeconds: Int64
  /// The bounds, all of which must hold.
  public let bounds: [Bound]
  /// The fields whose different values are counted, or the one whose numbers are measured.
  public let countedFields: [Field]
  /// Which percentile is measured, 0 through 100.
  public internal(set) var percentile = 50.0
  /// The condition over the rules of a `temporal` correlation that has one.
  public internal(set) var condition: RuleCondition?
  /// Whether the rules that feed it alert alone as well.
  public let generates: Bool
  /// How long one takes to leak out of the group's bucket, in seconds; `nil` when a window slides.
  public internal(set) var leakSeconds: Int64?
  /// A value that more events of the window have is not counted; `nil` for `valueCount` without bound.
  public internal(set) var perValueMax: Int?
  /// Half of the pauses between the counted events must be longer, in seconds.
  public internal(set) var medianGapSeconds: Int64?
  /// How long the windows of the clock are that events are counted in, in seconds; `nil` when a window slides.
  public internal(set) var perSeconds: Int64?
  /// How often within such a window it is judged, in seconds, so that it slides; `nil` when each begins where the one
  /// before ends.
  public internal(set) var stepSeconds: Int64?
  /// Indexes of the rules of which the line that a finding would show must hit one; when there are none, any will do.
  public internal(set) var shows: [Int] = []
  /// How a group's window stands to what the group's own were; `nil` when that does not matter.
  public internal(set) var own: Own?
  /// What share of the other rules' events those of the first rule must exceed; `nil` when all rules are counted.
  public internal(set) var shareAbove: Double?
  /// Of the limit that the register of limits has for a client, the share that takes the bound's place; `nil` when
  /// the bound is the same for all.
  public internal(set) var limitShare: Double?
  /// What of the register's that limit is.
  public internal(set) var limitKind = LimitKind.requests

  /// What the register of limits bounds.
  public enum LimitKind: String, Sendable, CaseIterable {
    /// Requests of a client, and deliveries to an endpoint.
    case requests, webhooks
  }
  /// Of so many values before it the newest is measured against the median; `nil` when the values themselves are measured.
  public internal(set) var baseline: Int?
  /// Indexes of the rules that empty a group.
  public internal(set) var cancelledBy: [Int] = []
  /// Indexes of the rules that, hit within the timespan, make the correlation say nothing; when there are
  /// any, it speaks when that time is over.
  public internal(set) var unlessFollowedBy: [Int] = []

  /// Where the wait for those rules ends; `nil` when it lasts the timespan.
  public internal(set) var deadline: Deadline?

  /// A time in the event that begins a wait, at which the wait ends.
  public enum Deadline: String, Sendable, CaseIterable {
    /// `obligation.due`, and `obligation.warn`.
    case due, warn
  }
  /// Indexes of the rules that, hit within the timespan before an event, make the correlation say nothing of it.
  public internal(set) var unlessPrecededBy: [Int] = []
  /// How long the events of a group must have gone on, in seconds, or have paused before they go on; `nil` when a
  /// number of them is asked for.
  public internal(set) var lastsSeconds, pauseSeconds: Int64?
  /// Indexes of the rules without which no group of ``lastsSeconds`` and ``pauseSeconds`` begins; when there are none,
  /// any event begins it.
  public internal(set) var beginsWith: [Int] = []

  /// Indexes of all rules that it listens to: what it counts, and what keeps it silent.
  public var listened: [Int] {
    rules + cancelledBy + unlessFollowedBy + unlessPrecededBy + beginsWith + shows
  }

  /// The field that a group-by name stands for in one rule.
  public func field(_ name: Field, inRule index: Int) -> Field {
    aliases.first { $0.name == name }?.fields[index] ?? name
  }

  /// Whether a count or a measure is within all bounds.
  public func accepts(_ measure: Double) -> Bool {
    bounds.allSatisfy { bound in
      switch bound.order {
      case .gt: measure > bound.value
      case .gte: measure >= bound.value
      case .lt: measure < bound.value
      case .lte: measure <= bound.value
      case .eq: measure == bound.value
      case .neq: measure != bound.value
      }
    }
  }

  /// Whether a further event may make the condition false, so that it is judged when a window closes.
  public var isJudgedAtClose: Bool {
    guard baseline == nil else { return false }
    return condition?.hasNegation ?? bounds.contains { $0.order != .gt && $0.order != .gte }
  }
}

/// The kinds of events a rule may be about: how many of them a run saw is the rule's population.
public enum Population: String, Sendable, CaseIterable {
  /// Every event.
  case event
  /// Events of somebody, listed or not.
  case person
  /// Successes of contractors.
  case contractor
  /// Events with a system's name.
  case system
  /// Attempts to sign in.
  case signIn = "sign-in"
}
