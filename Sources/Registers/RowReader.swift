import Documents

/// Collects what is wrong in the files.
final class ProblemList {
  /// What was found so far.
  var all: [Problem] = []
}

/// Reads one mapping of a register and reports what does not fit, in place.
struct RowReader {
  let file: String
  let node: RowNode
  /// In CSV a list is words parted by spaces.
  let isCSV: Bool
  let zone: any CivilZone
  let problems: ProblemList
  /// The keys that the mapping may have.
  let keys: RegisterKeys

  /// Whether the value is a mapping; reports it, its unknown and its missing keys otherwise.
  func isMapping(of what: String) -> Bool {
    guard let entries = node.entries else {
      report(
        node, "\(what) must be a mapping",
        fix: "its keys: \(keys.names.prefix(4).joined(separator: ", "))")
      return false
    }
    for entry in entries where !keys.has(entry.key) {
      let fix =
        nearestName(to: entry.key, among: keys.names).map { "did you mean `\($0)`?" }
        ?? "known here: \(keys.names.joined(separator: ", "))"
      problems.all.append(
        Problem(
          file: file, line: entry.line, column: entry.column, message: "unknown key `\(entry.key)`",
          fix: fix))
    }
    return true
  }

  /// Reports something at a value.
  func report(_ node: RowNode, _ message: String, fix: String = "") {
    problems.all.append(
      Problem(file: file, line: node.line, column: node.column, message: message, fix: fix))
  }

  /// Where a key's value stands, or the mapping when there is no such key.
  func place(_ key: String? = nil) -> Place {
    let found = key.flatMap { node[$0] } ?? node
    return Place(file: file, line: found.line, column: found.column)
  }

  /// The value of a key unless it is absent, null or, in CSV, empty.
  func value(_ key: String) -> RowNode? {
    assert(keys.has(key), "no register's table has `\(key)` here")
    guard let value = node[key], !value.isNull else { return nil }
    return isCSV && value.text == "" ? nil : value
  }

  /// A text.
  func text(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.text, !text.isEmpty else {
      report(value, "`\(key)` must be text")
      return nil
    }
    return text
  }

  /// A text that must be there.
  func required(_ key: String, of what: String) -> String? {
    if value(key) == nil { report(node, "\(what) without `\(key)`", fix: "add `\(key)`") }
    return text(key)
  }

  /// A list of texts, with their places.
  func nodes(_ key: String) -> [RowNode]? {
    guard let value = value(key) else { return nil }
    if isCSV, let text = value.text {
      return text.split(separator: " ").map {
        RowNode(.scalar(String($0)), line: value.line, column: value.column)
      }
    }
    guard let list = value.list else {
      report(value, "`\(key)` must be a list", fix: "write [\(value.text ?? "…")]")
      return nil
    }
    for item in list where (item.text ?? "").isEmpty {
      report(item, "`\(key)` must hold texts")
    }
    return list.filter { !($0.text ?? "").isEmpty }
  }

  /// A list of texts.
  func texts(_ key: String) -> [String]? { nodes(key)?.compactMap(\.text) }

  /// Yes or no.
  func bool(_ key: String) -> Bool? {
    guard let value = value(key) else { return nil }
    switch value.text {
    case "true": return true
    case "false": return false
    default:
      report(value, "`\(key)` must be true or false")
      return nil
    }
  }

  /// One of a closed list of words.
  func word<Word: RawRepresentable & CaseIterable>(_ key: String, as type: Word.Type) -> Word?
  where Word.RawValue == String {
    guard let value = value(key) else { return nil }
    let words = Word.allCases.map(\.rawValue)
    guard let text = value.text, let word = Word(rawValue: text) else {
      let nearest = value.text.flatMap { nearestName(to: $0, among: words) }
      report(
        value, "`\(key)` is `\(value.text ?? "…")`",
        fix: nearest.map { "did you mean `\($0)`?" } ?? "one of \(words.joined(separator: ", "))")
      return nil
    }
    return word
  }

