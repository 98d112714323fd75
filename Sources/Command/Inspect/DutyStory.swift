import Bytes
import Events
import Registers

/// Tells what the registers expect, as of an event, of those that the event is about.
struct DutyStory {
  let registers: Registers
  /// The organisation's zone, in which people read times.
  let local: LocalTime
  /// How many duties are told of.
  private static let shownMax = 20

  /// Writes what is open or overdue of the person, the system and whatever else the event's rows are.
  func write(_ event: Event, to sheet: inout Sheet) {
    func text(_ field: Field) -> String? { event[field].map { $0.text(event.scratch).string } }
    let people = Set([text(.personID), text(.targetPersonID)].compactMap(\.self))
    let others = Set(
      [text(.systemID), text(.toolID), text(.secretID), text(.backupID)].compactMap(\.self))
    guard !people.isEmpty || !others.isEmpty else { return }
    // An exception is somebody's or something's, which its row says and its obligation does not.
    let exceptions = Set(
      registers.approvals.filter { row in
        row.subject.map { people.contains($0) || others.contains($0) } ?? false
      }.map(\.id))
    let duties = Calendar(registers).standing(at: event.time).filter { duty in
      switch duty.kind {
      case .accessEnding, .offboarding: people.contains(duty.row)
      case .exception: exceptions.contains(duty.row)
      default: duty.system.map(others.contains) ?? false || others.contains(duty.row)
      }
    }
    guard !duties.isEmpty else {
      return sheet.row("expected", "nothing of these rows at that time")
    }
    for duty in duties.prefix(DutyStory.shownMax) {
      sheet.row("expected", sentence(duty, at: event.time))
    }
    let rest = duties.count - DutyStory.shownMax
    if rest > 0 { sheet.row("", "and \(rest) more") }
  }

  private func sentence(_ duty: Obligation, at time: Int64) -> String {
    let due = duty.due < .max ? local.text(duty.due) : "no day"
    let verdict = duty.due > time ? "before \(due)" : "overdue since \(due)"
    let owner = duty.owner.map { ", \($0) answers for it" } ?? ""
    return "\(duty.kind.rawValue) \(duty.id): \(duty.note), \(verdict)\(owner) (\(duty.file))"
  }
}
