#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Endings, in lower case, of files that stand among logs and are none.
private let otherEndings: Set<String> = [
  "yaml", "yml", "toml", "ini", "conf", "cfg", "lock", "html", "htm", "css", "js", "ts", "map",
  "md", "rst", "adoc", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
  "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "bmp", "tif", "tiff", "woff", "woff2", "ttf",
  "mp3", "mp4", "webm", "wav", "idx", "db", "sqlite", "sqlite3", "db-wal", "db-shm", "db-journal",
  "mmdb", "pem", "crt", "key", "pcap", "pcapng", "py", "pyc", "sh", "rb", "go", "rs", "c", "h",
  "cpp", "hpp", "java", "class", "jar", "swift", "o", "a", "so", "exe", "dll", "bin", "iso", "deb",
  "rpm", "wasm", "swp", "pid", "sum",
]

/// Whether a file of this name, met in a folder, is obviously no log.
func isNotALog(_ name: [UInt8]) -> Bool {
  var rest = name[...]
  if rest.count > 3, rest.suffix(3).elementsEqual(".gz".utf8) { rest = rest.dropLast(3) }
  if rest.last == 0x7E { return true }
  guard let dot = rest.lastIndex(of: 0x2E) else { return false }
  return otherEndings.contains(String(decoding: rest[(dot + 1)...], as: UTF8.self).lowercased())
}

/// The first bytes of files that are read after unpacking only, and what unpacks them.
private let packedBeginnings: [(bytes: [UInt8], tool: String)] = [
  ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz -d"),
  ([0x28, 0xB5, 0x2F, 0xFD], "zstd -d"),
  ([0x04, 0x22, 0x4D, 0x18], "lz4 -d"),
  ([0x50, 0x4B, 0x03, 0x04], "unzip"),
  ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z x"),
  ([UInt8]("LPKSHHRH".utf8), "journalctl --output=json --file"),
  ([UInt8]("ElfFile\0".utf8), "evtx_dump -o jsonl"),
]

/// What unpacks a file that begins with `bytes`, or `nil` when it can be read as it is.
func unpacker(of bytes: [UInt8]) -> String? {
  if let packed = packedBeginnings.first(where: { bytes.starts(with: $0.bytes) }) {
    return packed.tool
  }
  // `BZh`, a digit, and the first six digits of pi: three letters alone might begin a line.
  let isBzip =
    bytes.starts(with: "BZh".utf8) && bytes.dropFirst(4).starts(with: [0x31, 0x41, 0x59])
  if isBzip { return "bzip2 -d" }
  return bytes.count >= 262 && bytes[257..<262].elementsEqual("ustar".utf8) ? "tar -x" : nil
}

/// The first bytes of a file as they are on disk, or `nil` with `errno` set.
func readBeginning(_ path: RawPath) -> [UInt8]? {
  let descriptor = openToRead(path)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 512)
  let count = unsafe bytes.withUnsafeMutableBytes { unsafe readSome(descriptor, $0) }
  guard count >= 0 else { return nil }
  bytes.removeLast(bytes.count - count)
  return bytes
}

/// The paths that match a pattern, in bytewise order.
func expand(_ pattern: RawPath) -> [RawPath] {
  guard pattern.bytes.contains(where: { [0x2A, 0x3F, 0x5B].contains($0) }) else { return [] }
  var result = unsafe glob_t()
  defer { unsafe globfree(&result) }
  guard unsafe glob(pattern.cString, GLOB_NOSORT, nil, &result) == 0 else { return [] }
  var paths: [RawPath] = []
  for index in 0..<Int(unsafe result.gl_pathc) {
    // SAFETY: the list holds `gl_pathc` texts, each closed by a zero.
    guard let text = unsafe result.gl_pathv[index] else { continue }
    let length = unsafe strlen(text)
    let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
    paths.append(unsafe RawPath(bytes: bytes))
  }
  return paths.sorted()
}
