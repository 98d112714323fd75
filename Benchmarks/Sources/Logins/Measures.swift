import Detectors

/// What a replay is worth: sign-ins of people against those of an attacker.
struct Measures {
  /// A sign-in is judged when the company and the person are past the warm-up.
  private let attacks: [Double]
  private let others: [Double]
  /// The highest risk of each session of a person: who, from which network, in which week.
  private let sessions: [Double]
  private let personMonths: Double

  private struct Session: Hashable {
    let person: Int32
    let carrier: Int
    let week: Int
  }

  init(_ replay: Replay, from day: Int) {
    let from = Population.start + Int64(day) * Population.day
    var highest: [Session: Double] = [:]
    var (attacks, others): ([Double], [Double]) = ([], [])
    var spans: [Int32: (Int64, Int64)] = [:]
    for verdict in replay.verdicts where verdict.login.time >= from && verdict.isWarm {
      let login = verdict.login
      if login.isAttack {
        attacks.append(verdict.risk)
        continue
      }
      others.append(verdict.risk)
      spans[login.person] = (spans[login.person]?.0 ?? login.time, login.time)
      let session = Session(
        person: login.person, carrier: verdict.carrier, week: Int(login.time / Population.day / 7))
      highest[session] = max(highest[session] ?? 0, verdict.risk)
    }
    personMonths =
      spans.values.reduce(0.0) { $0 + Double($1.1 - $1.0) / Double(Population.day) } / 30.44
    (self.attacks, self.others) = (attacks.sorted(by: >), others.sorted())
    sessions = highest.values.sorted(by: >)
  }

  var attackCount: Int { attacks.count }
  var loginCount: Int { others.count }

  /// The chance that an attack has the higher risk of two sign-ins; equal ones count half.
  var area: Double {
    var sum = 0.0
    for attack in attacks {
      let below = Measures.count(others, below: attack)
      let upTo = Measures.count(others, below: attack.nextUp)
      sum += Double(below) + Double(upTo - below) / 2
    }
    return sum / Double(max(1, attacks.count)) / Double(max(1, others.count))
  }

  private static func count(_ sorted: [Double], below value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The share of attacks found, and the precision, with so many alerts for a person and month.
  func found(budget: Double) -> (share: Double, precision: Double, threshold: Double) {
    let allowed = Int(budget * personMonths)
    // The lowest threshold at which no more sessions than that are told of.
    let threshold = allowed < sessions.count ? sessions[allowed].nextUp : 0
    return at(threshold)
  }

  /// The same at a threshold.
  func at(_ threshold: Double) -> (share: Double, precision: Double, threshold: Double) {
    let found = attacks.count { $0 >= threshold && $0 > 0 }
    let alerts = sessions.count { $0 >= threshold && $0 > 0 }
    return (
      Double(found) / Double(max(1, attacks.count)), Double(found) / Double(max(1, found + alerts)),
      threshold
    )
  }

  /// Alerts for a person and month at a threshold.
  func alerts(at threshold: Double) -> Double {
    Double(sessions.count { $0 >= threshold }) / personMonths
  }
}
