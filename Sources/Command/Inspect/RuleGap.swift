import Alerts

/// Something about a detector that nobody has shown to work, or that can not work.
struct RuleGap {
  /// What is missing; the words that programs read.
  enum Kind: String {
    case noTests = "no-tests"
    case noFiringTest = "no-firing-test"
    case noSilentTest = "no-silent-test"
    case branch = "branch-never-true"
    case unusedSelection = "selection-unused"
    case field = "field-never-filled"
    case value = "value-never-seen"
    case impossible = "can-not-fire"

    /// The same for a person.
    var words: String {
      switch self {
      case .noTests: "no tests"
      case .noFiringTest: "no test that must fire"
      case .noSilentTest: "no test that must stay silent"
      case .branch: "not tested"
      case .unusedSelection: "not used"
      case .field: "never filled"
      case .value: "never that value"
      case .impossible: "can not fire"
      }
    }
  }

  var kind: Kind
  var detector: String
  var file: String
  var line: Int
  /// What is so; may be empty where the kind says it all.
  var message: String
  var fix = ""

  /// One line for a person.
  var text: String {
    var text = "\(file):\(line): \(detector): \(kind.words)"
    if !message.isEmpty { text += ": \(message)" }
    if !fix.isEmpty { text += "; \(fix)" }
    return text
  }

  /// One line for a program.
  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("type", "gap")
      json.member("kind", kind.rawValue)
      json.member("detector", detector)
      json.member("file", file)
      json.member("line", line)
      json.member("message", message.isEmpty ? kind.words : message)
      if !fix.isEmpty { json.member("fix", fix) }
    }
  }
}
