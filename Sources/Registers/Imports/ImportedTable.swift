import Documents

/// A table of somebody else's: its columns by name, whatever their order and their spelling.
struct ImportedTable {
  /// One record: its values by column.
  struct Record {
    fileprivate let columns: [String: Int]
    fileprivate let cells: [CommaSeparated.Cell]
    let place: Place

    /// The value under the first of some columns that has one.
    subscript(names: String...) -> String? {
      for name in names {
        if let column = columns[name], column < cells.count {
          let text = cells[column].text.trimmedBlanks
          if !text.isEmpty, text != "—", text != "-" { return text }
        }
      }
      return nil
    }
  }
  /// The columns' names in lower case, with underscores: `IP Address` is `ip_address`.
  let columns: [String: Int]
  let records: [Record]

  /// Reads comma-separated values whose first record names the columns.
  ///
  /// - Throws: ``Problem`` when there are no columns, too many, or a record has more values than there are.
  init(file: String, text: String) throws(Problem) {
    let all = try CommaSeparated.records(file: file, text: text)
    guard let header = all.first, header.contains(where: { !$0.text.isEmpty }) else {
      throw Problem(
        file: file, line: 1, column: 1, message: "an empty table",
        fix: "the first line names the columns")
    }
    guard header.count <= 500 else {
      throw Problem(
        file: file, line: 1, column: 1, message: "\(header.count) columns", fix: "export fewer")
    }
    var columns: [String: Int] = [:]
    for (number, cell) in header.enumerated() {
      let name = String(
        cell.text.trimmedBlanks.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
      if columns[name] == nil { columns[name] = number }
    }
    self.columns = columns
    var records: [Record] = []
    for cells in all.dropFirst() where !(cells.count == 1 && cells[0].text.isEmpty) {
      try CommaSeparated.refuse(cells, wider: header.count, file: file)
      records.append(
        Record(
          columns: columns, cells: cells,
          place: Place(file: file, line: cells[0].line, column: cells[0].column)))
    }
    self.records = records
  }

  /// Whether there is a column of one of some names.
  func has(_ names: String...) -> Bool { names.contains { columns[$0] != nil } }
}

extension String {
  /// The text without blanks at its ends.
  var trimmedBlanks: String {
    let bytes = Array(utf8)
    var (start, end) = (0, bytes.count)
    while start < end, [0x20, 0x09].contains(bytes[start]) { start += 1 }
    while end > start, [0x20, 0x09].contains(bytes[end - 1]) { end -= 1 }
    return start == 0 && end == bytes.count
      ? self : String(decoding: bytes[start..<end], as: UTF8.self)
  }
}
