public import Documents

/// Rows of registers made of what another system exports, and an account of all that was read.
///
/// Every record of the file is either a row (two, where a service is a tool and a subprocessor) or skipped, with its
/// reason and place. Ids follow from the records alone, so the same file gives the same rows, byte for byte. Nothing
/// is made up: what a register wants and the file does not say is left to `check` to ask for.
public struct RegisterImport: Sendable {
  /// What can be read.
  public enum Source: String, CaseIterable, Sendable {
    /// SCIM 2.0 users, a ListResponse or an array of them (RFC 7643).
    case scim
    /// Entries of a directory in LDIF (RFC 2849).
    case ldif
    /// NetBox's devices, virtual machines, prefixes or addresses as CSV.
    case netbox
    /// A Backstage catalog's `catalog-info.yaml`, or several in one file.
    case backstage
    /// The services of a CycloneDX bill of materials, JSON.
    case cyclonedx
    /// GitLab's users: the API's JSON, or CSV with the same names.
    case gitlabUsers = "gitlab-users"
    /// Nextcloud's users: `occ user:list --output=json`, with `--info` or without, or CSV.
    case nextcloudUsers = "nextcloud-users"
    /// OpenProject's work packages: the API's JSON, or the CSV of a list.
    case openproject

    /// The system whose accounts are read, unless another is named; `nil` where accounts hold everywhere.
    public var system: String? {
      switch self {
      case .gitlabUsers: "gitlab"
      case .nextcloudUsers: "nextcloud"
      default: nil
      }
    }
  }
  /// A record that is no row, and why.
  public struct Skipped: Sendable {
    /// Why not.
    public let reason: String
    /// Where it stands.
    public let place: Place
  }

  /// The rows, in the order of the file.
  public private(set) var rows: [ImportedRow] = []
  /// What was left out, in the order of the file.
  public private(set) var skipped: [Skipped] = []
  /// How many records there were.
  public private(set) var read = 0
  /// How many of them became rows: what was read is these and what was skipped.
  public var imported: Int { read - skipped.count }
  /// Ids and names that were given, in each register.
  private var taken: Set<String> = []

  /// The longest value that is taken over, bytes; more is nobody's name.
  static let valueBytesMax = 4096
  /// How many records a file may have.
  static let recordsMax = 200_000

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - source: What wrote it.
  ///   - file: The name for messages.
  ///   - text: Its content.
  ///   - system: The id of the system whose accounts it has; ``Source/system`` when `nil`.
  /// - Throws: ``Problem`` with line and column when the file as a whole can not be read.
  public init(
    _ source: Source, file: String, text: String, system: String? = nil
  ) throws(Problem) {
    let system = system ?? source.system ?? "*"
    switch source {
    case .scim: try readSCIM(file, text)
    case .ldif: try readLDIF(file, text)
    case .netbox: try readNetBox(file, text)
    case .backstage: try readBackstage(file, text)
    case .cyclonedx: try readCycloneDX(file, text)
    case .gitlabUsers: try readGitLab(file, text, system)
    case .nextcloudUsers: try readNextcloud(file, text, system)
    case .openproject: try readOpenProject(file, text)
    }
  }

  /// The rows as files of registers would have them, each register once.
  public var yaml: String {
    var registers: [RegisterKind] = []
    for row in rows where !registers.contains(row.register) { registers.append(row.register) }
    return registers.map { register in
      "\(register.rawValue):\n"
        + rows.filter { $0.register == register }.map { $0.yaml(indent: 2) }.joined()
    }.joined()
  }

  // MARK: - What the readers say

  /// Begins a record; a file with too many is refused.
  mutating func begin(_ place: Place) throws(Problem) {
    guard read < RegisterImport.recordsMax else {
      throw Problem(
        file: place.file, line: place.line, column: place.column,
        message: "more than \(RegisterImport.recordsMax) records", fix: "split the file")
    }
    read += 1
  }

  /// Leaves the record out.
  mutating func skip(_ reason: String, _ place: Place) {
    skipped.append(Skipped(reason: reason, place: place))
  }

  /// Takes the rows of a record, or of several, or leaves them out when a row's id is another's.
  ///
  /// - Parameter places: Where the records stand; the row's own place when it is of one.
  mutating func add(_ rows: [ImportedRow], of places: [Place] = []) {
    for row in rows {
      var refusal: String?
      if taken.contains("\(row.register.rawValue) \(row.id)") {
        refusal = "the id `\(row.id)` is an earlier record's"
      } else if let key = row.tooLongKey {
        refusal = "`\(key)` is longer than \(RegisterImport.valueBytesMax) bytes"
      }
      guard let refusal else { continue }
      for place in places.isEmpty ? [row.place] : places { skip(refusal, place) }
      return
    }
    for row in rows { taken.insert("\(row.register.rawValue) \(row.id)") }
    self.rows += rows
  }
}

