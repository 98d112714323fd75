import Alerts
import Registers

/// Prints what is different between two states of the registers.
struct ChangesPaper {
  let output: ScanCommand.Output

  func write(_ changes: RegisterChanges) {
    switch output {
    case .table: writeTable(changes)
    case .jsonl: for change in changes.changes { writeObject(change) }
    }
  }

  /// How many rows of each kind there are, in words.
  static func totals(_ changes: RegisterChanges) -> String {
    (RegisterChanges.Kind.allCases.map { "\(changes.count($0)) \($0.rawValue)" }
      + ["\(changes.before) rows before, \(changes.after) after"]).joined(separator: " · ")
  }

  private func writeTable(_ changes: RegisterChanges) {
    for kind in RegisterChanges.Kind.allCases {
      let rows = changes.changes.filter { $0.kind == kind }
      guard !rows.isEmpty else { continue }
      line(
        kind == .deleted
          ? "DELETED (rows are ended with valid_to, never deleted)" : kind.rawValue.uppercased())
      for row in rows {
        let name = row.name.map { " \($0)" } ?? ""
        line("  \(row.register.rawValue) \(row.id)\(name)  (\(row.place.file):\(row.place.line))")
        // What came or went as a whole is told by its name; its keys are in the file.
        guard kind == .changed || kind == .ended else { continue }
        for key in row.keys {
          line("      \(key.key): \(key.old ?? "(absent)") → \(key.new ?? "(absent)")")
        }
      }
    }
  }

  private func line(_ text: String) { Console.out(Console.clean(text) + "\n") }

  private func writeObject(_ change: RegisterChanges.Change) {
    var json = JSONWriter()
    json.object { json in
      json.member("change", change.kind.rawValue)
      json.member("register", change.register.rawValue)
      json.member("id", change.id)
      if let name = change.name { json.member("name", name) }
      json.member("file", change.place.file)
      json.member("line", change.place.line)
      json.key("keys")
      json.array { json in
        for key in change.keys {
          json.object { json in
            json.member("key", key.key)
            if let old = key.old { json.member("old", old) }
            if let new = key.new { json.member("new", new) }
          }
        }
      }
    }
    Console.out(json.bytes + [0x0A])
  }
}
