/// What a generated log holds, known because it was planted.
public struct Truth: Sendable {
  /// A finding that must be made, as often as it says.
  public struct Planted: Hashable, Sendable {
    /// The detector's id, and what the finding is about.
    public let detector, subject: String
    /// A planted finding.
    public init(detector: String, subject: String) {
      (self.detector, self.subject) = (detector, subject)
    }
  }

  /// The detectors whose findings are known; what others say is not judged.
  public static let detectors = [
    "login-brute-force", "unknown-infrastructure", "expired-account-active",
  ]

  /// Lines and bytes of the log.
  public internal(set) var lines = 0, bytes = 0
  /// What the reference walk counts beside lines: members, quoted parts, processes, parameters.
  public internal(set) var items = 0
  /// What the reference walk must recognise: refused requests, failed passwords, authpriv messages.
  public internal(set) var marks = 0
  /// How often each finding must be made.
  public internal(set) var findings: [Planted: Int] = [:]
  /// Refused requests (status 400 or more) by user; the empty name is nobody.
  public internal(set) var refused: [String: Int] = [:]
  /// The addresses with more than ten failed passwords in some 300 seconds.
  public internal(set) var guessers: Set<String> = []
  /// The last line's time, seconds since 1970.
  public internal(set) var lastSeconds = Calendar.startSeconds

  /// The seconds of an address's last eleven failed passwords, the oldest at `next`.
  private struct Failures {
    var seconds = [Int](repeating: .min, count: 11)
    var next = 0
  }
  private var failures: [String: Failures] = [:]

  /// Findings that are made once a day, by day.
  private var daily: Set<String> = []

  mutating func expect(_ detector: String, _ subject: String) {
    findings[Planted(detector: detector, subject: subject), default: 0] += 1
  }

  mutating func expectDaily(_ detector: String, _ subject: String, day: Int) {
    if daily.insert("\(detector) \(subject) \(day)").inserted { expect(detector, subject) }
  }

  /// Takes note of a failed password.
  mutating func fail(_ address: String, atSecond second: Int) {
    var last = failures.removeValue(forKey: address) ?? Failures()
    last.seconds[last.next] = second
    last.next = (last.next + 1) % last.seconds.count
    let oldest = last.seconds[last.next]
    if oldest != .min, second - oldest < 300 { guessers.insert(address) }
    failures[address] = last
  }

  /// The truth as tab-separated lines, sorted.
  public var text: String {
    var rows = ["lines\t\(lines)", "bytes\t\(bytes)", "items\t\(items)", "marks\t\(marks)"]
    rows += findings.map { "finding\t\($0.detector)\t\($0.subject)\t\($1)" }.sorted()
    rows += refused.map { "refused\t\($0)\t\($1)" }.sorted()
    rows += guessers.map { "guesser\t\($0)" }.sorted()
    return rows.joined(separator: "\n") + "\n"
  }
}
