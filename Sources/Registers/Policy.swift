import Bytes
public import Documents

/// The numbers and lists that detectors go by, each with its reason.
///
/// Names are paths (`login.brute_force.failures`). The defaults know every name; a company's own
/// file changes single entries.
public struct Policy: Sendable {
  /// One number or list, and why it is what it is.
  public struct Entry: Sendable {
    /// The path of keys, such as `contractor.days_max`.
    public let name: String
    /// The value as a review prints it.
    public let value: String
    /// Why it has this value.
    public let reason: String
    /// The clause of a policy or standard behind it; empty when there is none.
    public let clause: String
    /// Whether it is still the default: no file changed it.
    public let isDefault: Bool
    /// Whether the policy behind ``clause`` states this value; otherwise it is a default of ours, or
    /// the company's choice.
    public let isStated: Bool
    /// What may stand here instead, when only some words mean anything.
    public let choices: [String]
    fileprivate let content: Content

    /// What a value looks like.
    enum Sort { case integer, decimal, duration, text, list }
    /// What the entry's value looks like.
    var sort: Sort {
      switch content {
      case .integer: .integer
      case .decimal: .decimal
      case .seconds: .duration
      case .text: .text
      case .texts: .list
      }
    }
  }
  fileprivate enum Content: Sendable {
    case integer(Int)
    case decimal(Double)
    case seconds(Int)
    case text(String)
    case texts([String])

    /// What a value of this sort looks like, for messages.
    var wanted: String {
      switch self {
      case .integer: "a whole number"
      case .decimal: "a number such as 0.5"
      case .seconds: "a duration such as 90s, 5m, 24h or 14d"
      case .text: "text"
      case .texts: "a list"
      }
    }
  }

  /// All entries, in the order of the defaults.
  public private(set) var entries: [Entry] = []
  private var numbers: [String: Int] = [:]

  private init() {}

  /// The defaults with a company's own file over them.
  ///
  /// - Throws: ``Problems`` for names that no detector knows, values of the wrong sort, and changes
  ///   without a reason.
  public init(_ document: Document) throws(Problems) {
    self = Policy.defaults
    var problems: [Problem] = []
    for root in document.roots {
      read(root, path: [], from: document, isDefault: false, problems: &problems)
    }
    guard problems.isEmpty else { throw Problems(problems) }
  }

  /// What holds when nobody says otherwise.
  public static let defaults: Policy = {
    var policy = Policy()
    var problems: [Problem] = []
    do {
      let document = try Document(file: "policy.yaml", text: defaultsText)
      for root in document.roots {
        policy.read(root, path: [], from: document, isDefault: true, problems: &problems)
      }
    } catch {
      // The text is part of the program; the tests read it, no input reaches it.
      preconditionFailure("the default policy can not be read: \(error)")
    }
    precondition(problems.isEmpty, "the default policy is wrong: \(Problems(problems))")
    return policy
  }()

