import Foundation
import Glibc
import Inputs
import Testing

/// Datagrams through a socket in the file system.
@Suite struct LocalSocketTests {
  private let folder: TemporaryFolder
  private var spoolPath: String { folder.path + "/spool.log" }
  private var path: String { folder.path + "/log.sock" }

  init() throws { folder = try TemporaryFolder() }

  private var lines: [String] {
    let text = (try? String(contentsOfFile: spoolPath, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  private func wait(for count: Int) -> [String] {
    for _ in 0..<200 where lines.count < count { usleep(20_000) }
    return lines
  }

  private func listen(mode: UInt32 = 0o666) throws -> SyslogListener {
    try SyslogListener(
      #require(SyslogListener.Address("unix://\(path)")),
      SyslogListener.Terms(messageBytesMax: 1000), mode: mode, spool: Spool(spoolPath))
  }

  /// Makes a socket of a kind and connects or binds it.
  private func socket(
    _ kind: __socket_type, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    let descriptor = Glibc.socket(AF_UNIX, Int32(kind.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) {
      unsafe $0.copyBytes(from: Array(path.utf8))
    }
    // SAFETY: the address is given with its true size.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(result == 0, "\(errno)")
    return descriptor
  }

  private func send(_ texts: [String]) {
    let descriptor = unsafe socket(SOCK_DGRAM) { unsafe connect($0, $1, $2) }
    defer { close(descriptor) }
    for text in texts {
      let bytes = Array(text.utf8)
      let sent = unsafe write(descriptor, bytes, bytes.count)
      #expect(sent == bytes.count)
    }
  }

  private func mode() throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func `each datagram is a message, and the socket goes with the listener`() throws {
    let listener = try listen()
    #expect(try mode() == 0o666)
    send(["<13>one", "<13>two\n\0", String(repeating: "x", count: 1001), "<13>th\nree", ""])
    #expect(wait(for: 3) == ["<13>one", "<13>two", "<13>th#012ree"])
    #expect(listener.received == 3 && listener.refused == 1)
    listener.stop()
    #expect(!FileManager.default.fileExists(atPath: path))
    let other = try listen(mode: 0o660)
    #expect(try mode() == 0o660)
    other.stop()
  }

  @Test func `what is left over gives way, and nothing else`() throws {
    // Its owner is gone.
    close(unsafe socket(SOCK_DGRAM) { unsafe bind($0, $1, $2) })
    let listener = try listen()
    send(["<13>one"])
    #expect(wait(for: 1) == ["<13>one"])
    // Somebody answers on it.
    #expect(throws: (any Error).self) { try listen() }
    listener.stop()
    let stream = unsafe socket(SOCK_STREAM) { unsafe bind($0, $1, $2) }
    let heard = Glibc.listen(stream, 1)
    #expect(heard == 0)
    do {
      _ = try listen()
      Issue.record("it took another's socket")
    } catch {
      #expect("\(error)" == "somebody else receives there")
    }
    close(stream)
    try FileManager.default.removeItem(atPath: path)
    try folder.write("log.sock", "a file")
    do {
      _ = try listen()
      Issue.record("it took a file")
    } catch {
      #expect("\(error)" == "something stands there that is no socket")
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a file")
  }

  @Test func `at the end another's socket stays`() throws {
    let listener = try listen()
    try FileManager.default.removeItem(atPath: path)
    let other = unsafe socket(SOCK_DGRAM) { unsafe bind($0, $1, $2) }
    defer { close(other) }
    listener.stop()
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
