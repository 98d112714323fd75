import Inputs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Files that a person asked for: each is written whole or not at all.
enum WholeFile {
  /// Writes a file that is not there yet; returns what went wrong.
  static func create(_ text: String, at path: String) -> String? {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return reason() }
    if let problem = fill(descriptor, text) {
      _ = unsafe unlink(path)
      return problem
    }
    return nil
  }

  /// Puts a text in the place of a file, which keeps its rights; returns what went wrong.
  static func replace(_ text: String, at path: String) -> String? {
    var status = stat()
    let mode = unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o644
    // A link stays a link: what it leads to is replaced.
    let resolved = unsafe realpath(path, nil)
    defer { unsafe free(resolved) }
    let target = unsafe resolved.map { unsafe String(cString: $0) } ?? path
    let draft = target + ".part"
    let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { return reason() }
    _ = fchmod(descriptor, mode)
    if let problem = fill(descriptor, text) {
      _ = unsafe unlink(draft)
      return problem
    }
    guard unsafe rename(draft, target) == 0 else {
      let problem = reason()
      _ = unsafe unlink(draft)
      return problem
    }
    return nil
  }

  /// Makes a folder and those above it; returns what went wrong.
  static func makeFolder(_ folder: String) -> String? {
    if Environment.isFolder(folder) { return nil }
    let parent = Paths.folder(of: folder)
    if parent != folder, let problem = makeFolder(parent) { return problem }
    return unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST ? nil : reason()
  }

  /// Writes all of a text, and closes.
  private static func fill(_ descriptor: Int32, _ text: String) -> String? {
    let bytes = Array(text.utf8)
    let isWritten = writeAll(bytes, to: descriptor) == bytes.count
    let problem = isWritten ? nil : reason()
    return close(descriptor) == 0 ? problem : problem ?? reason()
  }

  private static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
