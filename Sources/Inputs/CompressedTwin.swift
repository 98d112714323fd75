#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A plain file and its compressed copy, as they lie side by side while one is made of the other, or for ever.
enum CompressedTwin {
  /// Whether an archive holds exactly the lines of a plain file: as many bytes, with the same beginning and checksum.
  ///
  /// An archive of several members says at its end only how long the last one is, so it counts as another file.
  ///
  /// - Complexity: O(*n*) in the plain file's bytes, and only where beginning and length agree.
  static func isSame(_ archive: LogFile, _ plain: LogFile) -> Bool {
    guard let trailer = trailer(of: archive),
      trailer.size == UInt32(truncatingIfNeeded: plain.size),
      let packed = try? head(of: archive, bytes: 4096), !packed.isEmpty,
      let written = try? head(of: plain, bytes: 4096), packed == written
    else { return false }
    return checksum(of: plain) == trailer.checksum
  }

  /// What stands at the end of a gzip file; see RFC 1952, section 2.3.1.
  private static func trailer(of file: LogFile) -> (checksum: UInt32, size: UInt32)? {
    guard file.size >= 18 else { return nil }
    let descriptor = openToRead(file.path)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 8)
    let got = unsafe bytes.withUnsafeMutableBytes { room in
      // SAFETY: the system writes at most so many bytes.
      unsafe pread(descriptor, room.baseAddress, room.count, off_t(clamping: file.size - 8))
    }
    guard got == 8 else { return nil }
    func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
      bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    return (number(bytes[..<4]), number(bytes[4...]))
  }

  private static func checksum(of file: LogFile) -> UInt32? {
    let descriptor = openToRead(file.path)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var (sum, place) = (CRC32(), UInt64(0))
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let got = unsafe bytes.withUnsafeMutableBytes { room in
        // SAFETY: the system writes at most so many bytes.
        unsafe pread(descriptor, room.baseAddress, room.count, off_t(clamping: place))
      }
      guard got >= 0 else { return nil }
      guard got > 0 else { return sum.value }
      unsafe bytes.withUnsafeBufferPointer { read in
        // SAFETY: so many bytes were read.
        unsafe sum.add(UnsafeBufferPointer(rebasing: read[..<got]))
      }
      place += UInt64(got)
    }
  }
}
