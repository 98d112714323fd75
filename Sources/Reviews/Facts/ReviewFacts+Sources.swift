extension ReviewFacts {
  /// What one source held on one local day of the month.
  public struct DayTally: Hashable, Sendable {
    /// The local day, 1 through 31.
    public var day: Int
    /// Lines read, of them parsed and rejected, and their bytes.
    public var lines, parsed, rejected, bytes: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      day: Int, lines: Int = 0, parsed: Int = 0, rejected: Int = 0, bytes: Int = 0
    ) {
      self.day = day
      self.lines = lines
      self.parsed = parsed
      self.rejected = rejected
      self.bytes = bytes
    }
  }

  /// The lines of one source that were rejected for one reason.
  public struct Rejection: Hashable, Sendable {
    /// The reason, in a few words.
    public var reason: String
    /// How many lines.
    public var count: Int
    /// Line numbers of the first few, from one.
    public var sampleLines: [Int]

    /// The parts, each optional where a log or a register may be silent.
    public init(
      reason: String, count: Int, sampleLines: [Int] = []
    ) {
      self.reason = reason
      self.count = count
      self.sampleLines = sampleLines
    }
  }

  /// One source of lines, and what became of them.
  public struct Source: Hashable, Sendable {
    /// The source's name.
    public var name: String
    /// The format and the mapping that read it; empty when none did.
    public var format, mapping: String
    /// The month's days that had lines, each at most once.
    public var days: [DayTally]
    /// Rejected lines by reason.
    public var rejections: [Rejection]
    /// The first and last event's local time; empty without events.
    public var firstEvent, lastEvent: String
    /// What could not be read: a file cut short, a permission, an offset past the end.
    public var faults: [String]
    /// What was assumed: an inferred year, a zone taken from the configuration.
    public var notes: [String]
    /// Lines whose event time is unknown or outside the month.
    public var linesUndated: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      name: String, format: String = "", mapping: String = "", days: [DayTally] = [],
      rejections: [Rejection] = [], firstEvent: String = "", lastEvent: String = "",
      faults:
        [String] = [], notes: [String] = [], linesUndated: Int = 0
    ) {
      self.name = name
      self.format = format
      self.mapping = mapping
      self.days = days
      self.rejections = rejections
      self.firstEvent = firstEvent
      self.lastEvent = lastEvent
      self.faults = faults
      self.notes = notes
      self.linesUndated = linesUndated
    }
  }

  /// The run's totals: lines read are the parsed and the rejected ones.
  public struct Ledger: Hashable, Sendable {
    /// Lines read, of them parsed and rejected, and their bytes.
    public var lines, parsed, rejected, bytes: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      lines: Int = 0, parsed: Int = 0, rejected: Int = 0, bytes: Int = 0
    ) {
      self.lines = lines
      self.parsed = parsed
      self.rejected = rejected
      self.bytes = bytes
    }
  }

  /// One register file and how much of it could be used.
  public struct Register: Hashable, Sendable {
    /// What it registers, and its file.
    public var name, path: String
    /// Rows in the file; of them used, and refused.
    public var loaded, parsed, rejected: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      name: String, path: String, loaded: Int = 0, parsed: Int = 0, rejected: Int = 0
    ) {
      self.name = name
      self.path = path
      self.loaded = loaded
      self.parsed = parsed
      self.rejected = rejected
    }
  }

  /// One file that the review rests on.
  public struct ManifestEntry: Hashable, Sendable {
    /// What it was for: input, register, detector, mapping, policy or configuration.
    public var role: String
    /// The file's path, as the run was given it.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    public var sha256: String
    /// Its lines, when it was read as lines.
    public var lines: Int?

    /// The parts, each optional where a log or a register may be silent.
    public init(
      role: String, path: String, bytes: Int, sha256: String, lines: Int? = nil
    ) {
      self.role = role
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
      self.lines = lines
    }
  }

  /// One number or word of the policy, as it was in force.
  public struct PolicyEntry: Hashable, Sendable {
    /// Its name and its value, with the unit.
    public var name, value: String
    /// Why it has this value, and the clause of the policy that asks for it.
    public var reason, clause: String
    /// Whether the value is the product's default and not the organisation's choice.
    public var isDefault: Bool
    /// Whether the policy itself states the value.
    public var isStated = false

    /// The parts, each optional where a log or a register may be silent.
    public init(
      name: String, value: String, reason: String = "", clause: String = "",
      isDefault: Bool =
        false
    ) {
      self.name = name
      self.value = value
      self.reason = reason
      self.clause = clause
      self.isDefault = isDefault
    }
  }

  /// Who signs the review; empty parts are printed as lines to fill in.
  public struct Signatory: Hashable, Sendable {
    /// The name and the role.
    public var name, role: String

    /// The parts, each optional where a log or a register may be silent.
    public init(
      name: String = "", role: String = ""
    ) {
      self.name = name
      self.role = role
    }

    /// Whether both are the same one, however the name is written; nobody is nobody's same.
    public func isSame(as other: Signatory) -> Bool {
      func plain(_ name: String) -> [Substring] {
        name.lowercased().split { $0 == " " || $0 == "\t" }
      }
      return !plain(name).isEmpty && plain(name) == plain(other.name)
    }
  }
}
