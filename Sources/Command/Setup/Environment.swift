import Inputs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the process was given by its surroundings.
enum Environment {
  /// The environment's variables.
  static var all: [String: String] {
    var result: [String: String] = [:]
    // SAFETY: the program changes no variable, so the list and its texts stay as they are.
    var place = unsafe environ
    while let entry = unsafe place.pointee {
      let text = unsafe String(cString: entry)
      if let equals = text.firstIndex(of: "=") {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      unsafe place += 1
    }
    return result
  }

  /// Whether a path is a folder.
  static func isFolder(_ path: String) -> Bool { kind(path) == S_IFDIR }

  /// A file's path whatever the folder that it is named from; as it is when its folder can not be found.
  static func absolute(_ path: RawPath) -> String {
    let text = path.description
    let name = text.split(separator: "/").last.map(String.init) ?? text
    guard let folder = unsafe realpath(Paths.folder(of: text), nil) else { return text }
    defer { unsafe free(folder) }
    let place = unsafe String(cString: folder)
    return place == "/" ? "/" + name : place + "/" + name
  }

  /// Whether there is anything at a path.
  static func exists(_ path: String) -> Bool { kind(path) != nil }

  /// The size of a file in bytes; 0 when there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether anybody on the machine may read a file.
  static func isReadableByOthers(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
  }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT
  }

  /// Whether a file descriptor is a terminal.
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The width of the terminal on standard output, 100 when there is none.
  static var terminalWidth: Int {
    var size = winsize()
    guard unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 100 }
    return Int(size.ws_col)
  }

  /// How many processors this process may use.
  static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// Seconds since 1970 by the machine's clock.
  static var now: Int64 { Int64(time(nil)) }

  /// The latest time that an event may have, nanoseconds: a year from now, clocks being what they are.
  static var latestTime: Int64 { (now + 366 * 86_400) * 1_000_000_000 }

  /// Seconds since some moment, for progress.
  static var monotonic: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The path of the running program.
  static var executable: String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "" }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
