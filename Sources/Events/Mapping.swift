package import Bytes

/// One product's log as data: which records it takes, and which of their parts become which fields.
///
/// A mapping is one YAML file (see `Sources/README.md`); ``MappingLoader`` reads it. Its record
/// parts are fields themselves, named by their path in the record, so that a rule may use a product's
/// own keys beside the common names.
public final class Mapping: Sendable {
  /// How the lines are framed that a mapping reads.
  public enum Format: String, Sendable, CaseIterable {
    case json, rfc5424, syslog, logfmt
  }

  /// A constant or copied value for a field.
  struct Setting: Sendable {
    let field: Field
    let text: ByteView
  }

  /// A field and the record parts that may fill it, the first that is there wins.
  struct Assignment: Sendable {
    let field: Field
    let parts: [Field]
  }

  /// One part of an assignment.
  private struct Move: BitwiseCopyable {
    var part, field: Int32
    /// The first move of the next assignment.
    var next: Int32
  }

  /// A demand on one record part.
  struct Condition: Sendable {
    let part: Field
    /// Alternatives, `*` standing for any run; empty when the part must be absent or null.
    let patterns: [ByteView]
  }

  /// Fields that a text fills: `Failed Login: username={user.name} ip={source.ip}`.
  struct TextPattern: Sendable {
    /// The record part that holds the text.
    let part: Field
    /// What stands before the first field, and after each field.
    let prefix: ByteView
    let pieces: [(field: Field, after: ByteView)]
    let settings: [Setting]
  }

  /// Settings that hold when every condition does.
  struct Case: Sendable {
    let conditions: [Condition]
    let settings: [Setting]
    /// Fields that are filled in this case only.
    let assignments: [Assignment]
  }

  /// Whether a field is for the joins to fill.
  static func isJoined(_ field: Field) -> Bool { field.isJoined }

  /// Whether a mapping may not fill a field: it is the joins', the baselines' or the path's own.
  static func isReserved(_ field: Field) -> Bool {
    isJoined(field) || field == .timestampInferred || field == .logSource
      || (Field.loginFirstSeen.index...Field.loginRisk.index).contains(field.index)
      || field == .sourcePrefix || field == .systemSecondFactor || field == .loginDormantDays
      || (Field.loginHourProbability.index...Field.loginPerson.index).contains(field.index)
  }

  /// The mapping's name, which becomes `event.dataset`.
  public let id: String
  /// How its lines are framed.
  public let format: Format
  /// The file it was read from, for messages.
  public let file: String
  let dataset: ByteView
  /// Programs (syslog) that it takes; empty takes any.
  let programs: [ByteView]
  /// Record parts that must be there.
  let requiredParts: [Field]
  /// Structured-data ids (RFC 5424) that must be there.
  let structuredData: [ByteView]
  /// A pattern for the file's name; empty takes any.
  let path: ByteView
  /// Whether the message (syslog) is itself `key=value` text or JSON whose parts are read.
  let messageFormat: MessageFormat
  let assignments: [Assignment]
  /// Fields that say how many seconds before the event a part of the record was.
  let ages: [Assignment]
  /// The assignments in one row: a part, where it goes, and where to go on once it was there.
  private let moves: [Move]
  let settings: [Setting]
  let cases: [Case]
  let texts: [TextPattern]
  /// Every record part that is read.
  let parts: [Part]
  /// Which lines of the product's log belong together; `nil` when each is a record.
  public let multiline: MultilineRule?

  /// A part of the record: the path under which the record has it, and the field it is kept in.
  struct Part: Sendable {
    let path: String
    let name: ByteView
    let field: Field

    /// Whether the path is `id.name`.
    func matches(_ id: ByteView, _ parameter: ByteView) -> Bool {
      name.hasPrefix(id) && name.count == id.count + parameter.count + 1
        && name[id.count] == UInt8(ascii: ".") && name.dropFirst(id.count + 1).equals(parameter)
    }
  }

  init(
    id: String, format: Format, file: String, dataset: ByteView, programs: [ByteView],
    requiredParts: [Field], structuredData: [ByteView], path: ByteView,
    messageFormat: MessageFormat, assignments: [Assignment], ages: [Assignment],
    settings: [Setting], cases: [Case], texts: [TextPattern], parts: [Part],
    multiline: MultilineRule? = nil
  ) {
    self.multiline = multiline
    (self.id, self.format, self.file, self.dataset) = (id, format, file, dataset)
    (self.programs, self.requiredParts) = (programs, requiredParts)
    (self.structuredData, self.path, self.messageFormat) = (structuredData, path, messageFormat)
    (self.assignments, self.settings, self.cases) = (assignments, settings, cases)
    (self.texts, self.parts, self.ages) = (texts, parts, ages)
    var moves: [Move] = []
    for assignment in assignments {
      let next = Int32(moves.count + assignment.parts.count)
      for part in assignment.parts {
        moves.append(
          Move(part: Int32(part.index), field: Int32(assignment.field.index), next: next))
      }
    }
    self.moves = moves
  }

  /// What a syslog message holds.
  enum MessageFormat: String, Sendable, CaseIterable { case text, logfmt, json }
}

extension Mapping {
  /// Whether the mapping takes records of this program, with these parts.
  @inline(__always) func takes(_ event: Event) -> Bool {
    for part in requiredParts where !event.has(part) { return false }
    return true
  }

  /// Whether the mapping takes lines of a file: its pattern fits the path or the name; none takes any.
  func takes(path file: ByteView) -> Bool {
    if path.isEmpty { return true }
    let name = file.lastOffset(of: UInt8(ascii: "/")).map { file.dropFirst($0 + 1) } ?? file
    return file.matches(glob: path) || name.matches(glob: path)
  }

