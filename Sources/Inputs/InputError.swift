/// Why one input could not be used: what, where, and the fix.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, escaped for display.
  public let path: String
  /// The kind of failure.
  public let reason: InputReason
  /// The offset of the first offending byte, when there is one.
  public let offset: UInt64?
  /// What is wrong.
  public let message: String
  /// What to change.
  public let fix: String

  /// An error about one path.
  public init(
    path: String, reason: InputReason, offset: UInt64? = nil, message: String, fix: String
  ) {
    self.path = path
    self.reason = reason
    self.offset = offset
    self.message = message
    self.fix = fix
  }

  /// The path, what is wrong with it, where, and the fix.
  public var description: String {
    let place = offset.map { " at byte \($0)" } ?? ""
    return "\(path): \(message)\(place); \(fix)"
  }
}

/// Something that discovery left out, and why.
public struct InputProblem: Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, escaped for display.
  public let path: String
  /// The kind of problem.
  public let reason: InputReason
  /// What is wrong.
  public let message: String
  /// What to change; empty when nothing needs to change.
  public let fix: String
  /// Whether leaving it out was expected, so that the run still counts as complete.
  public let isNote: Bool

  /// A problem about one path.
  public init(
    path: String, reason: InputReason, message: String, fix: String = "", isNote: Bool = false
  ) {
    self.path = path
    self.reason = reason
    self.message = message
    self.fix = fix
    self.isNote = isNote
  }

  /// The path, what is wrong with it, and the fix.
  public var description: String { "\(path): \(message)" + (fix.isEmpty ? "" : "; \(fix)") }
}

/// A file that could be read only in part, or not at all; what came before the fault counts.
public struct InputFault: Hashable, Sendable, CustomStringConvertible {
  /// The file, escaped for display.
  public let path: String
  /// Which of the stream's files it is.
  public let fileIndex: Int
  /// The kind of fault.
  public let reason: InputReason
  /// The offset of the fault in the file as it is on disk.
  public let offset: UInt64
  /// How many uncompressed bytes were read and rejected because of it.
  public let byteCount: UInt64
  /// How many lines were read and rejected because of it.
  public let lineCount: UInt64
  /// What is wrong.
  public let message: String
  /// What to change.
  public let fix: String

  /// The path, what is wrong with it, where, and the fix.
  public var description: String { "\(path): \(message) at byte \(offset); \(fix)" }
}
