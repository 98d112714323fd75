extension ReviewFacts {
  /// How many people of one kind the register holds.
  public struct KindCount: Hashable, Sendable {
    /// The kind, such as `employee`.
    public var kind: String
    /// How many are valid at the month's end.
    public var count: Int

    /// The parts.
    public init(
      kind: String, count: Int
    ) {
      self.kind = kind
      self.count = count
    }
  }

  /// One renewal of a contractor's access.
  public struct Renewal: Hashable, Sendable {
    /// The date it runs to.
    public var until: String
    /// Who approved it, when, over which channel, and where to find that.
    public var approvedBy, approvedAt, channel, ref: String
    /// Whether it counts, and if not, why not.
    public var verdict: Mark

    /// The parts, each optional where a log or a register may be silent.
    public init(
      until: String, approvedBy: String = "", approvedAt: String = "", channel: String = "",
      ref: String = "", verdict: Mark
    ) {
      self.until = until
      self.approvedBy = approvedBy
      self.approvedAt = approvedAt
      self.channel = channel
      self.ref = ref
      self.verdict = verdict
    }
  }

  /// One dimension of what a contractor may use.
  public struct Grant: Hashable, Sendable {
    /// What is limited: systems, environments, actions, hours, countries.
    public var dimension: String
    /// What is allowed.
    public var values: [String]

    /// The parts.
    public init(
      dimension: String, values: [String]
    ) {
      self.dimension = dimension
      self.values = values
    }
  }

  /// What a contractor did use.
  public struct Use: Hashable, Sendable {
    /// The system and its environment.
    public var system, environment: String
    /// Local time of the first and the last event.
    public var first, last: String
    /// How many events.
    public var count: Int
    /// Whether the granted scope covers it.
    public var isInside: Bool
    /// The approval that covers it otherwise; empty when none does.
    public var approval: String
    /// Why the scope does not cover it, such as `hours`; may be empty.
    public var reason: String

    /// The parts, each optional where a log or a register may be silent.
    public init(
      system: String, environment: String, first: String, last: String, count: Int,
      isInside: Bool, approval: String = "", reason: String = ""
    ) {
      self.system = system
      self.environment = environment
      self.first = first
      self.last = last
      self.count = count
      self.isInside = isInside
      self.approval = approval
      self.reason = reason
    }
  }

  /// One contractor: what was agreed, and what happened.
  public struct Contractor: Hashable, Sendable {
    /// The register's id and the name.
    public var id, name: String
    /// The company, and the engagement's dates as registered.
    public var company, start, registeredEnd: String
    /// The date on which access ends, after the cap and the renewals.
    public var effectiveEnd: String
    /// Days from the month's end to the effective end; negative once past.
    public var daysLeft: Int?
    /// The state of the engagement in words.
    public var verdict: Mark
    /// Renewals, oldest first.
    public var renewals: [Renewal]
    /// What the scope allows.
    public var granted: [Grant]
    /// What was used in the month.
    public var used: [Use]
    /// When offboarding was completed, and where that is recorded.
    public var offboardedAt, offboardingRef: String
    /// Local time of the last event; empty when none was seen.
    public var lastActivity: String
    /// Successful events after the effective end.
    public var successesAfterEnd: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      id: String, name: String, company: String = "", start: String = "",
      registeredEnd: String = "", effectiveEnd: String = "", daysLeft: Int? = nil, verdict: Mark,
      renewals: [Renewal] = [], granted: [Grant] = [], used: [Use] = [], offboardedAt: String = "",
      offboardingRef:
        String = "", lastActivity: String = "", successesAfterEnd: Int = 0
    ) {
      self.id = id
      self.name = name
      self.company = company
      self.start = start
      self.registeredEnd = registeredEnd
      self.effectiveEnd = effectiveEnd
      self.daysLeft = daysLeft
      self.verdict = verdict
      self.renewals = renewals
      self.granted = granted
      self.used = used
      self.offboardedAt = offboardedAt
      self.offboardingRef = offboardingRef
      self.lastActivity = lastActivity
      self.successesAfterEnd = successesAfterEnd
    }
  }

  /// An account that the logs show and no register knows.
  public struct UnlistedAccount: Hashable, Sendable {
    /// The account's name.
    public var user: String
    /// Where it was seen.
    public var systems: [String]
    /// Local time of the first and the last event.
    public var first, last: String
    /// How many events.
    public var events: Int

    /// The parts.
    public init(
      user: String, systems: [String], first: String, last: String, events: Int
    ) {
      self.user = user
      self.systems = systems
      self.first = first
      self.last = last
      self.events = events
    }
  }

  /// The accounts seen in the month.
  public struct Accounts: Hashable, Sendable {
    /// How many distinct accounts were looked up.
    public var checked: Int
    /// Those that no register knows.
    public var unlisted: [UnlistedAccount]

    /// The parts, each optional where a log or a register may be silent.
    public init(
      checked: Int = 0, unlisted: [UnlistedAccount] = []
    ) {
      self.checked = checked
      self.unlisted = unlisted
    }
  }

  /// One approval of the register, and what it cleared.
  public struct Approval: Hashable, Sendable {
    /// Its id, its type, and whom it is for.
    public var id, type, subject: String
    /// Where it holds.
    public var systems, environments: [String]
    /// The dates between which it holds.
    public var from, until: String
    /// Who approved it, when, and where to find that.
    public var approvedBy, approvedAt, ref: String
    /// Whether it counts: valid, late, self-approved, and so on.
    public var verdict: Mark
    /// How many events of the month it cleared.
    public var used: Int
    /// Whether what it clears is counted; what a renewal or a tool's approval lets happen is not.
    public var isCounted = true

    /// The parts, each optional where a log or a register may be silent.
    public init(
      id: String, type: String, subject: String, systems: [String] = [],
      environments: [String] = [], from: String = "", until: String = "", approvedBy: String = "",
      approvedAt: String =
        "", ref: String = "", verdict: Mark, used: Int = 0
    ) {
      self.id = id
      self.type = type
      self.subject = subject
      self.systems = systems
      self.environments = environments
      self.from = from
      self.until = until
      self.approvedBy = approvedBy
      self.approvedAt = approvedAt
      self.ref = ref
      self.verdict = verdict
      self.used = used
    }
  }
}
