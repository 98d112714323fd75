import Foundation
import Inputs
import Testing

/// Syslog within TLS: who is let in, and what of it is kept.
@Suite struct TLSListenerTests {
  private let folder: TemporaryFolder
  private let certificates: Certificates
  private var path: String { folder.path + "/spool.log" }

  init() throws {
    folder = try TemporaryFolder()
    certificates = try Certificates(folder.path)
    try certificates.make("server")
  }

  private var lines: [String] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  private func wait(for count: Int) -> [String] {
    for _ in 0..<200 where lines.count < count { usleep(20_000) }
    return lines
  }

  private func files(_ name: String = "server", clients: String? = nil) -> TLSContext.Files {
    let path = folder.path + "/" + name
    return TLSContext.Files(
      certificate: path + ".pem", key: path + ".key",
      clientAuthority: clients.map { "\(folder.path)/\($0).pem" })
  }

  private func listen(
    clients: String? = nil, senders: [String] = [], handshakeSeconds: Int64 = 10
  ) throws -> SyslogListener {
    try SyslogListener(
      #require(SyslogListener.Address("tls://127.0.0.1:0")),
      SyslogListener.Terms(
        senders: senders, messageBytesMax: 1000, tls: try TLSContext(files(clients: clients))),
      handshakeSeconds: handshakeSeconds, spool: Spool(path))
  }

  private func refused(_ listener: SyslogListener, _ count: UInt64) -> Bool {
    for _ in 0..<200 where listener.refused < count { usleep(20_000) }
    return listener.refused == count
  }

  @Test(arguments: [TLSClient.version12, TLSClient.version13])
  func `messages come through, however they are framed and cut`(_ version: Int) throws {
    let listener = try listen()
    defer { listener.stop() }
    let client = TLSClient(listener.port, versionMax: version)
    #expect(client.isConnected)
    for part in ["7 <13>one8 <13>", "t\nwo<13>thr", "ee\n"] { #expect(client.send(part)) }
    #expect(wait(for: 3) == ["<13>one", "<13>t#012wo", "<13>three"])
    // What was not finished when the client ends is all that there is of it.
    client.send("<13>four")
    client.end()
    #expect(wait(for: 4).last == "<13>four")
    #expect(client.isEnded)
    // Much at once, in records of their own size.
    let other = TLSClient(listener.port, versionMax: version)
    let text = (0..<2000).map { "<13>message \($0) of many\n" }.joined()
    #expect(other.send(text))
    #expect(wait(for: 2004).last == "<13>message 1999 of many")
    #expect(listener.refused == 0)
  }

  @Test func `what is no TLS, or an old one, is refused, counted and told with its reason`() throws
  {
    let listener = try listen()
    defer { listener.stop() }
    #expect(!TLSClient(listener.port, versionMax: TLSClient.version11).isConnected)
    #expect(refused(listener, 1))
    let clear = connectedSocket(listener.port)
    defer { close(clear) }
    let words = Array("<13>in clear text\n".utf8)
    let sent = unsafe write(clear, words, words.count)
    #expect(sent == words.count)
    #expect(refused(listener, 2))
    // Who only looks whether somebody listens is no failure.
    close(connectedSocket(listener.port))
    let notes = listener.takeNotes(now: 0)
    #expect(notes.count == 2, "\(notes)")
    #expect(
      notes.allSatisfy { $0.hasPrefix("refused 1, the last from 127.0.0.1: TLS: ") }, "\(notes)")
    #expect(notes.contains { $0.contains("unsupported protocol") }, "\(notes)")
    // They are told once a minute.
    #expect(!TLSClient(listener.port, versionMax: TLSClient.version11).isConnected)
    #expect(refused(listener, 3))
    #expect(listener.takeNotes(now: 59).isEmpty && listener.takeNotes(now: 61).count == 1)
    #expect(lines.isEmpty)
  }

