import CZlib

/// The members of one gzip file, inflated one after the other.
///
/// Memory is bounded by one input piece and zlib's window, whatever the file unpacks to.
@safe final class Inflater {
  /// Where reading stands.
  private enum State { case member, between, done }
  /// How many compressed bytes are asked for at a time.
  private static let pieceBytes = 256 << 10

  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutablePointer<UInt8>
  private var state = State.between
  private var isAtEnd = false
  /// Why inflating stopped early.
  private(set) var failure: InputReason?

  /// An inflater that has seen nothing.
  init() throws(InputError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe input = .allocate(capacity: Self.pieceBytes)
    // SAFETY: the stream is zeroed and stays at this address until `deinit`. 31 asks for the largest
    // window and a gzip header.
    let status = unsafe inflateInit2_(
      stream, 31, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .noMemory(for: "gzip") }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe input.deallocate()
  }

  /// How many bytes were taken from the file but not used.
  var unusedBytes: Int { Int(unsafe stream.pointee.avail_in) }

  /// Fills `output` with uncompressed bytes.
  ///
  /// - Parameters:
  ///   - output: Where the bytes go.
  ///   - refill: Reads the file's next bytes into a buffer; zero at the end.
  /// - Returns: How many bytes were written; zero at the end or after a failure.
  func read(
    into output: UnsafeMutableRawBufferPointer, refill: (UnsafeMutableRawBufferPointer) -> Int
  ) -> Int {
    let capacity = min(output.count, 1 << 30)
    // SAFETY: zlib writes at most `avail_out` bytes, which the output has room for.
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(capacity)
    while unsafe stream.pointee.avail_out > 0, state != .done {
      if unsafe stream.pointee.avail_in == 0, !isAtEnd { unsafe top(refill) }
      switch state {
      case .between: unsafe findMember(refill)
      case .member: inflateSome()
      case .done: break
      }
    }
    return capacity - Int(unsafe stream.pointee.avail_out)
  }

  /// Moves unused bytes to the front of the input and reads more behind them.
  private func top(_ refill: (UnsafeMutableRawBufferPointer) -> Int) {
    let kept = unusedBytes
    if kept > 0 { unsafe input.update(from: stream.pointee.next_in, count: kept) }
    // SAFETY: `kept` is at most one byte here, far less than the piece.
    let room = unsafe UnsafeMutableRawBufferPointer(
      start: input + kept, count: Self.pieceBytes - kept)
    let count = unsafe refill(room)
    isAtEnd = count == 0
    unsafe stream.pointee.next_in = input
    unsafe stream.pointee.avail_in = UInt32(kept + count)
  }

  /// Skips zeros to the next member's first bytes, or ends.
  private func findMember(_ refill: (UnsafeMutableRawBufferPointer) -> Int) {
    while unsafe stream.pointee.avail_in > 0, unsafe stream.pointee.next_in.pointee == 0 {
      unsafe stream.pointee.next_in += 1
      unsafe stream.pointee.avail_in -= 1
    }
    if unusedBytes == 1, !isAtEnd { unsafe top(refill) }
    guard unusedBytes > 0 else {
      if isAtEnd { state = .done }
      return
    }
    if unusedBytes == 1, !isAtEnd { return }
    guard unusedBytes > 1, unsafe stream.pointee.next_in[0] == 0x1F,
      unsafe stream.pointee.next_in[1] == 0x8B
    else { return fail(.gzipTrailingGarbage) }
    unsafe inflateReset(stream)
    state = .member
  }

  /// Inflates until the output is full, the input is used up, or the member ends.
  private func inflateSome() {
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    switch status {
    case Z_STREAM_END: state = .between
    case Z_OK: break
    case Z_BUF_ERROR: if isAtEnd, unusedBytes == 0 { fail(.gzipTruncated) }
    case Z_MEM_ERROR: fail(.noMemory)
    default:
      // SAFETY: zlib's messages are static texts.
      let text = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? ""
      let isCheck = text == "incorrect data check" || text == "incorrect length check"
      fail(isCheck ? .gzipChecksum : .gzipCorrupt)
    }
  }

  private func fail(_ reason: InputReason) {
    failure = reason
    state = .done
  }
}
