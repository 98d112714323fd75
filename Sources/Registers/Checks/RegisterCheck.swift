/// What one check over the registers found as of a moment; no log has a part in it.
public struct RegisterCheck: Sendable {
  /// How much an exception matters, as findings of detectors say it.
  public enum Level: String, Sendable, CaseIterable {
    case informational, low, medium, high, critical
  }

  /// One row that does not keep a clause.
  public struct Exception: Hashable, Sendable {
    /// The id of the row, the account or the clause.
    public let subject: String
    /// Where it stands.
    public let place: Place
    /// What is wrong, in one sentence.
    public let message: String
    /// What to do.
    public let fix: String
    /// Whether it is only about to be wrong.
    public let isWarning: Bool
  }

  /// An exception that the company allowed: an approval says so, in time.
  public struct Excused: Hashable, Sendable {
    /// What does not keep the clause.
    public let exception: Exception
    /// The approval's id.
    public let approval: String
  }

  /// The check's id, such as `tool-no-questionnaire`.
  public let id: String
  /// The clause in a few words.
  public let title: String
  /// The rows of the policy that it answers, the chief one first.
  public let rows: [Int]
  /// How much its exceptions matter.
  public let level: Level
  /// How many things were looked at.
  public let population: Int
  /// Those that do not keep the clause, in file order.
  public let exceptions: [Exception]
  /// Those that an approval of type `exception` allows at the moment; they count as kept.
  public let excused: [Excused]
  /// Why it did not run, such as `no tools register`; `nil` when it did.
  public let notRun: String?

  /// How many of the population do not keep the clause; several things may be wrong with one.
  public var unkeptCount: Int {
    Set(exceptions.lazy.filter { !$0.isWarning }.map(\.subject)).count
  }

  /// The chief row as ids are written: `row-2`.
  public var row: String { "row-\(rows.first ?? 0)" }
}

extension Registers {
  /// Runs every check that needs no log.
  ///
  /// - Parameter moment: Nanoseconds since 1970 UTC. What is dated later has not happened yet, and
  ///   rows that do not hold then are left out.
  /// - Complexity: O(*n*) in rows.
  public func checks(at moment: Int64) -> [RegisterCheck] {
    let book = CheckBook(registers: self, now: moment)
    return CheckRule.all.map { $0.result(book) } + attestationChecks(book)
  }
}
