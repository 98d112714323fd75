import Documents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes files into a folder; each appears whole or not at all.
enum OutputFolder {
  /// Makes the folder where it is missing, and writes files into it.
  ///
  /// - Parameter flag: The option that names the folder, for what is said when it can not be written.
  static func write(
    _ files: [(name: String, text: String)], to folder: String, flag: String
  ) throws {
    try make(folder, flag)
    for file in files { try write(file.text, to: folder + "/" + file.name, flag) }
  }

  /// Makes a folder and those above it.
  private static func make(_ folder: String, _ flag: String) throws {
    if Environment.isFolder(folder) { return }
    let parent = Paths.folder(of: folder)
    if parent != folder { try make(parent, flag) }
    guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder, flag) }
  }

  private static func write(_ text: String, to path: String, _ flag: String) throws {
    let draft = path + ".part"
    guard let file = unsafe fopen(draft, "w") else { throw failure(draft, flag) }
    let bytes = Array(text.utf8)
    let count = unsafe fwrite(bytes, 1, bytes.count, file)
    let isClosed = unsafe fclose(file) == 0
    guard count == bytes.count, isClosed, unsafe rename(draft, path) == 0 else {
      throw failure(path, flag)
    }
  }

  private static func failure(_ path: String, _ flag: String) -> Problem {
    let reason = unsafe String(cString: strerror(errno))
    return Problem(
      file: path, line: 1, column: 1, message: "can not be written: \(reason)",
      fix: "choose another folder with \(flag)")
  }
}
