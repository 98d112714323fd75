public import Documents

/// Puts imported rows into a folder of registers: new rows are appended, what is there is never touched.
///
/// A plain value over texts: it says which files are to be written with what, and what else there is to tell.
public struct RegisterMerge: Sendable {
  /// A row that is there already.
  public struct Known: Sendable {
    /// The imported row.
    public let row: ImportedRow
    /// The id of the row that is there.
    public let id: String
    /// Where it stands.
    public let place: Place
    /// The account that both have, when the ids differ.
    public let account: Account?
    /// What the import says otherwise; keys that only the register has are its own affair.
    public let differences: [RegisterChanges.KeyChange]
  }
  /// The files to write, each with its whole text, and whether it is a new one.
  public private(set) var files: [(file: String, text: String, isNew: Bool)] = []
  /// The rows that come in.
  public private(set) var added: [ImportedRow] = []
  /// The rows that are there already.
  public private(set) var known: [Known] = []

  /// Merges rows into the files of a folder.
  ///
  /// - Parameters:
  ///   - rows: The imported rows.
  ///   - files: The folder's files.
  ///   - folder: The folder, for the names of new files.
  ///   - source: What is imported, for the name of a file where rows can not be appended to the register's own.
  /// - Throws: ``Problem`` when a file can not be read.
  public init(
    _ rows: [ImportedRow], into files: [(file: String, text: String)], folder: String,
    source: RegisterImport.Source
  ) throws(Problem) {
    let plain = try PlainRows(files).rows
    let byID = Dictionary(plain.map { ("\($0.register.rawValue) \($0.id)", $0) }) { first, _ in
      first
    }
    var byAccount: [Account: PlainRows.Row] = [:]
    for row in plain where row.register == .people || row.register == .contractors {
      for account in RegisterMerge.accounts(of: row) where byAccount[account] == nil {
        byAccount[account] = row
      }
    }
    for row in rows {
      if let there = byID["\(row.register.rawValue) \(row.id)"] {
        let wanted = try RegisterMerge.plain(row)
        known.append(
          Known(
            row: row, id: there.id, place: there.place, account: nil,
            differences: RegisterChanges.keys(from: there, to: wanted).filter { $0.new != nil }))
        continue
      }
      // One account is one person's: whoever has it is the one who is meant.
      let match = row.accounts.lazy.compactMap { account -> (Account, PlainRows.Row)? in
        (byAccount[account] ?? byAccount[Account(system: "*", name: account.name)])
          .map { (account, $0) }
      }.first
      if let (account, there) = match {
        known.append(
          Known(row: row, id: there.id, place: there.place, account: account, differences: []))
        continue
      }
      added.append(row)
    }
    var registers: [RegisterKind] = []
    for row in added where !registers.contains(row.register) { registers.append(row.register) }
    for register in registers {
      let rows = added.filter { $0.register == register }
      self.files.append(
        RegisterMerge.file(register, rows, files, folder: folder, source: source))
    }
  }

  /// An imported row as a comparison sees it.
  private static func plain(_ row: ImportedRow) throws(Problem) -> PlainRows.Row {
    let text = "\(row.register.rawValue):\n" + row.yaml(indent: 2)
    let rows = try PlainRows([("import.yaml", text)]).rows
    // One row was written, so one is read; the tests hold the writer against the reader.
    precondition(rows.count == 1, "an imported row is not one")
    return rows[0]
  }

  private static func accounts(of row: PlainRows.Row) -> [Account] {
    row.values.filter { $0.path.hasPrefix("accounts.") }.flatMap { path, text in
      text.split(separator: ",").map {
        Account(system: String(path.dropFirst(9)), name: String($0).trimmedBlanks)
      }
    }
  }

  // MARK: - Appending

  /// The file that the rows go to, with them.
  private static func file(
    _ register: RegisterKind, _ rows: [ImportedRow], _ files: [(file: String, text: String)],
    folder: String, source: RegisterImport.Source
  ) -> (file: String, text: String, isNew: Bool) {
    let own = "\(folder)/\(register.rawValue).yaml"
    // The register's own file first, then any other that it is in.
    let candidates =
      files.filter { $0.file == own }
      + files.filter { $0.file != own && !$0.file.hasSuffix(".csv") }
    for (file, text) in candidates {
      if let longer = appending(rows, of: register, to: text, file: file) {
        return (file, longer, false)
      }
    }
    let body = "\(register.rawValue):\n" + rows.map { $0.yaml(indent: 2) }.joined()
    let names = Set(files.map(\.file))
    var name = own
    if names.contains(own) { name = "\(folder)/\(register.rawValue)-\(source.rawValue).yaml" }
    var number = 2
    while names.contains(name) {
      name = "\(folder)/\(register.rawValue)-\(source.rawValue)-\(number).yaml"
      number += 1
    }
    return (name, body, true)
  }

  /// A file's text with rows behind its own, or `nil` when its last list is not one of this register's in block style.
  static func appending(
    _ rows: [ImportedRow], of register: RegisterKind, to text: String, file: String
  ) -> String? {
    guard let document = try? Document(file: file, text: text), let root = document.roots.last,
      let entry = root.entries?.last, entry.key == register.rawValue
    else { return nil }
    var indent = 2
    let list = entry.value
    if list.list != nil {
      let lines = text.split(
        separator: "\n", maxSplits: list.line, omittingEmptySubsequences: false)
      guard list.line <= lines.count else { return nil }
      let line = lines[list.line - 1].utf8
      guard list.column <= line.count, line.dropFirst(list.column - 1).first == 0x2D,
        line.prefix(list.column - 1).allSatisfy({ $0 == 0x20 })
      else { return nil }
      indent = list.column - 1
    } else if !list.isNull {
      return nil
    }
    let isEnded = text.hasSuffix("\n") || text.isEmpty
    let longer = text + (isEnded ? "" : "\n") + rows.map { $0.yaml(indent: indent) }.joined()
    // Whatever stood at the end (a text of several lines, a mark of the end) must not have swallowed them.
    guard let before = try? PlainRows([(file, text)]).rows,
      let after = try? PlainRows([(file, longer)]).rows,
      after.count == before.count + rows.count,
      zip(before, after).allSatisfy({ $0.id == $1.id && $0.values.elementsEqual($1.values, by: ==) }
      ),
      after.suffix(rows.count).map(\.id) == rows.map(\.id)
    else { return nil }
    return longer
  }
}
