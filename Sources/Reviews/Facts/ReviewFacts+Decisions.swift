/// What became of findings: who was told, and what an analyst made of them.
extension ReviewFacts {
  /// What a finding turned out to be.
  public enum Outcome: String, CaseIterable, Sendable {
    case truePositive = "true positive"
    case benign
    case falsePositive = "false positive"
    case duplicate
  }

  /// A decision about a finding, as the dispositions register has it.
  public struct Disposition: Hashable, Sendable {
    /// What the finding turned out to be.
    public var outcome = Outcome.truePositive
    /// Who decided, when, why, and where that can be read.
    public var by = "", at = "", why = "", ref = ""
    /// Nothing known yet.
    public init() {}
  }

  /// A row of the dispositions register that is about the month.
  public struct DispositionRow: Hashable, Sendable {
    /// The finding as the row names it, and its identity; empty when it names none of the month.
    public var named = "", uid = ""
    /// What was decided.
    public var disposition = Disposition()
    /// Whether it counts; ``verdict`` says why not.
    public var counts = true
    /// How the row stands.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// What was sent of the month's findings, as `watch` kept it.
  public struct Delivery: Hashable, Sendable {
    /// The routes, by name.
    public var routes: [Route] = []
    /// How many findings went down one route at least, and how many were written down.
    public var told = 0, findings = 0
    /// How many findings nobody was told of, by reason.
    public var untold: [Untold] = []
    /// Nothing known yet.
    public init() {}

    /// One route.
    public struct Route: Hashable, Sendable {
      /// Its name.
      public var name = ""
      /// Findings that the receiver took, that wait, and whose message was given up.
      public var told = 0, waiting = 0, dead = 0
      /// Messages, and those of them that took more than one attempt.
      public var messages = 0, retried = 0
      /// Seconds from writing a finding down to the receiver's answer; `nil` when nothing was delivered.
      public var median: Int?, longest: Int?
      /// Nothing known yet.
      public init() {}
    }

    /// Findings that were kept back.
    public struct Untold: Hashable, Sendable {
      /// Why, and how many.
      public var reason = "", findings = 0
      /// Nothing known yet.
      public init() {}
    }
  }

  /// Successful sign-ins by what the log says of a second factor.
  public struct Factors: Hashable, Sendable {
    /// With one, with a key or a certificate, without one, and those of which the log says nothing.
    public var with = 0, key = 0, without = 0, unsaid = 0
    /// Second steps that succeeded, where a log tells of them in lines of their own.
    public var steps = 0
    /// Whether the infrastructure register asks for a second factor.
    public var isRequired = false
    /// Nothing known yet.
    public init() {}
  }

  /// Sign-ins from one country.
  public struct Country: Hashable, Sendable {
    /// Its ISO 3166 code.
    public var code = ""
    /// Sign-ins that succeeded, and that failed.
    public var successes = 0, failures = 0
    /// Nothing known yet.
    public init() {}
  }
}
