import Bytes
import Formats

extension Normaliser {
  /// Reads an entry of the systemd journal as the syslog line that its program wrote.
  ///
  /// Host, process and time are the journal's. The records that a system's service writes to its output,
  /// JSON or an access log, are read as what they are; what anybody else writes is a message, for a user
  /// could write a record that looks like a service's.
  mutating func readJournal(_ event: Event) throws(Rejection) {
    let entry: JournalEntry
    do {
      entry = try JournalEntry(event.line, event.scratch)
    } catch {
      throw Rejection(error.reason.rawValue, at: error.offset)
    }
    guard !entry.time.isEmpty else { throw Rejection("no-time") }
    guard let stamp = Timestamps.epoch(entry.time), stamp.end == entry.time.count else {
      throw Rejection("bad-time")
    }
    if entry.isLeftOut { throw Rejection("message-left-out") }
    guard let text = entry.message, !text.isEmpty else { throw Rejection("empty-line") }
    settle(stamp, event)
    header = SyslogHeader()
    (header.host, header.program, header.pid) = (entry.host, entry.program, entry.pid)
    (header.message, header.priority) = (text, entry.priority)
    if takeHeader(event) || !entry.isOfService { return }
    let line = event.line
    (event.line, wrapped) = (text, stamp)
    defer { (event.line, wrapped) = (line, nil) }
    if JournalEntry.isObject(text) {
      event.remove(.message)
      try readJSON(event, at: 0, nil)
    } else if (try? AccessLog(text)) != nil {
      try readAccess(event)
    } else {
      return
    }
    // The record's own word for its machine may be anything.
    if !entry.host.isEmpty { event.set(.hostName, entry.host) }
  }
}

extension JournalEntry {
  /// Whether a service of the system wrote it, rather than somebody who signed in.
  fileprivate var isOfService: Bool { unit.hasSuffix(".service") && !unit.hasPrefix("user@") }
}
