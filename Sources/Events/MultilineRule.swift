public import Bytes
import Formats

/// Says which line begins a record in a log whose records span lines; all other lines belong to the
/// record before them.
///
/// A line begins a record when one of `begins` fits it (any line, when there are none) and none of
/// `continues` does. It is judged alone, by O(*n*) comparisons without any allocation, so that a log
/// can be cut anywhere.
public struct MultilineRule: Sendable, Hashable {
  /// What a line may look like.
  public enum Mark: Sendable, Hashable {
    /// A time stamp opens the line, after a syslog priority or an opening bracket maybe.
    case time
    /// A blank or a tab opens the line.
    case indented
    /// A line of a stack trace of Java, Python or Ruby.
    case trace
    /// PostgreSQL goes on about what it said before: `DETAIL:`, `HINT:`, `STATEMENT:` and the like.
    case postgresql
    /// A record of PostgreSQL's `csvlog` opens the line.
    case csvlog
    /// The whole line fits a pattern in which `*` stands for any run of bytes.
    case pattern(String)
  }

  /// The name of a shipped rule, or `own`.
  public let name: String
  /// What begins a record, and what goes on with one.
  public let begins, continues: [Mark]
  /// The patterns of both, as bytes that are never freed.
  private let beginPatterns, continuePatterns: [ByteView]

  /// A rule from its parts; one of the lists has something in it.
  public init(name: String = "own", begins: [Mark] = [], continues: [Mark] = []) {
    (self.name, self.begins, self.continues) = (name, begins, continues)
    beginPatterns = begins.map(MultilineRule.pattern)
    continuePatterns = continues.map(MultilineRule.pattern)
  }

  /// The rules that are shipped, by name.
  public static let shipped: [MultilineRule] = [
    MultilineRule(
      name: "postgresql", begins: [.time], continues: [.indented, .postgresql]),
    MultilineRule(name: "postgresql-csv", begins: [.csvlog]),
    MultilineRule(name: "stack-traces", continues: [.indented, .trace]),
    MultilineRule(name: "time", begins: [.time]),
    MultilineRule(name: "indented", continues: [.indented]),
  ]

  /// The shipped rule of a name.
  public static func named(_ name: String) -> MultilineRule? {
    shipped.first { $0.name == name }
  }

  private static func pattern(_ mark: Mark) -> ByteView {
    if case .pattern(let text) = mark { return ByteView(immortal: text) }
    return .empty
  }

  /// Rules with the same name and marks are equal; their patterns' places in memory say nothing.
  public static func == (one: MultilineRule, other: MultilineRule) -> Bool {
    one.name == other.name && one.begins == other.begins && one.continues == other.continues
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(begins)
    hasher.combine(continues)
  }

  /// Whether a line, without its ending, begins a record.
  public func begins(_ line: ByteView) -> Bool {
    for place in continues.indices
    where MultilineRule.fits(line, continues[place], continuePatterns[place]) {
      return false
    }
    if begins.isEmpty { return true }
    for place in begins.indices where MultilineRule.fits(line, begins[place], beginPatterns[place])
    {
      return true
    }
    return false
  }

  private static func fits(_ line: ByteView, _ mark: Mark, _ pattern: ByteView) -> Bool {
    switch mark {
    case .time: beginsWithTime(line)
    // An empty line stands between the paragraphs of one record.
    case .indented: line.isEmpty || line[0] == 0x20 || line[0] == 0x09
    case .trace: isTrace(line)
    case .postgresql: isPostgreSQLDetail(line)
    case .csvlog: CSVLog.begins(line)
    case .pattern: line.matches(glob: pattern)
    }
  }

