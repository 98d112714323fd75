import Bytes
import Formats

extension Normaliser {
  /// Reads a line of Squid's native access log: who asked which host outside for what, and whether they were let.
  mutating func readSquid(_ event: Event) throws(Rejection) {
    let log: SquidLog
    do {
      log = try SquidLog(event.line)
    } catch {
      throw Rejection(error.rawValue)
    }
    guard let stamp = Timestamps.epoch(log.time), stamp.end == log.time.count else {
      throw Rejection("bad-time")
    }
    settle(stamp, event)
    Squid.set(log, on: event)
  }
}

/// Puts a request through Squid where events have it.
enum Squid {
  /// Maps a line that came by syslog; its time is in both.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    guard let log = try? SquidLog(message) else { return false }
    set(log, on: event)
    return true
  }

  static func set(_ log: SquidLog, on event: Event) {
    event.set(.eventCategory, "proxy")
    event.set(.eventDataset, "squid")
    event.set(.eventAction, "http.request")
    if log.result.firstOffset(of: "DENIED") != nil { event.set(.eventReason, "denied") }
    PeerName.set(log.client, on: event)
    event.setUnlessEmpty(.userName, log.userName(event.scratch))
    if !log.method.orEmptyForDash.isEmpty { event.set(.requestMethod, log.method) }
    event.set(.urlOriginal, log.url)
    let (host, port) = log.target
    event.setUnlessEmpty(.urlDomain, host)
    if let port = port.decimal, port < 65_536 { event.set(.destinationPort, .integer(Int64(port))) }
    if Address(log.peer) != nil { event.set(.destinationIP, log.peer) }
    if let status = log.status.decimal { event.set(.statusCode, .integer(Int64(status))) }
    if let size = log.size.decimal, size <= Int64.max {
      event.set(.bodyBytes, .integer(Int64(size)))
    }
  }
}
