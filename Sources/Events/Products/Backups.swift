import Bytes

/// Reads what backup tools say through syslog: restic, borg, the dump programs of databases, and units of systemd.
///
/// The job is the tool's name, or the unit's where systemd tells of it; the host is the line's. A tool that says
/// nothing when all went well (pg_dump, mysqldump) is heard only when it fails: run it in a unit whose name has
/// `backup` in it, and systemd tells of both.
enum Backups {
  /// Maps one message of a tool; see ``Products/map(program:message:into:)``.
  static func map(tool: ByteView, _ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    switch tool[0] {
    case UInt8(ascii: "r"): return restic(tool, text, event)
    case UInt8(ascii: "b"): return borg(tool, text, event)
    default: return dump(tool, text, event)
    }
  }

  private static func mark(
    _ code: StaticString, _ action: StaticString, _ outcome: Outcome?, job: ByteView,
    _ event: Event
  ) {
    event.mark(code, "backup", .process, action, outcome)
    event.setUnlessEmpty(.backupJob, job)
  }

  // MARK: restic

  /// `snapshot 40dc1520 saved`, `Fatal: …`, `remove 3 snapshots:`, `removed snapshot …`, and the summary in JSON.
  private static func restic(_ tool: ByteView, _ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("{") { return resticSummary(tool, text, event) }
    if text.hasPrefix("snapshot "), text.hasSuffix(" saved") {
      mark("restic.saved", "backup.run", .success, job: tool, event)
      return true
    }
    if text.hasPrefix("Fatal: ") {
      mark("restic.failed", "backup.run", .failure, job: tool, event)
      event.set(.eventReason, text.dropFirst(7))
      return true
    }
    guard
      text.hasPrefix("removed snapshot ")
        || text.hasSuffix(" snapshots have been removed, running prune")
    else { return false }
    mark("restic.removed", "backup.delete", .success, job: tool, event)
    return true
  }

  /// `{"message_type":"summary",…,"total_bytes_processed":N,…,"snapshot_id":"…"}`.
  private static func resticSummary(_ tool: ByteView, _ text: ByteView, _ event: Event) -> Bool {
    guard text.firstOffset(of: "\"message_type\":\"summary\"") != nil else { return false }
    mark("restic.summary", "backup.run", .success, job: tool, event)
    if let size = number(after: "\"total_bytes_processed\":", in: text) {
      event.set(.backupBytes, .integer(size))
    }
    return true
  }

  private static func number(after mark: StaticString, in text: ByteView) -> Int64? {
    guard let offset = text.firstOffset(of: mark) else { return nil }
    let start = offset + mark.utf8CodeUnitCount
    var end = start
    while end < text.count, text[end].isDigit { end += 1 }
    return text.slice(start, end).decimal.flatMap { Int64(exactly: $0) }
  }

  // MARK: borg

  /// `terminating with success status, rc 0`, and what prune says of each archive that it drops.
  private static func borg(_ tool: ByteView, _ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("terminating with ") {
      // A warning is a file that changed while it was read: the archive is there.
      let isFailure = text.hasPrefix("terminating with error status")
      mark("borg.ended", "backup.run", isFailure ? .failure : .success, job: tool, event)
      return true
    }
    if text.hasPrefix("Repository: ") {
      mark("borg.repository", "backup.run", nil, job: tool, event)
      event.set(.backupTarget, text.dropFirst(12).trimmed)
      return true
    }
    guard text.hasPrefix("Pruning archive") || text.hasPrefix("Deleted archive") else {
      return false
    }
    mark("borg.removed", "backup.delete", .success, job: tool, event)
    return true
  }

  // MARK: Dumps

  /// `pg_dump: error: …`, `mysqldump: Got error: …`, `Failed: …` and `done dumping shop.orders (12 documents)` of mongodump.
  private static func dump(_ tool: ByteView, _ text: ByteView, _ event: Event) -> Bool {
    if text.firstOffset(of: "done dumping ") != nil {
      mark("dump.done", "backup.run", .success, job: tool, event)
      return true
    }
    let isFailure =
      text.hasPrefix("error: ") || text.firstOffset(of: ": error: ") != nil
      || text.firstOffset(of: ": Got error: ") != nil || text.hasPrefix("Failed: ")
      || text.firstOffset(of: "\tFailed: ") != nil
    guard isFailure else { return false }
    mark("dump.failed", "backup.run", .failure, job: tool, event)
    event.set(.eventReason, text)
    return true
  }

  // MARK: Units of systemd

  /// Reads how a unit ended, if its name says that it makes backups.
  ///
  /// `nightly-backup.service: Deactivated successfully.` or `nightly-backup.service: Failed with result 'exit-code'.`
  static func unit(_ message: ByteView, into event: Event) -> Bool {
    guard let end = message.firstOffset(of: ".service: ") else { return false }
    let name = message.prefix(end)
    guard isBackup(name) else { return false }
    let rest = message.dropFirst(end + 10)
    let isSuccess = rest.hasPrefix("Deactivated successfully") || rest.hasPrefix("Succeeded.")
    guard isSuccess || rest.hasPrefix("Failed with result ") else { return false }
    mark("systemd.backup", "backup.run", isSuccess ? .success : .failure, job: name, event)
    if !isSuccess { event.set(.eventReason, rest.withoutLineEnd) }
    return true
  }

  private static func isBackup(_ unit: ByteView) -> Bool {
    for word: StaticString in ["backup", "restic", "borg", "dump"]
    where unit.firstOffset(of: word) != nil {
      return true
    }
    return false
  }
}
