/// A time read from text.
public struct Stamp: Hashable, Sendable {
  /// Nanoseconds since 1970: the instant when there is a zone, else the wall clock as if in UTC.
  ///
  /// Without a year (``hasYear`` is false) the wall clock is counted in 1972, a leap year, until
  /// ``YearRule/complete(_:)`` supplies the year.
  public var nanoseconds: Int64
  /// The offset from UTC that the text gives, or `nil` when it gives none.
  public var zoneOffsetSeconds: Int32?
  /// The offset past the stamp's last byte in the text that was parsed.
  public var end: Int
  /// Whether the text gives a year.
  public var hasYear: Bool

  /// A stamp with all its parts.
  @inlinable public init(
    nanoseconds: Int64, zoneOffsetSeconds: Int32?, end: Int, hasYear: Bool
  ) {
    self.nanoseconds = nanoseconds
    self.zoneOffsetSeconds = zoneOffsetSeconds
    self.end = end
    self.hasYear = hasYear
  }
}

/// The last date and time that was read, to the second.
///
/// Neighbouring lines mostly share their second, so comparing its bytes replaces parsing them. Keep
/// one for each place in a line where stamps stand, and pass it along `inout`.
public struct StampCache: Sendable {
  /// The stamp's bytes, in overlapping words.
  var first, second, third: UInt64
  /// The wall clock that the bytes stand for, in seconds since 1970.
  var seconds: Int64

  /// A cache that matches nothing: the overlapping words contradict each other.
  public init() {
    first = .max
    second = 0
    third = .max
    seconds = 0
  }

  @inline(__always) func holds(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> Bool {
    (self.first ^ first) | (self.second ^ second) | (self.third ^ third) == 0
  }

  @inline(__always) mutating func keep(
    _ first: UInt64, _ second: UInt64, _ third: UInt64, _ seconds: Int64
  ) {
    self.first = first
    self.second = second
    self.third = third
    self.seconds = seconds
  }
}