  /// A whole number; traps when the defaults have no such number.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value) = content(name) else { wrongSort(name) }
    return value
  }

  /// A number with a fraction; traps when the defaults have no such number.
  public func decimal(_ name: String) -> Double {
    guard case .decimal(let value) = content(name) else { wrongSort(name) }
    return value
  }

  /// A duration in seconds; traps when the defaults have no such duration.
  public func seconds(_ name: String) -> Int {
    guard case .seconds(let value) = content(name) else { wrongSort(name) }
    return value
  }

  /// A text; traps when the defaults have no such text.
  public func text(_ name: String) -> String {
    guard case .text(let value) = content(name) else { wrongSort(name) }
    return value
  }

  /// A list of texts; traps when the defaults have no such list.
  public func texts(_ name: String) -> [String] {
    guard case .texts(let value) = content(name) else { wrongSort(name) }
    return value
  }

  /// Yes or no; traps when the defaults have no such choice.
  public func bool(_ name: String) -> Bool { text(name) == "true" }

  /// The entry of a name, or `nil`.
  public subscript(name: String) -> Entry? { numbers[name].map { entries[$0] } }

  private func content(_ name: String) -> Content {
    // Names here are written in the source; names that a user writes go through the subscript.
    guard let number = numbers[name] else {
      preconditionFailure("the default policy has no `\(name)`")
    }
    return entries[number].content
  }

  /// Reading holds every value to the sort of its default, so only the source can ask for another.
  private func wrongSort(_ name: String) -> Never {
    preconditionFailure("the policy's `\(name)` is of another sort")
  }

  private mutating func read(
    _ node: Node, path: [String], from document: Document, isDefault: Bool,
    problems: inout [Problem]
  ) {
    if node.isNull { return }
    guard let children = node.entries else {
      let name = path.joined(separator: ".")
      problems.append(
        document.problem(
          node, path.isEmpty ? "a policy must be a mapping" : "`\(name)` has no value and reason",
          fix: "write {value: \(node.text ?? "…"), reason: \"why\"}"))
      return
    }
    if node["value"] != nil {
      problems += document.unknownKeys(
        in: node, known: ["value", "reason", "clause", "stated"] + (isDefault ? ["choices"] : []))
      set(path.joined(separator: "."), node, document, isDefault, &problems)
      return
    }
    for child in children {
      let path = path + [child.key]
      let name = path.joined(separator: ".")
      if !isDefault, !entries.contains(where: { $0.name == name || $0.name.hasPrefix(name + ".") })
      {
        // Names are compared whole, and those in the same group first.
        let known = entries.map(\.name)
        let nearest = nearestName(to: name, among: known)
        problems.append(
          Problem(
            file: document.file, line: child.line, column: child.column,
            message: "no detector knows `\(name)`",
            fix: nearest.map { "did you mean `\($0)`?" }
              ?? "known: \(known.joined(separator: ", "))"))
        continue
      }
      read(child.value, path: path, from: document, isDefault: isDefault, problems: &problems)
    }
  }

  private mutating func set(
    _ name: String, _ node: Node, _ document: Document, _ isDefault: Bool,
    _ problems: inout [Problem]
  ) {
    guard let value = node["value"] else { return }
    let former = numbers[name].map { entries[$0] }
    guard isDefault || former != nil else {
      problems.append(
        document.problem(node, "`\(name)` is a group of values", fix: "set one value within it"))
      return
    }
    guard let content = Policy.content(value, like: former?.content) else {
      let wanted = former?.content.wanted ?? "a value"
      problems.append(
        document.problem(
          value, "`\(name)` is `\(value.text ?? "…")`", fix: "it wants \(wanted)"))
      return
    }
    let choices =
      (isDefault ? node["choices"]?.list?.compactMap(\.text) : former?.choices) ?? []
    if let text = value.text, !choices.isEmpty, !choices.contains(text) {
      problems.append(
        document.problem(
          value, "`\(name)` is `\(text)`",
          fix: nearestName(to: text, among: choices).map { "did you mean `\($0)`?" }
            ?? "one of \(choices.joined(separator: ", "))"))
      return
    }
    if case .texts(let texts) = content, let (fault, fix) = Policy.fault(in: texts, of: name) {
      problems.append(document.problem(value, "`\(name)` has `\(fault)`", fix: fix))
      return
    }
    guard let reason = node["reason"]?.text, !reason.isEmpty else {
      problems.append(
        document.problem(
          node, "`\(name)` is set without a reason", fix: "add `reason:`; the review prints it"))
      return
    }
    let stated = node["stated"].map { $0.text ?? "" }
    if let stated, stated != "true", stated != "false" {
      problems.append(document.problem(node, "`stated` of `\(name)` must be true or false"))
      return
    }
    let texts = (value.list ?? []).compactMap(\.text)
    let text = value.text ?? (texts.isEmpty ? "none" : texts.joined(separator: ", "))
    let entry = Entry(
      name: name, value: text, reason: reason, clause: node["clause"]?.text ?? former?.clause ?? "",
      isDefault: isDefault,
      // What a company changes, the source no longer states, unless the company says so.
      isStated: stated.map { $0 == "true" } ?? (former?.isStated == true && former?.value == text),
      choices: choices, content: content)
    if let number = numbers[name] {
      entries[number] = entry
    } else {
      numbers[name] = entries.count
      entries.append(entry)
    }
  }

  private static func content(_ node: Node, like former: Content?) -> Content? {
    if let list = node.list {
      let texts = list.compactMap(\.text)
      guard texts.count == list.count else { return nil }
      switch former {
      case nil, .texts: return .texts(texts)
      default: return nil
      }
    }
    guard let text = node.text, !text.isEmpty else { return nil }
    switch former {
    case .integer: return natural(text).map { .integer($0) }
    case .decimal: return decimal(text).map { .decimal($0) }
    case .seconds: return duration(text).map { .seconds($0) }
    case .text: return .text(text)
    case .texts: return nil
    case nil:
      return natural(text).map { .integer($0) } ?? duration(text).map { .seconds($0) }
        ?? decimal(text).map { .decimal($0) } ?? .text(text)
    }
  }

  /// A number from zero to a thousand million, digits with or without a fraction of at most nine.
  static func decimal(_ text: String) -> Double? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = natural(parts[0]), !parts[0].isEmpty else { return nil }
    guard parts.count == 2 else { return Double(whole) }
    guard (1...9).contains(parts[1].utf8.count), let fraction = natural(parts[1])
    else { return nil }
    var scale = 1.0
    for _ in parts[1].utf8 { scale *= 10 }
    return Double(whole) + Double(fraction) / scale
  }

  /// The number of an autonomous system written `AS64500`.
  public static func systemNumber(_ text: String) -> UInt32? {
    guard text.utf8.count > 2, text.hasPrefix("AS") else { return nil }
    return natural(text.dropFirst(2)).flatMap { UInt32(exactly: $0) }
  }

  /// What is wrong with the texts of a list that is more than words, and what to write instead.
  private static func fault(in texts: [String], of name: String) -> (text: String, fix: String)? {
    let fault: String?
    let fix: String
    switch name {
    case "login.travel.shared_networks":
      fault = texts.first { systemNumber($0) == nil && $0.withView { Network($0) } == nil }
      fix = "write a network such as 192.0.2.0/24, or the number of one as in AS64500"
    case "port.public":
      fault = texts.first { text in UInt16(text).map { "\($0)" != text } ?? true }
      fix = "write a port such as 443"
    case "incident.workdays":
      fault = texts.first { !weekdays.contains($0) }
      fix = "write \(weekdays.joined(separator: ", "))"
    default: return nil
    }
    return fault.map { ($0, fix) }
  }

  /// The days of the week, as `incident.workdays` names them.
  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// A whole number from zero to a thousand million.
  private static func natural(_ text: some StringProtocol) -> Int? {
    guard text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let value = Int(text),
      value <= 1_000_000_000
    else { return nil }
    return value
  }

  /// Seconds of `90s`, `5m`, `24h` or `14d`.
  static func duration(_ text: String) -> Int? {
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let last = text.last, let unit = units[last], let count = natural(text.dropLast())
    else { return nil }
    return count * unit
  }
}
