extension ReviewFacts {
  /// A field of a line that is worth showing.
  public struct Field: Hashable, Sendable {
    /// The field's name and its value as text.
    public var name, value: String

    /// The parts.
    public init(
      name: String, value: String
    ) {
      self.name = name
      self.value = value
    }
  }

  /// One line that proves a finding.
  public struct Evidence: Hashable, Sendable {
    /// The source's name.
    public var source: String
    /// The line's number from one, and its byte offset.
    public var line, offset: Int
    /// SHA-256 of the line's bytes, 64 hexadecimal digits.
    public var sha256: String
    /// The line itself.
    public var raw: String
    /// The event's local time.
    public var time: String
    /// Fields worth showing.
    public var fields: [Field]
    /// Where the row stands that a register's evidence is about; empty for a line of a log.
    public var place = ""
    /// Where it stands, in words.
    public var position: String {
      place.isEmpty ? "line \(grouped(line)), offset \(grouped(offset))" : place
    }

    /// The parts, each optional where a log or a register may be silent.
    public init(
      source: String, line: Int, offset: Int, sha256: String, raw: String, time: String,
      fields:
        [Field] = []
    ) {
      self.source = source
      self.line = line
      self.offset = offset
      self.sha256 = sha256
      self.raw = raw
      self.time = time
      self.fields = fields
    }
  }

  /// What a detector concluded.
  public struct Finding: Hashable, Sendable {
    /// The stable identity.
    public var uid: String
    /// The detector's id and title.
    public var detector, title: String
    /// `critical`, `high`, `medium`, `low` or `informational`.
    public var level: String
    /// The sentence a person reads first.
    public var message: String
    /// What it is about.
    public var subject: String
    /// Control ids: `CC6.1`, `ISO27001:A.5.20`, `row-7`.
    public var controls: [String]
    /// Local time of the first and the last event.
    public var start, end: String
    /// The first event's time as a number that sorts, nanoseconds since 1970.
    public var order: Int64
    /// How many events it stands for.
    public var count: Int
    /// The first lines that prove it.
    public var evidence: [Evidence]
    /// What it turned out to be; `nil` while nobody has decided.
    public var disposition: Disposition?

    /// The parts, each optional where a log or a register may be silent.
    public init(
      uid: String, detector: String, title: String, level: String, message: String,
      subject:
        String, controls: [String] = [], start: String, end: String, order: Int64, count: Int = 1,
      evidence: [Evidence] = []
    ) {
      self.uid = uid
      self.detector = detector
      self.title = title
      self.level = level
      self.message = message
      self.subject = subject
      self.controls = controls
      self.start = start
      self.end = end
      self.order = order
      self.count = count
      self.evidence = evidence
    }
  }

  /// One detector, and whether it ran.
  public struct Detector: Hashable, Sendable {
    /// Its id and title.
    public var id, title: String
    /// Its level, in the words of ``Finding/level``.
    public var level: String
    /// The file that defines it.
    public var file: String
    /// The controls it serves.
    public var controls: [String]
    /// Why it did not run; `nil` when it did.
    public var notRunReason: String?
    /// How many events or rows it looked at.
    public var checked: Int
    /// How many findings it raised in the month.
    public var findings: Int
    /// How many tests its file carries.
    public var tests: Int

    /// The parts, each optional where a log or a register may be silent.
    public init(
      id: String, title: String, level: String, file: String, controls: [String] = [],
      notRunReason: String? = nil, checked: Int = 0, findings: Int = 0, tests: Int = 0
    ) {
      self.id = id
      self.title = title
      self.level = level
      self.file = file
      self.controls = controls
      self.notRunReason = notRunReason
      self.checked = checked
      self.findings = findings
      self.tests = tests
    }
  }
}
