public import Bytes
import CCrypto

/// OpenSSL's SHA-256, looked up once: a look-up costs more than hashing a log line.
private enum SHA256 {
  // SAFETY: an algorithm is never written to after it was fetched, and never freed.
  nonisolated(unsafe) static let algorithm: OpaquePointer? =
    unsafe EVP_MD_fetch(nil, "SHA2-256", nil) ?? EVP_sha256()
}

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
public func sha256Hex(_ bytes: ByteView) -> String {
  unsafe bytes.withUnsafeBytes { unsafe sha256Hex($0) }
}

/// SHA-256 of the bytes as 64 lower-case hexadecimal digits.
public func sha256Hex(_ bytes: [UInt8]) -> String {
  unsafe bytes.withUnsafeBytes { unsafe sha256Hex($0) }
}

private func sha256Hex(_ bytes: UnsafeRawBufferPointer) -> String {
  var digest = [UInt8](repeating: 0, count: 32)
  let isDone = unsafe digest.withUnsafeMutableBufferPointer { digest in
    // SAFETY: the digest has room for the algorithm's 32 bytes.
    unsafe EVP_Digest(
      bytes.baseAddress, bytes.count, digest.baseAddress, nil, SHA256.algorithm, nil)
  }
  precondition(isDone == 1, "OpenSSL has no SHA-256")
  return hexadecimal(digest)
}

/// Two lower-case digits for each byte.
private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
