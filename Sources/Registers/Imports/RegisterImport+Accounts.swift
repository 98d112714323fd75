import Documents

/// Accounts of one system, as GitLab and Nextcloud list them.
extension RegisterImport {
  /// GitLab's users: an array of `GET /users`, or CSV with the same names.
  mutating func readGitLab(_ file: String, _ text: String, _ system: String) throws(Problem) {
    if RegisterImport.isJSON(text) {
      let root = try Document(file: file, json: text).roots[0]
      for user in try RegisterImport.list(
        root, under: ["users"], file: file, what: "users of GitLab")
      {
        try readGitLab(
          Place(file: file, line: user.line, column: user.column), system,
          { names in names.lazy.compactMap { user[$0]?.text.nonEmpty }.first })
      }
    } else {
      for record in try ImportedTable(file: file, text: text).records {
        try readGitLab(
          record.place, system, { names in names.lazy.compactMap { record[$0] }.first })
      }
    }
  }

  private mutating func readGitLab(
    _ place: Place, _ system: String, _ value: ([String]) -> String?
  ) throws(Problem) {
    try begin(place)
    guard let name = value(["username"]) else { return skip("a user without `username`", place) }
    let number = value(["id"]) ?? name
    var account = ImportedAccount(
      id: ImportedID.slug("\(system)-\(number)"), place: place, account: name, system: system)
    account.name = value(["name"]) ?? name
    account.emails = [value(["email", "public_email", "commit_email"])].compactMap(\.self)
    account.title = value(["job_title"])
    account.created = RegisterImport.day(value(["created_at"]))
    if RegisterImport.isTrue(value(["bot"])) { account.kind = "bot" }
    if RegisterImport.isTrue(value(["external"])) { account.kind = "external" }
    if RegisterImport.isTrue(value(["is_admin", "admin"])) { account.roles = ["admin:\(system)"] }
    if let state = value(["state"])?.lowercased(), state != "active" {
      return skip("\(state.prefix(40)), and no date says since when", place)
    }
    add(account)
  }

  /// Nextcloud's users: an object of names by id, or of what `--info` says of each, or CSV.
  mutating func readNextcloud(_ file: String, _ text: String, _ system: String) throws(Problem) {
    if RegisterImport.isJSON(text) {
      let root = try Document(file: file, json: text).roots[0]
      guard let users = root.entries else {
        throw Problem(
          file: file, line: root.line, column: root.column, message: "no users of Nextcloud here",
          fix: "write them with `occ user:list --output=json`, with --info or without")
      }
      for user in users {
        let details = user.value
        try readNextcloud(
          Place(file: file, line: user.line, column: user.column), system, user.key,
          { names in
            names.lazy.compactMap { details[$0]?.text.nonEmpty }.first
              ?? (names[0] == "display_name" ? details.text.nonEmpty : nil)
          })
      }
    } else {
      for record in try ImportedTable(file: file, text: text).records {
        try readNextcloud(
          record.place, system, record["user_id", "uid", "userid", "username", "user"],
          { names in names.lazy.compactMap { record[$0] }.first })
      }
    }
  }

  private mutating func readNextcloud(
    _ place: Place, _ system: String, _ name: String?, _ value: ([String]) -> String?
  ) throws(Problem) {
    try begin(place)
    guard let name, !name.isEmpty else { return skip("a user without an id", place) }
    if let isEnabled = value(["enabled"]), !RegisterImport.isTrue(isEnabled) {
      return skip("disabled, and no date says since when", place)
    }
    var account = ImportedAccount(
      id: ImportedID.slug("\(system)-\(name)"), place: place, account: name, system: system)
    account.name = value(["display_name", "displayname", "name"]) ?? name
    account.emails = [value(["email", "email_address"])].compactMap(\.self)
    add(account)
  }

  /// Whether a text is JSON rather than a table.
  static func isJSON(_ text: String) -> Bool {
    let first = text.utf8.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
  }

  /// Yes, in the words of JSON, of databases and of spreadsheets.
  private static func isTrue(_ text: String?) -> Bool {
    ["true", "t", "1", "yes"].contains(text?.lowercased() ?? "")
  }
}
