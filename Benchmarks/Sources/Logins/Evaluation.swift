import Bytes
import Detectors
import Registers

/// Every table of the evaluation.
struct Evaluation {
  let seed: UInt64
  private var population: Population
  private let policy: Policy
  private var streams: [(attacker: Attacker, logins: [Login])] = []

  private static let signals: [(name: String, signals: LoginPolicy.Signals)] = [
    ("likelihood ratio", .ratio), ("travel", .travel), ("new country", .country),
    ("new network", .network), ("new agent", .agent), ("new system", .system), ("hour", .hour),
  ]

  init(seed: UInt64, people: Int, days: Int, policy: Policy) throws {
    self.seed = seed
    self.policy = policy
    population = Population(seed: seed, people: people, days: days)
    for (place, attacker) in Attacker.allCases.enumerated() {
      streams.append(
        (
          attacker,
          attacker.attack(
            &population, from: Logins.warmUpDays, seed: seed &+ UInt64(place + 1) &* 7919)
        ))
    }
  }

  func print(isShort: Bool) {
    let whole = replays(.all)
    let measures = whole.map { Measures($0, from: Logins.warmUpDays) }
    Swift.print(
      "Seed \(seed): \(population.people.count) people, \(population.days) days, "
        + "\(population.logins.count) sign-ins; judged after day \(Logins.warmUpDays) and each "
        + "person's warm-up: \(measures[0].loginCount) sign-ins and "
        + measures.map { "\($0.attackCount)" }.joined(separator: ", ")
        + " attacks (\(Attacker.allCases.map(\.rawValue).joined(separator: ", "))).\n")
    printModels(measures)
    if isShort { return }
    printSignals(measures)
    printReauthentication(whole[0])
    printCost(whole[0])
  }

  private func replays(_ signals: LoginPolicy.Signals) -> [Replay] {
    streams.map { Replay($0.logins, population, policy, signals: signals) }
  }

  private func printModels(_ measures: [Measures]) {
    let alert = policy.decimal("login.risk.alert")
    Swift.print(
      "| attacker | AUC | found at 0.1 alerts | precision | found at 1 alert | precision | "
        + "at the policy's \(fixed(alert, 2)): found | precision | alerts |")
    Swift.print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for (place, measure) in measures.enumerated() {
      let (few, many, now) = (
        measure.found(budget: 0.1), measure.found(budget: 1), measure.at(alert)
      )
      Swift.print(
        "| \(streams[place].attacker.rawValue) | \(fixed(measure.area, 4)) | "
          + "\(percent(few.share)) | \(percent(few.precision)) | \(percent(many.share)) | "
          + "\(percent(many.precision)) | \(percent(now.share)) | \(percent(now.precision)) | "
          + "\(fixed(measure.alerts(at: alert), 3)) |")
    }
    Swift.print(
      "\nThresholds: "
        + measures.map {
          "\(fixed($0.found(budget: 0.1).threshold, 4)), \(fixed($0.found(budget: 1).threshold, 4))"
        }.joined(separator: "; ") + ".\n")
  }

  private func printSignals(_ whole: [Measures]) {
    Swift.print(
      "| signals | "
        + Attacker.allCases.map {
          "\($0.rawValue): AUC | 0.1 | 1"
        }.joined(separator: " | ") + " |")
    Swift.print("|---" + String(repeating: "|---:", count: Attacker.allCases.count * 3) + "|")
    row("all", whole)
    for (name, signal) in Evaluation.signals {
      row("without \(name)", measured(LoginPolicy.Signals.all.subtracting(signal)))
    }
    for (name, signal) in Evaluation.signals { row("only \(name)", measured(signal)) }
    row(
      "only what is new", measured([.country, .network, .agent, .system, .key]))
    Swift.print("")
  }

  private func measured(_ signals: LoginPolicy.Signals) -> [Measures] {
    replays(signals).map { Measures($0, from: Logins.warmUpDays) }
  }

  private func row(_ name: String, _ measures: [Measures]) {
    Swift.print(
      "| \(name) | "
        + measures.map {
          "\(fixed($0.area, 4)) | \(percent($0.found(budget: 0.1).share)) | "
            + "\(percent($0.found(budget: 1).share))"
        }.joined(separator: " | ") + " |")
  }

  /// How many of a person's first sign-ins would be asked to prove themselves.
  private func printReauthentication(_ replay: Replay) {
    let alert = policy.decimal("login.risk.alert")
    let steps = [5, 10, 20, 50, 100, 200, 400]
    Swift.print(
      "| of the first … sign-ins | " + steps.map { "\($0)" }.joined(separator: " | ") + " |")
    Swift.print("|---" + String(repeating: "|---:", count: steps.count) + "|")
    var rates: [[Double]] = steps.map { _ in [] }
    var counts = [Int: Int]()
    for verdict in replay.verdicts where !verdict.login.isAttack {
      let who = Int(verdict.login.person)
      if verdict.risk >= alert { counts[who, default: 0] += 1 }
      if let step = steps.firstIndex(of: verdict.number) {
        rates[step].append(Double(counts[who] ?? 0) / Double(verdict.number))
      }
    }
    Swift.print(
      "| median | " + rates.map { percent(quantile($0, 0.5)) }.joined(separator: " | ") + " |")
    Swift.print(
      "| mean | "
        + rates.map {
          percent($0.reduce(0, +) / Double(max(1, $0.count)))
        }.joined(separator: " | ") + " |")
    Swift.print("| people | " + rates.map { "\($0.count)" }.joined(separator: " | ") + " |")
    Swift.print(
      "\nTo the end of the warm-up: median \(fixed(quantile(replay.daysToWarm, 0.5), 1)) days, "
        + "90 in 100 within \(fixed(quantile(replay.daysToWarm, 0.9), 1)).\n")
  }

  private func printCost(_ replay: Replay) {
    let times = replay.nanoseconds.map { Double($0) / 1000 }
    Swift.print(
      "Cost: \(fixed(quantile(times, 0.5), 2)) µs a sign-in in the middle, "
        + "\(fixed(quantile(times, 0.99), 2)) µs at 99 in 100 (by the clock, the look-up of the place "
        + "included), \(fixed(replay.processorSeconds / Double(times.count) * 1e6, 2)) µs of CPU with "
        + "all of the replay. State: \(replay.bytes / max(1, replay.people)) bytes a person, "
        + "\(replay.evicted) evicted.")
  }
}

/// A number with so many digits behind the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let whole = Int((value * scale).rounded())
  let fraction = "\(whole % Int(scale) + Int(scale))".dropFirst()
  return digits == 0 ? "\(whole)" : "\(whole / Int(scale)).\(fraction)"
}

func percent(_ share: Double) -> String { fixed(share * 100, 1) + " %" }

/// The value that a share of the others is below.
func quantile(_ values: [Double], _ share: Double) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
