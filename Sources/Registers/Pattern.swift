import Bytes

/// Names with wildcards: `*` stands for any bytes, `?` for one; ASCII case is ignored.
enum Pattern {
  /// Whether a name in a register is a pattern rather than a plain name.
  static func isPattern(_ name: String) -> Bool {
    name.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
  }

  /// Whether the whole of `text` fits a pattern that is in lower case.
  ///
  /// - Complexity: O(*n m*); the last `*` alone is ever retried.
  static func fits(_ pattern: ByteView, _ text: ByteView) -> Bool {
    var (at, offset) = (0, 0)
    var (star, resume): (Int?, Int) = (nil, 0)
    while offset < text.count {
      if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
        (star, resume) = (at, offset)
        at += 1
      } else if at < pattern.count,
        pattern[at] == UInt8(ascii: "?") || pattern[at] == text[offset].asciiLowered
      {
        at += 1
        offset += 1
      } else if let star {
        resume += 1
        (at, offset) = (star + 1, resume)
      } else {
        return false
      }
    }
    while at < pattern.count, pattern[at] == UInt8(ascii: "*") { at += 1 }
    return at == pattern.count
  }

  /// Whether the whole of `text` fits a pattern of any case, for questions that are asked seldom.
  static func fits(_ pattern: String, _ text: String) -> Bool {
    pattern.lowercased().withView { pattern in text.withView { fits(pattern, $0) } }
  }

  /// Whether any of the patterns fits.
  static func anyFits(_ patterns: Run<ByteView>, _ text: ByteView?) -> Bool {
    guard let text else { return false }
    for index in 0..<patterns.count where fits(patterns[index], text) { return true }
    return false
  }
}

/// Finds rows by names of which some are patterns.
///
/// Plain names and `*.suffix` cost one look-up per label; other patterns are tried in turn.
struct DomainTable: Sendable {
  private let names: NameTable
  private let patterns: Run<(pattern: ByteView, row: Int)>

  /// A table of names and patterns, each with its row.
  init(_ rows: [(name: String, row: Int)], in arena: Arena) {
    var builder = NameTable.Builder()
    var others: [(pattern: ByteView, row: Int)] = []
    for (name, row) in rows {
      if !Pattern.isPattern(name) {
        builder.add(name, row: row)
      } else if name.hasPrefix("*."), !Pattern.isPattern(String(name.dropFirst(2))) {
        builder.add(String(name.dropFirst(2)), scope: "*.", row: row)
      } else {
        others.append((arena.text(name.utf8.map(\.asciiLowered)), row))
      }
    }
    names = builder.table(in: arena)
    patterns = arena.run(others)
  }

  /// Whether nothing is listed.
  var isEmpty: Bool { names.entries.isEmpty && patterns.isEmpty }

  /// The row for a name that `better` likes most: plain names first, then suffixes from the
  /// longest, then other patterns; within one name the row that is valid, then the others.
  ///
  /// - Parameter rank: How well a row's validity fits the event; 0 is best, `nil` means not at all.
  func best(_ name: ByteView, rank: (Int) -> Int?) -> Int? {
    if isEmpty { return nil }
    var best: (row: Int, rank: Int)?
    func consider(_ matches: NameTable.Matches) {
      for index in 0..<matches.count {
        guard let rank = rank(matches[index]), rank < best?.rank ?? .max else { continue }
        best = (matches[index], rank)
      }
    }
    consider(names.find(name))
    if best?.rank == 0 { return best?.row }
    var offset = 0
    while let dot = name.firstOffset(of: UInt8(ascii: "."), from: offset) {
      consider(names.find(name.dropFirst(dot + 1), scope: ByteView("*.")))
      if best?.rank == 0 { return best?.row }
      offset = dot + 1
    }
    for index in 0..<patterns.count where Pattern.fits(patterns[index].pattern, name) {
      guard let rank = rank(patterns[index].row), rank < best?.rank ?? .max else { continue }
      best = (patterns[index].row, rank)
    }
    return best?.row
  }
}
