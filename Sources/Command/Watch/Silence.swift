import Detectors
import Registers

/// Notices logs that have gone silent, each against its own rhythm.
///
/// A log that spoke often and then says nothing for some times as long as it ever paused within a day, and for some
/// minutes at least (`source.silent_factor` and `source.silent` of the policy), is silent: its service stopped, or its writer,
/// or the way from there to here. One finding for each silence.
struct Silence {
  /// The detector of such a finding.
  static let detector = "source-silent"
  /// How long a log must have been followed, seconds, and how often it must have spoken, before its rhythm is known.
  static let (followedMin, wordsMin) = (3600.0, 20)
  /// For how long pauses are remembered, seconds.
  private static let memory = 86_400.0

  private struct Rhythm {
    let begun: Double
    var last: Double
    var words = 0
    /// The longest pause of each hour, the latest hour last.
    var pauses: [(hour: Int, longest: Double)] = []
    /// Whether the silence at hand was told.
    var isTold = false

    var longest: Double { pauses.map(\.longest).max() ?? 0 }
  }
  private var rhythms: [String: Rhythm] = [:]
  /// By how much everything is shorter, for tests.
  private let haste: Double
  /// How long a log must be silent at least, seconds, and how much longer than its longest pause.
  private let silentMin, factor: Double

  init(_ policy: Policy, haste: Double = 1) {
    self.haste = haste
    silentMin = Double(policy.seconds("source.silent"))
    factor = policy.decimal("source.silent_factor")
  }

  /// Says that a log had lines.
  mutating func heard(_ name: String, at now: Double) {
    var rhythm = rhythms[name] ?? Rhythm(begun: now, last: now)
    let hour = Int(now / 3600 * haste)
    let pause = now - rhythm.last
    if let place = rhythm.pauses.indices.last, rhythm.pauses[place].hour == hour {
      rhythm.pauses[place].longest = max(rhythm.pauses[place].longest, pause)
    } else {
      rhythm.pauses.append((hour, pause))
    }
    let oldest = Int((now - Silence.memory / haste) / 3600 * haste)
    rhythm.pauses.removeAll { $0.hour < oldest }
    (rhythm.last, rhythm.isTold) = (now, false)
    rhythm.words += 1
    rhythms[name] = rhythm
  }

  /// A log that fell silent, told once.
  struct Fallen: Equatable {
    let name: String
    /// How long it has been silent, and its longest pause within a day, seconds.
    let seconds, longest: Double
  }

  /// The logs that have fallen silent since anybody asked.
  mutating func fallen(at now: Double) -> [Fallen] {
    var result: [Fallen] = []
    for (name, rhythm) in rhythms where !rhythm.isTold {
      let seconds = now - rhythm.last
      guard rhythm.words >= Silence.wordsMin,
        rhythm.last - rhythm.begun >= Silence.followedMin / haste,
        seconds >= silentMin / haste, seconds > factor * rhythm.longest
      else { continue }
      rhythms[name]?.isTold = true
      result.append(Fallen(name: name, seconds: seconds, longest: rhythm.longest))
    }
    return result.sorted { $0.name < $1.name }
  }

  /// What is told of it.
  ///
  /// - Parameters:
  ///   - latest: The time of the log's latest event, nanoseconds; with the name it identifies the silence.
  ///   - now: Nanoseconds since 1970 UTC.
  static func finding(_ fallen: Fallen, latest: Int64, now: Int64) -> Finding {
    func text(_ seconds: Double) -> String {
      seconds < 120 ? "\(Int(seconds)) seconds" : "\(Int(seconds / 60)) minutes"
    }
    return Finding(
      uid: "silent-\(fallen.name)-\(latest / 1_000_000_000)", detector: Silence.detector,
      title: "A log has gone silent", level: .medium,
      message:
        "\(fallen.name) has been silent for \(text(fallen.seconds)); its longest pause within "
        + "a day was \(text(fallen.longest))",
      subject: fallen.name, controls: ["CC7.2", "row-33", "row-56"], techniques: ["T1562.008"],
      start: latest, end: now, count: 1, evidence: [])
  }
}
