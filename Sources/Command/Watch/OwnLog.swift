import Alerts
import ArgumentParser
import Bytes
import Logging

/// What `watch` says of itself, through the logging interface that Swift's server libraries share.
let ownLog = Logger(label: "rollcall")

/// How a line of it is written.
enum OwnLogFormat: String, ExpressibleByArgument, CaseIterable {
  /// The sentence alone, for a person at a terminal.
  case text
  /// `time=… level=… message="…" source=hosts`.
  case logfmt
  /// One object a line.
  case json

  /// Has everything said from now on in this form; once in a process.
  func begin() { LoggingSystem.bootstrap { _ in OwnLogHandler(format: self) } }

  /// One line, without its end.
  func line(
    _ message: String, level: Logger.Level, _ fields: [(name: String, value: String)],
    time: String
  ) -> String {
    let all =
      [("time", time), ("level", level.rawValue), ("message", message)]
      + fields.sorted { $0.name < $1.name }
    switch self {
    case .text: return message
    case .logfmt:
      return all.map { "\($0.0)=\(OwnLogFormat.quoted($0.1))" }.joined(separator: " ")
    case .json:
      var writer = JSONWriter()
      writer.object {
        for (name, value) in all {
          $0.key(name)
          $0.value(value)
        }
      }
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  /// A value as logfmt takes it: in quotes where a blank, a quote or an equals sign stands in it.
  private static func quoted(_ value: String) -> String {
    let isPlain = value.unicodeScalars.allSatisfy { scalar in
      scalar.value > 0x20 && scalar != "\"" && scalar != "=" && scalar != "\\"
    }
    guard !isPlain || value.isEmpty else { return value }
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

/// Writes to standard error, where journald and container runtimes take it from.
private struct OwnLogHandler: LogHandler {
  let format: OwnLogFormat
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.map { ($0.key, "\($0.value)") }
    let time = LocalTime(zone: .utc).stamp(Environment.now * 1_000_000_000)
    Console.error(
      format.line(event.message.description, level: event.level, fields, time: time))
  }
}
