import Bytes
import Inputs

/// What the configuration, which is compiled into this program from the command's own folder, asks of
/// the command: here, whether there is a zone of a name.
enum Workspace {
  /// The zone of a name; only UTC is there.
  static func zone(named name: String) throws -> Zone {
    guard name == "UTC" else {
      throw InputError(
        path: name, reason: .missing, message: "no zone is called `\(name)`", fix: "name another")
    }
    return .utc
  }
}

/// What the configuration must know of ends of silences.
enum SilenceEnds {
  static let detector = "silence-ended"
}

/// The detectors that are no files.
enum SelfWatch {
  static let detectors = ["route-failing"]
}

/// Nobody else is on this machine.
enum Environment {
  static func isReadableByOthers(_ path: String) -> Bool { false }
}
