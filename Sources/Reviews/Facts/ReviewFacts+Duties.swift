extension ReviewFacts {
  /// What a check of the registers came to, as of the month's end.
  public struct Check: Hashable, Sendable {
    /// The check's id, and what it asks.
    public var id = "", title = ""
    /// The policy rows that it answers, such as `row-8`, the chief one first.
    public var rows: [String] = []
    /// The level of its exceptions, in the words of ``Finding/level``.
    public var level = ""
    /// How many rows it looked at.
    public var population = 0
    /// What does not hold.
    public var exceptions: [Exception] = []
    /// Why it did not run; `nil` when it did.
    public var notRunReason: String?
    /// Whether it only looks at the day on which somebody last vouched for a row.
    var isRecord: Bool { id == "attestation-due" || id == "attestation-missing" }
    /// Nothing known yet.
    public init() {}

    /// One row that fails a check.
    public struct Exception: Hashable, Sendable {
      /// The row's id, where it stands, what is wrong and what to do.
      public var subject = "", place = "", message = "", fix = ""
      /// Whether it is only about to be wrong.
      public var isWarning = false
      /// Nothing known yet.
      public init() {}
    }
  }

  /// One control that somebody vouches for.
  public struct Attestation: Hashable, Sendable {
    /// Its id, the clause (`row-101`), and what is vouched for.
    public var id = "", clause = "", statement = ""
    /// Who answers for it, and who signed.
    public var owner = "", signedBy = ""
    /// When it was last done, and when it is due again.
    public var performedOn = "", nextDue = ""
    /// Where the proof is.
    public var link = ""
    /// Whether it holds at the month's end.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// One incident.
  public struct Incident: Hashable, Sendable {
    /// Its id, title, severity and owner.
    public var id = "", title = "", severity = "", owner = ""
    /// When it was found, answered, held and over.
    public var detectedAt = "", acknowledgedAt = "", containedAt = "", resolvedAt = ""
    /// Days of the month, counted on beyond its ends, on which it was found, held and over; `nil` for what was not.
    public var days: [Int?] = []
    /// Minutes from the first event of its findings to its detection; `nil` where no finding is named.
    public var minutesToDetect: Int?
    /// Minutes from its detection to each of the three.
    public var minutesToAcknowledge: Int?, minutesToContain: Int?, minutesToResolve: Int?
    /// Who was told when, in words, and where the analysis is.
    public var notified = "", analysis = ""
    /// The findings that it stands for, by identity; and what the register names that no finding of the month is.
    public var findings: [String] = [], unknownFindings: [String] = []
    /// Whether its targets were met.
    public var verdict = Mark.neutral("")
    /// Whether it is a weakness of ours that was found; and whether it is open at the month's end.
    public var isWeakness = false, isOpen = false
    /// Days from its detection to its end, or to the month's end while it is open.
    public var age = 0
    /// Nothing known yet.
    public init() {}
  }

  /// One secret, by name; never its value.
  public struct Secret: Hashable, Sendable {
    /// Its id, name, class, store and owner.
    public var id = "", name = "", kind = "", store = "", owner = ""
    /// When it was last rotated, how long that holds, and when it is due.
    public var lastRotated = "", maxAge = "", due = ""
    /// Days from the month's end until it is due; negative once past.
    public var daysLeft: Int?
    /// Days of the month on which it was rotated, and on which it was due.
    public var rotatedDays: [Int] = [], dueDays: [Int] = []
    /// Reads that the logs show, and by how many accounts.
    public var reads = 0, readers = 0
    /// How it stands.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// Who used a secret.
  public struct SecretUse: Hashable, Sendable {
    /// The secret, the account, the person and what was done.
    public var secret = "", account = "", person = "", action = ""
    /// Local time of the first and the last use.
    public var first = "", last = ""
    /// How many events.
    public var events = 0
    /// Nothing known yet.
    public init() {}
  }

  /// One thing that is backed up.
  public struct Backup: Hashable, Sendable {
    /// Its id and name, and what it saves.
    public var id = "", name = "", owner = ""
    /// The systems, and the jobs as logs name them.
    public var systems: [String] = [], jobs: [String] = []
    /// How often it runs, and whether that is each day at least.
    public var interval = "", isDaily = false
    /// Days of the month with a run that succeeded, and with one that failed.
    public var goodDays: [Int] = [], badDays: [Int] = []
    /// The last success that the logs or the register have.
    public var lastSuccess = ""
    /// The last test of a restore, where, how it went and how long it took; and when the next is due.
    public var lastTest = "", testEnvironment = "", testResult = "", testDuration = "", testDue = ""
    /// Days from the month's end until the next test is due; negative once past, `nil` when none counts.
    public var testDaysLeft: Int?
    /// How runs and tests stand.
    public var runs = Mark.neutral(""), tests = Mark.neutral("")
    /// Whether a register has it; otherwise only the logs do.
    public var isListed = true
    /// Nothing known yet.
    public init() {}
  }

  /// Anything that is due again and again, or by a day: a policy, a vendor, a risk, a drill, a request.
  public struct Due: Hashable, Sendable {
    /// What sort it is, such as `policy`; its id, title and owner.
    public var kind = "", id = "", title = "", owner = ""
    /// When it was last done, and when it is due; empty where that is not on record.
    public var done = "", due = ""
    /// What else there is to say.
    public var note = ""
    /// How it stands at the month's end.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// A company that handles data for us, or a tool that the internet reaches.
  public struct Exposed: Hashable, Sendable {
    /// What it is, its id, name and owner.
    public var kind = "", id = "", name = "", owner = ""
    /// Why it is held to be reachable.
    public var basis = ""
    /// Whether the subprocessors register has it.
    public var listing = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// One tool of the register.
  public struct Tool: Hashable, Sendable {
    /// Its id, name, vendor, status and owner.
    public var id = "", name = "", vendor = "", status = "", owner = ""
    /// Who brought it in and when, the approval, the questionnaire and the reason.
    public var introduced = "", approval = "", questionnaire = "", justification = ""
    /// Events that the logs show in the month, and by how many people.
    public var events = 0, people = 0
    /// What is missing, or that nothing is.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// A row of a register that began or ended in the month.
  public struct Movement: Hashable, Sendable {
    /// The register, the row's id and name, and what happened on which day.
    public var register = "", id = "", name = "", change = "", day = ""
    /// Nothing known yet.
    public init() {}
  }

  /// How many rows of a register held at the last month's end, began, ended, and hold at this one's.
  public struct Turnover: Hashable, Sendable {
    /// The register.
    public var register = ""
    /// The four counts.
    public var before = 0, joined = 0, left = 0, now = 0
    /// Nothing known yet.
    public init() {}
  }

  /// Someone who told the product to say less.
  public struct Silence: Hashable, Sendable {
    /// What is not sent, until when, by whom and why.
    public var scope = "", until = "", author = "", reason = ""
    /// Nothing known yet.
    public init() {}
  }
}
