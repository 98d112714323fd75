import Bytes
public import Events

/// What is new or unlikely about a success: its risk, and the parts that it is made of.
///
/// The parts are joined as if each alone told of an attack with its probability (noisy-OR): the risk is
/// one less the product of what each leaves. It is no probability that anybody measured; it orders
/// sign-ins, and the evaluation says what each threshold costs.
public struct LoginAssessment: Sendable {
  /// One bit each for country, network, agent, system and key: what the person never had; and the
  /// first two when nobody ever had it.
  var news: UInt8 = 0, novelties: UInt8 = 0
  /// How much each of those news is one, 0 through 1.
  var surprises: [5 of Double] = .init(repeating: 1)
  /// The way from the last place, and whether nobody could have gone it.
  var travel: Travel?
  var isTooFar = false
  /// The likelihood ratio, when the person has a history.
  public internal(set) var ratio: Double?
  /// How probable the hour of the week is, when there is enough to tell.
  public internal(set) var hourProbability: Double?
  var isOddHour = false
  /// The autonomous system of the address, or 0.
  var system: UInt32 = 0
  /// What each part says, in the order of ``LoginPolicy/Signals``.
  private(set) var parts: [8 of Double] = .init(repeating: 0)
  /// From 0 to 1.
  public private(set) var risk = 0.0
  private(set) var isShown = false
  /// Whether the sign-in was learned from.
  public internal(set) var isLearned = false

  /// Nothing is known.
  public init() {}

  /// Whether there is nothing to add to the event.
  public var isEmpty: Bool { news == 0 && travel == nil && !isOddHour && !isShown }

  static let words = ["country", "network", "agent", "system", "key"]

  /// Works out the parts and the risk.
  ///
  /// - Parameter trust: How much the history says, 0 through 1.
  mutating func weigh(_ policy: LoginPolicy, trust: Double) {
    let weights = policy.weights
    if let ratio { parts[0] = trust * (ratio / (ratio + policy.ratioEven)) }
    if isTooFar { parts[1] = weights[1] }
    for place in 0..<LoginAssessment.words.count where news & 1 << UInt8(place) != 0 {
      let weight = weights[2 + place] * surprises[place]
      // A country or network that nobody ever came from counts as if two things were new.
      parts[2 + place] =
        novelties & 1 << UInt8(place) != 0 ? 1 - (1 - weight) * (1 - weight) : weight
    }
    if isOddHour, let hourProbability {
      parts[7] = weights[7] * (1 - hourProbability / policy.hourProbability)
    }
    var rest = 1.0
    for place in 0..<LoginPolicy.Signals.count {
      if policy.signals.rawValue & 1 << place == 0 { parts[place] = 0 }
      rest *= 1 - parts[place]
    }
    risk = 1 - rest
    isShown = risk >= policy.riskShown
  }

  /// Adds what was found to the event: `login.first_seen`, `login.distance_km`, `login.speed_kmh`,
  /// `login.hour_probability`, `login.risk`, `login.risk_parts`, `login.network` and `login.person`.
  public func add(to event: Event) {
    let scratch = event.scratch
    if news != 0 {
      let words = LoginAssessment.words.enumerated().filter { news & 1 << UInt8($0.0) != 0 }
      let list = words.map { "\"\($0.1)\"" }.joined(separator: ",")
      event.set(.loginFirstSeen, .json(scratch.copy("[\(list)]")))
    }
    if let travel {
      event.set(.loginDistance, .integer(travel.kilometres))
      event.set(.loginSpeed, .integer(travel.kilometresPerHour))
    }
    if let hourProbability {
      event.set(.loginHourProbability, number(hourProbability, digits: 5, scratch))
    }
    if isShown {
      // Never a whole one: nothing is certain. What is shown is what rules compare.
      event.set(.loginRisk, number(min(risk, 0.999), digits: 3, scratch))
      event.set(.loginRiskParts, .json(scratch.copy("[\(partsList)]")))
    }
    if let network = networkText(event) { event.set(.loginNetwork, scratch.copy(network)) }
    if let who = event.text(.personID) ?? event.text(.userName) { event.set(.loginPerson, who) }
  }

  private func number(_ value: Double, digits: Int, _ scratch: Scratch) -> Value {
    let text = scratch.copy(LoginAssessment.fixed(value, digits: digits))
    return .number(text.number ?? value, text: text)
  }

  /// The parts as a JSON list of sentences, each with what it says.
  private var partsList: String {
    var list: [String] = []
    for place in 0..<LoginPolicy.Signals.count where parts[place] > 0 {
      let says = LoginAssessment.fixed(parts[place], digits: 2)
      list.append("\"\(sentence(place)): \(says)\"")
    }
    return list.joined(separator: ",")
  }

  private func sentence(_ place: Int) -> String {
    switch place {
    case 0: return "likelihood ratio \(ratio.map(LoginAssessment.short) ?? "")"
    case 1:
      return "travel of \(travel?.kilometres ?? 0) km at \(travel?.kilometresPerHour ?? 0) km/h"
    case 7:
      return "hour of probability \(LoginAssessment.fixed(hourProbability ?? 0, digits: 5))"
    default:
      let word = LoginAssessment.words[place - 2]
      return novelties & 1 << UInt8(place - 2) != 0
        ? "\(word) new to everybody" : "new \(word)"
    }
  }

  /// The network that a session is from: the autonomous system, else the /24 or /56.
  private func networkText(_ event: Event) -> String? {
    if system != 0 { return "AS\(system)" }
    guard let text = event.text(.sourceIP), let address = Address(text) else { return nil }
    return Network(address, prefixBits: LoginTraits.prefixBits(of: address))?.description
  }

  /// A number from 0 with so many digits behind the point.
  static func fixed(_ value: Double, digits: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    let whole = Int64((min(max(value, 0), 1e9) * Double(scale)).rounded())
    let fraction = "\(whole % scale + scale)".dropFirst()
    return digits == 0 ? "\(whole)" : "\(whole / scale).\(fraction)"
  }

  /// A ratio with as many digits as say something.
  static func short(_ value: Double) -> String {
    if value >= 1e6 { return "above 1000000" }
    return fixed(value, digits: value >= 10 ? 0 : value >= 0.1 ? 2 : 4)
  }
}
