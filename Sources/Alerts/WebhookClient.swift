import CCurl
public import Detectors
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Posts findings to one target, one at a time, over a connection that is kept open.
///
/// The answer decides by its status alone: only 2xx is success, redirects are not followed, and of
/// the body at most ``answerByteCountMax`` bytes are read, and none believed. Private addresses are
/// refused at the moment of dialling, by the address dialled, so that no DNS answer can lead there;
/// proxies from the environment are not used, as they would dial for us. Calls block the calling
/// thread; calls from several threads wait for each other.
public final class WebhookClient: Sendable {
  /// How much of an answer is read; more than any receiver has to say.
  public static let answerByteCountMax = 65_536

  /// Where the findings go.
  public let target: WebhookTarget
  private let version: String
  private let timeout: Duration
  private let pauses: [Duration]
  private let wait: @Sendable (Duration) -> Void
  private let connection: Mutex<Connection>

  /// A client for one target.
  ///
  /// - Parameters:
  ///   - target: Where the findings go.
  ///   - version: The product's version, for `user-agent` and the findings.
  ///   - timeout: The most that one attempt may take.
  ///   - pauses: The pauses before each quick retry; as many retries as pauses.
  ///   - wait: Lets a pause pass.
  public init(
    _ target: WebhookTarget, version: String, timeout: Duration = .seconds(15),
    pauses: [Duration] = [.milliseconds(500), .seconds(2), .seconds(5)],
    wait: @escaping @Sendable (Duration) -> Void = WebhookClient.sleep
  ) {
    (self.target, self.version, self.timeout) = (target, version, timeout)
    (self.pauses, self.wait) = (pauses, wait)
    connection = Mutex(Connection())
  }

  /// Posts a finding, with quick retries.
  ///
  /// - Parameters:
  ///   - finding: What to tell.
  ///   - analytic: The kind of detector.
  ///   - now: The clock of the attempts, seconds since 1970 UTC.
  /// - Returns: What became of it; ``Delivery/retry(after:reason:)`` when the retries are used up
  ///   or the receiver asks for a longer pause than they have.
  public func deliver(
    _ finding: Finding, analytic: OCSF.Analytic = .rule, now: () -> Int64
  ) -> Delivery {
    deliver(WebhookMessage(finding, version: version, analytic: analytic), now: now)
  }

  /// Posts a message, with quick retries.
  ///
  /// - Parameters:
  ///   - message: What to send.
  ///   - now: The clock of the attempts, seconds since 1970 UTC.
  /// - Returns: What became of it, as for a finding.
  public func deliver(_ message: WebhookMessage, now: () -> Int64) -> Delivery {
    let longest = pauses.max() ?? .zero
    var delivery = post(message, timestamp: now())
    for pause in pauses {
      guard case .retry(let asked, _) = delivery else { return delivery }
      // A receiver that asks for more than a quick retry is left alone until the caller's next one.
      guard asked ?? .zero <= longest else { return delivery }
      wait(max(asked ?? .zero, pause))
      delivery = post(message, timestamp: now())
    }
    return delivery
  }

  /// Posts a message once.
  ///
  /// - Parameters:
  ///   - message: What to send.
  ///   - timestamp: The time of the attempt, seconds since 1970 UTC.
  public func post(_ message: WebhookMessage, timestamp: Int64) -> Delivery {
    let body = target.routingKey?.completing(message.body) ?? message.body
    var headers = [
      "content-type: application/json", "user-agent: rollcall/\(version)",
      "webhook-id: \(message.id)", "webhook-timestamp: \(timestamp)",
      // Without this the library asks for leave before it sends a large body.
      "expect:",
    ]
    if !target.secrets.isEmpty {
      // A receiver takes the message when one of the signatures is right.
      let signatures = target.secrets.map {
        $0.signature(id: message.id, timestamp: timestamp, body: body)
      }
      headers.append("webhook-signature: \(signatures.joined(separator: " "))")
    }
    let answer = connection.withLock { connection in
      let answer = connection.post(body, to: target, headers: headers, timeout: timeout)
      // What a receiver in trouble still says there must not be taken for the answer to the next message.
      if !(200..<300).contains(answer.status) { connection = Connection() }
      return answer
    }
    return delivery(of: answer)
  }

  /// Lets a pause pass by blocking the thread.
  public static let sleep: @Sendable (Duration) -> Void = { pause in
    let (seconds, attoseconds) = pause.components
    var asked = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var rest = timespec()
    while unsafe nanosleep(&asked, &rest) == -1, errno == EINTR { asked = rest }
  }

  private func delivery(of answer: Connection.Answer) -> Delivery {
    // A status is an answer, even when the body after it was too long or never ended.
    guard answer.status == 0 else {
      return Delivery(status: answer.status, retryAfter: answer.retryAfter)
    }
    if answer.isAddressRefused {
      return .failed(
        reason: "\(target.host) is at a private or local address; "
          + "set allow_private if it is meant to be")
    }
    // The library's own text for the code; it names neither the address nor what was sent.
    let reason = "\(target.host): \(answer.problem)"
    return answer.isLasting
      ? .failed(reason: reason) : .retry(after: nil, reason: reason)
  }
}