  @Test func `a client must show a certificate that the authority signed`() throws {
    try certificates.make("client")
    let strangers = try Certificates(folder.path, name: "strangers")
    try strangers.make("stranger")
    let listener = try listen(clients: "authority")
    defer { listener.stop() }
    let known = TLSClient(listener.port, certificate: folder.path + "/client")
    #expect(known.isConnected && known.send("<13>known\n"))
    #expect(wait(for: 1) == ["<13>known"], "\(listener.takeNotes(now: -100))")
    // TLS 1.3 tells a client only afterwards.
    for name in [nil, folder.path + "/stranger"] {
      let client = TLSClient(listener.port, certificate: name)
      client.send("<13>unknown\n")
      #expect(client.isEnded)
    }
    #expect(refused(listener, 2))
    let notes = listener.takeNotes(now: 0).joined(separator: "\n")
    #expect(notes.contains("peer did not return a certificate"), "\(notes)")
    #expect(notes.contains("the client's certificate: "), "\(notes)")
    #expect(lines == ["<13>known"])
  }

  @Test func `limits hold: time for the handshake, length, senders, renegotiation`() throws {
    let listener = try listen(handshakeSeconds: 1)
    defer { listener.stop() }
    let silent = connectedSocket(listener.port)
    defer { close(silent) }
    #expect(refused(listener, 1))
    #expect(
      listener.takeNotes(now: 0).joined().contains("the handshake took longer than 1 seconds"))
    let long = TLSClient(listener.port)
    long.send(String(repeating: "x", count: 1001))
    #expect(long.isEnded && refused(listener, 2))
    let again = TLSClient(listener.port, versionMax: TLSClient.version12)
    #expect(again.isConnected && !again.renegotiate())
    let closed = try SyslogListener(
      #require(SyslogListener.Address("tls://127.0.0.1:0")),
      SyslogListener.Terms(
        senders: ["10.0.0.0/8"], messageBytesMax: 1000, tls: try TLSContext(files())),
      spool: Spool(folder.path + "/closed.log"))
    defer { closed.stop() }
    #expect(!TLSClient(closed.port).isConnected)
    #expect(refused(closed, 1))
  }

  @Test func `a certificate is changed while it listens`() throws {
    let listener = try listen()
    defer { listener.stop() }
    let old = TLSClient(listener.port)
    try certificates.make("client")
    listener.change(
      SyslogListener.Terms(
        messageBytesMax: 1000, tls: try TLSContext(files(clients: "authority"))))
    // A connection that is there stays.
    #expect(old.send("<13>old\n"))
    let new = TLSClient(listener.port)
    #expect(new.isEnded)
    let known = TLSClient(listener.port, certificate: folder.path + "/client")
    #expect(known.send("<13>new\n"))
    #expect(Set(wait(for: 2)) == ["<13>old", "<13>new"])
  }

  @Test func `files that are no certificate, or do not belong together, are refused by name`()
    throws
  {
    try certificates.make("other")
    let nothing = try folder.write("nothing.pem", Array("no certificate\n".utf8))
    let broken = try folder.write(
      "broken.pem",
      Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8))
    typealias Case = (certificate: String, key: String, clients: String?, reason: String)
    let server = folder.path + "/server"
    for wrong: Case in [
      (server + ".none", server + ".key", nil, "server.none: No such file"),
      (nothing, server + ".key", nil, "it holds no certificate in PEM form"),
      (broken, server + ".key", nil, "a certificate in it can not be read"),
      (server + ".pem", folder.path + "/other.key", nil, "it is not the key of the certificate"),
      (server + ".pem", nothing, nil, "or holds no private key"),
      (server + ".pem", folder.path, nil, "it is no file of at most 1 MiB"),
      (server + ".pem", server + ".key", nothing, "it holds no certificate in PEM form"),
    ] {
      let files = TLSContext.Files(
        certificate: wrong.certificate, key: wrong.key, clientAuthority: wrong.clients)
      do throws(TLSContext.Fault) {
        _ = try TLSContext(files)
        Issue.record("\(wrong) was taken")
      } catch {
        #expect("\(error)".contains(wrong.reason), "\(error)")
      }
    }
  }
}
