import Registers

/// The registers as Sigma placeholders: `%contractors.accounts%` and its like; others are the configuration's.
///
/// One of the registers' stands for the values of all rows, whenever they held; whether a row holds at the time of an
/// event is what the joined fields say (`person.status`, `tool.status`).
enum Placeholders {
  /// Every placeholder, and where its values come from.
  private static let all: [(name: String, values: @Sendable (Registers) -> [String])] = [
    ("people.accounts", { $0.people.flatMap(\.accounts).map(\.name) }),
    ("people.ids", { $0.people.map(\.id) }),
    (
      "employees.accounts",
      { $0.people.filter { $0.kind == .employee }.flatMap(\.accounts).map(\.name) }
    ),
    (
      "service.accounts",
      { $0.people.filter { $0.kind == .service }.flatMap(\.accounts).map(\.name) }
    ),
    ("contractors.accounts", { $0.contractors.flatMap(\.accounts).map(\.name) }),
    ("contractors.ids", { $0.contractors.map(\.id) }),
    ("infrastructure.ids", { $0.infrastructure.map(\.id) }),
    ("infrastructure.names", { $0.infrastructure.flatMap(\.names) }),
    ("infrastructure.addresses", { $0.infrastructure.flatMap(\.addresses) }),
    ("tools.ids", { $0.tools.map(\.id) }),
    ("tools.domains", { $0.tools.flatMap(\.domains) }),
  ]

  /// The names of all placeholders.
  static let names = all.map(\.name)

  /// What a placeholder stands for; `nil` when there is none of that name.
  static func values(of name: String, in registers: Registers) -> [String]? {
    all.first { $0.name == name }?.values(registers)
  }
}
