import Bytes
import NIOCore
import NIOPosix
import Synchronization

/// Receives syslog over UDP (RFC 5426) or TCP (RFC 6587: octet counting and lines), and keeps it in a spool.
///
/// Bounded: ``connectionsMax`` connections, each closed after ``idleMinutes`` without a word; messages of at
/// most `messageBytesMax`, and a connection that sends a longer one is closed. What was refused is counted.
public final class SyslogListener: Sendable {
  /// How many connections there may be at once.
  public static let connectionsMax = 1000
  /// After how long a silent connection is closed.
  public static let idleMinutes: Int64 = 10

  /// Where to listen.
  public struct Address: Sendable, Hashable, CustomStringConvertible {
    /// Whether TCP, else UDP.
    public let isStream: Bool
    /// The local address.
    public let host: String
    /// Its port; 0 for any that is free.
    public let port: Int

    /// Reads `udp://127.0.0.1:5514`, `tcp://[::1]:6514`; `nil` for anything else.
    public init?(_ text: String) {
      if text.hasPrefix("udp://") {
        isStream = false
      } else if text.hasPrefix("tcp://") {
        isStream = true
      } else {
        return nil
      }
      let rest = text.dropFirst(6)
      guard let colon = rest.lastIndex(of: ":"),
        let port = Int(rest[rest.index(after: colon)...]), (0...65_535).contains(port)
      else { return nil }
      var host = rest[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      guard String(host).withView({ Bytes.Address($0) }) != nil else { return nil }
      (self.host, self.port) = (String(host), port)
    }

    /// As it was written.
    public var description: String {
      "\(isStream ? "tcp" : "udp")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
  }

  /// Where it was to listen.
  public let address: Address
  /// The port that it listens on.
  public let port: Int
  private let channel: any Channel
  fileprivate let counts: Counts

  /// What was received and refused.
  public final class Counts: Sendable {
    let received = Atomic<UInt64>(0)
    let refused = Atomic<UInt64>(0)
    let open = Atomic<Int>(0)
  }

  /// Messages received.
  public var received: UInt64 { counts.received.load(ordering: .relaxed) }
  /// Messages, connections and senders refused.
  public var refused: UInt64 { counts.refused.load(ordering: .relaxed) }

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - senders: Networks that may send; empty for all.
  ///   - messageBytesMax: The longest message.
  ///   - spool: Keeps what comes.
  /// - Throws: What the system says when the address can not be had.
  public init(
    _ address: Address, senders: [String], messageBytesMax: Int, spool: Spool
  ) throws {
    self.address = address
    let counts = Counts()
    self.counts = counts
    let allowed = senders.compactMap { Network($0) }
    @Sendable func makeReception() -> Reception {
      Reception(spool: spool, counts: counts, allowed: allowed, messageBytesMax: messageBytesMax)
    }
    let group = MultiThreadedEventLoopGroup.singleton
    if address.isStream {
      channel = try ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
              IdleStateHandler(readTimeout: .minutes(SyslogListener.idleMinutes)),
              StreamHandler(makeReception()),
            ])
          }
        }
        .bind(host: address.host, port: address.port).wait()
    } else {
      channel = try DatagramBootstrap(group: group)
        .channelOption(
          .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
        )
        .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              DatagramHandler(makeReception()))
          }
        }
        .bind(host: address.host, port: address.port).wait()
    }
    port = channel.localAddress?.port ?? address.port
  }

  /// Stops listening.
  public func stop() { channel.close(promise: nil) }

  /// A network that may send.
  fileprivate struct Network: Sendable {
    let high, low: UInt64
    let bits: Int

    init?(_ text: String) {
      let parts = text.split(separator: "/")
      guard let first = parts.first, parts.count <= 2,
        let address = String(first).withView({ Bytes.Address($0) })
      else { return nil }
      let width = address.isIPv4 && !first.contains(":") ? 32 : 128
      let length = parts.count == 2 ? Int(parts[1]) ?? -1 : width
      guard (0...width).contains(length) else { return nil }
      bits = 128 - width + length
      (high, low) = (address.high, address.low)
    }

    func holds(_ address: Bytes.Address) -> Bool {
      let upper = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
      let lower = bits >= 128 ? UInt64.max : bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64))
      return (address.high ^ high) & upper == 0 && (address.low ^ low) & lower == 0
    }
  }

  /// Whether a sender may send.
  fileprivate static func isAllowed(_ peer: SocketAddress?, _ allowed: [Network]) -> Bool {
    if allowed.isEmpty { return true }
    guard let text = peer?.ipAddress, let address = text.withView({ Bytes.Address($0) }) else {
      return false
    }
    return allowed.contains { $0.holds(address) }
  }

  /// Whether a text is an address or a network that can be allowed.
  public static func isNetwork(_ text: String) -> Bool { Network(text) != nil }
}

