/// The month's review: numbered sections of tables, charts and sentences.
///
/// Every number and every judgement is made here, once; ``html()``, ``markdown()`` and ``json()``
/// only write it down. Strings are as the logs and the registers had them, and so hostile: each
/// rendering escapes all of them. Equal facts make equal reviews, and equal bytes.
public struct Review: Hashable, Sendable {
  /// The organisation's name.
  public var organisation: String
  /// The month under review.
  public var month: Month
  /// The time zone of every day and time.
  public var zone: String
  /// The product and version that read the logs.
  public var generatedFrom: String
  /// One hash over the manifest; may be empty.
  public var fingerprint: String
  /// The verdict in a word or two.
  public var verdict: Mark
  /// The verdict in a sentence.
  public var verdictSentence: String
  /// Who signs, preparer first.
  public var signatories: [Signatory]
  /// Why the signatories can not stand, or `nil`.
  public var signOffProblem: String?
  /// The sections, in reading order.
  public var sections: [Section]
  /// Whether it is the variant without names and lines.
  public internal(set) var isRedacted = false

  /// What a reader of the redacted variant must know; `nil` for the whole review.
  var redactionSentence: String? {
    isRedacted
      ? "Redacted for customers: names, accounts, addresses, paths, messages and lines of logs are withheld. A number in "
        + "brackets stands for whatever is withheld, the same one throughout. The fingerprint is that of the whole review."
      : nil
  }

  /// One of the two who sign.
  public struct Signatory: Hashable, Sendable {
    /// `Prepared by` or `Reviewed by`.
    public var part: String
    /// The name and the role; empty ones are left to be filled in by hand.
    public var name, role: String
  }

  /// One section.
  public struct Section: Hashable, Sendable {
    /// Its number, or a letter for an appendix.
    public var number: String
    /// The anchor that links use.
    public var id: String
    /// The heading.
    public var title: String
    /// What it holds, in reading order.
    public var blocks: [Block]
  }

  /// A part of a section.
  public enum Block: Hashable, Sendable {
    /// A paragraph.
    case prose(String)
    /// A remark that must not be overlooked.
    case notice(Mark)
    /// A list of sentences under a heading; `empty` is said when there are none.
    case list(id: String, title: String, items: [String], empty: String)
    /// A command line.
    case command(String)
    /// Key figures.
    case figures([Figure])
    /// A table.
    case table(Table)
    /// Lines by source and day.
    case heatMap(HeatMap)
    /// Two series by day.
    case days(DayChart)
    /// A calendar, or bars by day.
    case grid(DayGrid)
    /// Bars side by side.
    case bars(BarChart)
    /// One whole in its parts.
    case parts(PartsChart)
    /// Wholes in the same parts, side by side.
    case stacks(StackChart)
    /// Lines by day.
    case lines(LineChart)
    /// Findings with their first evidence.
    case findings([NumberedFinding], Completeness)
    /// All evidence lines of the findings.
    case evidence([NumberedFinding], Completeness)
  }

  /// A key figure.
  public struct Figure: Hashable, Sendable {
    /// A stable name for machines.
    public var id: String
    /// What is counted.
    public var label: String
    /// The number.
    public var value: Int
    /// What the number is out of, in words.
    public var note: String
    /// How to feel about it.
    public var tone: Mark.Tone
    /// What it was in the months before, the last month last; empty when nobody said.
    public var history: [Int] = []
  }

  /// A finding with the number it has in this review.
  public struct NumberedFinding: Hashable, Sendable {
    /// The number, from one, most severe first.
    public var number: Int
    /// The finding.
    public var finding: ReviewFacts.Finding
    /// The name that other sections call it by, such as `F-3`.
    public var name: String { "F-\(number)" }
    /// What it turned out to be, by whom and why, in words.
    var dispositionText: String {
      guard let disposition = finding.disposition else { return "undecided" }
      let by = disposition.by.isEmpty ? "" : "by \(disposition.by)"
      let parts = [by, disposition.at, disposition.ref, disposition.why].filter { !$0.isEmpty }
      return ([disposition.outcome.rawValue] + parts).joined(separator: ", ")
    }
  }
}
