import Foundation
import Synchronization

/// A web server on the loopback address that gives prepared answers, one per connection.
final class LocalServer: Sendable {
  /// What a connection gets.
  enum Answer: Sendable {
    /// A status with header lines and a body.
    case status(Int, headers: [String] = [], body: String = "")
    /// Nothing, for as long as the server lives.
    case silence
    /// The end of the connection, without a word.
    case hangUp
    /// Exactly this text, true or not, and the end of the connection.
    case raw(String)
    /// Exactly this text, and then nothing, for as long as the server lives.
    case stall(String)
    /// A success with so many bytes after it.
    case flood(Int)
  }

  /// One request as it came in.
  struct Request: Sendable {
    let firstLine, body: String
    /// Header values by lower-case name.
    let headers: [String: String]
    /// When all of it was there.
    let time = ContinuousClock.now
  }

  let port: UInt16
  private let listener: Int32
  private let ended = DispatchSemaphore(value: 0)
  private let seen = Mutex<[Request]>([])
  private let silent = Mutex<[Int32]>([])

  var requests: [Request] { seen.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(port)/hook?token=t0ps3cret" }

  /// - Parameters:
  ///   - answers: What the first connections get.
  ///   - rest: What all others get; without it nobody answers them.
  ///   - port: Where to listen; any port that is free unless given.
  init(_ answers: [Answer], then rest: Answer? = nil, port wanted: UInt16 = 0) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = wanted.bigEndian
    var isOn: Int32 = 1
    // SAFETY: the option is an int, and its size is given.
    _ = unsafe setsockopt(
      listener, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: both calls get the address with its true size.
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, size) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &size) == 0
      }
    }
    guard isBound else { throw POSIXError(.EADDRINUSE) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      defer { ended.signal() }
      for answer in answers {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        serve(connection, answer)
      }
      while let rest {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        serve(connection, rest)
      }
    }
  }

  /// Ends the server and whatever it keeps waiting.
  func stop() {
    _ = shutdown(listener, Int32(SHUT_RDWR))
    // Closed under the thread's hands, the number could become another server's.
    ended.wait()
    close(listener)
    for connection in silent.withLock({ $0 }) { close(connection) }
  }

  private func serve(_ connection: Int32, _ answer: Answer) {
    if let request = read(connection) { seen.withLock { $0.append(request) } }
    switch answer {
    case .silence: silent.withLock { $0.append(connection) }
    case .hangUp: close(connection)
    case .raw(let text):
      send(connection, text)
      close(connection)
    case .stall(let text):
      send(connection, text)
      silent.withLock { $0.append(connection) }
    case .flood(let count):
      send(connection, "HTTP/1.1 200 Prepared\r\ncontent-length: \(count)\r\n\r\n")
      send(connection, String(repeating: "x", count: count))
      close(connection)
    case .status(let status, let headers, let body):
      let lines = ["HTTP/1.1 \(status) Prepared", "content-length: \(body.utf8.count)"] + headers
      send(connection, lines.joined(separator: "\r\n") + "\r\nconnection: close\r\n\r\n" + body)
      close(connection)
    }
  }

  private func send(_ connection: Int32, _ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let sent = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }

  private func read(_ connection: Int32) -> Request? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let request = LocalServer.request(in: bytes) { return request }
      let count = unsafe recv(connection, &chunk, chunk.count, 0)
      // A TLS hello is no request, and more of it does not come.
      guard count > 0, chunk[0] != 0x16 else { return nil }
      bytes += chunk[..<count]
    }
  }

  /// The request, once all of it is there.
  private static func request(in bytes: [UInt8]) -> Request? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let body = String(text[end.upperBound...])
    guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
    return Request(firstLine: lines[0], body: body, headers: headers)
  }
}
