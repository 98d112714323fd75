/// What became of one message.
public enum Delivery: Hashable, Sendable {
  /// The receiver took it.
  case accepted
  /// Not taken, for a reason that may pass; try again, and not before the pause if one was asked.
  case retry(after: Duration?, reason: String)
  /// The receiver answered that it will not take it; the same message will fare no better.
  case refused(status: Int)
  /// It can not be sent with these settings.
  case failed(reason: String)

  /// Whether the receiver will never take these bytes at this address: what it answered is about the message
  /// itself, and not about who sends it, when, or how often (RFC 9110, section 15.5).
  public var isFinal: Bool {
    guard case .refused(let status) = self else { return false }
    return [400, 404, 405, 413, 415, 422].contains(status)
  }

  /// The longest pause a receiver may ask for.
  static let pauseMax = Duration.seconds(3600)

  /// Reads the status a webhook answered with; see RFC 9110, section 15.
  ///
  /// - Parameters:
  ///   - status: The answer's status.
  ///   - retryAfter: The pause that the answer asks for, if it does; at most an hour is believed.
  public init(status: Int, retryAfter: Duration? = nil) {
    switch status {
    case 200..<300: self = .accepted
    case 408, 425, 429, 500..<600:
      let pause = retryAfter.map { min(max($0, .zero), Delivery.pauseMax) }
      self = .retry(after: pause, reason: "answered \(status)")
    default: self = .refused(status: status)
    }
  }
}
