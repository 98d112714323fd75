public import Bytes

/// A line of Ruby's logger, as Rails applications write it: `I, [2026-11-03T08:20:00.136914 #77]  INFO -- : TEXT`.
///
/// The time is that of the machine's zone, which the line does not name. A request's id in brackets before the text
/// is left out.
public struct RubyLog: Sendable {
  /// The time, and the number of the process.
  public let time, pid: ByteView
  /// What is said.
  public let text: ByteView

  /// Takes a line apart, or says that it is another's; a few comparisons for nearly every other line.
  public init?(_ line: ByteView) {
    guard line.count > 40, line[1] == UInt8(ascii: ","), line[2] == 0x20,
      line[3] == UInt8(ascii: "["), RubyLog.isLevel(line[0]), line[4].isDigit,
      let mark = line.prefix(min(60, line.count)).firstOffset(of: " #", from: 4),
      let close = line.prefix(min(80, line.count)).firstOffset(of: "]", from: mark),
      let dashes = line.prefix(min(120, line.count)).firstOffset(of: " -- ", from: close),
      let colon = line.firstOffset(of: ": ", from: dashes + 3)
    else { return nil }
    (time, pid) = (line.slice(4, mark), line.slice(mark + 2, close))
    var text = line.dropFirst(colon + 2).trimmed
    // `[87a5dceb-0560-4e17-8577-2822106dfc00] `
    if text.count > 38, text[0] == UInt8(ascii: "["), text.has("] ", at: 37),
      text[9] == UInt8(ascii: "-"), text[14] == UInt8(ascii: "-")
    {
      text = text.dropFirst(39).trimmed
    }
    self.text = text
  }

  /// The first letter of a severity, or of `ANY`.
  private static func isLevel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "D"), UInt8(ascii: "I"), UInt8(ascii: "W"), UInt8(ascii: "E"),
      UInt8(ascii: "F"), UInt8(ascii: "A"):
      true
    default: false
    }
  }
}
