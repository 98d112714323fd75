/// Room for a run of uncompressed bytes, and before it for those that matches may name.
///
/// One thread fills it, then one reads it, never both at once: whoever hands it over holds a lock.
@safe final class Piece: @unchecked Sendable {
  /// How many bytes it is filled to.
  ///
  /// Few enough that they are still in the processor's cache when they are read.
  static let byteCount = 256 << 10

  private let base: UnsafeMutablePointer<UInt8>
  /// How many bytes there are; at most `byteCount` and a match.
  var count = 0

  /// An empty piece.
  init() {
    let room = DeflateDecoder.windowBytes + Self.byteCount + DeflateDecoder.outputMargin
    unsafe base = .allocate(capacity: room)
  }

  deinit { unsafe base.deallocate() }

  /// The first byte; before it is room for a window, behind `byteCount` bytes for a match.
  var start: UnsafeMutablePointer<UInt8> { unsafe base + DeflateDecoder.windowBytes }
}
