#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes bytes to a file that is open, however many calls that takes.
///
/// - Returns: How many were written; when not all, `errno` says why.
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int {
  var start = 0
  while start < bytes.count {
    let count = unsafe bytes.withUnsafeBytes { buffer in
      // SAFETY: `start` is below the count.
      unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
    }
    if count < 0 {
      if errno == EINTR { continue }
      break
    }
    start += count
  }
  return start
}
