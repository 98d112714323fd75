import Foundation

/// A folder that is removed when the test lets go of it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("inputs-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and the folders above it, and returns its path.
  @discardableResult func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Makes a symbolic link to `target`, which may be anything.
  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/\(name)", withDestinationPath: target)
  }

  /// Gives one file's name to another.
  func move(_ name: String, over other: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(other)")
    try FileManager.default.moveItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(other)")
  }

  /// Writes a text file, and returns its path.
  @discardableResult func write(_ name: String, _ text: String) throws -> String {
    try write(name, text.utf8)
  }
}

/// `bytes` as one gzip member, made by the `gzip` program.
func gzipped(_ bytes: [UInt8]) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  let plain = try folder.write("plain", bytes)
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["gzip", "-6", "-k", plain]
  try process.run()
  process.waitUntilExit()
  return [UInt8](try Data(contentsOf: URL(fileURLWithPath: plain + ".gz")))
}

/// The folder of shared samples, when this machine has one.
let sharedFolder: String? = {
  let here = URL(fileURLWithPath: #filePath)
  let package = here.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let beside = package.deletingLastPathComponent().appendingPathComponent("shared").path
  let folder = ProcessInfo.processInfo.environment["ROLLCALL_SHARED"] ?? beside
  return FileManager.default.fileExists(atPath: folder + "/corpus") ? folder : nil
}()
