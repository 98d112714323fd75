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

extension Review {
  /// Something for each day of the month, in rows: a calendar, or bars by day.
  public struct DayGrid: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption, and what the signs mean.
    public var title: String, key: [Mark]
    /// The rows.
    public var rows: [Row]
    /// What the rows stand for.
    public var completeness: Completeness

    /// One row.
    public struct Row: Hashable, Sendable {
      /// What it is about.
      public var name: String
      /// One for each day of the month, from the first; `nil` where there is nothing to say.
      public var days: [Day?]
    }

    /// One day.
    public struct Day: Hashable, Sendable {
      /// What it is, in words, with the tone that colours it.
      public var mark: Mark
      /// How much of the row's height its bar fills, per cent; 100 in a calendar.
      public var height: Int
    }
  }

  /// Bars side by side that begin at nothing and may go either way.
  public struct BarChart: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption, and what is counted.
    public var title: String, unit: String
    /// The bars.
    public var bars: [Bar]
    /// What the bars stand for.
    public var completeness: Completeness

    /// One bar.
    public struct Bar: Hashable, Sendable {
      /// What it is about.
      public var name: String
      /// Its length, and how to feel about it, in words.
      public var value: Int, mark: Mark
    }
  }

  /// One whole in its parts.
  public struct PartsChart: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption.
    public var title: String
    /// The parts, in order.
    public var parts: [Part]
    /// What the whole is.
    public var completeness: Completeness

    /// One part.
    public struct Part: Hashable, Sendable {
      /// How many, and what they are.
      public var count: Int, mark: Mark
    }
  }

  /// Bars side by side, each a whole in the same parts.
  public struct StackChart: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption.
    public var title: String
    /// What the parts are, in order.
    public var key: [Part]
    /// The bars.
    public var bars: [Bar]
    /// What is said where there are no bars; nothing says how many were checked.
    public var empty = ""
    /// What the bars stand for.
    public var completeness: Completeness

    /// One sort of part.
    public struct Part: Hashable, Sendable {
      /// What it is, and how it is filled.
      public var label: String, shade: Shade
    }

    /// One bar.
    public struct Bar: Hashable, Sendable {
      /// What it is about.
      public var name: String
      /// One count for each part of the key.
      public var counts: [Int]
      /// What stands behind the bar: the sum, or what the parts come to.
      public var note: String
    }

    /// How a part is filled; what it is, the key says in words.
    public enum Shade: String, Sendable {
      case good, light, attention, bad, neutral
      /// Nothing but an outline: what is not there, or not known.
      case open
      case critical, high, medium, low, informational
    }
  }

  /// Lines by day, one below the other, each against another one that is dashed.
  public struct LineChart: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// The caption.
    public var title: String
    /// What the line and the dashed one are.
    public var line: String, dashed: String
    /// The rows, each on a scale of its own.
    public var rows: [Row]
    /// What is said where there are no rows; nothing says how many were checked.
    public var empty = ""
    /// What the rows stand for.
    public var completeness: Completeness

    /// One pair of lines.
    public struct Row: Hashable, Sendable {
      /// What it is about.
      public var name: String
      /// One value for each day of the month, from the first.
      public var values: [Int], target: [Int]
      /// How it came out.
      public var mark: Mark
    }
  }
}
