import Alerts
import Foundation
import Synchronization
import Testing

/// How syslog messages leave.
@Suite struct SyslogSenderTests {
  /// A socket on the loopback address, and its port.
  private func receiver(_ kind: __socket_type, listens: Bool = true) throws -> (Int32, Int) {
    let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: both calls get the address with its true size.
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(descriptor, pointer, size) == 0
          && getsockname(descriptor, pointer, &size) == 0
      }
    }
    try #require(isBound)
    if kind == SOCK_STREAM, listens { try #require(listen(descriptor, 4) == 0) }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var (text, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count]
    }
  }

  @Test func `a datagram is one message, and nobody there is noticed`() throws {
    let (descriptor, port) = try receiver(SOCK_DGRAM)
    let sender = SyslogSender(isStream: false, host: "127.0.0.1", port: port)
    #expect(sender.send(Array("<83>1 hello".utf8)) == .accepted)
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "<83>1 hello")
    close(descriptor)
    #expect(
      sender.send([65])
        == .retry(after: nil, reason: "udp://127.0.0.1:\(port): Connection refused"))
  }

  private final class Result: Sendable { let text = Mutex("") }

  /// What a connection gets from somebody else, on a thread of its own.
  private func accepting(
    _ listener: Int32, _ body: @escaping @Sendable (Int32) -> String
  ) -> () -> String {
    let done = DispatchSemaphore(value: 0)
    let result = Result()
    Thread.detachNewThread {
      let connection = accept(listener, nil, nil)
      let text = body(connection)
      close(connection)
      result.text.withLock { $0 = text }
      done.signal()
    }
    return {
      done.wait()
      return result.text.withLock { $0 }
    }
  }

  @Test func `a stream counts the octets, and what breaks off is tried again`() throws {
    let (descriptor, port) = try receiver(SOCK_STREAM)
    let sender = SyslogSender(isStream: true, host: "127.0.0.1", port: port)
    let text = "<83>1 é" + String(repeating: "x", count: 300_000)
    let received = accepting(descriptor) { SyslogSenderTests.readAll($0) }
    #expect(sender.send(Array(text.utf8)) == .accepted)
    #expect(received() == "\(text.utf8.count) \(text)")
    // One that keeps the connection open has taken it all the same.
    let isDone = DispatchSemaphore(value: 0)
    let kept = accepting(descriptor) { _ in
      isDone.wait()
      return "kept"
    }
    #expect(sender.send(Array("<83>1 kept".utf8)) == .accepted)
    isDone.signal()
    #expect(kept() == "kept")
    // One that closes without having read resets the connection.
    let reset = accepting(descriptor) { _ in
      usleep(100_000)
      return "reset"
    }
    #expect(
      sender.send(Array("<83>1 lost".utf8))
        == .retry(after: nil, reason: "tcp://127.0.0.1:\(port): Connection reset by peer"))
    #expect(reset() == "reset")
    close(descriptor)
    #expect(
      sender.send([65])
        == .retry(after: nil, reason: "tcp://127.0.0.1:\(port): Connection refused"))
  }

  @Test func `a receiver that takes nothing is given up after the time that there is`() throws {
    let (descriptor, port) = try receiver(SOCK_STREAM)
    defer { close(descriptor) }
    let sender = SyslogSender(
      isStream: true, host: "127.0.0.1", port: port, timeout: .milliseconds(300))
    // Accepted by nobody: the kernel takes what its buffers hold and no more.
    let outcome = sender.send([UInt8](repeating: 65, count: 32 << 20))
    #expect(
      outcome == .retry(after: nil, reason: "tcp://127.0.0.1:\(port): Connection timed out"))
  }
}
