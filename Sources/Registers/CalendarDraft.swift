/// Gathers what the rows of all registers expect, for a ``Calendar``.
struct CalendarDraft {
  let registers: Registers
  var policy: Policy { registers.policy }
  var zone: any CivilZone { registers.zone }
  private(set) var obligations: [Obligation] = []
  var monthly: [MonthlyDuty] = []

  init(_ registers: Registers) { self.registers = registers }

  /// Everything.
  mutating func addAll() {
    for contractor in registers.contractors { add(contractor) }
    for person in registers.people { add(person) }
    addAccessReviews()
    for secret in registers.secrets { add(secret) }
    for backup in registers.backups { add(backup) }
    addReviews()
    addAttestations()
    addExceptions()
    for incident in registers.incidents { add(incident) }
    for request in registers.requests { add(request) }
    addDrills()
  }

  mutating func add(_ obligation: Obligation) { obligations.append(obligation) }

  /// An obligation of a row, not due at any time yet.
  func draft(
    _ kind: Obligation.Kind, _ id: String, _ register: String, _ place: Place, row: String
  ) -> Obligation {
    Obligation(
      kind: kind, id: id, register: register, file: CalendarDraft.name(of: place.file), row: row,
      opens: .min, due: .max)
  }

  /// A file's name without its folders, so that a finding is the same wherever the registers are.
  static func name(of file: String) -> String {
    guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return file }
    return String(file[slash...].dropFirst())
  }

  static let second: Int64 = 1_000_000_000
  static let (hour, day) = (3600 * second, 86_400 * second)

  /// Hours of the policy, as nanoseconds.
  func hours(_ name: String) -> Int64 { held(Int64(policy.integer(name)), CalendarDraft.hour) }

  /// Days of the policy, as nanoseconds.
  func days(_ name: String) -> Int64 { held(Int64(policy.integer(name)), CalendarDraft.day) }

  /// A duration of the policy, as nanoseconds.
  func span(_ name: String) -> Int64 { held(Int64(policy.seconds(name)), CalendarDraft.second) }

  /// A number of seconds, as nanoseconds.
  func seconds(_ count: Int) -> Int64 { held(Int64(count), CalendarDraft.second) }

  private func held(_ count: Int64, _ unit: Int64) -> Int64 {
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    return overflow ? .max : product
  }
}
