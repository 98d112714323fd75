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
    let count = count
    guard count >= 15, line.count > count &+ 16 else { return false }
    var differing = (line.word(at: 0) ^ words[0]) | (line.word(at: count &- 8) ^ words[1])
    if count > 16 {
      differing |= (line.word(at: 8) ^ words[2]) | (line.word(at: count &- 16) ^ words[3])
    }
    return differing == 0 && line[count] == 0x20
  }

  /// Keeps the time of a line, when it opens it and is neither very short nor very long.
  mutating func keep(_ stamp: Stamp, _ event: Event, _ inferred: ByteView?) {
    count = -1
    let line = event.line
    // A priority in front of the time differs from line to line.
    guard stamp.end >= 15, stamp.end <= 32, line.count > stamp.end, line[0] != 0x3C else { return }
    (self.stamp, time, self.inferred, count) = (stamp, event.time, inferred, stamp.end)
    words[0] = line.word(at: 0)
    words[1] = line.word(at: count - 8)
    guard count > 16 else { return }
    words[2] = line.word(at: 8)
    words[3] = line.word(at: count - 16)
  }
}
