import Bytes
import Foundation
import Inputs
import Testing

/// The public logs that the conformance suites compare with, where a copy of them is at hand.
///
/// The folder is `$ROLLCALL_SHARED/corpus`, or `shared/corpus` beside the package. Without it the
/// suites are skipped, and the test run says so.
enum Corpus {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let folder: URL? = {
    let beside = package.deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["ROLLCALL_SHARED"].map { [URL(fileURLWithPath: $0)] }
      ?? [
        beside.appendingPathComponent("shared"),
        beside.deletingLastPathComponent().appendingPathComponent("shared"),
      ]
    return shared.map { $0.appendingPathComponent("corpus") }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static var isThere: Bool { folder != nil }

  static func path(_ name: String) -> String { folder?.appendingPathComponent(name).path ?? name }

  /// Every regular file, by its path inside the corpus, in order.
  static func files() throws -> [String] {
    guard let folder else { return [] }
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted().filter {
      var isFolder: ObjCBool = false
      return unsafe FileManager.default.fileExists(atPath: path($0), isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// One record of a file of cases.
  struct Case {
    let id: String
    let line: [UInt8]
    let format: String
    let expect: [String: Any]
    let record: [String: Any]

    /// What is expected of a key, as text; absent and null are the same.
    subscript(name: String) -> String? {
      guard let value = expect[name], !(value is NSNull) else { return nil }
      return value as? String ?? "\(value)"
    }

    var text: String { String(decoding: line, as: UTF8.self) }
    var matches: Bool { self["match"] == "1" || self["match"] == "true" }
    /// Whether the case holds without one of fail2ban's wider filters.
    var isNormal: Bool {
      let options = record["options"] as? [[String: Any]] ?? []
      return options.isEmpty
        || options.contains { $0["mode"] == nil || $0["mode"] as? String == "normal" }
    }
  }

  static func cases(_ name: String) throws -> [Case] {
    try bytes(name).split(separator: 0x0A).compactMap { line in
      guard let record = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
        return nil
      }
      let encoded = (record["line_b64"] as? String).flatMap { Data(base64Encoded: $0) }
      let text = record["line"] as? String ?? ""
      return Case(
        id: record["id"] as? String ?? "?", line: encoded.map { [UInt8]($0) } ?? Array(text.utf8),
        format: record["format"] as? String ?? "",
        expect: record["expect"] as? [String: Any] ?? [:],
        record: record)
    }
  }

  /// The lines of a log as the product itself reads it: unpacked, without line ends.
  static func lines(_ name: String) throws -> [[UInt8]] {
    var lines: [[UInt8]] = []
    for stream in discover([path(name)]).streams {
      let reader = ChunkReader(stream: stream)
      let chunk = Chunk()
      while try reader.next(into: chunk) {
        for line in chunk.bytes.copy().split(separator: 0x0A, omittingEmptySubsequences: false) {
          lines.append(Array(line.last == 0x0D ? line.dropLast() : line))
        }
        if chunk.bytes.count > 0, chunk.bytes[chunk.bytes.count - 1] == 0x0A { lines.removeLast() }
      }
    }
    return lines
  }

  /// A JSON document.
  static func document(_ name: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(try bytes(name)))
  }
}

/// A view over bytes that are never given back, which is fine for a test.
func view(_ bytes: [UInt8]) -> ByteView {
  let room = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
  for (offset, byte) in bytes.enumerated() { unsafe room[offset] = byte }
  return unsafe ByteView(base: UnsafePointer(room), count: bytes.count)
}

/// Calls `body` with a view of the bytes, which ends where they end.
func withView<Result>(_ bytes: [UInt8], _ body: (ByteView) throws -> Result) rethrows -> Result {
  try unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return try body(.empty) }
    return try body(unsafe ByteView(base: base, count: buffer.count))
  }
}
