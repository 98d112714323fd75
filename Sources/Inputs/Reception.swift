import Bytes
import NIOCore
import Synchronization

/// What one listener takes in: who may send, how much, where it goes, and what was refused.
final class Reception: Sendable {
  private let spool: Spool
  /// Messages that came.
  let received = Atomic<UInt64>(0)
  /// Messages, connections and senders refused.
  let refused = Atomic<UInt64>(0)
  /// Connections that are there.
  let open = Atomic<Int>(0)
  /// Why connections were refused.
  let notes = RefusalNotes()
  private let current: Mutex<Rules>

  /// The terms, ready for use.
  struct Rules: Sendable {
    let allowed: [SyslogListener.Network]
    let messageBytesMax: Int
    let tls: TLSContext?

    init(_ terms: SyslogListener.Terms) {
      allowed = terms.senders.compactMap { SyslogListener.Network($0) }
      (messageBytesMax, tls) = (terms.messageBytesMax, terms.tls)
    }

    /// Whether a sender may send.
    func allow(_ peer: SocketAddress?) -> Bool {
      if allowed.isEmpty { return true }
      guard let text = peer?.ipAddress, let address = text.withView({ Bytes.Address($0) }) else {
        return false
      }
      return allowed.contains { $0.holds(address) }
    }
  }

  init(_ spool: Spool, _ terms: SyslogListener.Terms) {
    self.spool = spool
    current = Mutex(Rules(terms))
  }

  /// The rules by which a message or a connection is taken that comes now.
  var rules: Rules { current.withLock { $0 } }

  func change(_ terms: SyslogListener.Terms) { current.withLock { $0 = Rules(terms) } }

  /// Counts something that is not taken.
  func refuse() { refused.add(1, ordering: .relaxed) }

  /// Counts something that is not taken, for a reason that is told.
  func refuse(_ reason: String, from peer: String) {
    refuse()
    notes.add(reason, from: peer)
  }

  /// Keeps what has come.
  func keep(_ lines: inout MessageLines) {
    guard lines.count > 0 else { return }
    spool.append(lines.bytes, count: lines.count)
    received.add(UInt64(lines.count), ordering: .relaxed)
    lines.removeAll()
  }
}

/// Messages on their way into the spool, as lines.
struct MessageLines {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  /// Whether it is time to keep them.
  var isLarge: Bool { bytes.count > 1 << 20 }

  /// Adds a message: line ends at its end are dropped, those within are written as rsyslog does.
  mutating func add(_ message: some BidirectionalCollection<UInt8>) {
    var end = message.endIndex
    while end > message.startIndex {
      let last = message[message.index(before: end)]
      guard last == 0x0A || last == 0x0D || last == 0 else { break }
      end = message.index(before: end)
    }
    if end == message.startIndex { return }
    for byte in message[..<end] {
      if byte == 0x0A { bytes += "#012".utf8 } else { bytes.append(byte) }
    }
    bytes.append(0x0A)
    count += 1
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }
}
