import Bytes

/// The time that opened the last line, to the letter, and the instant that it came to.
///
/// Good for one file: year and zone are settled already.
struct LastTime {
  /// The time as it stood in the line.
  private(set) var stamp = Stamp(nanoseconds: 0, zoneOffsetSeconds: nil, end: 0, hasYear: false)
  /// The instant, nanoseconds since 1970 UTC.
  private(set) var time: Int64 = 0
  /// What was not in the line: year or zone.
  private(set) var inferred: ByteView?
  /// The text in words, which overlap when it is shorter than 32 bytes.
  private var words: [4 of UInt64] = [0, 0, 0, 0]
  private var count = -1

  /// Whether a line begins with the same time and a blank.
  @inline(__always) func stands(in line: ByteView) -> Bool {
    guard count >= 15, line.count > count &+ 16 else { return false }
    return isSame(line) && line[count] == 0x20 && !mayGoOn(line[count &+ 1])
  }

  /// Whether a text is the same time and nothing else.
  @inline(__always) func isAll(of text: ByteView) -> Bool {
    text.count == count && isSame(text)
  }

  /// Whether the time may go on behind the blank with a zone, or with the year that it lacks.
  @inline(__always) private func mayGoOn(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "U"), UInt8(ascii: "G"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    case 0x20: !stamp.hasYear
    default: byte.isDigit && !stamp.hasYear
    }
  }

  @inline(__always) private func isSame(_ text: ByteView) -> Bool {
    var differing = (text.word(at: 0) ^ words[0]) | (text.word(at: count &- 8) ^ words[1])
    if count > 16 {
      differing |= (text.word(at: 8) ^ words[2]) | (text.word(at: count &- 16) ^ words[3])
    }
    return differing == 0
  }

  /// Keeps the time that opens a text, unless it is very short or very long.
  ///
  /// - Parameters:
  ///   - instant: What the time came to, nanoseconds since 1970 UTC.
  ///   - text: A line, or a text that is only the time.
  mutating func keep(_ stamp: Stamp, _ instant: Int64, _ text: ByteView) {
    count = -1
    // A priority in front of the time differs from line to line.
    guard stamp.end >= 15, stamp.end <= 32, text[0] != 0x3C else { return }
    (self.stamp, time, count) = (stamp, instant, stamp.end)
    inferred = stamp.missing
    words[0] = text.word(at: 0)
    words[1] = text.word(at: count - 8)
    guard count > 16 else { return }
    words[2] = text.word(at: 8)
    words[3] = text.word(at: count - 16)
  }
}

extension Stamp {
  /// Which parts of the time are not in the text, as `timestamp.inferred` says it.
  var missing: ByteView? {
    guard zoneOffsetSeconds == nil else { return hasYear ? nil : ByteView("year") }
    return hasYear ? ByteView("zone") : ByteView("year,zone")
  }
}
