import Foundation

/// What one run of the program left behind.
struct Run {
  var code: Int32
  var output: String
  var errors: String

  /// What it said with one blank in place of several: without its columns.
  var words: String {
    output.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }.joined(separator: "\n")
  }

  var lines: [String] { output.split(separator: "\n").map(String.init) }
  /// The ledger: the last line on standard error.
  var ledger: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
}

/// The built program, and the source tree it was built from.
enum Program {
  /// The folder of the package.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// The test bundle lies beside the program.
  static let path: String = {
    let files = FileManager.default
    let bundle = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/rollcall"
    if files.isExecutableFile(atPath: beside) { return beside }
    return package + "/.build/debug/rollcall"
  }()

  /// Runs the program to its end.
  static func run(_ arguments: String..., input: Data = Data(), in folder: String? = nil) throws
    -> Run
  {
    try run(arguments, input: input, in: folder)
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], of program: String = path, input: Data = Data(),
    in folder: String? = nil
  ) throws -> Run {
    // Files instead of pipes: a pipe that nobody empties would stop the program.
    let scratch = try Scratch()
    let files = ["in", "out", "err"].map { scratch.path + "/" + $0 }
    try input.write(to: URL(fileURLWithPath: files[0]))
    for file in files[1...] { try Data().write(to: URL(fileURLWithPath: file)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    try process.run()
    process.waitUntilExit()
    let texts = try files[1...].map {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
    }
    return Run(code: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}

/// A folder that goes away with its owner.
final class Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/rollcall-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders above it.
  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    try write(name, Data(text.utf8))
  }

  /// Writes a file, and the folders above it.
  @discardableResult func write(_ name: String, _ data: Data) throws -> String {
    let file = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file.path
  }

  /// A copy of the samples, with the modification time that their README asks for.
  static func samples() throws -> Scratch {
    let scratch = try Scratch()
    try FileManager.default.copyItem(
      atPath: Program.package + "/samples", toPath: scratch.path + "/samples")
    try scratch.stamp("samples/logs/auth.log", Samples.november)
    return scratch
  }

  /// Sets when a file was last written.
  func stamp(_ name: String, _ seconds: TimeInterval) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)],
      ofItemAtPath: path + "/" + name)
  }

  /// A file's content.
  func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
  }
}

/// What the tests know of the samples.
enum Samples {
  /// 2026-11-01 00:00 UTC, and a month earlier.
  static let (november, october) = (TimeInterval(1_793_491_200), TimeInterval(1_790_812_800))

  /// Scans the samples of a folder as OCSF.
  static func scan(_ scratch: Scratch, _ more: [String] = []) throws -> Run {
    try Program.run(
      ["scan", "-q", "--config", scratch.path + "/samples/rollcall.yaml", "--output", "jsonl"]
        + more)
  }
}
