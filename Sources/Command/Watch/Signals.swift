import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What others ask of the process: SIGTERM and SIGINT end it in its own time, SIGHUP reads the settings anew.
enum Signals {
  // To raise them is all that a handler may do.
  private static let ending = Atomic(false)
  private static let reloading = Atomic(false)

  /// Whether somebody asked for the end.
  static var isEnding: Bool { ending.load(ordering: .relaxed) }

  /// Whether somebody asked for the settings to be read anew; asked once for each time.
  static func takeReload() -> Bool { reloading.exchange(false, ordering: .relaxed) }

  /// Takes the signals from now on.
  static func listen() {
    // Made before a handler can ask for them.
    _ = (isEnding, takeReload())
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in Signals.ending.store(true, ordering: .relaxed) }
    }
    // A file that reached its limit is an error of the write, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGHUP) { _ in Signals.reloading.store(true, ordering: .relaxed) }
  }
}

/// Whoever started the process and watches over it: systemd's notifications, where it asks for them.
enum Supervisor {
  private static let path = Environment.all["NOTIFY_SOCKET"]

  /// Tells the supervisor something, such as `READY=1`; does nothing when there is none.
  ///
  /// - SeeAlso: sd_notify(3), which says what can be told.
  static func notify(_ state: String) {
    guard let path, !path.isEmpty else { return }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    // A name that begins with `@` is none of the file system's.
    if name[0] == UInt8(ascii: "@") { name[0] = 0 }
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let size = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let bytes = Array(state.utf8)
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        // SAFETY: address and bytes are as long as is said.
        _ = unsafe sendto(
          descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, size)
      }
    }
  }
}
