import NIOCore

/// Takes TLS off a connection, in front of whoever reads its messages.
final class TLSHandler: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let tls: TLSConnection
  private let refuse: (String) -> Void
  private let handshakeLimit: TimeAmount
  private var timeout: Scheduled<Void>?
  private var hasHeard = false
  private var isOver = false

  /// - Parameters:
  ///   - handshakeSeconds: How long the peer may take until it is known.
  ///   - refuse: Is told why a connection was not let in, or failed.
  init(_ tls: TLSConnection, handshakeSeconds: Int64, refuse: @escaping (String) -> Void) {
    (self.tls, self.refuse) = (tls, refuse)
    handshakeLimit = .seconds(handshakeSeconds)
  }

  func channelActive(context: ChannelHandlerContext) {
    let held = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let seconds = handshakeLimit.nanoseconds / 1_000_000_000
    timeout = context.eventLoop.scheduleTask(in: handshakeLimit) {
      let (handler, context) = held.value
      guard !handler.tls.isEstablished else { return }
      handler.fail("the handshake took longer than \(seconds) seconds", context)
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isOver { return }
    hasHeard = true
    let allocator = context.channel.allocator
    let step = tls.take(Array(unwrapInboundIn(data).readableBytesView)) { bytes in
      guard !isOver else { return }
      context.fireChannelRead(wrapInboundOut(allocator.buffer(bytes: bytes)))
    }
    if tls.isEstablished { timeout?.cancel() }
    send(context)
    switch step {
    case .done: break
    case .closed: end(context)
    case .failed(let reason): fail(reason, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    timeout?.cancel()
    // Who only looks whether somebody listens says nothing.
    if hasHeard, !tls.isEstablished, !isOver { refuse("the peer hung up within the handshake") }
    isOver = true
    context.fireChannelInactive()
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    sayGoodbye(context)
    context.close(mode: mode, promise: promise)
  }

  /// Nobody behind this one says anything in clear text.
  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    promise?.fail(ChannelError.operationUnsupported)
  }

  private func send(_ context: ChannelHandlerContext) {
    let bytes = tls.takeOutput()
    guard !bytes.isEmpty else { return }
    context.writeAndFlush(
      wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  private func fail(_ reason: String, _ context: ChannelHandlerContext) {
    guard !isOver else { return }
    refuse(reason)
    end(context)
  }

  private func end(_ context: ChannelHandlerContext) {
    sayGoodbye(context)
    context.close(promise: nil)
  }

  private func sayGoodbye(_ context: ChannelHandlerContext) {
    isOver = true
    timeout?.cancel()
    tls.close()
    send(context)
  }
}