  /// A date.
  func day(_ key: String) -> CivilDay? {
    guard let value = value(key) else { return nil }
    guard let day = value.text.flatMap({ CivilDay($0) }) else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is no date",
        fix: "write a day of the calendar as YYYY-MM-DD")
      return nil
    }
    return day
  }

  /// A date or an instant.
  func point(_ key: String) -> TimePoint? {
    guard let value = value(key) else { return nil }
    guard let point = value.text.flatMap({ TimePoint($0, zone: zone) }) else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is neither a date nor an instant",
        fix: "write YYYY-MM-DD, or YYYY-MM-DDThh:mm:ssZ with Z or an offset")
      return nil
    }
    return point
  }

  /// A month.
  func month(_ key: String) -> CivilMonth? {
    guard let value = value(key) else { return nil }
    guard let month = value.text.flatMap({ CivilMonth($0) }) else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is no month", fix: "write it as YYYY-MM")
      return nil
    }
    return month
  }

  /// A duration in seconds.
  func seconds(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    guard let seconds = value.text.flatMap({ Policy.duration($0) }) else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is no duration",
        fix: "write one like 90s, 30m, 24h or 31d")
      return nil
    }
    return seconds
  }

  /// A whole number.
  func integer(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    guard let text = value.text, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(text)
    else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is no whole number",
        fix: "write digits only")
      return nil
    }
    return number
  }

  /// A number with or without a fraction.
  func decimal(_ key: String) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.text.flatMap({ Policy.decimal($0) }) else {
      report(
        value, "`\(key)` is `\(value.text ?? "…")`, which is no number", fix: "write one like 99.9")
      return nil
    }
    return number
  }

  /// A share in per cent.
  func percent(_ key: String) -> Double? {
    guard let share = decimal(key) else { return nil }
    guard share <= 100 else {
      report(node[key] ?? node, "`\(key)` is more than 100 per cent", fix: "write one like 99.9")
      return nil
    }
    return share
  }

  /// A list of words of a closed list.
  func words<Word: RawRepresentable & CaseIterable>(_ key: String, as type: Word.Type) -> [Word]?
  where Word.RawValue == String {
    nodes(key)?.compactMap { node in
      if let word = node.text.flatMap({ Word(rawValue: $0) }) { return word }
      report(
        node, "`\(key)` has `\(node.text ?? "…")`",
        fix: "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
      return nil
    }
  }

  /// Times by system.
  func times(_ key: String) -> [Revocation] {
    guard let value = value(key) else { return [] }
    let entries: [(system: String, node: RowNode)]
    if isCSV, let text = value.text {
      entries = text.split(separator: " ").map { word in
        let colon = word.firstIndex(of: ":") ?? word.startIndex
        return (
          String(word[..<colon]),
          RowNode(
            .scalar(String(word[colon...].dropFirst())), line: value.line, column: value.column)
        )
      }
    } else if let map = value.entries {
      entries = map.map { ($0.key, $0.value) }
    } else {
      report(
        value, "`\(key)` must map systems to times", fix: "write {gitlab: 2026-10-09T17:00:00Z}")
      return []
    }
    return entries.compactMap { system, node in
      if node.isNull { return nil }
      guard !system.isEmpty, let at = node.text.flatMap({ TimePoint($0, zone: zone) }) else {
        report(
          node, "`\(key)` has no time for `\(system)`",
          fix: "write YYYY-MM-DD, or YYYY-MM-DDThh:mm:ssZ with Z or an offset")
        return nil
      }
      return Revocation(system: system, at: at)
    }
  }

  /// Agreed hours: one text or a list of them.
  func hours(_ key: String) -> (texts: [String], windows: [HourWindow])? {
    guard let value = value(key) else { return nil }
    let nodes = value.list ?? [value]
    var (texts, windows): ([String], [HourWindow]) = ([], [])
    for node in nodes {
      guard let text = node.text, let read = HourWindow.windows(text) else {
        report(
          node, "`\(key)` is `\(node.text ?? "…")`, which are no hours",
          fix: "write them like \"Mon-Fri 08:00-19:00; Sat 10:00-12:00\"")
        continue
      }
      texts.append(text)
      windows += read
    }
    return (texts, windows)
  }

  /// Account names by system.
  func accounts(_ key: String) -> [Account] {
    guard let value = value(key) else { return [] }
    if isCSV { return wordAccounts(value) }
    guard let entries = value.entries else {
      report(
        value, "`\(key)` must map systems to names", fix: "write {\"*\": [name], gitlab: [name]}")
      return []
    }
    var accounts: [Account] = []
    for entry in entries {
      let names = entry.value.list ?? [entry.value]
      for name in names {
        guard let text = name.text, !text.isEmpty else {
          report(name, "an account name must be text")
          continue
        }
        accounts.append(Account(system: entry.key, name: text))
      }
    }
    return accounts
  }

  private func wordAccounts(_ value: RowNode) -> [Account] {
    (value.text ?? "").split(separator: " ").compactMap { word in
      guard let colon = word.firstIndex(of: ":"), colon > word.startIndex,
        word.index(after: colon) < word.endIndex
      else {
        report(value, "`\(word)` is no account", fix: "write system:name, or *:name")
        return nil
      }
      return Account(
        system: String(word[..<colon]), name: String(word[word.index(after: colon)...]))
    }
  }

  /// A mapping under a key.
  func child(_ key: String) -> RowReader? {
    guard let value = value(key), let child = with(value, under: key) else { return nil }
    return child.isMapping(of: "`\(key)`") ? child : nil
  }

  /// A list of mappings under a key.
  func children(_ key: String) -> [RowReader] {
    guard let value = value(key) else { return [] }
    guard let list = value.list else {
      report(
        value, "`\(key)` must be a list",
        fix: isCSV ? "write this register in YAML, or columns named \(key).1.…, \(key).2.…" : "")
      return []
    }
    return list.compactMap { with($0, under: key) }
      .filter { $0.isMapping(of: "an item of `\(key)`") }
  }

  /// The validity of a row; reports an end before the start.
  func validity() -> Validity {
    let (from, to) = (point("valid_from"), point("valid_to"))
    let validity = Validity(start: from?.start ?? .min, end: to?.end ?? .max)
    if validity.start >= validity.end, let node = value("valid_to") {
      report(
        node, "`valid_to` \(to?.text ?? "") is before `valid_from` \(from?.text ?? "")",
        fix: "swap them")
    }
    return validity
  }

  /// A reader of a value under a key, which has keys of its own.
  private func with(_ node: RowNode, under key: String) -> RowReader? {
    keys.within(key).map {
      RowReader(file: file, node: node, isCSV: isCSV, zone: zone, problems: problems, keys: $0)
    }
  }
}
