import Bytes
import Corpora

/// Text that stays at one place for the whole run, and its lines.
@safe struct Text {
  let view: ByteView
  let lines: [ByteView]

  init(_ bytes: [UInt8]) {
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
    _ = unsafe room.initialize(from: bytes)
    guard let base = room.baseAddress else { preconditionFailure("room without an address") }
    // SAFETY: the room was filled above and is never given back.
    view = unsafe ByteView(base: UnsafePointer(base), count: bytes.count)
    var (lines, start): ([ByteView], Int) = ([], 0)
    while start < view.count, let end = view.firstOffset(of: 0x0A, from: start) {
      lines.append(view.slice(start, end))
      start = end + 1
    }
    self.lines = lines
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  /// About half a megabyte of a generated log: it fits the second-level cache of most machines.
  init(_ kind: Kind, crowd: Crowd = .named) {
    var (bytes, story): ([UInt8], Story) = ([], Story(kind, crowd: crowd, seed: 7))
    _ = story.write(bytes: 500_000) { bytes += $0 }
    self.init(bytes)
  }
}
