/// A time zone: which offset from UTC holds at an instant.
///
/// Made from the bytes of a compiled zone file (TZif, RFC 9636), which the caller reads. Instants
/// after the file's last transition follow the rule in its footer.
public struct Zone: Sendable, Hashable {
  /// The instants at which the offset changes, ascending, in seconds since 1970.
  private var transitions: [Int64] = []
  /// The offsets in force before the first transition and from each one on.
  private var offsets: [Int32]
  /// What holds after the last transition; `nil` when the last offset stays.
  private var rule: PosixZoneRule?

  /// Coordinated Universal Time.
  public static let utc = Zone(fixedOffsetSeconds: 0)

  /// Transitions of the footer's rule are written out up to this year, so that look-ups of ordinary
  /// dates are one binary search; later instants evaluate the rule.
  private static let lastExpandedYear = 2100

  /// A zone whose offset never changes; east of Greenwich is positive.
  public init(fixedOffsetSeconds: Int) { offsets = [Int32(clamping: fixedOffsetSeconds)] }

  /// Reads a compiled zone file, version 1, 2, 3 or 4.
  ///
  /// - Parameter tzif: The whole file.
  /// - Throws: ``ZoneError`` naming the offset at which the file stops making sense; also for files
  ///   that count leap seconds (`right/…`), as no log does.
  public init(tzif: [UInt8]) throws(ZoneError) {
    var reader = TZifReader(bytes: tzif)
    var block = try reader.header()
    if block.version == 0x31 || block.version == 0 {
      (transitions, offsets) = try reader.body(block, timeBytes: 4)
      return
    }
    try reader.skip(block.bytes(timeBytes: 4))
    block = try reader.header()
    (transitions, offsets) = try reader.body(block, timeBytes: 8)
    rule = try reader.footer()
    expand()
  }

  /// Writes the footer rule's transitions out for the years until `lastExpandedYear`.
  private mutating func expand() {
    guard let rule else { return }
    // A file without transitions is all rule; with them, a rule of one offset adds nothing.
    if transitions.isEmpty { offsets = [rule.offset(at: 0)] }
    guard rule.daylight != nil else { return }
    let last = transitions.last.map { CivilTime.date(ofDays: Int($0) / 86_400).year } ?? 1970
    guard last <= Zone.lastExpandedYear else { return }
    // A forged file may end its list thousands of millions of years ago.
    let from = max(last, CivilTime.years.lowerBound)
    for year in from...Zone.lastExpandedYear {
      for (instant, offset) in rule.changes(in: year) where instant > (transitions.last ?? .min) {
        if offset == offsets.last { continue }
        transitions.append(instant)
        offsets.append(offset)
      }
    }
  }

  /// The offset from UTC at an instant, in seconds, east positive; O(log *n*).
  ///
  /// - Parameter seconds: Seconds since 1970, UTC.
  public func offsetSeconds(atUTCSeconds seconds: Int64) -> Int {
    var (low, high) = (0, transitions.count)
    if high == 0 { return Int(offsets[0]) }
    if seconds >= transitions[high - 1] {
      guard let rule, rule.daylight != nil else { return Int(offsets[high]) }
      return Int(rule.offset(at: seconds))
    }
    while low < high {
      let middle = (low + high) >> 1
      if transitions[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return Int(offsets[low])
  }

  /// The instant at which the zone's clocks show a wall time.
  ///
  /// Where clocks show it twice (autumn) the earlier instant is meant. Where they skip it (spring)
  /// the clock is read with the offset before the gap, which shifts the time forward by the gap.
  ///
  /// - Parameter seconds: The wall time, as seconds since 1970 as if in UTC.
  public func utcSeconds(ofLocalSeconds seconds: Int64) -> Int64 {
    if transitions.isEmpty { return seconds &- Int64(offsets[0]) }
    // No offset exceeds a day, so these two lie before and after every candidate.
    let before = Int64(offsetSeconds(atUTCSeconds: seconds &- 86_400))
    let earlier = seconds &- before
    if offsetSeconds(atUTCSeconds: earlier) == before { return earlier }
    let after = Int64(offsetSeconds(atUTCSeconds: seconds &+ 86_400))
    let later = seconds &- after
    return offsetSeconds(atUTCSeconds: later) == after ? later : earlier
  }
}

/// Why the bytes of a zone file could not be read.
public struct ZoneError: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Reason: String, Sendable {
    /// The file does not begin with `TZif`.
    case notAZoneFile = "not-a-zone-file"
    /// The file ends too early.
    case truncated
    /// A count or index contradicts another, or times do not ascend.
    case inconsistent
    /// The file counts leap seconds.
    case leapSeconds = "leap-seconds"
    /// The footer is not a POSIX rule.
    case badRule = "bad-rule"
  }

  /// What is wrong.
  public let reason: Reason
  /// The offset at which it was noticed.
  public let offset: Int

  /// What is wrong, where, and what to use instead.
  public var description: String {
    "\(reason.rawValue) at byte \(offset); use a file from the system's zoneinfo folder"
  }
}
