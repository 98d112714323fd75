/// Something wrong in a file that a person wrote: what, where, and the fix.
public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
  /// How bad it is: errors stop a start, warnings are printed.
  public enum Severity: String, Sendable, Comparable {
    case warning, error
    /// Warnings come before errors.
    public static func < (left: Severity, right: Severity) -> Bool {
      left == .warning && right == .error
    }
  }
  /// The file as the user named it.
  public let file: String
  /// Line and column, counted from one.
  public let line, column: Int
  /// What is wrong: the value found, and what was wanted.
  public let message: String
  /// What to change; empty when the message says it.
  public let fix: String
  /// How bad it is.
  public let severity: Severity

  /// A problem at a place.
  public init(
    file: String, line: Int, column: Int, message: String, fix: String = "",
    severity: Severity = .error
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.fix = fix
    self.severity = severity
  }

  /// `file:line:column: error: what is wrong; the fix`.
  public var description: String {
    "\(file):\(line):\(column): \(severity.rawValue): \(message)" + (fix.isEmpty ? "" : "; \(fix)")
  }
}

/// Several problems found in one go.
public struct Problems: Error, Sendable, CustomStringConvertible {
  /// What was found, in file order.
  public let all: [Problem]
  /// Wraps problems that were collected.
  public init(_ all: [Problem]) { self.all = all }
  /// One problem a line.
  public var description: String { all.map(\.description).joined(separator: "\n") }
}
