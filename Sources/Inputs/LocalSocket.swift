import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Receives datagrams through a socket in the file system, as syslog(3) writes them to `/dev/log`.
final class LocalSocket: Sendable {
  /// Why there can be no socket at a path.
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private let path: String
  private let descriptor: Int32
  private let bell = Bell()
  private let identity: FileIdentity?
  private let isOver = DispatchSemaphore(value: 0)
  private let hasStopped = Atomic(false)

  /// Receives from now on, on a thread of its own.
  ///
  /// A socket that is left over is replaced when nobody answers on it; nothing else that stands there is.
  init(_ path: String, mode: UInt32, _ reception: Reception) throws(Problem) {
    self.path = path
    try LocalSocket.clear(path)
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
    let made = socket(AF_UNIX, kind, 0)
    guard made >= 0 else { throw Problem(description: systemMessage(errno)) }
    guard unsafe LocalSocket.withAddress(path, { unsafe bind(made, $0, $1) }) == 0 else {
      let reason = systemMessage(errno)
      close(made)
      throw Problem(description: reason)
    }
    guard unsafe chmod(path, mode_t(mode)) == 0 else {
      let reason = systemMessage(errno)
      close(made)
      _ = unsafe unlink(path)
      throw Problem(description: reason)
    }
    (descriptor, identity) = (made, FileStatus(RawPath(path))?.identity)
    var room: Int32 = 4 << 20
    // As much as the system allows.
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    DispatchQueue(label: "rollcall.socket").async { [self] in
      receive(reception)
      isOver.signal()
    }
  }

  /// Stops receiving, and takes the socket away if it is still this one.
  func stop() {
    guard !hasStopped.exchange(true, ordering: .relaxed) else { return }
    bell.ring()
    isOver.wait()
    if FileStatus(RawPath(path))?.identity == identity { _ = unsafe unlink(path) }
    close(descriptor)
  }

  private func receive(_ reception: Reception) {
    var room = [UInt8](repeating: 0, count: reception.rules.messageBytesMax + 1)
    var lines = MessageLines()
    while true {
      var waits = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&waits, 2, -1) > 0 else { continue }
      if waits[1].revents != 0 { return }
      while true {
        let count = unsafe recv(
          descriptor, &room, room.count, Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC))
        guard count >= 0 else { break }
        if count > reception.rules.messageBytesMax || count > room.count {
          reception.refuse()
        } else {
          lines.add(room[..<count])
        }
        if lines.isLarge { reception.keep(&lines) }
      }
      reception.keep(&lines)
    }
  }

  // MARK: - The file

  /// Makes way for a socket.
  private static func clear(_ path: String) throws(Problem) {
    var info = stat()
    guard unsafe lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFSOCK else {
      throw Problem(description: "something stands there that is no socket")
    }
    let probe = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard probe >= 0 else { throw Problem(description: systemMessage(errno)) }
    defer { close(probe) }
    let answer = unsafe withAddress(path) { unsafe connect(probe, $0, $1) }
    guard answer != 0, errno == ECONNREFUSED else {
      throw Problem(description: "somebody else receives there")
    }
    guard unsafe unlink(path) == 0 else { throw Problem(description: systemMessage(errno)) }
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
      errno = ENAMETOOLONG
      return -1
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, size) }
    }
  }
}
