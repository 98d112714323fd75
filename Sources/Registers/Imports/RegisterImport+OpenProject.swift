import Documents

/// OpenProject's work packages: the collection of API v3, a list of its elements, or the CSV of a list.
///
/// Only a package with an assignee, both dates (of a milestone its one) and the time of its creation is a task. The
/// API says when a package was created to the second. CSV writes that time in nobody knows whose zone, so its day alone is
/// taken over, and the task counts from the day after.
extension RegisterImport {
  mutating func readOpenProject(_ file: String, _ text: String) throws(Problem) {
    if RegisterImport.isJSON(text) {
      let root = try Document(file: file, json: text).roots[0]
      let elements = root["_embedded"]?["elements"] ?? root["elements"] ?? root
      let isOne = elements["_links"] != nil
      for package in isOne
        ? [elements]
        : try RegisterImport.list(elements, under: [], file: file, what: "work packages")
      {
        try read(package, file)
      }
    } else {
      try readOpenProjectTable(file, text)
    }
  }

  /// A work package, whatever it was written in.
  private struct Package {
    var number, subject, assignee, author, status: String?
    var start, end, created: String?
    var systems: [String] = []
  }

  private mutating func read(_ node: Node, _ file: String) throws(Problem) {
    let place = Place(file: file, line: node.line, column: node.column)
    try begin(place)
    let links = node["_links"]
    let assignee = links?["assignee"]
    // A group does nothing itself, and a placeholder is nobody yet.
    if let link = assignee?["href"]?.text, !link.contains("/users/") {
      return skip("assigned to a group or a placeholder", place)
    }
    var package = Package()
    package.number = node["id"]?.text.nonEmpty
    package.subject = node["subject"]?.text
    package.assignee = assignee?["title"]?.text.nonEmpty
    package.author = links?["author"]?["title"]?.text.nonEmpty
    package.status = links?["status"]?["title"]?.text
    let milestone = RegisterImport.day(node["date"]?.text)
    package.start = RegisterImport.day(node["startDate"]?.text) ?? milestone
    package.end = RegisterImport.day(node["dueDate"]?.text) ?? milestone
    package.created = node["createdAt"]?.text.flatMap {
      RFC3339.nanoseconds(of: $0) == nil ? nil : $0
    }
    add(package, place)
  }

  private mutating func readOpenProjectTable(_ file: String, _ text: String) throws(Problem) {
    let table = try ImportedTable(file: file, text: text)
    for (name, isThere) in [
      ("ID", table.has("id")), ("Assignee", table.has("assignee")),
      ("Start date", table.has("start_date", "date")),
      ("Finish date", table.has("finish_date", "due_date", "date")),
      ("Created on", table.has("created_on", "created_at")),
    ] where !isThere {
      throw Problem(
        file: file, line: 1, column: 1,
        message: "no column `\(name)` of OpenProject's work packages",
        fix:
          "add the columns ID, Subject, Assignee, Author, Start date, Finish date and Created on to "
          + "the list, and export it in English")
    }
    let days = OpenProjectDays(
      table.records.flatMap { record in
        [
          record["start_date"], record["finish_date", "due_date"], record["date"],
          record["created_on", "created_at"],
        ].compactMap(\.self)
      })
    for record in table.records {
      try begin(record.place)
      var package = Package()
      package.number = record["id"]
      package.subject = record["subject"]
      package.assignee = record["assignee"]
      package.author = record["author"]
      package.status = record["status"]
      package.systems = (record["systems", "system"] ?? "").split(whereSeparator: {
        ",;".contains($0)
      })
      .map { String($0).trimmedBlanks }
      let written = [
        record["start_date", "date"], record["finish_date", "due_date", "date"],
        record["created_on", "created_at"],
      ]
      let read = written.map { $0.flatMap(days.day) }
      if let place = written.indices.first(where: { written[$0] != nil && read[$0] == nil }) {
        skip(
          "`\((written[place] ?? "").prefix(40))` is no date, or may be two; have OpenProject write YYYY-MM-DD",
          record.place)
        continue
      }
      (package.start, package.end, package.created) = (read[0], read[1], read[2])
      add(package, record.place)
    }
  }

  private mutating func add(_ package: Package, _ place: Place) {
    guard let number = package.number else { return skip("a work package without an id", place) }
    guard let assignee = package.assignee else { return skip("nobody is assigned", place) }
    guard let start = package.start, let end = package.end else {
      return skip("no start or no finish date, so it is not known when it is done", place)
    }
    if end < start { return skip("it ends before it begins", place) }
    guard let created = package.created else {
      return skip("it does not say when it was created", place)
    }
    if package.status?.lowercased() == "rejected" { return skip("rejected", place) }
    let isNumber = number.utf8.allSatisfy { $0 &- 0x30 < 10 }
    var row = ImportedRow(
      .tasks, id: isNumber ? "WP-\(number)" : ImportedID.slug(number), place: place)
    row.set("name", package.subject)
    row.set("assignee", assignee)
    row.set("from", start)
    row.set("until", end)
    row.set("systems", package.systems)
    row.set("created_at", created)
    row.set("created_by", package.author)
    if isNumber { row.set("ref", "/work_packages/\(number)") }
    add([row])
  }
}

/// Days as OpenProject writes them in a table, in whichever of its forms the installation has.
///
/// Between strokes the day or the month may come first. A file in which no date says which is not guessed at.
private struct OpenProjectDays {
  private enum Order { case unknown, dayFirst, monthFirst, neither }
  private var order = Order.unknown

  /// Looks at all dates of a file.
  init(_ texts: [String]) {
    for text in texts {
      guard let parts = OpenProjectDays.parts(of: text, at: "/") else { continue }
      let says: Order = parts[0] > 12 ? .dayFirst : parts[1] > 12 ? .monthFirst : .unknown
      if says == .unknown || says == order { continue }
      order = order == .unknown ? says : .neither
    }
  }

  /// The day as registers write it; `nil` where there is no telling.
  func day(_ text: String) -> String? {
    let text = String(text.prefix { $0 != " " && $0 != "T" })
    if let day = CivilDay(text) { return day.description }
    if let parts = OpenProjectDays.parts(of: text, at: ".")
      ?? OpenProjectDays.parts(of: text, at: "-")
    {
      return CivilDay(year: parts[2], month: parts[1], day: parts[0])?.description
    }
    guard let parts = OpenProjectDays.parts(of: text, at: "/") else { return nil }
    switch order {
    case .dayFirst: return CivilDay(year: parts[2], month: parts[1], day: parts[0])?.description
    case .monthFirst: return CivilDay(year: parts[2], month: parts[0], day: parts[1])?.description
    case .unknown, .neither: return nil
    }
  }

  /// Three numbers, the last of four digits, of a text up to its first blank.
  private static func parts(of text: String, at mark: Character) -> [Int]? {
    let parts = text.prefix { $0 != " " }.split(separator: mark, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[2].utf8.count == 4,
      parts.allSatisfy({ (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }
      )
    else { return nil }
    return parts.compactMap { Int($0) }
  }
}
