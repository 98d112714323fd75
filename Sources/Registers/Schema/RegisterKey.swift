/// One key that a row of a register may have: its name, what its value looks like, and what it says.
public struct RegisterKey: Sendable {
  /// What a value looks like.
  public enum Sort: Sendable {
    case text, texts, day, point, month, duration, bool, integer, decimal
    /// One of a closed list of words.
    case word([String])
    /// Hours of the week, one text or a list of them.
    case hours
    /// Names by system: `{gitlab: [name]}`, and in CSV `gitlab:name`.
    case names
    /// Times by system: `{gitlab: 2026-10-09T17:00:00Z}`.
    case times
    /// A mapping with keys of its own.
    case mapping(RegisterKeys)
    /// A list of mappings.
    case rows(RegisterKeys)
    /// A reference as text, or a mapping that says more about it.
    case textOrMapping(RegisterKeys)
  }
  /// How the key is written.
  public let name: String
  /// What its value looks like.
  public let sort: Sort
  /// What it says, in one sentence.
  public let summary: String
  /// Whether a row without it is refused.
  public let isRequired: Bool

  init(_ name: String, _ sort: Sort, _ summary: String, isRequired: Bool = false) {
    (self.name, self.sort, self.summary, self.isRequired) = (name, sort, summary, isRequired)
  }
}

/// The keys of one mapping, in the order in which a person would write them.
///
/// This is the only place that knows them: what is unknown, the JSON Schema and the columns of a CSV
/// file all follow from it.
public final class RegisterKeys: Sendable {
  /// The keys.
  public let all: [RegisterKey]
  private let numbers: [String: Int]

  init(_ keys: [RegisterKey]) {
    all = keys
    numbers = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1.name, $0) })
  }

  /// The names of the keys.
  public var names: [String] { all.map(\.name) }

  /// Whether there is a key of this name.
  func has(_ name: String) -> Bool { numbers[name] != nil }

  /// The key of a name.
  public subscript(name: String) -> RegisterKey? { numbers[name].map { all[$0] } }

  /// The keys within a key, when its value is a mapping or a list of mappings.
  func within(_ name: String) -> RegisterKeys? {
    switch self[name]?.sort {
    case .mapping(let keys), .rows(let keys), .textOrMapping(let keys): keys
    default: nil
    }
  }
}

/// The words of a closed list.
func words<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> [String]
where Word.RawValue == String {
  Word.allCases.map(\.rawValue)
}
