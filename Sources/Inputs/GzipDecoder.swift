/// The members of one gzip file, inflated one after the other.
///
/// Zeros may stand between members and behind the last. What is delivered before something wrong,
/// where that is, and what it is called are the same as with zlib, whatever the sizes of pieces.
///
/// Memory is bounded by the decoder's and the pieces', whatever the file unpacks to.
///
/// - SeeAlso: RFC 1952.
@safe final class GzipDecoder {
  /// Where decoding stands.
  private enum State { case between, member, trailer, done }

  private let decoder: DeflateDecoder
  private var state = State.between
  private var checksum = CRC32()
  /// How many bytes the member has so far, modulo 2 to the power of 32.
  private var memberBytes: UInt32 = 0
  /// The member's last bytes, which matches may name, at the end of a window; and how many.
  private let window: UnsafeMutablePointer<UInt8>
  private var historyBytes = 0
  /// Why decoding stopped early.
  private(set) var failure: InputReason?
  /// Where in the file: the first byte not needed to see it, or the file's end when it is cut short.
  private(set) var failureOffset: UInt64 = 0

  /// A decoder at the beginning of a file.
  ///
  /// - Parameter refill: Reads the file's next bytes into a buffer; zero at the end.
  init(refill: @escaping (UnsafeMutableRawBufferPointer) -> Int) {
    // SAFETY: the decoder lends it the decoder's own buffer.
    unsafe decoder = DeflateDecoder(refill: refill)
    unsafe window = .allocate(capacity: DeflateDecoder.windowBytes)
  }

  deinit { unsafe window.deallocate() }

  /// Whether there is nothing more to fill pieces with.
  var isDone: Bool { state == .done }

  /// Fills `piece`; less than its size at the end or before what is wrong, and then nothing.
  ///
  /// - Parameter byteCount: How many bytes are enough, at most a piece's.
  func fill(_ piece: Piece, upTo byteCount: Int = Piece.byteCount) {
    let start = unsafe piece.start
    // SAFETY: before a piece's first byte there is room for a window.
    var floor = unsafe start - historyBytes
    unsafe floor.update(
      from: window + DeflateDecoder.windowBytes - historyBytes, count: historyBytes)
    var (output, summed) = unsafe (start, start)
    let end = unsafe start + min(byteCount, Piece.byteCount)
    while unsafe output < end, state != .done {
      switch state {
      case .between:
        guard findMember(), readHeader() else { break }
        decoder.reset()
        (state, checksum, memberBytes) = (.member, CRC32(), 0)
        unsafe (floor, summed) = unsafe (output, output)
      case .member:
        do throws(DeflateDecoder.Failure) {
          // In parts, so that the bytes are in the processor's cache when they are summed.
          let stop = unsafe min(end, output + 128 << 10)
          if try unsafe !decoder.inflate(&output, to: stop, floor: floor) { state = .trailer }
          unsafe add(&summed, to: output)
        } catch {
          fail(error.stop)
        }
      case .trailer:
        readTrailer()
      case .done: break
      }
    }
    piece.count = unsafe output - start
    unsafe historyBytes = min(DeflateDecoder.windowBytes, output - floor)
    // SAFETY: that many bytes are before the output, and at most a window.
    unsafe (window + DeflateDecoder.windowBytes - historyBytes).update(
      from: output - historyBytes, count: historyBytes)
  }

  private func add(
    _ from: inout UnsafeMutablePointer<UInt8>, to end: UnsafeMutablePointer<UInt8>
  ) {
    // SAFETY: the bytes in between were written to one piece.
    let bytes = unsafe UnsafeBufferPointer(start: UnsafePointer(from), count: end - from)
    unsafe checksum.add(bytes)
    memberBytes &+= UInt32(truncatingIfNeeded: bytes.count)
    unsafe from = end
  }

  /// Skips zeros to the next member's first two bytes; `false` when there are none.
  private func findMember() -> Bool {
    while decoder.need(8) {
      if decoder.peek(8) == 0 {
        _ = decoder.take(8)
      } else if decoder.need(16), decoder.peek(16) == 0x8B1F {
        return true
      } else {
        fail(.gzipTrailingGarbage, at: decoder.offset)
        return false
      }
    }
    state = .done
    return false
  }

  /// Reads what stands before a member's content; RFC 1952, section 2.3.
  private func readHeader() -> Bool {
    var sum = CRC32()
    func next() -> UInt8? {
      guard decoder.need(8) else {
        fail(.inputEnded)
        return nil
      }
      let byte = UInt8(decoder.take(8))
      sum.add(byte)
      return byte
    }
    func skip(_ count: Int) -> Bool { (0..<count).allSatisfy { _ in next() != nil } }
    func skipText() -> Bool {
      while let byte = next() { if byte == 0 { return true } }
      return false
    }
    guard skip(2), let method = next(), let flags = next() else { return false }
    guard method == 8, flags & 0xE0 == 0 else {
      fail(.invalid)
      return false
    }
    guard skip(6) else { return false }
    if flags & 4 != 0 {
      guard let low = next(), let high = next(), skip(Int(high) << 8 | Int(low))
      else { return false }
    }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard skipText() else { return false }
    }
    guard flags & 2 != 0 else { return true }
    let expected = sum.value & 0xFFFF
    guard let low = next(), let high = next() else { return false }
    if UInt32(high) << 8 | UInt32(low) != expected {
      fail(.invalid)
      return false
    }
    return true
  }

  /// Compares what stands behind a member's content with the content.
  private func readTrailer() {
    state = .between
    decoder.alignToByte()
    for expected in [checksum.value, memberBytes] {
      guard decoder.need(32) else { return fail(.inputEnded) }
      guard decoder.take(32) == Int(expected) else {
        return fail(.gzipChecksum, at: decoder.offset)
      }
    }
  }

  private func fail(_ stop: DeflateDecoder.Stop) {
    switch stop {
    case .inputEnded: fail(.gzipTruncated, at: decoder.takenBytes)
    case .invalid: fail(.gzipCorrupt, at: decoder.offset)
    }
  }

  private func fail(_ reason: InputReason, at offset: UInt64) {
    (failure, failureOffset) = (reason, offset)
    state = .done
  }
}
