public import Bytes

extension Normaliser {
  /// Looks at a line of a web server's access log without making an event of it; O(*n*).
  ///
  /// - Returns: What the event would say; `nil` when only the event can tell: it is no plain request from a bare
  ///   address, or it may be a sign-in.
  @inline(__always)
  public mutating func glanceAccess(at line: ByteView) -> Glance? {
    guard wrapped == nil, let log = try? AccessLog(line), isLastAccessTime(log.time),
      log.forwarded.isEmpty, !log.method.isEmpty, !log.target.isEmpty,
      log.target[0] == UInt8(ascii: "/"), let status = log.status.decimal
    else { return nil }
    var glance = Glance(
      time: lastAccessTime.time, isInferred: lastAccessTime.inferred != nil,
      mapping: Glance.accessMapping)
    if let number = Address.version4(log.client) {
      glance.number = number
    } else {
      // Whatever is no bare address is taken apart first.
      guard Address(log.client) != nil else { return nil }
      glance.address = log.client
    }
    guard !requests.isSignIn(log.target, Int64(status), isPost: log.method.equals("POST"))
    else { return nil }
    if !log.user.isEmpty { glance.user = log.user }
    if !log.host.isEmpty { glance.domain = log.host.withoutPort }
    glance.target = log.target
    glance.settle(status: Int64(status))
    return glance
  }

  /// Whether a time is the last line's, which it is from then on.
  @inline(__always) private mutating func isLastAccessTime(_ text: ByteView) -> Bool {
    lastAccessTime.isAll(of: text) || becomesLastAccessTime(text)
  }

  @inline(never) private mutating func becomesLastAccessTime(_ text: ByteView) -> Bool {
    guard let stamp = Timestamps.commonLog(text, cache: &stamps) else { return false }
    lastAccessTime.keep(stamp, instant(of: stamp), text)
    return lastAccessTime.isAll(of: text)
  }

  mutating func readAccess(_ event: Event) throws(Rejection) {
    let log: AccessLog
    do {
      log = try AccessLog(event.line)
    } catch {
      throw Rejection(error.rawValue)
    }
    if lastAccessTime.isAll(of: log.time) {
      event.time = lastAccessTime.time
      if let inferred = lastAccessTime.inferred { event.set(.timestampInferred, inferred) }
    } else if let stamp = Timestamps.commonLog(log.time, cache: &stamps) {
      settle(stamp, event)
      lastAccessTime.keep(stamp, event.time, log.time)
    } else {
      guard let wrapped else { throw Rejection("bad-time") }
      settle(wrapped, event)
    }
    event.set(.eventCategory, "http")
    event.set(.eventDataset, "access")
    PeerName.set(log.forwarded.isEmpty ? log.client : log.origin, on: event)
    if !log.user.isEmpty { event.set(.userName, log.user) }
    if !log.method.isEmpty {
      event.set(.requestMethod, log.method)
      event.set(.urlOriginal, log.target)
    } else {
      event.set(.urlOriginal, log.request)
    }
    if let status = log.status.decimal { event.set(.statusCode, .integer(Int64(status))) }
    if let size = log.size.decimal, size <= Int64.max {
      event.set(.bodyBytes, .integer(Int64(size)))
    }
    if !log.host.isEmpty { event.set(.urlDomain, log.host.withoutPort) }
    if !log.referrer.isEmpty { event.set(.referrer, log.referrer) }
    if !log.agent.isEmpty { event.set(.userAgent, log.agent) }
  }
}
