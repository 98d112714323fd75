import Inputs
import Pipelines

/// The lines of one log that `watch` follows.
protocol WatchedFeed: Feed {
  /// Takes note of the log's files as they are now.
  func offer(_ files: [LogFile])
  /// How many bytes are there that were not read yet.
  var bytesBehind: UInt64 { get }
  /// Whether there are files whose turn has not come.
  var isWaiting: Bool { get }
  /// What happened to the files that a person should know.
  func takeNotes() -> [String]
}
