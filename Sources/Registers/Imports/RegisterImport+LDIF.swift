import Documents

/// People of a directory: `inetOrgPerson`, `posixAccount` and `shadowAccount`, and Active Directory's.
extension RegisterImport {
  mutating func readLDIF(_ file: String, _ text: String) throws(Problem) {
    let entries = try LDIF(file: file, text: text).entries
    // Managers are named by their distinguished names.
    var ids: [String: String] = [:]
    for entry in entries {
      if let id = RegisterImport.directoryID(entry) {
        ids[RegisterImport.plainName(entry.name)] = id
      }
    }
    for entry in entries {
      let place = Place(file: file, line: entry.line, column: 1)
      try begin(place)
      if let change = entry.change, change != "add" {
        skip("a change (`changetype: \(change.prefix(20))`), not an entry", place)
        continue
      }
      guard let uid = entry.first("uid", "samaccountname"),
        let id = RegisterImport.directoryID(entry)
      else {
        skip("no `uid` or `sAMAccountName`", place)
        continue
      }
      var account = ImportedAccount(id: id, place: place, account: uid, system: "*")
      account.name = entry.first("displayname", "cn", "gecos") ?? uid
      let classes = (entry.values["objectclass"] ?? []).map { $0.lowercased() }
      account.kind =
        entry.first("employeetype")
        ?? (classes.contains("applicationprocess") || classes.contains("simplesecurityobject")
          ? "service" : nil)
      account.emails = entry.values["mail"] ?? []
      account.title = entry.first("title")
      account.manager = entry.first("manager").flatMap { ids[RegisterImport.plainName($0)] }
      account.created = RegisterImport.directoryDay(
        entry.first("createtimestamp", "whencreated", "whencreated"))
      account.modified = RegisterImport.directoryDay(
        entry.first("modifytimestamp", "whenchanged"))
      account.end = RegisterImport.lastDay(entry)
      account.isActive = RegisterImport.isActive(entry)
      add(account)
    }
  }

  private static func directoryID(_ entry: LDIF.Entry) -> String? {
    entry.first("employeenumber", "uid", "samaccountname").map { "p-" + ImportedID.slug($0) }
  }

  /// A distinguished name without blanks around its parts, in lower case.
  private static func plainName(_ name: String) -> String {
    name.lowercased().split(separator: ",", omittingEmptySubsequences: false).map { part in
      part.split(separator: "=", maxSplits: 1).map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }.joined(separator: "=")
    }.joined(separator: ",")
  }

  /// `20260131120000Z`, in any of the shapes of a generalised time.
  private static func directoryDay(_ text: String?) -> String? {
    guard let text, text.utf8.count >= 8, text.utf8.prefix(8).allSatisfy({ $0 &- 0x30 < 10 })
    else { return nil }
    let digits = Array(text.utf8.prefix(8))
    func part(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    return CivilDay(year: part(0..<4), month: part(4..<6), day: part(6..<8))?.description
  }

  /// The last day on which the account works: `shadowExpire` and `accountExpires` name the first on which it does not.
  private static func lastDay(_ entry: LDIF.Entry) -> String? {
    if let text = entry.first("shadowexpire"), let days = Int(text), days > 0, days < 2_900_000 {
      return CivilDay(number: days - 1).description
    }
    // Hundred nanoseconds since 1601; zero and the largest number mean never.
    if let text = entry.first("accountexpires"), let ticks = Int64(text), ticks > 0, ticks != .max {
      let days = ticks / 864_000_000_000 - 134_774
      if days > 0, days < 2_900_000 { return CivilDay(number: Int(days) - 1).description }
    }
    return nil
  }

  private static func isActive(_ entry: LDIF.Entry) -> Bool {
    // The second bit of Active Directory's flags, and the switch of 389 Directory Server.
    if let text = entry.first("useraccountcontrol"), let flags = UInt32(text), flags & 2 != 0 {
      return false
    }
    if entry.first("nsaccountlock")?.lowercased() == "true" { return false }
    return entry.first("shadowexpire") != "0"
  }
}
