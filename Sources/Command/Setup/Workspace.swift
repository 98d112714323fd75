import Bytes
import Detectors
import Documents
import Events
import Inputs
import Pipelines
import Registers

/// Everything a run reads once: registers, policy, mappings, detectors, geography.
///
/// `scan`, `test`, `explain`, `parse` and `check` all begin here, so that they judge alike.
struct Workspace {
  /// A file that had a part in the run, for the review's manifest.
  struct UsedFile {
    var role: String
    var path: String
  }

  var configuration = Configuration()
  var zone = Zone.utc
  var zoneName = "UTC"
  var policy = Policy.defaults
  var registers: Registers
  var table = FieldTable()
  var mappings: [Mapping] = []
  /// The detector files that could be read as YAML.
  private(set) var detectors: [Document] = []
  var rules = RuleSet()
  var geo: (any GeoLookup)?
  /// What is wrong but stops nothing: rules refused one by one, mappings left out.
  var warnings: [Problem] = []
  var used: [UsedFile] = []
  /// How many rules were refused; a file that can not be read counts as one.
  var refusedRuleCount = 0
  /// How many detector files could not be read at all.
  private var unreadFileCount = 0
  /// Folders that hold settings, which a walk over logs leaves out.
  var folders: [String] = []

  /// Where settings are looked for.
  struct Places {
    var configuration: String?
    var registers: String?
    var detectors: [String] = []
    /// The logs, beside which registers and detectors may lie.
    var logs: [String] = []
    var timezone: String?
    /// Whether registers are left aside, as `test` does: each test brings its own.
    var isWithoutRegisters = false
    /// What takes the place of some of the settings, as `backtest` tries out.
    var changes = SettingsChange()
    /// Whether findings are sent: who only looks needs no secrets.
    var sends = true
  }

  /// Reads everything.
  ///
  /// - Throws: ``Problems`` or an input error for what makes a run impossible: a broken
  ///   configuration, broken registers, no detectors at all.
  init(_ places: Places) throws {
    if let file = places.changes.configuration ?? places.configuration {
      // A changed copy stands for the one it is to replace: its paths are meant from that one's folder.
      configuration = try Configuration(
        file: places.configuration ?? file, text: try readText(file), environment: Environment.all,
        sends: places.sends)
      used.append(UsedFile(role: "configuration", path: file))
    }
    zoneName = places.timezone ?? configuration.timezone ?? "UTC"
    zone = try Workspace.zone(named: zoneName)
    if let path = places.changes.policy ?? configuration.policy {
      policy = try Policy(Document(file: path, text: try readText(path)))
      used.append(UsedFile(role: "policy", path: path))
    }
    // The policy counts without registers, too.
    registers = try Registers([], zone: zone, policy: policy)
    if !places.isWithoutRegisters { try readRegisters(places) }
    try readMappings()
    try readDetectors(places)
    if configuration.geoCity != nil || configuration.geoNetworks != nil {
      geo = try GeoFiles(city: configuration.geoCity, networks: configuration.geoNetworks)
      for path in [configuration.geoCity, configuration.geoNetworks].compactMap(\.self) {
        used.append(UsedFile(role: "geography", path: path))
      }
    }
  }

  /// The zone of a name; `UTC` needs no file.
  static func zone(named name: String) throws -> Zone {
    if name == "UTC" || name == "Z" { return .utc }
    return try Zone(tzif: zoneFile(named: name))
  }

  // MARK: - Registers

  private mutating func readRegisters(_ places: Places) throws {
    let folder =
      places.registers ?? configuration.registers
      ?? Workspace.beside(places.logs, "registers")
    if let folder { folders.append(folder) }
    var files: [String] = []
    if let folder, places.changes.registers == nil {
      files = try listFiles(folder, extensions: ["yaml", "yml", "csv"])
      guard !files.isEmpty else {
        throw Problem(
          file: folder, line: 1, column: 1, message: "no register in this folder",
          fix: "put people.yaml and the others here, or leave --registers out")
      }
    }
    files = places.changes.registers(insteadOf: files)
    guard !files.isEmpty else { return }
    try use(registers: files.map { ($0, try readText($0)) })
    used += files.map { UsedFile(role: "register", path: $0) }
  }

  /// Judges by these registers and this policy from now on: those that stand in a detector's test.
  ///
  /// - Parameter needed: The detectors to go on with; `nil` keeps all.
  /// - Throws: ``Problems`` when the registers are wrong, or a rule can not be read with them.
  mutating func use(
    registers files: [(file: String, text: String)], policy: Policy,
    needed: NeededDetectors.Choice? = nil
  ) throws {
    self.policy = policy
    try use(registers: files)
    let problems = reload(needed).filter { $0.severity == .error }
    guard problems.isEmpty else { throw Problems(problems) }
  }

  /// Reads the rules again, of some detectors alone, and returns what is wrong with those.
  ///
  /// What the others made of them stays: a rule that some correlation counts is no finding by itself, wherever that
  /// correlation stands.
  @discardableResult mutating func reload(_ needed: NeededDetectors.Choice?) -> [Problem] {
    guard let needed else { return loadRules() }
    let all = rules
    detectors = needed.documents
    let problems = loadRules()
    rules.keepSilence(of: all)
    // A filter may be for rules that are not needed.
    return problems.filter { needed.files.contains($0.file) }
  }