extension ImportedRow {
  /// A key whose value is longer than anything that a register holds.
  fileprivate var tooLongKey: String? {
    if id.utf8.count > RegisterImport.valueBytesMax { return "id" }
    func isTooLong(_ value: Value) -> Bool {
      switch value {
      case .text(let text): text.utf8.count > RegisterImport.valueBytesMax
      case .flag: false
      case .texts(let texts): texts.contains { $0.utf8.count > RegisterImport.valueBytesMax }
      case .map(let entries):
        entries.contains {
          $0.key.utf8.count > RegisterImport.valueBytesMax || isTooLong($0.value)
        }
      }
    }
    return values.first { isTooLong($0.value) }?.key
  }
}

/// Ids of rows from what a record is called elsewhere.
enum ImportedID {
  /// Letters, digits, dots, dashes and underscores of a name, in lower case; the rest becomes a dash.
  ///
  /// Where something was lost, a number made of the whole name follows, so that two names never become one id.
  static func slug(_ name: String) -> String {
    var (bytes, isLossy): ([UInt8], Bool) = ([], false)
    for byte in name.utf8.prefix(64) {
      switch byte {
      case 0x41...0x5A: bytes.append(byte | 0x20)
      case 0x30...0x39, 0x61...0x7A, 0x2E, 0x5F, 0x2D: bytes.append(byte)
      default:
        isLossy = true
        if bytes.last != 0x2D { bytes.append(0x2D) }
      }
    }
    isLossy = isLossy || name.utf8.count > 64
    let text = String(decoding: bytes, as: UTF8.self)
    guard isLossy else { return text }
    // FNV-1a: short, the same everywhere, and no secret hangs on it.
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    let trimmed = text.hasSuffix("-") ? String(text.dropLast()) : text
    return "\(trimmed)-" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// What directories say of somebody, in one shape for all of them.
struct ImportedAccount {
  /// The words that mean somebody from outside, and an account that a program uses.
  static let contractorWords: Set<String> = [
    "contractor", "external", "contingent", "freelancer", "consultant", "vendor", "temp",
    "temporary",
  ]
  static let serviceWords: Set<String> = [
    "service", "service account", "serviceaccount", "bot", "robot", "machine", "system",
    "application",
  ]
  var id: String
  var place: Place
  var name: String?
  /// The account's name, and the system that calls it so.
  var account: String
  var system: String
  /// What sort of person, in the directory's own word.
  var kind: String?
  var emails: [String] = []
  var title: String?
  /// The id of the manager's row.
  var manager: String?
  /// When it was made, and its last day.
  var created, end: String?
  var isActive = true
  /// When it was last touched: the day on which an account ended at the latest.
  var modified: String?
  var roles: [String] = []

  /// The row, or why there is none.
  func row() -> Result<ImportedRow, Refusal> {
    let word = kind?.lowercased() ?? ""
    guard isActive || modified != nil || end != nil else {
      return .failure(Refusal(reason: "not active, and no date says since when"))
    }
    let last = isActive ? end : end ?? modified
    if ImportedAccount.contractorWords.contains(word) {
      guard let created else {
        return .failure(Refusal(reason: "a contractor, and no date says since when"))
      }
      if let last, last < created {
        return .failure(Refusal(reason: "it ended before it began"))
      }
      var row = ImportedRow(.contractors, id: id, place: place)
      row.set("name", name)
      row.setAccount(account, on: system)
      row.set("emails", emails)
      row.set("engagement", [("start", .text(created)), ("end", last.map { .text($0) })])
      return .success(row)
    }
    var row = ImportedRow(.people, id: id, place: place)
    let isService = ImportedAccount.serviceWords.contains(word)
    row.set("name", name)
    row.set("kind", isService ? "service" : "employee")
    row.setAccount(account, on: system)
    row.set("emails", emails)
    row.set("job_role", title)
    row.set("manager", manager)
    row.set("roles", roles)
    row.set("valid_to", last)
    return .success(row)
  }

  /// Why a record is no row.
  struct Refusal: Error { let reason: String }
}

extension RegisterImport {
  /// Takes somebody over, or says why not.
  mutating func add(_ account: ImportedAccount) {
    switch account.row() {
    case .success(let row): add([row])
    case .failure(let refusal): skip(refusal.reason, account.place)
    }
  }
}
