public import Bytes

/// What is known about a line before it is read: its source's format, zone and year.
public struct LineContext: Sendable {
  /// How the lines are framed.
  public var format: LineFormat
  /// The zone of time stamps that name none.
  public var zone: Zone
  /// The year of time stamps that name none.
  public var years: YearRule
  /// The source's name.
  public var source: ByteView
  /// The file's path, which a mapping may ask about; empty when there is none.
  public var path: ByteView
  /// The only mapping to use, by its id; empty leaves the choice to the lines.
  public var mapping: String
  /// How lines become records; `nil` when each line is one.
  public var records: RecordFraming?

  /// A context from its parts.
  public init(
    format: LineFormat, zone: Zone, years: YearRule, source: ByteView, path: ByteView = .empty,
    mapping: String = "", records: RecordFraming? = nil
  ) {
    (self.format, self.zone, self.years) = (format, zone, years)
    (self.source, self.path, self.mapping) = (source, path, mapping)
    self.records = records ?? RecordFraming(format)
  }
}
