/// What the checks of one moment look up.
final class CheckBook: Sendable {
  let registers: Registers
  /// The moment, nanoseconds since 1970 UTC, and its day in the organisation's zone.
  let now: Int64
  let today: CivilDay
  private let people: [String: Person]
  private let contractors: [String: Contractor]
  /// Exceptions that hold now, by what they are for.
  private let exceptions: [String: [Approval]]

  init(registers: Registers, now: Int64) {
    (self.registers, self.now) = (registers, now)
    today = registers.zone.day(at: now)
    people = Dictionary(registers.people.map { ($0.id, $0) }) { first, _ in first }
    contractors = Dictionary(registers.contractors.map { ($0.id, $0) }) { first, _ in first }
    let holding = registers.approvals.filter { $0.isException(at: now) }
    exceptions = Dictionary(grouping: holding, by: { $0.subject ?? "" })
  }

  /// The exception that allows something not to keep a clause now; what approvals are not is not
  /// for approvals to allow.
  func excuse(for subject: String, among controls: Set<String>) -> String? {
    guard !controls.contains("row-22"), !controls.contains("row-60") else { return nil }
    return exceptions[subject]?.first { $0.control.map { controls.contains($0) } ?? false }?.id
  }

  /// The person of an id.
  func person(_ id: String?) -> Person? { id.flatMap { people[$0] } }

  /// From when until when somebody has access; `nil` for nobody.
  func access(of id: String) -> Validity? {
    people[id]?.validity ?? contractors[id].map(registers.access)
  }

  /// Why somebody can not answer for something now, or `nil` when they can.
  func absence(of id: String) -> String? {
    guard let access = access(of: id) else { return "is in no register" }
    if access.end <= now { return "left on \(registers.zone.day(at: access.end &- 1))" }
    if access.start > now { return "has not started" }
    return nil
  }

  /// A time that is not in the future of this moment.
  func past(_ point: TimePoint?) -> TimePoint? {
    guard let point, point.start <= now else { return nil }
    return point
  }

  /// The moment so many days ago.
  func ago(days: Int) -> Int64 { now.adding(seconds: -days * 86_400) }
}

extension Approval {
  /// Whether it is an exception that counts, was approved before a time, and holds at it.
  func isException(at time: Int64) -> Bool {
    guard kind == .exception, refusal == nil, validity.contains(time), let until,
      let approvedAt, approvedAt.latest <= time
    else { return false }
    return (from?.start ?? .min) <= time && time < until.end
  }
}
