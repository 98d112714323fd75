import Bytes

/// A calendar date found in a file's name.
public struct NameDate: Hashable, Sendable {
  /// Year, month (1 through 12) and day (1 through 31) as written.
  public let year, month, day: Int
}

/// What a file's name says about its place in a set of rotated files.
struct RotationName {
  /// The name that all files of the set share.
  let stem: [UInt8]
  /// The digits of the date and time in the name, empty when there are none.
  let date: [UInt8]
  /// The number at the end, if any.
  let number: Int?
  /// The piece's suffix, empty when the file is not one piece of a split file.
  let piece: [UInt8]
  /// Whether the name ends in `.gz`.
  let saysGzip: Bool

  /// Reads `name`, whose piece suffix counts only when `pieces` knows its set.
  init(_ name: [UInt8], pieces: PieceSets) {
    saysGzip = name.count > 3 && name.suffix(3).elementsEqual(".gz".utf8)
    var (base, end) = splitExtension(saysGzip ? name.dropLast(3) : name[...])
    if let cut = pieceCut(base), pieces.contains(stem: base[..<cut.start], end: end, cut.suffix) {
      piece = [UInt8](cut.suffix)
      (base, end) = end.isEmpty ? splitExtension(base[..<cut.start]) : (base[..<cut.start], end)
    } else {
      piece = []
    }
    var number: Int?
    if let cut = numberCut(base) {
      number = cut.number
      base = base[..<cut.start]
    }
    if let cut = dateCut(base) {
      date = cut.digits
      base = base[..<cut.start]
    } else {
      date = []
    }
    self.number = number
    stem = [UInt8](base) + end
  }

  /// Whether this file's lines come before those of `other`, a file of the same set.
  func precedes(_ other: RotationName) -> Bool {
    if age != other.age { return age < other.age }
    if date != other.date { return date.lexicographicallyPrecedes(other.date) }
    if number != other.number {
      // A bare number counts backwards in time; behind a date it counts the date's files.
      let (mine, theirs) = (number ?? -1, other.number ?? -1)
      return date.isEmpty ? mine > theirs : mine < theirs
    }
    if piece.isEmpty != other.piece.isEmpty { return !piece.isEmpty }
    return piece.lexicographicallyPrecedes(other.piece)
  }

  /// Dated files are older than numbered ones, and the file without either is the newest.
  private var age: Int { !date.isEmpty ? 0 : number != nil ? 1 : 2 }

  /// Whether both are pieces of one file, this one the earlier.
  func isPieceBefore(_ other: RotationName) -> Bool {
    !piece.isEmpty && !other.piece.isEmpty && piece != other.piece && date == other.date
      && number == other.number
  }

  /// Whether both stand at the same place of the same set.
  func isTwin(of other: RotationName) -> Bool {
    stem == other.stem && date == other.date && number == other.number && piece == other.piece
  }
}

/// Which names of one folder are pieces of split files: known only when all are seen together.
struct PieceSets {
  private var sets: [[UInt8]: Set<[UInt8]>] = [:]

  /// Collects the candidates among `names`, the names of one folder.
  init(_ names: some Sequence<[UInt8]>) {
    for name in names {
      let saysGzip = name.count > 3 && name.suffix(3).elementsEqual(".gz".utf8)
      let (base, end) = splitExtension(saysGzip ? name.dropLast(3) : name[...])
      guard let cut = pieceCut(base) else { continue }
      sets[base[..<cut.start] + [0] + end, default: []].insert([UInt8](cut.suffix))
    }
  }

  /// Whether `suffix` belongs to a set that has a first piece.
  ///
  /// Names that merely end in two letters (`notes.en`) have no first piece. When the splitter runs
  /// out of suffixes of one width it goes on with longer ones behind the last letter or digit.
  func contains(stem: ArraySlice<UInt8>, end: ArraySlice<UInt8>, _ suffix: ArraySlice<UInt8>)
    -> Bool
  {
    guard let set = sets[stem + [0] + end], let first = suffix.first else { return false }
    let zero: UInt8 = first.isDigit ? 0x30 : 0x61
    let last: UInt8 = first.isDigit ? 0x39 : 0x7A
    for width in 2...6 where width == suffix.count || (width < suffix.count && first == last) {
      let start = [UInt8](repeating: zero, count: width)
      if set.contains(start) { return true }
      if first.isDigit, set.contains(start.dropLast() + [0x31]) { return true }
    }
    return false
  }
}

