import Bytes

/// Reads what the daemons of Proxmox VE and Proxmox Backup Server write: sign-ins, and tasks that somebody starts.
enum Proxmox {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    if text.hasPrefix("authentication failure; rhost=") { return failure(text, event) }
    if text.hasPrefix("INFO: ") || text.hasPrefix("ERROR: ") { return dump(text, event) }
    guard text.count > 1, text[0] == UInt8(ascii: "<"),
      let close = text.firstOffset(of: "> ", from: 1)
    else { return false }
    if text.has("> successful auth for user '", at: close) { return success(text, close, event) }
    if text.has("> starting task UPID:", at: close) { return task(text, close, event) }
    if text.has("> end task UPID:", at: close) { return taskEnd(text, close, event) }
    return false
  }

  /// What vzdump says of each machine: `INFO: Finished Backup of VM 100 (00:01:02)`, `ERROR: Backup of VM 100 failed - why`,
  /// and where the backup goes: `INFO: starting new backup job: vzdump 100 --storage nas --mode snapshot`.
  private static func dump(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("INFO: Finished Backup of VM ") {
      event.mark("proxmox.backup", "proxmox", .process, "backup.run", .success)
      event.setUnlessEmpty(.backupJob, text.word(from: 28))
      return true
    }
    if text.hasPrefix("ERROR: Backup of VM ") {
      event.mark("proxmox.backup", "proxmox", .process, "backup.run", .failure)
      let job = text.word(from: 20)
      event.setUnlessEmpty(.backupJob, job)
      if text.has(" failed - ", at: 20 + job.count) {
        event.setUnlessEmpty(.eventReason, text.dropFirst(30 + job.count))
      }
      return true
    }
    guard text.hasPrefix("INFO: starting new backup job: vzdump "),
      let storage = text.firstOffset(of: "--storage ")
    else { return false }
    event.mark("proxmox.backup-job", "proxmox", .process, "backup.run")
    event.set(.commandLine, text.dropFirst(31))
    event.setUnlessEmpty(.backupTarget, text.word(from: storage + 10))
    return true
  }

  /// `<U> end task UPID:node:pid:pstart:time:type:id:user: OK`, or why it failed.
  ///
  /// Tasks that keep a machine's state are backups of the machine; other ends say nothing that the start did not.
  private static func taskEnd(_ text: ByteView, _ close: Int, _ event: Event) -> Bool {
    var start = close + 11
    for _ in 0..<5 {
      guard let colon = text.firstOffset(of: UInt8(ascii: ":"), from: start) else { return false }
      start = colon + 1
    }
    guard let typeEnd = text.firstOffset(of: UInt8(ascii: ":"), from: start),
      let idEnd = text.firstOffset(of: UInt8(ascii: ":"), from: typeEnd + 1),
      let result = text.firstOffset(of: ": ", from: idEnd)
    else { return false }
    let type = text.slice(start, typeEnd)
    let removes = type.equals("qmdelsnapshot") || type.equals("vzdelsnapshot")
    guard
      removes || type.equals("vzdump") || type.equals("qmsnapshot") || type.equals("vzsnapshot")
    else { return false }
    let isDone = text.has("OK", at: result + 2)
    event.mark(
      "proxmox.task-end", "proxmox", .process, removes ? "backup.delete" : "backup.run",
      isDone ? .success : .failure)
    event.setUnlessEmpty(.userName, text.slice(1, close))
    event.set(.commandLine, type)
    event.setUnlessEmpty(.backupJob, text.slice(typeEnd + 1, idEnd))
    if !isDone { event.set(.eventReason, text.dropFirst(result + 2)) }
    return true
  }

  /// `authentication failure; rhost=A user=U msg=M`: what follows the address may be anybody's words.
  private static func failure(_ text: ByteView, _ event: Event) -> Bool {
    let address = text.word(from: 30)
    let start = 30 + address.count
    guard !address.isEmpty, text.has(" user=", at: start),
      let end = text.firstOffset(of: " msg=", from: start + 6)
    else { return false }
    event.mark("proxmox.failure", "proxmox", .authentication, "auth.login", .failure)
    PeerName.set(address, on: event)
    event.setUnlessEmpty(.userName, text.slice(start + 6, end))
    if text.has("no such user ", at: end + 5) { event.set(.eventReason, "invalid-user") }
    return true
  }

  /// `<U> successful auth for user 'U'`; the address is in the web server's own log.
  private static func success(_ text: ByteView, _ close: Int, _ event: Event) -> Bool {
    guard let (name, _) = text.name(at: close + 27), !name.isEmpty else { return false }
    event.mark("proxmox.success", "proxmox", .authentication, "auth.login", .success)
    event.set(.userName, name)
    return true
  }

  /// `<U> starting task UPID:node:pid:pstart:time:type:id:user:`.
  private static func task(_ text: ByteView, _ close: Int, _ event: Event) -> Bool {
    event.mark("proxmox.task", "proxmox", .process, "change.exec", .success)
    event.setUnlessEmpty(.userName, text.slice(1, close))
    // The task's type is the sixth part, behind `UPID:` and four others.
    var start = close + 16
    for _ in 0..<5 {
      guard let colon = text.firstOffset(of: UInt8(ascii: ":"), from: start) else { return true }
      start = colon + 1
    }
    if let colon = text.firstOffset(of: UInt8(ascii: ":"), from: start) {
      event.setUnlessEmpty(.commandLine, text.slice(start, colon))
    }
    return true
  }
}
