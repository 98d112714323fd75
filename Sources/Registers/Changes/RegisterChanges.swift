public import Documents

/// What is different between two states of the registers: who and what came, changed, ended, or vanished.
///
/// A plain value over texts, for two folders, two revisions, or what the registers were at two reviews. Rows are
/// held against each other by their ids, and by what they are about where a register has none.
public struct RegisterChanges: Sendable {
  /// What became of a row.
  public enum Kind: String, Sendable, CaseIterable {
    /// It was not there.
    case added
    /// Some of its keys have other values.
    case changed
    /// It was given an end: a last day, an offboarding, a retirement, a revocation.
    case ended
    /// It is gone; rows are to be ended, so this takes something away from the past.
    case deleted
  }
  /// One key with another value than before.
  public struct KeyChange: Hashable, Sendable {
    /// The key, as a path: `employment.end`.
    public let key: String
    /// What it was and what it is; `nil` where it was or is not there.
    public let old, new: String?
  }
  /// One row that is different.
  public struct Change: Hashable, Sendable {
    /// What became of it.
    public let kind: Kind
    /// Its register.
    public let register: RegisterKind
    /// Its id.
    public let id: String
    /// Its name or title, where it has one.
    public let name: String?
    /// Its keys that are different; of an added row those that it has, of a deleted one those that it had.
    public let keys: [KeyChange]
    /// Where the row stands; of a deleted one, where it stood.
    public let place: Place
  }

  /// The changes in the order of the registers, and in each as the rows stand: first those there, then those gone.
  public let changes: [Change]
  /// How many rows there were, and are.
  public let before, after: Int

  /// Compares the files of two states.
  ///
  /// - Throws: ``Problem`` for a file that can not be read; whether its rows are right is for `lint`.
  /// - Complexity: O(*n*) in rows.
  public init(
    from old: [(file: String, text: String)], to new: [(file: String, text: String)]
  ) throws(Problem) {
    let (old, new) = (try PlainRows(old).rows, try PlainRows(new).rows)
    (before, after) = (old.count, new.count)
    func key(_ row: PlainRows.Row) -> String { "\(row.register.rawValue) \(row.id)" }
    let former = Dictionary(old.map { (key($0), $0) }) { first, _ in first }
    let present = Set(new.map(key))
    var changes: [Change] = []
    for register in RegisterKind.allCases {
      for row in new where row.register == register {
        if let change = RegisterChanges.change(from: former[key(row)], to: row) {
          changes.append(change)
        }
      }
      for row in old where row.register == register && !present.contains(key(row)) {
        changes.append(
          Change(
            kind: .deleted, register: register, id: row.id, name: row.name,
            keys: row.values.map { KeyChange(key: $0.path, old: $0.text, new: nil) },
            place: row.place))
      }
    }
    self.changes = changes
  }

  /// How many changes there are of a kind.
  public func count(_ kind: Kind) -> Int { changes.count { $0.kind == kind } }

  private static func change(from old: PlainRows.Row?, to new: PlainRows.Row) -> Change? {
    let keys = RegisterChanges.keys(from: old, to: new)
    if old != nil, keys.isEmpty { return nil }
    let kind: Kind = old == nil ? .added : keys.contains(where: isEnd) ? .ended : .changed
    return Change(
      kind: kind, register: new.register, id: new.id, name: new.name ?? old?.name, keys: keys,
      place: new.place)
  }

  /// The keys with other values, as the new row has them, then those that are gone.
  static func keys(from old: PlainRows.Row?, to new: PlainRows.Row) -> [KeyChange] {
    let was = Dictionary(old?.values.map { ($0.path, $0.text) } ?? []) { first, _ in first }
    let names = Set(new.values.map(\.path))
    return new.values.filter { was[$0.path] != $0.text }
      .map { KeyChange(key: $0.path, old: was[$0.path], new: $0.text) }
      + (old?.values ?? []).filter { !names.contains($0.path) }
      .map { KeyChange(key: $0.path, old: $0.text, new: nil) }
  }

  /// Whether a key's new value ends the row.
  private static func isEnd(_ change: KeyChange) -> Bool {
    guard let new = change.new else { return false }
    switch change.key {
    case "valid_to", "employment.end", "offboarding.completed_at", "revoked_at":
      return change.old == nil
    case "status": return new == "retired"
    default: return false
    }
  }
}
