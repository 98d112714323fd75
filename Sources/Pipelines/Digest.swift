public import Bytes
import CCrypto

/// SHA-256 (FIPS 180-4) through the system's libcrypto.
public enum Digest {
  /// The 32 bytes of the digest.
  public static func sha256(_ view: ByteView) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var size: UInt32 = 0
    let status = unsafe view.withUnsafeBytes { bytes in
      unsafe EVP_Digest(bytes.baseAddress, bytes.count, &digest, &size, EVP_sha256(), nil)
    }
    precondition(status == 1 && size == 32, "libcrypto has no SHA-256")
    return digest
  }

  /// The digest of bytes of one's own.
  public static func sha256(_ bytes: [UInt8]) -> [UInt8] { bytes.withView { sha256($0) } }

  /// Hexadecimal digits, lower case.
  public static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
