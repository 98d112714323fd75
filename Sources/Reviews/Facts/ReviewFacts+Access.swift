extension ReviewFacts {
  /// One account on one system: who has it, and how it was used in the month.
  public struct AccessRow: Hashable, Sendable {
    /// The account's name, the register id and the name of whoever has it, and what kind they are.
    public var account = "", person = "", name = "", kind = ""
    /// The roles that the registers give the person there.
    public var roles: [String] = []
    /// Local time of the first and the last use; empty when there was none.
    public var first = "", last = ""
    /// Successes in the month; of them sign-ins and sessions, commands as another, and changes.
    public var uses = 0, signIns = 0, commands = 0, changes = 0
    /// The approval, grant or ticket behind the access, and when it was given; empty when that is not on record.
    public var basis = "", given = ""
    /// What stands out, such as an account that nobody has.
    public var remark = Mark.neutral("")
    /// What the reviewer decided, who and when, and the ticket; empty until somebody did.
    public var decision = "", decidedBy = "", decidedAt = "", ticket = "", removedAt = ""
    /// Nothing known yet.
    public init() {}
  }

  /// Who has access to one system, and who looked at that.
  public struct SystemAccess: Hashable, Sendable {
    /// The system, its environment and owner.
    public var system = "", environment = "", owner = ""
    /// Whether the infrastructure register holds it.
    public var isListed = true
    /// Its accounts, in order.
    public var rows: [AccessRow] = []
    /// Who reviewed it, when, and where that is recorded; empty until somebody did.
    public var reviewedBy = "", reviewedAt = "", ref = ""
    /// Whether the review was signed in time.
    public var verdict = Mark.neutral("")
    /// How many accounts the reviewer counted; `nil` when that was not said.
    public var counted: Int?
    /// Nothing known yet.
    public init() {}
  }

  /// The way out of one person on one system.
  public struct Revocation: Hashable, Sendable {
    /// The person, the name and the kind.
    public var person = "", name = "", kind = ""
    /// The system, and the account where it is known.
    public var system = "", account = ""
    /// When access ended and when it was revoked; empty when that is not on record.
    public var endedAt = "", revokedAt = ""
    /// Whole hours between the two, rounded up; `nil` when it was not revoked.
    public var hours: Int?
    /// Where the record is.
    public var ref = ""
    /// Whether it was in time.
    public var verdict = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// One account that did something as another, or as an administrator.
  public struct Privileged: Hashable, Sendable {
    /// The system, the account, the person and the kind.
    public var system = "", account = "", person = "", kind = ""
    /// Sign-ins and commands.
    public var signIns = 0, commands = 0
    /// Local time of the first and the last use.
    public var first = "", last = ""
    /// Whether the registers name the person as an administrator there.
    public var listing = Mark.neutral("")
    /// Nothing known yet.
    public init() {}
  }

  /// Changes of one kind by one account, with one ticket and one task, or none.
  public struct Change: Hashable, Sendable {
    /// Where, by whom, what, to what, and the ticket; the last empty when the log names none.
    public var system = "", account = "", person = "", action = "", target = "", ticket = ""
    /// The task of the register in whose time they fell; known of contractors alone.
    public var task = ""
    /// Local time of the first and the last of them.
    public var first = "", last = ""
    /// How many were done, and how many failed.
    public var done = 0, failed = 0
    /// Nothing known yet.
    public init() {}
  }

  /// What one person did with one tool.
  public struct ToolUse: Hashable, Sendable {
    /// The tool's id or the name that the logs have, its status as of the use, and who used it.
    public var tool = "", status = "", person = ""
    /// Local time of the first and the last use.
    public var first = "", last = ""
    /// How many events.
    public var events = 0
    /// Nothing known yet.
    public init() {}
  }

  /// What an approval cleared of one person on one system.
  public struct Cleared: Hashable, Sendable {
    /// The approval, whom it cleared, where, and what would have been wrong.
    public var approval = "", person = "", system = "", reason = ""
    /// Local time of the first and the last event.
    public var first = "", last = ""
    /// How many events.
    public var events = 0
    /// Nothing known yet.
    public init() {}
  }

  /// What people reached from one country in one region.
  public struct PlaceUse: Hashable, Sendable {
    /// The country of the address, the region of the system, and the system.
    public var country = "", region = "", system = ""
    /// How many events.
    public var events = 0
    /// Nothing known yet.
    public init() {}
  }
}
