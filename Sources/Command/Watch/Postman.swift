import Alerts
import Dispatch
import Logging
import Storage
import Synchronization

/// Delivers what the store says is due on one route: at least once, what is about one subject in the order of
/// coming, with the same bytes and identity at every attempt.
///
/// The pauses are those that the Standard Webhooks specification recommends: at once, after 5 seconds, 5 and 30
/// minutes, 2, 5, 10, 14, 20 and 24 hours, each a tenth longer or shorter; a receiver that asks for
/// more gets more. Only 2xx is success. After the last attempt the message is a dead letter, and so are
/// all that wait when the receiver says that it is gone (410). A message that a receiver will never take
/// (``Alerts/Delivery/isFinal``) is one after three attempts, so that it does not hold up others for days.
final class Postman: Sendable {
  /// Where messages go.
  enum Way: Sendable {
    case webhook(WebhookClient)
    case file(String)
    case syslog(SyslogSender)
    case output
  }

  let name: String
  private let way: Way
  /// The form of messages about several findings.
  private let body: MessageBody
  private let store: Store
  private let queue: DispatchQueue
  private let wake = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)
  private let running = DispatchGroup()

  /// Seconds between attempts.
  static let pauses: [Int64] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]

  /// How many attempts a message gets that the receiver will never take.
  private static let finalAttemptsMax = 3

  /// By how much the pauses are shorter, for tests.
  private let haste: Int64

  init(_ name: String, _ way: Way, _ body: MessageBody, _ store: Store, haste: Int64 = 1) {
    (self.name, self.way, self.body, self.store, self.haste) = (name, way, body, store, haste)
    queue = DispatchQueue(label: "rollcall.route.\(name)")
  }

  /// Begins to deliver, once an earlier postman of the route has ended: no message is sent by both.
  func start(after earlier: Postman? = nil) {
    running.enter()
    queue.async { [self] in
      defer { running.leave() }
      earlier?.running.wait()
      // What fails again and again is said once.
      var trouble = ""
      while !isStopped.load(ordering: .relaxed) {
        do {
          try store.tellGroups(name, now: Environment.now) {
            GroupWriter.message($0, isRepeated: $1, body: body)
          }
          while !isStopped.load(ordering: .relaxed),
            let delivery = try store.nextDue(name, now: Environment.now)
          {
            try deliver(delivery)
          }
          trouble = ""
        } catch {
          if trouble != "\(error)" { say(.error, "\(error)") }
          trouble = "\(error)"
        }
        _ = wake.wait(timeout: .now() + .seconds(1))
      }
    }
  }

  /// Says that there may be something to deliver.
  func notify() { wake.signal() }

  /// Ends after the attempt at hand; what is not delivered stays in the store.
  func stop() {
    isStopped.store(true, ordering: .relaxed)
    wake.signal()
  }

  private func deliver(_ delivery: StoredDelivery) throws {
    let (outcome, answer) = Postman.send(
      WebhookMessage(uid: delivery.uid, body: delivery.body), to: way)
    let now = Environment.now
    switch outcome {
    case .accepted:
      let since = try keep {
        try store.settle(delivery, state: "sent", due: now, answer: answer, now: now)
      }
      if let since {
        say(.notice, "delivers again after \(now - since) s")
      }
    case .refused(status: 410):
      try keep { try store.settle(delivery, state: "dead", due: now, answer: answer, now: now) }
      let count = try keep {
        try store.abandon(name, answer: "the receiver is gone (410)", now: now)
      }
      say(
        .error,
        "\(answer); \(counted(count + 1, "message is a dead letter", "messages are dead letters"))")
    case .retry, .refused, .failed:
      let attemptsMax =
        outcome.isFinal ? Postman.finalAttemptsMax : Postman.pauses.count + 1
      guard delivery.attempts + 1 < attemptsMax else {
        try keep { try store.settle(delivery, state: "dead", due: now, answer: answer, now: now) }
        say(.error, "gave up on \(delivery.uid.prefix(12)): \(answer)", delivery.uid)
        return
      }
      var pause = Postman.jittered(Postman.pauses[delivery.attempts] / haste)
      // The clock counts whole seconds: without one more the next attempt could come too early.
      if case .retry(let asked?, _) = outcome { pause = max(pause, asked.components.seconds + 1) }
      try keep {
        try store.settle(delivery, state: "pending", due: now + pause, answer: answer, now: now)
      }
      if delivery.attempts == 0 {
        say(
          .warning,
          "\(delivery.uid.prefix(12)) was not delivered: \(answer); next in \(pause) s",
          delivery.uid)
      }
    }
  }

  /// Writes down what became of an attempt, again each second until that works or the route is stopped: nothing
  /// is sent again because the store could not be written.
  @discardableResult
  private func keep<Result>(_ write: () throws -> Result) throws -> Result {
    var isSaid = false
    while true {
      do {
        return try write()
      } catch {
        guard !isStopped.load(ordering: .relaxed) else { throw error }
        if !isSaid { say(.error, "\(error)\nnothing is sent until that is written down") }
        isSaid = true
      }
      _ = wake.wait(timeout: .now() + .seconds(1))
    }
  }

  private func say(_ level: Logger.Level, _ message: String, _ finding: String = "") {
    var fields: Logger.Metadata = ["route": "\(name)"]
    if !finding.isEmpty { fields["finding"] = "\(finding)" }
    ownLog.log(level: level, "route \(name): \(message)", metadata: fields)
  }

  private static func jittered(_ pause: Int64) -> Int64 {
    max(1, pause + Int64.random(in: -pause / 10...pause / 10))
  }

  /// Sends a message once, and says in words what became of it.
  static func send(_ message: WebhookMessage, to way: Way) -> (Delivery, String) {
    switch way {
    case .file(let path):
      let problem = Files.append(message.body, to: path)
      return problem.map { (.failed(reason: $0), $0) } ?? (.accepted, "written")
    case .syslog(let sender):
      let outcome = sender.send(message.body)
      guard case .retry(_, let reason) = outcome else { return (outcome, "sent") }
      return (outcome, reason)
    case .output:
      Console.out(message.body + [0x0A])
      return Console.isComplete
        ? (.accepted, "written") : (.failed(reason: "standard output is closed"), "closed")
    case .webhook(let client):
      let outcome = client.post(message, timestamp: Environment.now)
      switch outcome {
      case .accepted: return (outcome, "accepted")
      case .retry(_, let reason), .failed(let reason): return (outcome, reason)
      case .refused(let status): return (outcome, "answered \(status)")
      }
    }
  }
}
