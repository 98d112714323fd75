import CZlib
import Inputs

/// What zlib makes of the bytes of a gzip file: the oracle for our own decoder.
struct ZlibReading: Equatable {
  var bytes: [UInt8] = []
  var reason: InputReason?
  var offset: UInt64 = 0

  init(bytes: [UInt8], reason: InputReason?, offset: UInt64) {
    (self.bytes, self.reason, self.offset) = (bytes, reason, offset)
  }

  /// Inflates the members of `file` one after the other, zeros between them skipped.
  init(of file: [UInt8]) {
    var stream = unsafe z_stream()
    // SAFETY: the stream is zeroed; 31 asks for the largest window and a gzip header.
    _ = unsafe inflateInit2_(&stream, 31, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    defer { unsafe inflateEnd(&stream) }
    var input = file
    var output = [UInt8](repeating: 0, count: 64 << 10)
    var start = 0
    while reason == nil {
      while start < file.count, file[start] == 0 { start += 1 }
      guard start < file.count else { return }
      guard file[start...].starts(with: [0x1F, 0x8B]) else {
        (reason, offset) = (.gzipTrailingGarbage, UInt64(start))
        return
      }
      unsafe inflateReset(&stream)
      let inputCount = input.count
      unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.next_in = input.baseAddress.map { unsafe $0 + start }
        unsafe stream.avail_in = UInt32(inputCount - start)
        while reason == nil {
          let (status, count) = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = UInt32(output.count)
            let status = unsafe inflate(&stream, Z_NO_FLUSH)
            return (status, output.count - Int(unsafe stream.avail_out))
          }
          bytes += output[..<count]
          if status == Z_STREAM_END { break }
          if status == Z_BUF_ERROR { reason = .gzipTruncated }
          if status == Z_DATA_ERROR {
            // SAFETY: zlib's messages are static texts.
            let text = unsafe stream.msg.map { unsafe String(cString: $0) } ?? ""
            let isCheck = text == "incorrect data check" || text == "incorrect length check"
            reason = isCheck ? .gzipChecksum : .gzipCorrupt
          }
        }
      }
      start = file.count - Int(unsafe stream.avail_in)
    }
    offset = UInt64(start)
  }
}

/// `bytes` as one gzip member, made by zlib.
///
/// - Parameters:
///   - level: 0 stores, 9 packs best.
///   - strategy: One of zlib's, such as `Z_FIXED`.
func packed(_ bytes: [UInt8], level: Int32 = 6, strategy: Int32 = Z_DEFAULT_STRATEGY) -> [UInt8] {
  var stream = unsafe z_stream()
  // SAFETY: the stream is zeroed; 31 asks for the largest window and a gzip header.
  _ = unsafe deflateInit2_(
    &stream, level, Z_DEFLATED, 31, 8, strategy, zlibVersion(),
    Int32(MemoryLayout<z_stream>.size))
  defer { unsafe deflateEnd(&stream) }
  var (input, output) = (bytes, [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 1024))
  let count = unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe output.withUnsafeMutableBufferPointer { output in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(output.count)
      _ = unsafe deflate(&stream, Z_FINISH)
      return output.count - Int(unsafe stream.avail_out)
    }
  }
  return [UInt8](output[..<count])
}
