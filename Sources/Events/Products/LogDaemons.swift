import Bytes

/// Reads what the programs that keep logs and clocks say of themselves: that they stop, start, or set the time.
///
/// A daemon that stops and starts again is `log.stop` followed by `service.start` of the same `service.name`.
enum LogDaemons {
  /// The units whose stop ends a log, by how their names or descriptions begin.
  private static let units: [(name: StaticString, service: StaticString)] = [
    ("rsyslog", "rsyslog"), ("syslog", "syslog"), ("System Logging Service", "rsyslog"),
    ("auditd", "auditd"), ("Security Auditing Service", "auditd"),
    ("systemd-journald.service", "journald"), ("Journal Service", "journald"),
    ("filebeat", "filebeat"), ("auditbeat", "auditbeat"), ("fluent", "fluentd"),
    ("promtail", "promtail"), ("vector.service", "vector"), ("osqueryd", "osqueryd"),
    ("wazuh-agent", "wazuh-agent"), ("rollcall", "rollcall"),
  ]

  /// Maps what systemd says of a unit, such as `Stopped rsyslog.service - System Logging Service`.
  static func mapUnit(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    let isStop = text.hasPrefix("Stopped ")
    guard isStop || text.hasPrefix("Started ") else { return false }
    let unit = text.dropFirst(8)
    for known in units where unit.hasPrefix(known.name) {
      mark(isStop, known.service, event)
      return true
    }
    return false
  }

  /// Maps what a daemon says of itself.
  static func map(_ service: StaticString, _ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    if text.firstOffset(of: "exiting on signal ") != nil
      || text.hasPrefix("syslog-ng shutting down")
      || text.equals("The audit daemon is exiting.") || text.equals("Journal stopped")
    {
      mark(true, service, event)
      return true
    }
    let isStart =
      text.hasSuffix("] start") || text.hasSuffix("] (re)start") || text.hasSuffix(": restart.")
      || text.equals("restart") || text.hasPrefix("syslog-ng starting up")
      || text.hasPrefix("Init complete, auditd ") || text.equals("Journal started")
    guard isStart else { return false }
    mark(false, service, event)
    return true
  }

  private static func mark(_ isStop: Bool, _ service: StaticString, _ event: Event) {
    if isStop {
      event.mark("logging.stopped", "log-daemons", .process, "log.stop", .success)
    } else {
      event.mark("logging.started", "log-daemons", .process, "service.start", .success)
    }
    event.set(.serviceName, service)
  }

  /// Maps `System clock was stepped by 3600.1 seconds` of chronyd and `time reset -3600.1 s` of ntpd; the length of
  /// the step is `event.duration_ms`, whichever way it went.
  static func mapClock(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    var start = 0
    if text.hasPrefix("System clock was stepped by ") {
      start = 28
    } else if text.hasPrefix("time reset ") {
      start = 11
    } else {
      return false
    }
    var word = text.word(from: start)
    if let sign = word.isEmpty ? nil : word[0],
      sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
    {
      word = word.dropFirst(1)
    }
    // Whole seconds are enough: less is no step.
    let point = word.firstOffset(of: UInt8(ascii: ".")) ?? word.count
    guard let seconds = word.prefix(point).decimal, seconds < 1 << 40 else { return false }
    event.mark("clock.stepped", "log-daemons", .process, "change.update", .success)
    event.set(.eventDuration, .integer(Int64(seconds) * 1000))
    event.set(.serviceName, "clock")
    return true
  }
}
