import Documents

/// A Backstage catalog: components and resources are systems, users are people.
extension RegisterImport {
  /// Components that run nowhere.
  private static let idleTypes: Set<String> = ["library", "documentation", "template", "plugin"]

  mutating func readBackstage(_ file: String, _ text: String) throws(Problem) {
    let document = try Document(file: file, text: text)
    for root in document.roots where !root.isNull {
      let place = Place(file: file, line: root.line, column: root.column)
      try begin(place)
      guard let kind = root["kind"]?.text, let metadata = root["metadata"] else {
        skip("no entity with `kind` and `metadata`", place)
        continue
      }
      guard let name = metadata["name"]?.text.nonEmpty else {
        skip("`metadata.name` is missing", place)
        continue
      }
      let spec = root["spec"]
      switch kind.lowercased() {
      case "component", "resource":
        readSystem(name, kind.lowercased(), metadata, spec, place)
      case "user":
        let profile = spec?["profile"]
        var account = ImportedAccount(
          id: "p-" + ImportedID.slug(name), place: place, account: name, system: "*")
        account.name = profile?["displayName"]?.text.nonEmpty ?? metadata["title"]?.text ?? name
        account.emails = [profile?["email"]?.text].compactMap(\.self)
        add(account)
      default: skip("a \(kind.prefix(40)) is no system and nobody", place)
      }
    }
  }

  private mutating func readSystem(
    _ name: String, _ kind: String, _ metadata: Node, _ spec: Node?, _ place: Place
  ) {
    let type = spec?["type"]?.text.nonEmpty ?? kind
    if RegisterImport.idleTypes.contains(type.lowercased()) {
      return skip("a \(type) runs nowhere", place)
    }
    var row = ImportedRow(.infrastructure, id: ImportedID.slug(name), place: place)
    row.set("name", metadata["title"]?.text.nonEmpty ?? name)
    row.set("kind", type.lowercased())
    row.set("names", [name.lowercased()])
    let lifecycle = spec?["lifecycle"]?.text.nonEmpty?.lowercased()
    // What is deprecated still runs somewhere, and does not say where.
    if lifecycle != "deprecated" { row.set("environment", lifecycle) }
    let owner = spec?["owner"]?.text.nonEmpty
    // Only a person can own a system; a team is kept as a word.
    let user = owner.flatMap(RegisterImport.user)
    row.set("owner", user.map { "p-" + ImportedID.slug($0) })
    var tags = (metadata["tags"]?.list ?? []).compactMap(\.text)
    if let owner, user == nil { tags.append("owner:\(owner)") }
    if let system = spec?["system"]?.text.nonEmpty { tags.append("system:\(system)") }
    if lifecycle == "deprecated" { tags.append("lifecycle:deprecated") }
    row.set("tags", tags)
    add([row])
  }

  /// The name in `user:dana` and `user:default/dana`.
  private static func user(_ reference: String) -> String? {
    guard reference.lowercased().hasPrefix("user:") else { return nil }
    return reference.dropFirst(5).split(separator: "/").last.map(String.init)
  }
}
