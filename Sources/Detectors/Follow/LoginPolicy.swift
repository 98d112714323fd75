import Bytes
public import Registers

/// The numbers that the habits of sign-ins go by, from the policy.
public struct LoginPolicy: Sendable {
  /// The parts of a sign-in's risk, in the order in which they are told.
  public struct Signals: OptionSet, Sendable {
    /// One bit a part.
    public let rawValue: Int
    /// The parts with these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// The likelihood ratio.
    public static let ratio = Signals(rawValue: 1)
    /// Nobody travels so fast.
    public static let travel = Signals(rawValue: 2)
    /// A country that the person never came from.
    public static let country = Signals(rawValue: 4)
    /// A network that they never came from.
    public static let network = Signals(rawValue: 8)
    /// A program or operating system that they never used.
    public static let agent = Signals(rawValue: 16)
    /// A system of the company where they never were.
    public static let system = Signals(rawValue: 32)
    /// A key that they never had.
    public static let key = Signals(rawValue: 64)
    /// An hour at which the person never comes.
    public static let hour = Signals(rawValue: 128)
    /// All of them.
    public static let all = Signals(rawValue: 255)
    /// How many there are.
    static let count = 8
  }

  /// Which parts count; all, unless somebody measures what each is worth.
  public var signals = Signals.all

  let warmUpSuccesses: Int
  let warmUpNanoseconds: Int64
  /// How long a value is remembered, and how long a period of counting is, nanoseconds.
  let decay, period: Int64
  let speed, distance: Double
  let secondsMin: Int64
  /// Networks whose addresses say nothing of where somebody is.
  private let sharedSystems: Set<UInt32>
  private let sharedNetworks: [Network]
  let hourSuccesses: Int
  let hourProbability: Double
  /// The ratio at which the ratio's part is one half.
  let ratioEven: Double
  /// What each part says at most, in the order of ``Signals``; the first is not asked for.
  let weights: [Double]
  /// From which risk on an event carries it, and from which on a sign-in teaches nothing.
  let riskShown, riskTaught: Double
  let noveltyScale: Double
  let probation: Int64
  let burstFailures: Int
  let burstWindow: Int64

  /// The numbers of a policy.
  public init(_ policy: Policy) {
    func nanoseconds(_ count: Int, _ unit: Int64 = 1_000_000_000) -> Int64 {
      // More days than 64 bits hold are never reached.
      let span = Int64(count).multipliedReportingOverflow(by: unit)
      return span.overflow ? .max : span.partialValue
    }
    let day: Int64 = 86_400 * 1_000_000_000
    warmUpSuccesses = policy.integer("login.first_seen.warm_up_successes")
    warmUpNanoseconds = nanoseconds(policy.integer("login.first_seen.warm_up_days"), day)
    decay = nanoseconds(max(2, policy.integer("login.first_seen.decay_days")), day)
    period = decay / 2
    speed = Double(policy.integer("login.travel.speed_kmh"))
    distance = Double(policy.integer("login.travel.distance_km"))
    secondsMin = Int64(policy.seconds("login.travel.seconds_min"))
    var systems: Set<UInt32> = []
    var networks: [Network] = []
    for text in policy.texts("login.travel.shared_networks") {
      if let number = Policy.systemNumber(text) { systems.insert(number) }
      if let network = text.withView({ Network($0) }) { networks.append(network) }
    }
    (sharedSystems, sharedNetworks) = (systems, networks)
    hourSuccesses = policy.integer("login.hour.successes_min")
    hourProbability = policy.decimal("login.hour.probability_max")
    ratioEven = max(1e-9, policy.decimal("login.risk.ratio_even"))
    weights =
      [1]
      + [
        "login.risk.weight_travel", "login.risk.weight_country", "login.risk.weight_network",
        "login.risk.weight_agent", "login.risk.weight_system", "login.risk.weight_key",
        "login.risk.weight_hour",
      ].map { min(1, policy.decimal($0)) }
    noveltyScale = policy.decimal("login.risk.novelty_scale")
    riskShown = policy.decimal("login.risk.shown")
    riskTaught = policy.decimal("login.risk.alert")
    probation = nanoseconds(policy.integer("login.learning.probation_days"), day)
    burstFailures = policy.integer("login.learning.burst_failures")
    burstWindow = nanoseconds(policy.seconds("login.learning.burst_window"))
  }

  /// Whether many people of many places share the network.
  func isShared(_ system: UInt32, _ address: ByteView?) -> Bool {
    if sharedSystems.contains(system) { return true }
    guard !sharedNetworks.isEmpty, let address = address.flatMap({ Address($0) }) else {
      return false
    }
    return sharedNetworks.contains { $0.contains(address) }
  }
}
