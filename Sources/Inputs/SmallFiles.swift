import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The text of a configuration file.
///
/// - Parameters:
///   - path: The file.
///   - limit: How many bytes it may have.
/// - Throws: ``InputError`` when it can not be read, is larger than `limit`, or is not UTF-8; the
///   offset is that of the first byte that is not.
public func readText(_ path: String, limit: Int = 16 << 20) throws(InputError) -> String {
  let bytes = try readBytes(RawPath(path), limit: limit)
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  let text: String
  do {
    text = String(copying: try UTF8Span(validating: bytes.span.extracting(start...)))
  } catch {
    throw InputError(
      path: RawPath(path).description, reason: .invalidUTF8,
      offset: UInt64(start + error.byteOffsets.lowerBound), message: "not UTF-8",
      fix: "save the file as UTF-8")
  }
  return text
}

/// The bytes of the file at `path`, at most `limit` of them.
func readBytes(_ path: RawPath, limit: Int) throws(InputError) -> [UInt8] {
  let descriptor = openToRead(path)
  guard descriptor >= 0 else { throw .system(errno, path: path.description, verb: "open") }
  defer { close(descriptor) }
  guard let status = FileStatus(descriptor: descriptor) else {
    throw .system(errno, path: path.description, verb: "open")
  }
  guard status.kind != .folder else {
    throw InputError(
      path: path.description, reason: .wrongKind, message: "a folder, not a file",
      fix: "name a file in it")
  }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = unsafe piece.withUnsafeMutableBytes { unsafe readSome(descriptor, $0) }
    guard count >= 0 else { throw .system(errno, path: path.description, verb: "read") }
    guard count > 0 else { return bytes }
    bytes += piece[..<count]
    guard bytes.count <= limit else {
      throw InputError(
        path: path.description, reason: .tooLarge, offset: UInt64(limit),
        message: "larger than \(limit) bytes", fix: "split the file")
    }
  }
}

/// The files in a folder whose names end in one of `extensions`, in bytewise order.
///
/// - Parameters:
///   - folder: The folder.
///   - extensions: Endings without their dot, such as `yaml`.
///   - recursive: Whether folders below count too; links to folders are not followed.
/// - Returns: The files' paths, each beginning with `folder`; names that begin with a dot are left
///   out.
/// - Throws: ``InputError`` when a folder can not be listed, or a file's name is not UTF-8.
public func listFiles(
  _ folder: String, extensions: [String], recursive: Bool = false
) throws(InputError) -> [String] {
  var (paths, pending) = ([String](), [RawPath(folder).withoutTrailingSlash])
  while let next = pending.popLast() {
    guard let names = namesInFolder(next) else {
      throw .system(errno, path: next.description, verb: "list the folder")
    }
    for name in names where name.first != 0x2E {
      let path = next.appending(name)
      guard let status = FileStatus(path) else { continue }
      if status.kind == .folder, recursive, !isLink(path) { pending.append(path) }
      let ending = name.lastIndex(of: 0x2E).map { name[($0 + 1)...] } ?? []
      guard status.kind == .regular,
        extensions.contains(where: { ending.elementsEqual($0.utf8) })
      else { continue }
      guard let text = String(validating: path.bytes, as: UTF8.self) else {
        throw InputError(
          path: path.description, reason: .badName, message: "its name is not UTF-8",
          fix: "rename the file")
      }
      paths.append(text)
    }
  }
  return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Whether the name itself is a symbolic link.
private func isLink(_ path: RawPath) -> Bool {
  var info = stat()
  return unsafe lstat(path.cString, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
}

/// The SHA-256 of a file, in hexadecimal; memory stays bounded whatever its size.
///
/// - Throws: ``InputError`` when it can not be read to its end.
public func sha256(ofFile path: String) throws(InputError) -> String {
  let path = RawPath(path)
  let descriptor = openToRead(path)
  guard descriptor >= 0 else { throw .system(errno, path: path.description, verb: "open") }
  defer { close(descriptor) }
  let hash = try SHA256()
  var piece = [UInt8](repeating: 0, count: 256 << 10)
  while true {
    let count = unsafe piece.withUnsafeMutableBytes { buffer in
      let count = unsafe readSome(descriptor, buffer)
      if count > 0 { unsafe hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      return count
    }
    guard count >= 0 else { throw .system(errno, path: path.description, verb: "read") }
    if count == 0 { return hash.finish() }
  }
}

/// The time-zone file of a zone, such as `Europe/Amsterdam`, from `$TZDIR` or the system's folder.
///
/// - Throws: ``InputError`` when `name` could lead out of that folder, or there is no such zone.
public func zoneFile(named name: String) throws(InputError) -> [UInt8] {
  // SAFETY: the environment's texts are closed by a zero; nothing in the program changes them.
  let setting = unsafe getenv("TZDIR").map { unsafe String(cString: $0) }
  let folder = setting.flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo"
  let parts = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
  let isPlain = parts.allSatisfy { part in
    guard let first = part.first, first.isLetter else { return false }
    return part.allSatisfy { $0.isLetter || $0.isDigit || [0x2B, 0x2D, 0x5F].contains($0) }
  }
  guard isPlain, name.utf8.count <= 64 else {
    throw InputError(
      path: displayText([UInt8](name.utf8)[...]), reason: .badName, message: "not a zone's name",
      fix: "write it as in Europe/Amsterdam")
  }
  let path = RawPath(folder).appending(name.utf8)
  let bytes: [UInt8]
  do throws(InputError) {
    bytes = try readBytes(path, limit: 1 << 20)
  } catch {
    guard error.reason == .missing || error.reason == .wrongKind else { throw error }
    throw InputError(
      path: path.description, reason: error.reason, message: "no time zone is called \(name)",
      fix: "check the name, or install the package tzdata")
  }
  guard bytes.starts(with: "TZif".utf8) else {
    throw InputError(
      path: path.description, reason: .damaged, offset: 0, message: "not a time-zone file",
      fix: "check the name, or install the package tzdata again")
  }
  return bytes
}

extension UInt8 {
  /// Whether the byte is an ASCII letter.
  fileprivate var isLetter: Bool { asciiLowered &- 0x61 < 26 }
}
