import Bytes
import NIOCore
import NIOPosix
import Synchronization

/// Receives syslog over UDP (RFC 5426), TCP (RFC 6587: octet counting and lines), TLS (RFC 5425) or a local
/// socket, and keeps it in a spool.
///
/// Bounded: ``connectionsMax`` connections, each closed after ``idleMinutes`` without a word; messages of at
/// most `messageBytesMax`, and a connection that sends a longer one is closed. What was refused is counted.
public final class SyslogListener: Sendable {
  /// How many connections there may be at once.
  public static let connectionsMax = 1000
  /// After how long a silent connection is closed.
  public static let idleMinutes: Int64 = 10

  /// How long a handshake may take, seconds.
  public static let handshakeSeconds: Int64 = 10

  /// Whom it listens to: what can change while it listens.
  public struct Terms: Sendable {
    /// Networks that may send; empty for all.
    public var senders: [String]
    /// The longest message, bytes.
    public var messageBytesMax: Int
    /// Certificate and key, for an address with TLS.
    public var tls: TLSContext?

    /// Terms.
    public init(senders: [String] = [], messageBytesMax: Int, tls: TLSContext? = nil) {
      (self.senders, self.messageBytesMax, self.tls) = (senders, messageBytesMax, tls)
    }
  }

  /// Where it was to listen.
  public let address: Address
  /// The port that it listens on.
  public let port: Int
  private let door: Door
  private let reception: Reception

  /// What is listened on.
  private enum Door {
    case channel(any Channel)
    case socket(LocalSocket)
  }

  /// Messages, connections and senders refused.
  public var refused: UInt64 { reception.refused.load(ordering: .relaxed) }
  /// Messages received, whether they could be kept or not.
  public var received: UInt64 { reception.received.load(ordering: .relaxed) }

  /// Listens from now on.
  ///
  /// - Parameters:
  ///   - terms: Whom it listens to; ``Terms/tls`` is needed for an address with TLS.
  ///   - mode: Who may write to a local socket, as bits of its file.
  ///   - spool: Keeps what comes.
  /// - Throws: What the system says when the address can not be had.
  public init(
    _ address: Address, _ terms: Terms, mode: UInt32 = 0o666,
    handshakeSeconds: Int64 = SyslogListener.handshakeSeconds, spool: Spool
  ) throws {
    self.address = address
    let reception = Reception(spool, terms)
    self.reception = reception
    let group = MultiThreadedEventLoopGroup.singleton
    switch address.kind {
    case .unix:
      door = .socket(try LocalSocket(address.host, mode: mode, reception))
      port = 0
      return
    case .tcp, .tls:
      let isSecure = address.kind == .tls
      let channel = try ServerBootstrap(group: group)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
              IdleStateHandler(readTimeout: .minutes(SyslogListener.idleMinutes)))
            if isSecure {
              guard let context = reception.rules.tls, let tls = TLSConnection(context) else {
                throw ChannelError.operationUnsupported
              }
              let peer = channel.remoteAddress?.ipAddress ?? "nobody"
              try pipeline.addHandler(
                TLSHandler(tls, handshakeSeconds: handshakeSeconds) {
                  reception.refuse("TLS: " + $0, from: peer)
                })
            }
            try pipeline.addHandler(StreamHandler(reception))
          }
        }
        .bind(host: address.host, port: address.port).wait()
      door = .channel(channel)
      port = channel.localAddress?.port ?? address.port
    case .udp:
      let channel = try DatagramBootstrap(group: group)
        .channelOption(
          .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536)
        )
        .channelOption(.socketOption(.so_rcvbuf), value: 4 << 20)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(DatagramHandler(reception))
          }
        }
        .bind(host: address.host, port: address.port).wait()
      door = .channel(channel)
      port = channel.localAddress?.port ?? address.port
    }
  }

  /// Listens by other terms: connections that are there keep theirs.
  public func change(_ terms: Terms) { reception.change(terms) }

  /// Why connections were refused, as far as it is to be told by now.
  ///
  /// - Parameter now: A clock that only goes forward, seconds.
  public func takeNotes(now: Double) -> [String] { reception.notes.take(now: now) }

  /// Stops listening.
  public func stop() {
    switch door {
    case .channel(let channel): channel.close(promise: nil)
    case .socket(let socket): socket.stop()
    }
  }

  /// A network that may send.
  struct Network: Sendable {
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

  /// Whether a text is an address or a network that can be allowed.
  public static func isNetwork(_ text: String) -> Bool { Network(text) != nil }
}

/// Each datagram is a message.
private final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  private let reception: Reception
  private var lines = MessageLines()

  init(_ reception: Reception) { self.reception = reception }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    let rules = reception.rules
    guard envelope.data.readableBytes <= rules.messageBytesMax,
      rules.allow(envelope.remoteAddress)
    else { return reception.refuse() }
    lines.add(envelope.data.readableBytesView)
    if lines.isLarge { reception.keep(&lines) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { reception.keep(&lines) }
}

/// Messages of one connection.
private final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let reception: Reception
  private var framing: StreamFraming
  private var lines = MessageLines()

  init(_ reception: Reception) {
    self.reception = reception
    framing = StreamFraming(messageBytesMax: reception.rules.messageBytesMax)
  }

  func channelActive(context: ChannelHandlerContext) {
    let count = reception.open.add(1, ordering: .relaxed).newValue
    if count > SyslogListener.connectionsMax || !reception.rules.allow(context.remoteAddress) {
      refuse(context)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    reception.open.subtract(1, ordering: .relaxed)
    // What a sender did not finish is all that there is of it.
    if !framing.end({ lines.add($0) }) { reception.refuse() }
    reception.keep(&lines)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if framing.isBroken { return }
    let isWhole = framing.take(unwrapInboundIn(data).readableBytesView) { lines.add($0) }
    if !isWhole {
      refuse(context)
      reception.keep(&lines)
    } else if lines.isLarge {
      reception.keep(&lines)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { reception.keep(&lines) }

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
