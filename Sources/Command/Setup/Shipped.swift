import Documents
import Inputs

/// Finds the detectors and mappings that come with the program: ordinary files, not hidden ones.
///
/// They are looked for in `$ROLLCALL_SHARE`, then in `../share/rollcall` beside the program (where
/// `make install` puts them), then in the source tree the program was built in.
enum Shipped {
  /// The folder with the shipped detectors.
  static func detectors() throws -> String {
    try find(installed: "detectors", source: "detectors")
  }

  /// The shipped mapping files.
  static func mappings() throws -> [String] {
    try listFiles(
      find(installed: "mappings", source: "Sources/Events/Mappings"), extensions: ["yaml"])
  }

  /// The folders of what is shipped, as far as they are found, each with its kind.
  static var folders: [(kind: String, path: String)] {
    let detectors = try? find(installed: "detectors", source: "detectors")
    let mappings = try? find(installed: "mappings", source: "Sources/Events/Mappings")
    return [("detectors", detectors), ("mappings", mappings)].compactMap { kind, path in
      path.map { (kind, $0) }
    }
  }

  private static func find(installed: String, source: String) throws -> String {
    if let share = Environment.all["ROLLCALL_SHARE"], !share.isEmpty {
      return "\(share)/\(installed)"
    }
    var folder = Paths.folder(of: Environment.executable)
    let beside = "\(folder)/../share/rollcall/\(installed)"
    if Environment.isFolder(beside) { return beside }
    // .build/x86_64-…/release is three floors above the source tree at the most.
    for _ in 0..<5 {
      let candidate = "\(folder)/\(source)"
      if Environment.isFolder(candidate),
        Environment.isFolder("\(folder)/Sources/Events/Mappings")
      {
        return candidate
      }
      folder = Paths.folder(of: folder)
    }
    throw Problem(
      file: installed, line: 1, column: 1,
      message: "the shipped \(installed) are not beside the program",
      fix: "run `make install`, or set ROLLCALL_SHARE to the folder that holds them")
  }
}