/// Messages on their way into the spool, as lines.
private struct Lines {
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  /// Adds a message: line ends at its end are dropped, those within are written as rsyslog does.
  mutating func add(_ message: some Collection<UInt8>) {
    var end = message.endIndex
    while end > message.startIndex {
      let last = message[message.index(end, offsetBy: -1)]
      guard last == 0x0A || last == 0x0D || last == 0 else { break }
      end = message.index(end, offsetBy: -1)
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

/// What a channel takes in: who may send, how much, and where it goes.
private struct Reception {
  let spool: Spool
  let counts: SyslogListener.Counts
  let allowed: [SyslogListener.Network]
  let messageBytesMax: Int
  var lines = Lines()

  /// Counts something that is not taken.
  func refuse() { counts.refused.add(1, ordering: .relaxed) }

  /// Keeps what has come.
  mutating func flush() {
    guard lines.count > 0 else { return }
    spool.append(lines.bytes, count: lines.count)
    counts.received.add(UInt64(lines.count), ordering: .relaxed)
    lines.removeAll()
  }

  /// Keeps what has come when it is much.
  mutating func flushIfLarge() { if lines.bytes.count > 1 << 20 { flush() } }
}

/// Each datagram is a message.
private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private var reception: Reception

  init(_ reception: Reception) { self.reception = reception }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    guard envelope.data.readableBytes <= reception.messageBytesMax,
      SyslogListener.isAllowed(envelope.remoteAddress, reception.allowed)
    else { return reception.refuse() }
    reception.lines.add(envelope.data.readableBytesView)
    reception.flushIfLarge()
  }

  func channelReadComplete(context: ChannelHandlerContext) { reception.flush() }
}

/// Messages of one connection: `LENGTH MESSAGE`, or a line each.
private final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private var reception: Reception
  private var pending: [UInt8] = []
  private var messageBytesMax: Int { reception.messageBytesMax }

  init(_ reception: Reception) { self.reception = reception }

  func channelActive(context: ChannelHandlerContext) {
    let count = reception.counts.open.add(1, ordering: .relaxed).newValue
    if count > SyslogListener.connectionsMax
      || !SyslogListener.isAllowed(context.remoteAddress, reception.allowed)
    {
      refuse(context)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    reception.counts.open.subtract(1, ordering: .relaxed)
    // What a sender did not finish is all that there is of it.
    if let first = pending.first, !(0x31...0x39).contains(first) { reception.lines.add(pending) }
    pending = []
    reception.flush()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    pending += unwrapInboundIn(data).readableBytesView
    var start = 0
    while start < pending.count {
      guard let message = next(from: start) else {
        // Nothing of it is a message, also not when the connection ends.
        pending = []
        refuse(context)
        return reception.flush()
      }
      guard let message else { break }
      reception.lines.add(pending[message])
      start = message.upperBound
      // A line's own end is not part of the next message.
      if start < pending.count, pending[start] == 0x0A { start += 1 }
    }
    pending.removeFirst(min(start, pending.count))
    reception.flushIfLarge()
  }

  /// Where the next message is; `.some(nil)` when it has not come whole, `nil` when it is not acceptable.
  private func next(from start: Int) -> Range<Int>?? {
    if (0x31...0x39).contains(pending[start]) {
      var (offset, length) = (start, 0)
      while offset < pending.count, offset < start + 8, pending[offset].isDigit {
        length = length * 10 + Int(pending[offset] - 0x30)
        offset += 1
      }
      guard offset < pending.count else { return .some(nil) }
      if pending[offset] == 0x20 {
        if length > messageBytesMax { return nil }
        guard offset + 1 + length <= pending.count else { return .some(nil) }
        return offset + 1..<offset + 1 + length
      }
    }
    guard let end = pending[start...].firstIndex(where: { $0 == 0x0A || $0 == 0 }) else {
      return pending.count - start > messageBytesMax ? nil : .some(nil)
    }
    return end - start > messageBytesMax ? nil : start..<end
  }

  func channelReadComplete(context: ChannelHandlerContext) { reception.flush() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func refuse(_ context: ChannelHandlerContext) {
    reception.refuse()
    context.close(promise: nil)
  }
}
