extension Review {
  /// Lines by source and day of the month.
  public struct HeatMap: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption.
    public var title: String
    /// One row for each source.
    public var rows: [Row]
    /// The lines that the rows stand for.
    public var completeness: Completeness

    /// One source.
    public struct Row: Hashable, Sendable {
      /// The source's name.
      public var name: String
      /// One day for each day of the month, from the first.
      public var days: [Day]
    }

    /// One source on one day.
    public struct Day: Hashable, Sendable {
      /// Lines read, and of them rejected.
      public var lines, rejected: Int
      /// What the day is for this source.
      public var kind: Kind
      /// How dark it is, 0 for no lines through 5 for the most of any day.
      public var shade: Int
    }

    /// What a day is for a source.
    public enum Kind: String, Sendable {
      /// There were lines.
      case seen
      /// No lines, between days with lines.
      case gap
      /// No lines, before the first or after the last day with lines.
      case outside
    }
  }

  /// Sign-ins by day.
  public struct DayChart: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption.
    public var title: String
    /// One value for each day of the month, from the first.
    public var successes, failures: [Int]
    /// The events that the bars stand for.
    public var completeness: Completeness
  }
}
