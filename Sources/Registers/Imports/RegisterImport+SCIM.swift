import Documents

/// SCIM 2.0 users; see RFC 7643, sections 4.1 and 4.3, and RFC 7644, section 3.4.2.
extension RegisterImport {
  private static let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

  mutating func readSCIM(_ file: String, _ text: String) throws(Problem) {
    let root = try Document(file: file, json: text).roots[0]
    let users = try RegisterImport.list(
      root, under: ["Resources", "resources"], file: file, what: "SCIM users")
    // Managers are named by the user's id.
    var ids: [String: String] = [:]
    for user in users {
      if let id = user["id"]?.text, let row = RegisterImport.scimID(user) { ids[id] = row }
    }
    for user in users {
      let place = Place(file: file, line: user.line, column: user.column)
      try begin(place)
      guard user.entries != nil else {
        skip("no user", place)
        continue
      }
      guard let name = user["userName"]?.text, !name.isEmpty, let id = RegisterImport.scimID(user)
      else {
        skip("a user without `userName`", place)
        continue
      }
      let person = user["name"]
      let parts = [person?["givenName"]?.text, person?["familyName"]?.text].compactMap(\.self)
      let more = user[RegisterImport.enterprise]
      var account = ImportedAccount(id: id, place: place, account: name, system: "*")
      account.name =
        user["displayName"]?.text.nonEmpty ?? person?["formatted"]?.text.nonEmpty
        ?? parts.joined(separator: " ").nonEmpty ?? name
      account.kind = user["userType"]?.text
      account.emails = RegisterImport.values(user["emails"])
      account.title = user["title"]?.text
      account.manager =
        more?["manager"].flatMap { $0["value"]?.text ?? $0.text }.flatMap { ids[$0] }
      account.created = RegisterImport.day(user["meta"]?["created"]?.text)
      account.modified = RegisterImport.day(user["meta"]?["lastModified"]?.text)
      account.isActive = user["active"]?.text.map { $0.lowercased() != "false" } ?? true
      add(account)
    }
  }

  /// The steadiest of what a user is called by: a name may change, a number of the staff does not.
  private static func scimID(_ user: Node) -> String? {
    let id =
      user[enterprise]?["employeeNumber"]?.text.nonEmpty ?? user["externalId"]?.text.nonEmpty
      ?? user["id"]?.text.nonEmpty ?? user["userName"]?.text.nonEmpty
    return id.map { "p-" + ImportedID.slug($0) }
  }

  /// The values of a list of texts, or of objects that each have a `value`; the primary one first.
  private static func values(_ node: Node?) -> [String] {
    let items = node?.list ?? []
    let sorted =
      items.filter { $0["primary"]?.text == "true" }
      + items.filter { $0["primary"]?.text != "true" }
    return sorted.compactMap { $0.text ?? $0["value"]?.text }
  }

  /// A list that stands alone, or under one of some keys.
  static func list(
    _ root: Node, under keys: [String], file: String, what: String
  ) throws(Problem) -> [Node] {
    if let list = root.list { return list }
    for key in keys { if let list = root[key]?.list { return list } }
    throw Problem(
      file: file, line: root.line, column: root.column, message: "no \(what) here",
      fix: "wanted: an array"
        + (keys.isEmpty ? "" : ", or an object with `\(keys[0])`, an array"))
  }

  /// The day of a date or an instant, as written.
  static func day(_ text: String?) -> String? {
    guard let text, text.utf8.count >= 10 else { return nil }
    return CivilDay(String(text.prefix(10)))?.description
  }
}

extension Optional where Wrapped == String {
  /// The text unless it is empty.
  var nonEmpty: String? { flatMap { $0.isEmpty ? nil : $0 } }
}

extension String {
  /// The text unless it is empty.
  var nonEmpty: String? { isEmpty ? nil : self }
}
