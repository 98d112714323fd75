import Foundation

/// A folder that is gone when its test is.
final class TestFolder: Sendable {
  /// Where it is; it may not be there yet.
  let path: String

  /// A folder of its own, whose name begins with a word.
  init(_ name: String) {
    path = FileManager.default.temporaryDirectory.path + "/\(name)-" + UUID().uuidString
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
