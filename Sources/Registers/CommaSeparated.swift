import Documents

/// Reads comma-separated values (RFC 4180) as the mappings that YAML would have given.
///
/// The first row names the keys; `engagement.start` is a key within a key, and keys that are
/// numbers (`renewals.1.until`) make a list.
enum CommaSeparated {
  /// The rows of a file, or the first mistake.
  static func rows(file: String, text: String) throws(Problem) -> [RowNode] {
    let records = try records(file: file, text: text)
    guard let header = records.first else { return [] }
    let keys = header.map { $0.text.split(separator: ".").map(String.init) }
    for (cell, key) in zip(header, keys) where key.isEmpty {
      throw Problem(
        file: file, line: cell.line, column: cell.column, message: "a column without a name",
        fix: "name the key that the column holds")
    }
    for (cell, key) in zip(header, keys) where key.count > depthMax {
      throw Problem(
        file: file, line: cell.line, column: cell.column,
        message: "a column \(key.count) keys deep; no register has more than \(depthMax)",
        fix: "write the key as in engagement.start or renewals.1.until")
    }
    var rows: [RowNode] = []
    for record in records.dropFirst() {
      try refuse(record, wider: keys.count, file: file)
      if record.count == 1, record[0].text.isEmpty { continue }
      let cells = zip(keys, record).map { (key: $0[...], cell: $1) }
      rows.append(node(cells, line: record[0].line, column: record[0].column))
    }
    return rows
  }

  /// How many keys may stand within one another.
  private static let depthMax = 8

  /// Refuses a record that has more values than there are columns.
  static func refuse(_ record: [Cell], wider count: Int, file: String) throws(Problem) {
    guard record.count > count else { return }
    throw Problem(
      file: file, line: record[count].line, column: record[count].column,
      message: "\(record.count) values under \(count) columns",
      fix: "put quotes around a value that holds a comma")
  }

  /// One value, and where it begins.
  struct Cell {
    var text = ""
    var line, column: Int
  }

  private static func node(
    _ cells: [(key: ArraySlice<String>, cell: Cell)], line: Int, column: Int
  ) -> RowNode {
    var names: [String] = []
    var groups: [String: [(key: ArraySlice<String>, cell: Cell)]] = [:]
    for (key, cell) in cells {
      guard let name = key.first else { continue }
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append((key.dropFirst(), cell))
    }
    var entries: [RowNode.Entry] = []
    for name in names {
      guard let group = groups[name], let first = group.first else { continue }
      // A group whose cells are all empty is absent, as a key left out of YAML is.
      guard group.contains(where: { !$0.cell.text.isEmpty }) else { continue }
      let (line, column) = (first.cell.line, first.cell.column)
      let value =
        first.key.isEmpty
        ? RowNode(.scalar(first.cell.text), line: line, column: column)
        : node(group, line: line, column: column)
      entries.append(RowNode.Entry(key: name, line: line, column: column, value: value))
    }
    if !entries.isEmpty, entries.allSatisfy({ $0.key.utf8.allSatisfy { $0 &- 0x30 < 10 } }) {
      return RowNode(.list(entries.map(\.value)), line: line, column: column)
    }
    return RowNode(.map(entries), line: line, column: column)
  }

  /// The records of a file, each its cells; an empty line is a record of one empty cell.
  static func records(file: String, text: String) throws(Problem) -> [[Cell]] {
    var (records, record): ([[Cell]], [Cell]) = ([], [])
    var (line, column) = (1, 1)
    var cell = Cell(line: 1, column: 1)
    var bytes: [UInt8] = []
    var isQuoted = false
    var source = Array(text.utf8)[...]
    if source.starts(with: [0xEF, 0xBB, 0xBF]) { source = source.dropFirst(3) }
    func close() {
      cell.text = String(decoding: bytes, as: UTF8.self)
      record.append(cell)
      bytes.removeAll(keepingCapacity: true)
    }
    while let byte = source.popFirst() {
      column += 1
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && source.first == byte:
        _ = source.popFirst()
        column += 1
        bytes.append(byte)
      case UInt8(ascii: "\"") where isQuoted || bytes.isEmpty:
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        close()
        cell = Cell(line: line, column: column)
      case 0x0A:
        (line, column) = (line + 1, 1)
        if isQuoted {
          bytes.append(byte)
        } else {
          close()
          records.append(record)
          record = []
          cell = Cell(line: line, column: column)
        }
      case 0x0D where !isQuoted: break
      default: bytes.append(byte)
      }
    }
    if isQuoted {
      throw Problem(
        file: file, line: cell.line, column: cell.column, message: "a quote that never closes",
        fix: "close it, or double a quote that belongs to the value")
    }
    if !bytes.isEmpty || !record.isEmpty {
      close()
      records.append(record)
    }
    return records
  }
}
