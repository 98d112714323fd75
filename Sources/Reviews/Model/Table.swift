extension Review {
  /// A table with typed cells, and the proof that it is whole.
  public struct Table: Hashable, Sendable {
    /// A stable name for machines and anchors.
    public var id: String
    /// The caption.
    public var title: String
    /// The columns.
    public var columns: [Column]
    /// The rows, each with one cell for each column.
    public var rows: [[Cell]]
    /// What the rows were taken from.
    public var completeness: Completeness
  }

  /// A column of a table.
  public struct Column: Hashable, Sendable {
    /// A stable name for machines.
    public var key: String
    /// The heading.
    public var title: String
    /// Whether the cells are numbers, set to the right.
    public var isNumeric: Bool

    /// A column of words.
    static func words(_ key: String, _ title: String) -> Column {
      Column(key: key, title: title, isNumeric: false)
    }
    /// A column of numbers.
    static func numbers(_ key: String, _ title: String) -> Column {
      Column(key: key, title: title, isNumeric: true)
    }
  }

  /// One cell.
  public enum Cell: Hashable, Sendable {
    /// Words.
    case text(String)
    /// A name, an address, a hash: set in fixed width.
    case code(String)
    /// Several names.
    case codes([String])
    /// A count.
    case number(Int)
    /// A count of bytes.
    case bytes(Int)
    /// A finding's level.
    case level(String)
    /// A judgement.
    case mark(Mark)
    /// Findings, by number.
    case findings([Int])
    /// Nothing is known.
    case none
    /// A place to write in by hand.
    case blank
  }

  /// How many rows are shown, of how many that were checked, and where those came from.
  public struct Completeness: Hashable, Sendable {
    /// Rows shown.
    public var shown: Int
    /// What was checked.
    public var checked: Int
    /// What is counted, such as `contractors`.
    public var noun: String
    /// Where it was read.
    public var source: String
    /// How many were loaded, and of those parsed and rejected.
    public var loaded, parsed, rejected: Int
    /// SHA-256 of what it was read from, or the beginning of each file's; may be empty.
    public var hash = ""
    /// Rows at the last month's end, those that began and ended since, and those of this month's end.
    public var turnover: ReviewFacts.Turnover?

    /// Rows of a population that was loaded without rejects.
    init(_ shown: Int, of checked: Int, _ noun: String, from source: String) {
      (self.shown, self.checked, self.noun, self.source) = (shown, checked, noun, source)
      (loaded, parsed, rejected) = (checked, checked, 0)
    }

    /// The same with what was loaded, and of that parsed and rejected.
    func loaded(_ loaded: Int, parsed: Int, rejected: Int) -> Completeness {
      var copy = self
      (copy.loaded, copy.parsed, copy.rejected) = (loaded, parsed, rejected)
      return copy
    }

    /// `3 of 1,204 checked`.
    public var ratio: String { "\(grouped(shown)) of \(grouped(checked)) checked" }

    /// The whole statement, in one line.
    public var sentence: String {
      let sum = parsed + rejected == loaded ? "=" : "≠"
      return "\(ratio) (\(noun)) · source: \(source) · loaded \(grouped(loaded)) \(sum) parsed "
        + "\(grouped(parsed)) + rejected \(grouped(rejected))" + turnoverText
        + (hash.isEmpty ? "" : " · SHA-256 \(hash)")
    }

    private var turnoverText: String {
      guard let turnover else { return "" }
      let sum = turnover.before + turnover.joined - turnover.left == turnover.now ? "=" : "≠"
      return
        " · last month \(grouped(turnover.before)) + joined \(grouped(turnover.joined)) − left "
        + "\(grouped(turnover.left)) \(sum) \(grouped(turnover.now))"
    }
  }
}

extension Review.Cell {
  /// Words, or nothing when there are none.
  static func words(_ text: String) -> Review.Cell { text.isEmpty ? .none : .text(text) }
  /// A name, or nothing when it is empty.
  static func name(_ text: String) -> Review.Cell { text.isEmpty ? .none : .code(text) }
  /// Names, or nothing when there are none.
  static func names(_ texts: [String]) -> Review.Cell { texts.isEmpty ? .none : .codes(texts) }
}
