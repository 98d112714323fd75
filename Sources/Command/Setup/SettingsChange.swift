import Documents
import Inputs
import Registers

/// Files that take the place of a run's settings, to see what would be different.
///
/// A folder takes the place of all files of its kind; a single file that of the detectors with its ids, of the
/// register of its name, of the policy, or of the configuration.
struct SettingsChange {
  var configuration: String?
  var policy: String?
  /// All registers, or those whose names replace single ones.
  var registers: [String]?
  var registerFiles: [String] = []
  /// All detectors, or those whose ids replace single ones.
  var detectors: [String]?
  var detectorFiles: [String] = []

  /// Nothing is changed.
  init() {}

  /// What files and folders are, by what stands in them.
  ///
  /// - Throws: ``Problem`` or ``InputError`` for a path that is not there, and a file that nobody can place.
  init(_ paths: [String]) throws {
    for path in paths {
      guard Environment.exists(path) else {
        throw Problem(
          file: path, line: 1, column: 1, message: "there is no such file or folder",
          fix: "name a changed copy of detectors, registers, policy.yaml or rollcall.yaml")
      }
      guard Environment.isFolder(path) else {
        try take(path, folder: false)
        continue
      }
      let files = try listFiles(path, extensions: ["yaml", "yml", "csv"], recursive: true)
      guard !files.isEmpty else {
        throw Problem(
          file: path, line: 1, column: 1, message: "no YAML or CSV file in this folder",
          fix: "put changed copies of detectors, registers, policy or configuration here")
      }
      for file in files { try take(file, folder: true) }
    }
  }

  /// What a file is for.
  private enum Kind { case configuration, policy, register, detector }

  private mutating func take(_ file: String, folder: Bool) throws {
    switch try SettingsChange.kind(of: file) {
    case .configuration:
      if let other = configuration { throw SettingsChange.twice("configurations", other, file) }
      configuration = file
    case .policy:
      if let other = policy { throw SettingsChange.twice("policies", other, file) }
      policy = file
    case .register:
      if folder { registers = (registers ?? []) + [file] } else { registerFiles.append(file) }
    case .detector:
      if folder { detectors = (detectors ?? []) + [file] } else { detectorFiles.append(file) }
    }
  }

  private static func twice(_ what: String, _ first: String, _ second: String) -> Problem {
    Problem(
      file: second, line: 1, column: 1, message: "two \(what): the other is \(first)",
      fix: "take one of them out")
  }

  private static func kind(of file: String) throws -> Kind {
    if file.hasSuffix(".csv") { return .register }
    let document = try Document(file: file, text: try readText(file))
    let keys = Set(document.roots.flatMap { $0.entries?.map(\.key) ?? [] })
    func has(_ names: [String]) -> Bool { !keys.isDisjoint(with: names) }
    if has(["detection", "correlation", "logsource"]) { return .detector }
    // Groups of the policy have some of the registers' names, but rows are a list.
    let lists = document.roots.flatMap { $0.entries ?? [] }
      .filter { $0.value.list != nil || $0.value.isNull }.map(\.key)
    if lists.contains(where: { RegisterKind(rawValue: $0) != nil }) { return .register }
    if has(Configuration.keys) { return .configuration }
    let policies = Policy.defaults.entries.map { String($0.name.prefix { $0 != "." }) }
    if has(policies) { return .policy }
    if has(["filter"]) { return .detector }
    let first = document.roots.first?.entries?.first
    throw Problem(
      file: file, line: first?.line ?? 1, column: first?.column ?? 1,
      message: "this is no detector, register, policy or configuration",
      fix: "take it out; a mapping is changed by a configuration that names another")
  }

  /// The registers' files after the change.
  func registers(insteadOf files: [String]) -> [String] {
    var result = registers ?? files
    for file in registerFiles {
      let name = file.split(separator: "/").last
      if let place = result.firstIndex(where: { $0.split(separator: "/").last == name }) {
        result[place] = file
      } else {
        result.append(file)
      }
    }
    return result
  }

  /// Detectors with others laid over them: a rule with the same id gives way.
  static func lay(_ new: [Document], over old: [Document]) -> [Document] {
    let ids = Set(new.flatMap(\.roots).compactMap(id))
    let rest = old.map { document in
      document.leavingOut { root in id(of: root).map(ids.contains) ?? false }
    }
    return rest.filter { !$0.roots.isEmpty } + new
  }

  private static func id(of root: Node) -> String? {
    root["id"]?.text ?? root["name"]?.text ?? root["title"]?.text
  }

  /// What is changed, in words for a person.
  var description: String {
    var parts: [String] = []
    func files(_ count: Int, _ what: String) -> String {
      "\(count) \(what)\(count == 1 ? "" : "s")"
    }
    if let configuration { parts.append("the configuration \(configuration)") }
    if let policy { parts.append("the policy \(policy)") }
    if let registers { parts.append("\(files(registers.count, "register file")) instead of all") }
    if !registerFiles.isEmpty {
      parts.append("the register \(registerFiles.joined(separator: ", "))")
    }
    if let detectors { parts.append("\(files(detectors.count, "detector file")) instead of all") }
    if !detectorFiles.isEmpty {
      parts.append("the detectors of \(detectorFiles.joined(separator: ", "))")
    }
    return parts.joined(separator: ", ")
  }
}
