import CChecksum
import CZlib

/// A running CRC-32 as gzip has it.
///
/// zlib's takes as long as inflating does; where the processor multiplies without carries, 64 bytes
/// are folded at a time, and zlib ends what that began.
///
/// - SeeAlso: RFC 1952, section 8; Gopal and others, "Fast CRC Computation for Generic Polynomials
///   Using PCLMULQDQ Instruction", 2009.
struct CRC32 {
  private static let canFold = checksum_can_fold() != 0
  /// The checksum of what was added.
  private(set) var value: UInt32 = 0

  /// Adds `bytes`; O(*n*).
  @unsafe mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    var rest = unsafe bytes[...]
    if bytes.count >= 64, Self.canFold, let base = bytes.baseAddress {
      let count = bytes.count & ~15
      // The register is the value's complement.
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { folded in
        guard let target = folded.baseAddress else { return }
        // SAFETY: `count` bytes are there, a multiple of 16 and 64 at least; 16 are written.
        unsafe checksum_fold(~value, base, count, target)
        value = UInt32(truncatingIfNeeded: unsafe crc32(0xFFFF_FFFF, target, 16))
      }
      unsafe rest = bytes[count...]
    }
    let tail = unsafe UnsafeBufferPointer(rebasing: rest)
    guard !tail.isEmpty else { return }
    // SAFETY: zlib reads as many bytes as it is told there are.
    value = UInt32(truncatingIfNeeded: unsafe crc32_z(UInt(value), tail.baseAddress, tail.count))
  }

  /// Adds one byte.
  mutating func add(_ byte: UInt8) {
    var byte = byte
    // SAFETY: there is one byte.
    value = UInt32(truncatingIfNeeded: unsafe crc32(UInt(value), &byte, 1))
  }
}
