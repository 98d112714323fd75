import Registers
import Testing

/// One scenario of a check: what stands in the registers, and what is said of it.
struct Scenario: Sendable, CustomTestStringConvertible {
  let id: String
  /// The row that must be cited, as `row-2`.
  let row: String
  /// Registers for which the check speaks, and what it begins with.
  let fires: String
  let says: String
  /// The closest thing that is in order.
  let lookAlike: String
  /// What is warned of, when the check does so.
  var warns: String?
  var at = "2026-11-01T12:00:00Z"
  var policy = ""

  var testDescription: String { id }
}

/// People whom the scenarios name: an approver, an employee, one who left, and one without a role.
let cast = """
  people:
    - {id: p-1, employment: {start: 2020-01-01}, roles: ["approver:contractor"], accounts: {"*": [ann]}}
    - {id: p-2, employment: {start: 2020-01-01}, accounts: {"*": [bob]}}
    - {id: p-3, employment: {start: 2020-01-01, end: 2026-06-30}, accounts: {"*": [cy]},
       offboarding: {completed_at: 2026-06-30, ref: WP-1, data_confirmation: WP-1}}

  """

/// A tool that keeps every clause.
func tool(_ changes: String, without keys: [String] = []) -> String {
  let whole = [
    ("status", "approved"), ("introduced_by", "p-2"), ("introduced_on", "2026-03-10"),
    ("justification", "WP-7"), ("owner", "p-2"),
    ("questionnaire", "{ref: Q-1, completed_on: 2026-03-01}"),
    ("approval", "{by: p-1, at: 2026-03-05, channel: email, ref: \"<m@example.org>\"}"),
  ]
  let kept = whole.filter { !keys.contains($0.0) }.map { "\($0.0): \($0.1)" }
  return
    "tools:\n  - {id: t-1, \((kept + [changes].filter { !$0.isEmpty }).joined(separator: ", "))}\n"
}