  /// Whether a time opens the line.
  public static func beginsWithTime(_ line: ByteView) -> Bool {
    var start = 0
    if line.count > 0, line[0] == 0x3C {
      guard let end = line.prefix(min(line.count, 5)).firstOffset(of: 0x3E) else { return false }
      start = end + 1
    }
    if start < line.count, line[start] == 0x5B { start += 1 }
    guard start < line.count else { return false }
    if line[start].isDigit {
      return Timestamps.rfc3339(line, at: start) != nil
        || Timestamps.commonLog(line, at: start) != nil
    }
    return Timestamps.syslog(line, at: start) != nil || Timestamps.ctime(line, at: start) != nil
  }

  /// Whether the line can stand only within a stack trace, or opens one.
  public static func isTrace(_ line: ByteView) -> Bool {
    guard line.count > 3 else { return false }
    switch line[0] {
    case 0x09: return line.hasPrefix("\tat ") || line.hasPrefix("\t... ") || isRubyFrame(line)
    case 0x20: return line.hasPrefix("  File \"") || line.hasPrefix("    at ") || isRubyFrame(line)
    case UInt8(ascii: "C"): return line.hasPrefix("Caused by: ")
    case UInt8(ascii: "S"): return line.hasPrefix("Suppressed: ")
    case UInt8(ascii: "T"):
      return line.hasPrefix("Traceback (most recent call last):")
        || line.hasPrefix("The above exception was the direct cause of ")
    case UInt8(ascii: "D"):
      return line.hasPrefix("During handling of the above exception, another exception ")
    case UInt8(ascii: "E"): return line.hasPrefix("Exception in thread \"") || isException(line)
    default: return isException(line)
    }
  }

  /// `\tfrom app/models/user.rb:12:in `find'`.
  private static func isRubyFrame(_ line: ByteView) -> Bool {
    line.trimmed.hasPrefix("from ") && line.firstOffset(of: ":in ") != nil
  }

  /// Whether the line begins with the name of an exception: `java.io.IOException: no`, `ValueError: no`,
  /// or of a class within packages, as in `org.example.OutOfStock: no`.
  private static func isException(_ line: ByteView) -> Bool {
    var (end, dots, last) = (0, 0, 0)
    while end < line.count, line[end].isNameByte {
      if line[end] == 0x2E { (dots, last) = (dots + 1, end + 1) }
      end += 1
    }
    guard end > 5, end == line.count || line[end] == 0x3A else { return false }
    let name = line.prefix(end)
    if name.hasSuffix("Exception") || name.hasSuffix("Error") { return true }
    return dots > 1 && last < end && line[last] &- 0x41 < 26
  }

  /// Whether PostgreSQL adds here to the message before.
  ///
  /// The first label of such a line is one of those below, and none of a message's own follows. A user
  /// name or a statement can imitate a label; the worst that comes of it is a record of its own, so
  /// that nobody can hide a message within the one before.
  public static func isPostgreSQLDetail(_ line: ByteView) -> Bool {
    var (from, isDetail) = (0, false)
    while let colon = line.firstOffset(of: ":  ", from: from) {
      var start = colon
      while start > 0, line[start - 1] &- 0x30 < 10 || line[start - 1] &- 0x41 < 26 { start -= 1 }
      let label = line.slice(start, colon)
      if label.isPostgreSQLSeverity { return false }
      if from == 0 { isDetail = label.isPostgreSQLAddition }
      from = colon + 3
    }
    return isDetail
  }
}

extension ByteView {
  fileprivate var isPostgreSQLAddition: Bool {
    equals("DETAIL") || equals("HINT") || equals("STATEMENT") || equals("CONTEXT")
      || equals("QUERY") || equals("LOCATION") || equals("BACKTRACE")
  }

  /// Whether the view is what PostgreSQL calls a message's severity.
  var isPostgreSQLSeverity: Bool {
    if hasPrefix("DEBUG") { return count == 5 || count == 6 }
    return equals("LOG") || equals("ERROR") || equals("FATAL") || equals("PANIC")
      || equals("WARNING") || equals("NOTICE") || equals("INFO")
  }
}

extension UInt8 {
  /// Letters, digits and what else stands in the name of a class.
  fileprivate var isNameByte: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x24: true
    default: false
    }
  }
}
