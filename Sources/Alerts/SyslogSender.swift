// Its headers declare the kinds of sockets, too; the first module that does so owns them.
import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Sends messages to a syslog receiver, one connection or datagram each.
///
/// UDP knows of no receipt: only a receiver that is not there at all may be noticed (RFC 5426). Over TCP,
/// octet-counted (RFC 6587, section 3.4.1), a message counts as delivered when the other machine has
/// acknowledged every byte and not broken the connection off.
public struct SyslogSender: Sendable, CustomStringConvertible {
  private let isStream: Bool
  private let host: String
  private let port: Int
  private let timeout: Duration

  /// How long to listen for a refusal after everything was sent, milliseconds.
  private static let patience: (stream: Int32, datagram: Int32) = (1000, 20)

  /// A sender to one address.
  ///
  /// - Parameters:
  ///   - isStream: Whether TCP, else UDP.
  ///   - host: An IPv4 or IPv6 address as a number.
  ///   - port: Its port.
  ///   - timeout: The most that connecting and writing may take, each.
  public init(
    isStream: Bool, host: String, port: Int, timeout: Duration = .seconds(15)
  ) {
    (self.isStream, self.host, self.port) = (isStream, host, port)
    self.timeout = timeout
  }

  /// The address, as settings write it.
  public var description: String {
    "\(isStream ? "tcp" : "udp")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }

  /// Sends one message once.
  public func send(_ message: [UInt8]) -> Delivery {
    let kind = isStream ? SOCK_STREAM : SOCK_DGRAM
    let descriptor = socket(
      host.contains(":") ? AF_INET6 : AF_INET,
      Int32(kind.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return failure(errno) }
    defer { close(descriptor) }
    if let problem = connect(descriptor) { return failure(problem) }
    let bytes = isStream ? Array("\(message.count) ".utf8) + message : message
    if let problem = write(bytes, to: descriptor) { return failure(problem) }
    return isStream ? receipt(descriptor) : refusal(descriptor)
  }

  private func failure(_ number: Int32) -> Delivery {
    .retry(after: nil, reason: unsafe "\(self): \(String(cString: strerror(number)))")
  }

  private func connect(_ descriptor: Int32) -> Int32? {
    var result: Int32
    if host.contains(":") {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = in_port_t(port).bigEndian
      guard unsafe inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return EINVAL }
      result = dial(descriptor, &address)
    } else {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return EINVAL }
      result = dial(descriptor, &address)
    }
    if result == EINPROGRESS { result = wait(descriptor, POLLOUT) ?? pending(descriptor) }
    return result == 0 ? nil : result
  }

  private func dial<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
    let size = socklen_t(MemoryLayout<Address>.size)
    // SAFETY: the address is given with its true size.
    let isDone = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe Glibc.connect(descriptor, pointer, size) == 0
      }
    }
    return isDone ? 0 : errno
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.send(
          descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        if let problem = wait(descriptor, POLLOUT) { return problem }
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }

  /// Says that nothing more comes, and looks whether the other end takes that amiss.
  private func receipt(_ descriptor: Int32) -> Delivery {
    guard shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return failure(errno) }
    var byte: UInt8 = 0
    let clock = ContinuousClock()
    let end = clock.now + timeout
    repeat {
      if wait(descriptor, POLLIN, milliseconds: SyslogSender.patience.stream) == nil {
        return unsafe recv(descriptor, &byte, 1, 0) >= 0 ? .accepted : failure(errno)
      }
      // Most receivers close as we do; one that does not must have taken everything all the same.
      var unacknowledged: Int32 = 0
      guard unsafe ioctl(descriptor, UInt(TIOCOUTQ), &unacknowledged) == 0 else {
        return failure(errno)
      }
      if unacknowledged == 0 { return .accepted }
    } while clock.now < end
    return failure(ETIMEDOUT)
  }

  private func refusal(_ descriptor: Int32) -> Delivery {
    _ = wait(descriptor, POLLIN, milliseconds: SyslogSender.patience.datagram)
    let problem = pending(descriptor)
    return problem == 0 ? .accepted : failure(problem)
  }

  private func pending(_ descriptor: Int32) -> Int32 {
    var (problem, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
    // SAFETY: the option is an int, and its size is given.
    guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 else {
      return errno
    }
    return problem
  }

  /// Waits until a descriptor is ready; returns what went wrong.
  private func wait(_ descriptor: Int32, _ event: Int32, milliseconds: Int32? = nil) -> Int32? {
    let (seconds, attoseconds) = timeout.components
    let longest = Int32(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    while true {
      let count = unsafe poll(&entry, 1, milliseconds ?? longest)
      if count > 0 { return nil }
      if count == 0 { return ETIMEDOUT }
      if errno != EINTR { return errno }
    }
  }
}
