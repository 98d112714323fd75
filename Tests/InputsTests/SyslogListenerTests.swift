import Foundation
import Glibc
import Inputs
import Testing

/// What senders do, and what of it is kept.
@Suite struct SyslogListenerTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/spool.log" }

  init() throws { folder = try TemporaryFolder() }

  private var lines: [String] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  private func wait(for count: Int) -> [String] {
    for _ in 0..<200 where lines.count < count { usleep(20_000) }
    return lines
  }

  private func listen(
    _ kind: String, senders: [String] = [], messageBytesMax: Int = 1000
  ) throws -> SyslogListener {
    let address = try #require(SyslogListener.Address("\(kind)://127.0.0.1:0"))
    return try SyslogListener(
      address, SyslogListener.Terms(senders: senders, messageBytesMax: messageBytesMax),
      spool: Spool(path))
  }

  /// Sends each part by itself, and closes.
  private func send(_ parts: [String], to port: Int, stream: Bool) {
    let kind = stream ? SOCK_STREAM : SOCK_DGRAM
    let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    // SAFETY: the address is given with its true size.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(result == 0)
    for part in parts {
      let bytes = Array(part.utf8)
      _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      if parts.count < 50 { usleep(10_000) }
    }
    close(descriptor)
  }

  @Test func `each datagram is a message, whatever it ends with`() throws {
    let listener = try listen("udp")
    defer { listener.stop() }
    send(
      ["<13>one", "<13>two\n", "<13>three\r\n\0", "", "\n", "<13>four\nlines"], to: listener.port,
      stream: false)
    #expect(wait(for: 4) == ["<13>one", "<13>two", "<13>three", "<13>four#012lines"])
    #expect(listener.received == 4)
    // Too long for what is allowed.
    send([String(repeating: "x", count: 1001), "<13>five"], to: listener.port, stream: false)
    #expect(wait(for: 5).last == "<13>five")
    #expect(listener.refused == 1)
  }

  @Test func `octet counting and lines, cut anywhere`() throws {
    let listener = try listen("tcp")
    defer { listener.stop() }
    send(
      ["7 <13>one8 <13>", "t\nwo8 <13>fou", "r", "\n<13>five\n<13>si", "x\n2026-01-01 is a day\n"],
      to: listener.port, stream: true)
    #expect(
      wait(for: 6) == [
        "<13>one", "<13>t#012wo", "<13>four", "<13>five", "<13>six", "2026-01-01 is a day",
      ])
    // A sender that goes away in the middle of a line.
    send(["<13>seven\n<13>eigh"], to: listener.port, stream: true)
    #expect(wait(for: 8).suffix(2) == ["<13>seven", "<13>eigh"])
  }

  @Test func `every cut of a stream gives the same messages`() throws {
    let listener = try listen("tcp")
    defer { listener.stop() }
    let stream = "5 <1>ab6 <2>c\nd<3>line\n4 <4>e"
    for cut in 1..<stream.utf8.count {
      let bytes = Array(stream.utf8)
      let parts = [bytes[..<cut], bytes[cut...]].map { String(decoding: $0, as: UTF8.self) }
      send(parts, to: listener.port, stream: true)
      let got = wait(for: cut * 4)
      #expect(got.count == cut * 4, "cut \(cut)")
      #expect(got.suffix(4) == ["<1>ab", "<2>c#012d", "<3>line", "<4>e"], "cut \(cut)")
    }
  }

  @Test func `what is too long ends the connection, and who may not send is not heard`() throws {
    let listener = try listen("tcp")
    defer { listener.stop() }
    send(["99999 <13>x"], to: listener.port, stream: true)
    send([String(repeating: "y", count: 5000)], to: listener.port, stream: true)
    send(["<13>good\n"], to: listener.port, stream: true)
    #expect(wait(for: 1) == ["<13>good"])
    #expect(listener.refused == 2)
    let closed = try SyslogListener(
      #require(SyslogListener.Address("tcp://127.0.0.1:0")),
      SyslogListener.Terms(senders: ["10.0.0.0/8", "::1"], messageBytesMax: 1000),
      spool: Spool(folder.path + "/closed.log"))
    defer { closed.stop() }
    send(["<13>bad\n"], to: closed.port, stream: true)
    for _ in 0..<100 where closed.refused == 0 { usleep(20_000) }
    #expect(closed.refused == 1 && closed.received == 0)
    let open = try SyslogListener(
      #require(SyslogListener.Address("udp://127.0.0.1:0")),
      SyslogListener.Terms(senders: ["127.0.0.0/8"], messageBytesMax: 1000),
      spool: Spool(folder.path + "/open.log"))
    defer { open.stop() }
    send(["<13>heard"], to: open.port, stream: false)
    for _ in 0..<100 where open.received == 0 { usleep(20_000) }
    #expect(open.received == 1)
  }

  @Test func `addresses to listen on`() {
    #expect(SyslogListener.Address("udp://127.0.0.1:514")?.port == 514)
    #expect(SyslogListener.Address("tcp://[::1]:6514")?.host == "::1")
    #expect(SyslogListener.Address("tls://[::1]:6514")?.description == "tls://[::1]:6514")
    #expect(SyslogListener.Address("unix:///run/log.sock")?.host == "/run/log.sock")
    for wrong in [
      "", "udp://", "127.0.0.1:5", "http://127.0.0.1:5", "udp://localhost:5", "udp://127.0.0.1",
      "udp://127.0.0.1:65536", "tcp://127.0.0.1:-1", "unix://", "unix://log.sock", "unix:///run/",
      "unix:///" + String(repeating: "x", count: 107), "tls:///run/log.sock",
    ] {
      #expect(SyslogListener.Address(wrong) == nil, "\(wrong)")
    }
    #expect(SyslogListener.isNetwork("10.0.0.0/8") && SyslogListener.isNetwork("2001:db8::/32"))
    #expect(!SyslogListener.isNetwork("10.0.0.0/33") && !SyslogListener.isNetwork("ten"))
  }
}
