import Detectors
import Documents
import Registers

/// What is different between two set-ups: rules, policy, register rows, silences.
struct SettingsDifference {
  /// One difference.
  struct Item: Hashable {
    /// `rule`, `filter`, `policy`, the register's name, or `silence`.
    var what: String
    /// Its id or name.
    var name: String
    /// `added`, `removed` or `changed`.
    var how: String
    /// What about it, and where it stands; either may be empty.
    var detail: String
    var place = ""

    /// The item in one line.
    var text: String { brief + (place.isEmpty ? "" : " (\(place))") }
    /// The same without its place.
    var brief: String { "\(what) \(name) \(how)\(detail.isEmpty ? "" : ": \(detail)")" }
  }

  private(set) var items: [Item] = []
  /// By id, what is different about rules.
  private(set) var rules: [String: Item] = [:]
  /// By name, what is different about the policy.
  private(set) var policy: [String: Item] = [:]
  /// By id, what is different about the registers' rows.
  private(set) var rows: [String: [Item]] = [:]
  /// What is different about Sigma filters, with the rules that each names; `nil` for any.
  private var filters: [(item: Item, rules: Set<String>?)] = []
  /// By rule id, the policy values that its text names.
  private var policyNames: [String: Set<String>] = [:]

  init(_ before: Workspace, _ after: Workspace) {
    compareRules(before, after)
    compareFilters(before, after)
    comparePolicies(before.policy, after.policy)
    compareRegisters(before.registers, after.registers)
    compareSilences(before.configuration, after.configuration)
  }

  private mutating func add(_ item: Item) { items.append(item) }

  // MARK: - Rules

  private struct Written {
    let rule: Rule
    let root: Node?
  }

  private static func places(_ workspace: Workspace) -> [String: Written] {
    var roots: [String: [Int: Node]] = [:]
    for document in workspace.detectors {
      for root in document.roots { roots[document.file, default: [:]][root.line] = root }
    }
    return Dictionary(
      workspace.rules.rules.map {
        ($0.header.id, Written(rule: $0, root: roots[$0.file]?[$0.line]))
      },
      uniquingKeysWith: { first, _ in first })
  }

  private mutating func compareRules(_ before: Workspace, _ after: Workspace) {
    let (olds, news) = (Self.places(before), Self.places(after))
    for id in Set(olds.keys).union(news.keys).sorted() {
      var item: Item?
      switch (olds[id], news[id]) {
      case (let old?, nil):
        item = Item(what: "rule", name: id, how: "removed", detail: "", place: Self.place(old.rule))
      case (nil, let new?):
        item = Item(what: "rule", name: id, how: "added", detail: "", place: Self.place(new.rule))
      case (let old?, let new?):
        let keys = Self.changedKeys(old.root, new.root)
        if !keys.isEmpty {
          let (from, to) = (Self.place(old.rule), Self.place(new.rule))
          item = Item(
            what: "rule", name: id, how: "changed",
            detail: keys.joined(separator: ", "), place: from == to ? to : "\(from) → \(to)")
        }
      case (nil, nil): break
      }
      for place in [olds[id], news[id]] {
        if let root = place?.root { Self.gatherPolicy(root, &policyNames[id, default: []]) }
      }
      guard let item else { continue }
      rules[id] = item
      add(item)
    }
  }

  private static func place(_ rule: Rule) -> String { "\(rule.file):\(rule.line)" }

  /// What of a rule does not change what it finds.
  private static let asides: Set<String> = [
    "tests", "description", "references", "author", "date", "modified", "falsepositives", "status",
    "related", "license", "scope", "fields",
  ]

  private static func changedKeys(_ old: Node?, _ new: Node?) -> [String] {
    var keys: [String] = []
    for entry in (old?.entries ?? []) + (new?.entries ?? []) where !keys.contains(entry.key) {
      keys.append(entry.key)
    }
    return keys.filter { key in
      !asides.contains(key) && plain(old?[key]) != plain(new?[key])
    }
  }

  /// A value as text, wherever it stands.
  private static func plain(_ node: Node?) -> String {
    guard let node else { return "" }
    switch node.content {
    case .null: return "~"
    case .scalar(let text, let isPlain): return isPlain ? text : "\"\(text)\""
    case .list(let nodes): return "[" + nodes.map { plain($0) }.joined(separator: ",") + "]"
    case .map(let entries):
      return "{" + entries.map { "\($0.key):\(plain($0.value))" }.joined(separator: ",") + "}"
    }
  }

