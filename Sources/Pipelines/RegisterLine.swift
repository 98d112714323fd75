import Bytes
import Events
import Registers

/// One entry of the registers' calendar as a line, and the event that the line says.
///
/// The line is what evidence shows. It names the row by register, file and id, and not where it stands, so that a finding stays
/// the same when rows above it move; nor does it say when it was told. The event is read from the line, whether it comes for the first
/// time or is taken apart again.
enum RegisterLine {
  /// The members of a line, in their order, and the field that each fills.
  private static let members: [(name: StaticString, field: Field?)] = [
    ("register", nil), ("file", nil), ("row", nil), ("action", .eventAction),
    ("kind", .obligationKind), ("id", .obligationID), ("due", .obligationDue),
    ("warn", .obligationWarn), ("period", .obligationPeriod), ("owner", .obligationOwner),
    ("person", .personID), ("person_kind", .personKind), ("account", .userTargetName),
    ("system", .systemID), ("secret", .secretID), ("backup", .backupID), ("job", .backupJob),
    ("note", .obligationNote),
  ]

  /// An entry as a line.
  static func text(_ entry: CalendarEntry) -> String {
    let duty = entry.obligation
    let isSecret = duty.kind == .rotation
    let isBackup = [.backup, .snapshot, .restoreTest].contains(duty.kind)
    let values: [String?] = [
      duty.register, duty.file, duty.row, entry.stage.action, duty.kind.rawValue, duty.id,
      RFC3339.text(nanoseconds: duty.due),
      duty.warns.first.map(RFC3339.text(nanoseconds:)),
      duty.period.map { "\($0 / 1_000_000_000)" }, duty.owner, duty.person, duty.personKind,
      duty.account, duty.system, isSecret ? duty.row : nil, isBackup ? duty.row : nil, duty.job,
      duty.note.isEmpty ? nil : duty.note,
    ]
    var line = "{"
    for (member, value) in zip(members, values) {
      guard let value else { continue }
      if line.utf8.count > 1 { line += "," }
      line += "\"\(member.name)\":\"\(escaped(value))\""
    }
    return line + "}"
  }

  /// Text as a string of JSON holds it.
  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Reads a line into an event.
  static func read(_ line: ByteView, into event: Event) {
    event.reset(line: line)
    event.set(.eventCategory, "register")
    event.set(.eventDataset, "registers")
    var (place, next) = (1, 0)
    while let (name, afterName) = string(line, from: place),
      let (value, afterValue) = string(line, from: afterName)
    {
      place = afterValue
      while next < members.count, !name.equals(members[next].name) { next += 1 }
      guard next < members.count, let field = members[next].field else { continue }
      if field == .obligationPeriod {
        event.set(field, .integer(value.decimalValue))
      } else {
        event.set(field, unescaped(value, event))
      }
    }
  }

  /// The next string at or behind a place, without its quotes, and where it ends.
  private static func string(_ line: ByteView, from start: Int) -> (text: ByteView, end: Int)? {
    guard let open = line.firstOffset(of: 0x22, from: start) else { return nil }
    var end = open + 1
    while end < line.count, line[end] != 0x22 { end += line[end] == 0x5C ? 2 : 1 }
    guard end < line.count else { return nil }
    return (line.slice(open + 1, end), end + 1)
  }

  private static func unescaped(_ text: ByteView, _ event: Event) -> ByteView {
    guard text.firstOffset(of: 0x5C) != nil else { return text }
    var (result, place): ([UInt8], Int) = ([], 0)
    while place < text.count {
      guard text[place] == 0x5C, place + 1 < text.count else {
        result.append(text[place])
        place += 1
        continue
      }
      if text[place + 1] == 0x75, place + 5 < text.count {
        let digits = text.slice(place + 2, place + 6).string
        result.append(UInt8(truncatingIfNeeded: Int(digits, radix: 16) ?? 0x3F))
        place += 6
      } else {
        result.append(text[place + 1])
        place += 2
      }
    }
    return result.withView { event.scratch.copy($0) }
  }
}

extension ByteView {
  /// The number that digits say; 0 for anything else.
  fileprivate var decimalValue: Int64 { Int64(string) ?? 0 }
}
