import Inputs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `watch` does with files of its own.
enum Files {
  /// Appends bytes to a file and waits until they are on the disk; returns what went wrong.
  static func append(_ bytes: [UInt8], to path: String) -> String? {
    let descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return problem(path) }
    defer { close(descriptor) }
    guard writeAll(bytes, to: descriptor) == bytes.count else { return problem(path) }
    return fsync(descriptor) == 0 ? nil : problem(path)
  }

  private static func problem(_ path: String) -> String {
    unsafe "\(path): \(String(cString: strerror(errno)))"
  }
}