  private static func gatherPolicy(_ node: Node, _ names: inout Set<String>) {
    switch node.content {
    case .null: break
    case .list(let nodes): for child in nodes { gatherPolicy(child, &names) }
    case .map(let entries):
      for entry in entries where entry.key != "tests" { gatherPolicy(entry.value, &names) }
    case .scalar(let text, _):
      for part in text.split(separator: "%") where part.hasPrefix("policy.") {
        names.formUnion(Policy.entries(behind: String(part.dropFirst("policy.".count))))
      }
    }
  }

  // MARK: - Filters

  /// The filters of a set-up, by id, each with its place.
  private static func filters(_ workspace: Workspace) -> [String: (root: Node, place: String)] {
    var found: [String: (root: Node, place: String)] = [:]
    for document in workspace.detectors {
      for root in document.roots where root["filter"] != nil {
        guard let id = root["id"]?.text ?? root["title"]?.text else { continue }
        found[id] = (root, "\(document.file):\(root.line)")
      }
    }
    return found
  }

  private mutating func compareFilters(_ before: Workspace, _ after: Workspace) {
    let (olds, news) = (Self.filters(before), Self.filters(after))
    for id in Set(olds.keys).union(news.keys).sorted() {
      let (old, new) = (olds[id], news[id])
      let keys = Self.changedKeys(old?.root, new?.root)
      guard old == nil || new == nil || !keys.isEmpty else { continue }
      let title = (new ?? old)?.root["title"]?.text ?? id
      let item = Item(
        what: "filter", name: title, how: old == nil ? "added" : new == nil ? "removed" : "changed",
        detail: old == nil || new == nil ? "" : keys.joined(separator: ", "),
        place: (new ?? old)?.place ?? "")
      let named = [old, new].compactMap { $0?.root["filter"]?["rules"] }
      let isForAny = named.contains { $0.text?.lowercased() == "any" || $0.list?.isEmpty ?? false }
      let rules = named.flatMap { $0.list?.compactMap(\.text) ?? [$0.text].compactMap(\.self) }
      filters.append((item, isForAny ? nil : Set(rules)))
      add(item)
    }
  }

  // MARK: - Policy

  private mutating func comparePolicies(_ before: Policy, _ after: Policy) {
    let olds = Dictionary(before.entries.map { ($0.name, $0.value) }) { first, _ in first }
    for entry in after.entries {
      guard let old = olds[entry.name], old != entry.value else { continue }
      let item = Item(
        what: "policy", name: entry.name, how: "changed", detail: "\(old) → \(entry.value)")
      policy[entry.name] = item
      add(item)
    }
  }

  // MARK: - Registers

  /// A row in a form that can be compared.
  private struct Row {
    let id: String
    let place: String
    /// By name, the text of each value without where it stands.
    let values: [(name: String, text: String)]

    init(_ id: String, _ place: Place, _ row: Any) {
      self.id = id
      self.place = "\(place.file):\(place.line)"
      values = Mirror(reflecting: row).children.compactMap { child in
        guard let name = child.label, !(child.value is Place) else { return nil }
        return (name, Row.text(child.value))
      }
    }

    private static func text(_ value: Any) -> String {
      if value is Place { return "" }
      let mirror = Mirror(reflecting: value)
      // What describes itself is a day, a time or a text.
      if value is any CustomStringConvertible, mirror.displayStyle != .optional,
        mirror.displayStyle != .collection, mirror.displayStyle != .dictionary
      {
        return "\(value)"
      }
      guard !mirror.children.isEmpty else { return "\(value)" }
      return "("
        + mirror.children.map { "\($0.label ?? ""):\(text($0.value))" }.joined(separator: ",") + ")"
    }
  }

