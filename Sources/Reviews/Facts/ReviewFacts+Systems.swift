extension ReviewFacts {
  /// A host, domain or address that the infrastructure register does not hold.
  public struct UnknownName: Hashable, Sendable {
    /// The name or the address.
    public var name: String
    /// `host`, `domain` or `address`.
    public var kind: String
    /// Local time of the first and the last event.
    public var first, last: String
    /// How many events.
    public var events: Int
    /// The source that showed it.
    public var source: String

    /// The parts.
    public init(
      name: String, kind: String, first: String, last: String, events: Int, source: String
    ) {
      self.name = name
      self.kind = kind
      self.first = first
      self.last = last
      self.events = events
      self.source = source
    }
  }

  /// A row of the infrastructure register that no log showed.
  public struct SilentRow: Hashable, Sendable {
    /// Its id, its kind, and who owns it.
    public var id, kind, owner: String

    /// The parts.
    public init(
      id: String, kind: String, owner: String
    ) {
      self.id = id
      self.kind = kind
      self.owner = owner
    }
  }

  /// Infrastructure seen against infrastructure registered.
  public struct Infrastructure: Hashable, Sendable {
    /// How many distinct names and addresses were looked up.
    public var namesChecked: Int
    /// How many rows the register holds.
    public var listed: Int
    /// Seen and not registered.
    public var unknown: [UnknownName]
    /// Registered and not seen.
    public var silent: [SilentRow]

    /// The parts, each optional where a log or a register may be silent.
    public init(
      namesChecked: Int = 0, listed: Int = 0, unknown: [UnknownName] = [],
      silent: [SilentRow] =
        []
    ) {
      self.namesChecked = namesChecked
      self.listed = listed
      self.unknown = unknown
      self.silent = silent
    }
  }

  /// One day's sign-ins.
  public struct SignInDay: Hashable, Sendable {
    /// The local day, 1 through 31.
    public var day: Int
    /// Sign-ins that succeeded, and that failed.
    public var successes, failures: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      day: Int, successes: Int = 0, failures: Int = 0
    ) {
      self.day = day
      self.successes = successes
      self.failures = failures
    }
  }

  /// An address whose sign-ins failed.
  public struct FailingAddress: Hashable, Sendable {
    /// The address.
    public var address: String
    /// Failures, successes, and distinct users it tried.
    public var failures, successes, users: Int
    /// Country or network, when known.
    public var origin: String

    /// The parts, each optional where a log or a register may be silent.
    public init(
      address: String, failures: Int = 0, successes: Int = 0, users: Int = 0,
      origin: String =
        ""
    ) {
      self.address = address
      self.failures = failures
      self.successes = successes
      self.users = users
      self.origin = origin
    }
  }

  /// The sign-ins to one system, or to all.
  public struct SignIns: Hashable, Sendable {
    /// The system; `all` for the totals.
    public var system: String
    /// Sign-ins that succeeded, and that failed.
    public var successes, failures: Int
    /// Distinct users and distinct addresses.
    public var users, addresses: Int
    /// The addresses with the most failures, most first.
    public var topFailing: [FailingAddress]
    /// The days with sign-ins, each at most once.
    public var days: [SignInDay]
    /// The successes by second factor; of a system only.
    public var factors = Factors()

    /// The parts, each optional where a log or a register may be silent.
    public init(
      system: String, successes: Int = 0, failures: Int = 0, users: Int = 0, addresses: Int = 0,
      topFailing: [FailingAddress] = [], days: [SignInDay] = []
    ) {
      self.system = system
      self.successes = successes
      self.failures = failures
      self.users = users
      self.addresses = addresses
      self.topFailing = topFailing
      self.days = days
    }
  }
}