  /// Whether the mapping takes lines of a program; an empty list takes any.
  func takes(program: ByteView) -> Bool {
    programs.isEmpty || programs.contains { program.matches(glob: $0) }
  }

  /// Writes each field from the first of its parts that is there.
  @inline(__always) private func move(_ event: Event) {
    var place = 0
    while place < moves.count {
      let move = moves[place]
      if event.has(slot: Int(move.part)) {
        FieldWriter.write(
          event.value(slot: Int(move.part)), to: Field(index: Int(move.field)), of: event)
        place = Int(move.next)
      } else {
        place &+= 1
      }
    }
  }

  /// Moves the record's parts into fields and adds what the cases say.
  func apply(to event: Event) {
    begin(event)
    move(event)
    choose(event)
  }

  /// Sets what is constant.
  @inline(__always) func begin(_ event: Event) {
    event.set(.eventDataset, dataset)
    for place in 0..<settings.count { event.set(settings[place].field, settings[place].text) }
  }

  /// Takes texts apart and adds what the cases say.
  func choose(_ event: Event) {
    for text in texts where text.apply(to: event) { break }
    for choice in cases where choice.holds(for: event) {
      for setting in choice.settings { event.set(setting.field, setting.text) }
      for assignment in choice.assignments {
        guard let part = assignment.source(in: event) else { continue }
        FieldWriter.write(event.value(slot: part.index), to: assignment.field, of: event)
      }
      break
    }
  }

  /// Whether something may depend on what parts of the record hold.
  ///
  /// - Parameter isThere: Whether a record has a part.
  func mayChoose(_ isThere: (Field) -> Bool) -> Bool {
    !cases.isEmpty || texts.contains { isThere($0.part) } || hasAges(isThere)
  }

  /// Whether a record has a part that an age is counted from.
  func hasAges(_ isThere: (Field) -> Bool) -> Bool {
    ages.contains { $0.parts.contains(where: isThere) }
  }

  /// Every field that the mapping may write.
  var writtenFields: Set<Field> {
    Set(
      (assignments + ages + cases.flatMap(\.assignments)).map(\.field)
        + (settings + cases.flatMap(\.settings)).map(\.field)
        + texts.flatMap { $0.pieces.map(\.field) + $0.settings.map(\.field) })
  }

  /// What every line says that the mapping takes and a ``Glance`` shows.
  package var settled: [(field: Field, text: ByteView)] {
    [(.eventDataset, dataset)] + settings.map { ($0.field, $0.text) }
  }

  /// Whether the mapping may fill a field.
  package func writes(_ field: Field) -> Bool { writtenFields.contains(field) }

  /// The parts that something depends on.
  var choiceParts: Set<Field> {
    Set(
      texts.map(\.part) + ages.flatMap(\.parts)
        + cases.flatMap { $0.conditions.map(\.part) + $0.assignments.flatMap(\.parts) })
  }
}

extension Mapping {
  /// Which part of a record that it took filled which field, for whoever explains it.
  public func sources(in event: Event) -> [(part: Field, field: Field)] {
    (assignments + ages).compactMap { assignment in
      assignment.source(in: event).map { ($0, assignment.field) }
    }
  }
}

extension Mapping.Assignment {
  /// The first part that is there.
  @inline(__always) func source(in event: Event) -> Field? {
    for part in parts where event.has(part) { return part }
    return nil
  }
}

extension Mapping.Case {
  @inline(__always) func holds(for event: Event) -> Bool {
    for condition in conditions where !condition.holds(for: event) { return false }
    return true
  }
}

extension Mapping.Condition {
  func holds(for event: Event) -> Bool {
    guard let value = event[part] else { return patterns.isEmpty }
    switch value {
    case .null: return patterns.isEmpty
    case .text(let text), .number(_, let text), .json(let text): return matches(text)
    case .bool(let flag): return matches(flag ? ByteView("true") : ByteView("false"))
    case .integer(let number): return matches(event.scratch.decimal(number))
    }
  }

  private func matches(_ text: ByteView) -> Bool {
    for pattern in patterns where text.equals(pattern) || text.matches(glob: pattern) {
      return true
    }
    return false
  }
}

extension Mapping.TextPattern {
  /// Fills the fields when the text has the pattern's form.
  ///
  /// The literals are found from the right end, because what a program writes after a name that a
  /// user typed is the program's own.
  func apply(to event: Event) -> Bool {
    guard let text = event.text(part), text.hasPrefix(prefix) else { return false }
    var end = text.count
    for (place, piece) in pieces.enumerated().reversed() {
      let after = piece.after
      if after.isEmpty {
        guard place == pieces.count - 1 else { return false }
        continue
      }
      guard let hit = text.lastOffset(of: after, endingBy: end), hit >= prefix.count else {
        return false
      }
      if place == pieces.count - 1, hit + after.count != text.count { return false }
      end = hit
    }
    // The ends are known to exist; walk again from the right and write.
    end = text.count
    for (place, piece) in pieces.enumerated().reversed() {
      if !piece.after.isEmpty { end = text.lastOffset(of: piece.after, endingBy: end) ?? end }
      let start =
        place == 0
        ? prefix.count
        : (text.lastOffset(of: pieces[place - 1].after, endingBy: end) ?? 0)
          + pieces[place - 1].after.count
      guard start <= end else { return false }
      FieldWriter.write(.text(text.slice(start, end)), to: piece.field, of: event)
    }
    for setting in settings { event.set(setting.field, setting.text) }
    return true
  }
}