  /// What gives the rows of each register.
  private static let registers: [(name: String, rows: @Sendable (Registers) -> [Row])] = [
    ("people", { $0.people.map { Row($0.id, $0.place, $0) } }),
    ("contractors", { $0.contractors.map { Row($0.id, $0.place, $0) } }),
    ("infrastructure", { $0.infrastructure.map { Row($0.id, $0.place, $0) } }),
    ("tools", { $0.tools.map { Row($0.id, $0.place, $0) } }),
    ("approvals", { $0.approvals.map { Row($0.id, $0.place, $0) } }),
    ("subprocessors", { $0.subprocessors.map { Row($0.id, $0.place, $0) } }),
    ("secrets", { $0.secrets.map { Row($0.id, $0.place, $0) } }),
    ("backups", { $0.backups.map { Row($0.id, $0.place, $0) } }),
    ("limits", { $0.limits.map { Row($0.id, $0.place, $0) } }),
    ("roles", { $0.roles.map { Row($0.id, $0.place, $0) } }),
    ("flows", { $0.flows.map { Row($0.id, $0.place, $0) } }),
    ("policies", { $0.policies.map { Row($0.id, $0.place, $0) } }),
    ("reviews", { $0.reviews.map { Row($0.id, $0.place, $0) } }),
    ("attestations", { $0.attestations.map { Row($0.id, $0.place, $0) } }),
    ("incidents", { $0.incidents.map { Row($0.id, $0.place, $0) } }),
    ("risks", { $0.risks.map { Row($0.id, $0.place, $0) } }),
    ("requests", { $0.requests.map { Row($0.id, $0.place, $0) } }),
    ("drills", { $0.drills.map { Row($0.id, $0.place, $0) } }),
    ("dispositions", { $0.dispositions.map { Row($0.id, $0.place, $0) } }),
    ("tasks", { $0.tasks.map { Row($0.id, $0.place, $0) } }),
  ]

  private mutating func compareRegisters(_ before: Registers, _ after: Registers) {
    for (name, rows) in Self.registers { compare(name, rows(before), rows(after)) }
  }

  private mutating func compare(_ register: String, _ olds: [Row], _ news: [Row]) {
    // An id may have several rows, one after the other in time.
    let before = Dictionary(grouping: olds, by: \.id)
    let after = Dictionary(grouping: news, by: \.id)
    var seen: Set<String> = []
    for id in (olds + news).map(\.id) where seen.insert(id).inserted {
      let (left, right) = (before[id] ?? [], after[id] ?? [])
      for place in 0..<max(left.count, right.count) {
        let old = place < left.count ? left[place] : nil
        let new = place < right.count ? right[place] : nil
        var item: Item?
        switch (old, new) {
        case (let old?, nil):
          item = Item(what: register, name: id, how: "removed", detail: "", place: old.place)
        case (nil, let new?):
          item = Item(what: register, name: id, how: "added", detail: "", place: new.place)
        case (let old?, let new?):
          let names = zip(old.values, new.values).filter { $0.text != $1.text }.map(\.0.name)
          if !names.isEmpty {
            item = Item(
              what: register, name: id, how: "changed",
              detail: names.joined(separator: ", "), place: new.place)
          }
        case (nil, nil): break
        }
        guard let item else { continue }
        rows[id, default: []].append(item)
        add(item)
      }
    }
  }

  // MARK: - Silences

  private mutating func compareSilences(_ before: Configuration, _ after: Configuration) {
    func texts(_ configuration: Configuration) -> [String] {
      configuration.silences.map {
        "\($0.detector ?? "*") about \($0.subject ?? "*") \($0.explanation)"
      }
    }
    let (olds, news) = (texts(before), texts(after))
    for old in olds where !news.contains(old) {
      add(Item(what: "silence", name: old, how: "removed", detail: ""))
    }
    for new in news where !olds.contains(new) {
      add(Item(what: "silence", name: new, how: "added", detail: ""))
    }
  }

  // MARK: - What concerns a rule

  /// What is different about a rule, and about those that it is built on.
  func items(ofRule id: String, in workspace: Workspace) -> [Item] {
    var ids = [id]
    var place = 0
    while place < ids.count {
      if let index = workspace.rules.index(of: ids[place]),
        case .correlation(let correlation) = workspace.rules.rules[index].kind
      {
        for below in correlation.listened.map({ workspace.rules.rules[$0].header.id })
        where !ids.contains(below) {
          ids.append(below)
        }
      }
      place += 1
    }
    let names = ids.reduce(into: Set<String>()) { $0.formUnion(policyNames[$1] ?? []) }
    let called = ids.compactMap { workspace.rules.index(of: $0) }
      .compactMap { workspace.rules.rules[$0].header.name }
    let filters = filters.filter { _, rules in
      rules.map { !$0.isDisjoint(with: ids + called) } ?? true
    }.map(\.item)
    return ids.compactMap { rules[$0] } + filters + names.sorted().compactMap { policy[$0] }
  }
}
