public import Bytes

/// One line of Docker's `json-file` logs: what a container said, and when.
///
/// - SeeAlso: the JSON File logging driver of Docker.
public struct DockerLine: Sendable {
  /// What the container said, its escapes undone, without its line ending; `nil` when it is no text.
  public private(set) var text: ByteView?
  /// When, as written; `nil` when it is no text.
  public private(set) var time: ByteView?

  /// Reads a line that must be one JSON object.
  ///
  /// - Parameter scratch: Where a text with escapes goes; readable as long as that is.
  /// - Throws: ``JSONError`` naming the first offending byte.
  /// - Complexity: O(*n*).
  public init(_ line: ByteView, _ scratch: Scratch) throws(JSONError) {
    try JSONCursor.readObject(line, scratch) { (key, cursor) throws(JSONError) in
      let isText = cursor.offset < line.count && line[cursor.offset] == 0x22
      if isText, key.equals("log") {
        text = try cursor.readString(scratch).withoutEnding
      } else if isText, key.equals("time") {
        time = try cursor.readString(scratch)
      } else {
        try cursor.skipValue(depth: 1)
      }
    }
  }
}

extension ByteView {
  /// The view without one line feed at its end, and without one carriage return before that.
  var withoutEnding: ByteView {
    let end = count > 0 && self[count - 1] == 0x0A ? count - 1 : count
    return prefix(end > 0 && self[end - 1] == 0x0D ? end - 1 : end)
  }
}