/// Endings behind which a rotation suffix may stand before (`access.1.log`).
private let logEndings: Set<[UInt8]> = Set(
  [".log", ".json", ".jsonl", ".ndjson", ".txt", ".out", ".err", ".csv", ".audit"]
    .map { [UInt8]($0.utf8) })

/// `name` in two parts, the second being an ending that logs have, or empty.
private func splitExtension(
  _ name: ArraySlice<UInt8>
) -> (base: ArraySlice<UInt8>, end: ArraySlice<UInt8>) {
  guard let dot = name.lastIndex(of: 0x2E), dot > name.startIndex,
    logEndings.contains([UInt8](name[dot...]))
  else { return (name, []) }
  return (name[..<dot], name[dot...])
}

/// Where a suffix as `split` makes them begins: two or more letters, or two or more digits.
///
/// The day of a date is none, or each month of `app.log.2026-01-01` would be a file in pieces.
private func pieceCut(
  _ name: ArraySlice<UInt8>
) -> (start: Int, suffix: ArraySlice<UInt8>)? {
  guard dateCut(name) == nil else { return nil }
  guard let mark = name.lastIndex(where: isMark), mark > name.startIndex else { return nil }
  let suffix = name[(mark + 1)...]
  guard 2...6 ~= suffix.count else { return nil }
  let isPiece = suffix.allSatisfy(\.isDigit) || suffix.allSatisfy { 0x61...0x7A ~= $0 }
  return isPiece ? (mark, suffix) : nil
}

/// Where a rotation number begins: `.1`, without leading zeros, and not the end of an address or a
/// year.
private func numberCut(_ name: ArraySlice<UInt8>) -> (start: Int, number: Int)? {
  guard let dot = name.lastIndex(of: 0x2E), dot > name.startIndex else { return nil }
  let digits = name[(dot + 1)...]
  guard 1...4 ~= digits.count, digits.allSatisfy(\.isDigit) else { return nil }
  guard digits.count == 1 || digits.first != 0x30 else { return nil }
  let number = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
  guard !(1900...2199 ~= number) else { return nil }
  // Behind another number it is part of an address or a version, unless that number is a date.
  guard !name[dot - 1].isDigit || dateCut(name[..<dot]) != nil else { return nil }
  return (dot, number)
}

/// Where a date begins that fills the rest of `name`, maybe with a time behind it.
private func dateCut(_ name: ArraySlice<UInt8>) -> (start: Int, digits: [UInt8])? {
  for mark in name.indices.dropFirst() where isMark(name[mark]) {
    guard let date = dateAtStart(name[(mark + 1)...]) else { continue }
    let tail = name[date.end...]
    guard tail.count <= 15 else { continue }
    let isTime = tail.allSatisfy { $0.isDigit || [0x2D, 0x3A, 0x54, 0x5A, 0x5F].contains($0) }
    if isTime { return (mark, name[mark...].filter(\.isDigit)) }
  }
  return nil
}

/// The first date anywhere in `name`.
func dateInName(_ name: ArraySlice<UInt8>) -> NameDate? {
  for start in name.indices where start == name.startIndex || !name[start - 1].isDigit {
    if let date = dateAtStart(name[start...]) { return date.date }
  }
  return nil
}

/// The date at the start of `text`: `20261103`, `2026-11-03`, `2026_11_03` or `2026.11.03`.
private func dateAtStart(_ text: ArraySlice<UInt8>) -> (date: NameDate, end: Int)? {
  let start = text.startIndex
  let isMarked = text.count >= 10 && isMark(text[start + 4]) && text[start + 4] == text[start + 7]
  let (month, day) = isMarked ? (start + 5, start + 8) : (start + 4, start + 6)
  let end = day + 2
  guard end <= text.endIndex else { return nil }
  guard let year = number(text[start..<start + 4]), 1990...2099 ~= year,
    let month = number(text[month..<month + 2]), 1...12 ~= month,
    let day = number(text[day..<day + 2]), 1...31 ~= day
  else { return nil }
  return (NameDate(year: year, month: month, day: day), end)
}

/// The number that `digits` spell, if they are digits.
private func number(_ digits: ArraySlice<UInt8>) -> Int? {
  digits.allSatisfy(\.isDigit) ? digits.reduce(0) { $0 * 10 + Int($1 & 15) } : nil
}

/// Whether `byte` separates the parts of a file's name.
private func isMark(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x2D || byte == 0x5F }
