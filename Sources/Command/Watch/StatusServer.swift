import Inputs
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// What `watch` says of itself to whoever asks over HTTP: `/healthz`, `/readyz`, `/metrics`.
///
/// - SeeAlso: Prometheus' text format, version 0.0.4.
final class StatusServer: Sendable {
  /// What there is to say, kept up to date by the loop that reads.
  struct Snapshot: Sendable {
    /// When the loop last came round, monotonic seconds.
    var beat = Environment.monotonic
    /// Whether all that the logs held was read.
    var isReady = false
    /// Why nothing can be kept, and so nothing is read.
    var trouble: String?
    /// The metrics, in lines.
    var metrics = ""
  }

  /// How long the loop may take before it counts as stuck, seconds.
  private static let patience = 60.0

  private let channel: any Channel
  let port: Int

  /// Serves on an address such as `127.0.0.1:9465`.
  init(_ address: String, _ snapshot: Shared) throws {
    guard let place = SyslogListener.Address("tcp://" + address) else {
      throw StatusError(address: address)
    }
    channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandlers([
            IdleStateHandler(allTimeout: .seconds(30)), Answers(snapshot),
          ])
        }
      }
      .bind(host: place.host, port: place.port).wait()
    port = channel.localAddress?.port ?? place.port
  }

  func stop() { channel.close(promise: nil) }

  /// A snapshot in two hands.
  final class Shared: Sendable {
    private let value = Mutex(Snapshot())
    func update(_ change: (inout Snapshot) -> Void) { value.withLock { change(&$0) } }
    var now: Snapshot { value.withLock { $0 } }
  }

  /// Why an address can not be served on.
  private struct StatusError: Error, CustomStringConvertible {
    let address: String
    var description: String {
      "`status` takes an address and a port such as 127.0.0.1:9465, not `\(address)`"
    }
  }

  private final class Answers: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let snapshot: Shared

    init(_ snapshot: Shared) { self.snapshot = snapshot }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .head(let head) = unwrapInboundIn(data) else { return }
      let now = snapshot.now
      let isMoving = Environment.monotonic - now.beat < StatusServer.patience
      let isAlive = isMoving && now.trouble == nil
      let state = isMoving ? now.trouble ?? "ok" : "stuck"
      switch head.uri.prefix(while: { $0 != "?" }) {
      case "/healthz":
        answer(context, isAlive ? .ok : .serviceUnavailable, state + "\n")
      case "/readyz":
        let isReady = isAlive && now.isReady
        answer(context, isReady ? .ok : .serviceUnavailable, isReady ? "ready\n" : "not ready\n")
      case "/metrics": answer(context, .ok, now.metrics)
      default: answer(context, .notFound, "there is /healthz, /readyz and /metrics\n")
      }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    private func answer(
      _ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ text: String
    ) {
      let body = context.channel.allocator.buffer(string: text)
      var headers = HTTPHeaders()
      headers.add(name: "content-type", value: "text/plain; version=0.0.4; charset=utf-8")
      headers.add(name: "content-length", value: "\(body.readableBytes)")
      headers.add(name: "connection", value: "close")
      let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      let channel = context.channel
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
        channel.close(promise: nil)
      }
    }
  }
}