  private mutating func use(registers files: [(file: String, text: String)]) throws {
    registers = try Registers(
      files, zone: zone, policy: policy, zones: { try? Workspace.zone(named: $0) })
  }

  /// The folder of a name beside the logs: inside the folder given, next to it, or here.
  private static func beside(_ logs: [String], _ name: String) -> String? {
    for path in logs where path != "-" {
      for candidate in ["\(path)/\(name)", "\(Paths.folder(of: path))/\(name)"]
      where Environment.isFolder(candidate) {
        return candidate
      }
    }
    return Environment.isFolder(name) ? name : nil
  }

  // MARK: - Mappings

  private mutating func readMappings() throws {
    // The user's own come first, and win where two mappings ask for equally much.
    var files: [String] = []
    for path in configuration.mappings {
      files +=
        Environment.isFolder(path) ? try listFiles(path, extensions: ["yaml", "yml"]) : [path]
    }
    for source in configuration.sources {
      if let path = source.mapping, !files.contains(path) { files.append(path) }
    }
    let shipped = try Shipped.mappings()
    for file in files + shipped {
      let document = try Document(file: file, text: try readText(file))
      let (loaded, problems) = MappingLoader.load(document, table: &table)
      mappings += loaded
      guard problems.isEmpty else { throw Problems(problems) }
      used.append(UsedFile(role: "mapping", path: file))
    }
  }

  /// The id of the mapping in a file.
  func mappingID(file: String) -> String? { mappings.first { $0.file == file }?.id }

  // MARK: - Detectors

  private mutating func readDetectors(_ places: Places) throws {
    var folders = places.detectors.isEmpty ? configuration.detectors : places.detectors
    if folders.isEmpty, let folder = Workspace.beside(places.logs, "detectors") {
      folders = [folder]
    }
    if folders.isEmpty { folders = [try Shipped.detectors()] }
    self.folders += folders.filter(Environment.isFolder)
    var files: [String] = []
    if let changed = places.changes.detectors { (files, folders) = (changed, []) }
    for path in folders {
      files +=
        Environment.isFolder(path)
        ? try listFiles(path, extensions: ["yaml", "yml"], recursive: true) : [path]
    }
    try read(detectors: files, changed: places.changes.detectorFiles)
  }

  /// Reads detector files; a rule with a mistake is left out, named, and stops nothing.
  ///
  /// - Parameter changed: Files whose rules take the place of those with the same ids.
  private mutating func read(detectors files: [String], changed: [String]) throws {
    for file in files + changed {
      do {
        detectors.append(try Document(file: file, text: try readText(file)))
        used.append(UsedFile(role: "detector", path: file))
      } catch let problem as Problem {
        warnings.append(problem)
        unreadFileCount += 1
      }
    }
    if !changed.isEmpty {
      let new = detectors.filter { changed.contains($0.file) }
      detectors = SettingsChange.lay(
        new, over: detectors.filter { !changed.contains($0.file) })
    }
    warnings += loadRules()
    guard rules.rules.isEmpty else { return }
    let nothing = Problem(
      file: files.first ?? "detectors", line: 1, column: 1,
      message: "no detector could be loaded", fix: "mend the files, or name others")
    throw Problems(warnings + [nothing])
  }

  /// What is wrong with the detectors that outputs name.
  var outputProblems: [Problem] {
    configuration.problems(loaded: rules.rules.map(\.header.id))
  }

  /// Reads the rules of the detector files; what is wrong with some of them is returned.
  private mutating func loadRules() -> [Problem] {
    let (registers, policy, own) = (registers, policy, configuration.placeholders)
    let (rules, problems) = RuleSet.load(
      documents: detectors, fields: &table,
      placeholders: { Placeholders.values(of: $0, in: registers) ?? own[$0] },
      placeholderNames: Placeholders.names + own.keys.sorted(), policy: policy.placeholder)
    self.rules = rules
    let wanted =
      detectors.reduce(0) { $0 + $1.roots.count { !$0.isNull } } - rules.filterCount
    refusedRuleCount = wanted - rules.rules.count + unreadFileCount
    return problems
  }

  // MARK: - The pipeline's setup

  /// The setup of a run; one that does not judge has no rules.
  func setup(
    since: Int64 = .min, until: Int64 = .max, latest: Int64 = .max,
    tallied: Range<Int64>? = nil, talliesMonths: Bool = false, everything: Bool = false,
    judges: Bool = true
  ) -> PipelineSetup {
    PipelineSetup(
      registers: registers, rules: judges ? rules : RuleSet(), mappings: mappings, table: table,
      zone: zone, geo: geo, since: since, until: until, latest: latest, tallied: tallied,
      talliesMonths: talliesMonths, everything: everything, judges: judges)
  }
}

/// A city and a network database as the detectors see them.
struct GeoFiles: GeoLookup {
  private let city, networks: GeoDatabase?

  init(city: String?, networks: String?) throws {
    self.city = try city.map { try GeoDatabase(path: $0) }
    self.networks = try networks.map { try GeoDatabase(path: $0) }
  }

  func place(of address: ByteView) -> GeoPoint? {
    let text = address.string
    let place = city?.place(of: text)
    let network = networks?.asn(text) ?? 0
    if place == nil, network == 0 { return nil }
    return GeoPoint(
      country: place?.country ?? "", latitude: place?.latitude, longitude: place?.longitude,
      radius: Double(place?.accuracyRadiusKm ?? 0), network: network)
  }
}
