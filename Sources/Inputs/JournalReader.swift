import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Follows the systemd journal through `journalctl`, and keeps its entries in a spool.
///
/// The spool is all that says how far the journal was read: the cursor of its last line is where the next
/// start goes on. While no entry came, the time at which the spool was made stands for it. An entry that can
/// not be kept is asked for again, so nothing is lost and nothing comes twice, whenever the process or
/// `journalctl` ends.
///
/// - SeeAlso: journalctl(1).
public final class JournalReader: Sendable {
  /// Which part of which journal.
  public struct Selection: Sendable, Hashable {
    /// Units whose entries are read; empty for all.
    public var units: [String]
    /// The folder of the journal's files; `nil` for this machine's.
    public var directory: String?
    /// Whether a first start reads what is there already.
    public var readsHistory: Bool

    /// A selection.
    public init(units: [String] = [], directory: String? = nil, readsHistory: Bool = false) {
      (self.units, self.directory, self.readsHistory) = (units, directory, readsHistory)
    }
  }

  /// The fields that are asked for; cursor and time come with every entry.
  private static let fields = [
    "MESSAGE", "PRIORITY", "SYSLOG_FACILITY", "SYSLOG_IDENTIFIER", "SYSLOG_PID", "_COMM",
    "_HOSTNAME", "_PID", "_SOURCE_REALTIME_TIMESTAMP", "_SYSTEMD_UNIT", "_TRANSPORT", "_UID",
  ]
  /// The shortest and the longest pause before `journalctl` is started again, seconds.
  private static let (pauseMin, pauseMax) = (1, 60)
  /// How long it must have run for the pause to be short again, seconds.
  private static let steadySeconds = 60.0
  /// How many lines of its complaints are told between two starts, and how long each is, bytes.
  private static let (complaintsMax, complaintBytesMax) = (5, 500)

  /// The longest line of a spool that is looked at, whatever entries may be kept today, bytes.
  private static let lineBytesMax = 64 << 20

  /// Keeps the entries.
  public let spool: Spool
  private let selection: Selection
  private let entryBytesMax: Int
  private let program: String
  private let bell = Bell()
  private let isEnding = Atomic(false)
  private let isOver = DispatchSemaphore(value: 0)
  private let refusedCount = Atomic<UInt64>(0)
  private let notes = Mutex<[String]>([])

  /// How many entries were too long, or lines no entries.
  public var refused: UInt64 { refusedCount.load(ordering: .relaxed) }

  /// Reads from now on, on a thread of its own.
  ///
  /// - Parameters:
  ///   - entryBytesMax: The longest entry that is kept, as `journalctl` writes it, bytes.
  ///   - spool: Keeps the entries; it should be synced.
  ///   - program: What is started, looked for on the PATH.
  public init(
    _ selection: Selection, entryBytesMax: Int, spool: Spool, program: String = "journalctl"
  ) {
    (self.selection, self.spool, self.entryBytesMax) = (selection, spool, entryBytesMax)
    self.program = program
    DispatchQueue(label: "rollcall.journal").async { [self] in
      readOn()
      isOver.signal()
    }
  }

  /// Ends `journalctl`, and reads no more.
  public func stop() {
    guard !isEnding.exchange(true, ordering: .sequentiallyConsistent) else { return }
    bell.ring()
    isOver.wait()
  }

  /// What a person should know.
  public func takeNotes() -> [String] {
    notes.withLock { notes in
      defer { notes = [] }
      return notes
    }
  }

  private func tell(_ note: String) {
    notes.withLock { if $0.count < 100 { $0.append(note) } }
  }

  /// Starts `journalctl` as often as it ends.
  private func readOn() {
    var pause = JournalReader.pauseMin
    while !isEnding.load(ordering: .sequentiallyConsistent) {
      let began = now
      let reason = readOnce()
      if isEnding.load(ordering: .sequentiallyConsistent) { return }
      if now - began >= JournalReader.steadySeconds { pause = JournalReader.pauseMin }
      tell("journalctl: \(reason); it is started again in \(pause) seconds")
      var waits = [pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)]
      _ = unsafe poll(&waits, 1, Int32(pause * 1000))
      pause = min(2 * pause, JournalReader.pauseMax)
    }
  }

  private var now: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: - One run

  /// The words that start `journalctl` where the spool ends.
  func command() throws(SpoolError) -> [String] {
    var words = [
      program, "--follow", "--no-tail", "--no-pager", "--quiet", "--all", "--output=json",
      "--output-fields=" + JournalReader.fields.joined(separator: ","),
    ]
    words += selection.units.map { "--unit=\($0)" }
    if let directory = selection.directory { words.append("--directory=\(directory)") }
    // Made when there is none: its time is that of the first start.
    let last = try spool.lastLine(bytesMax: JournalReader.lineBytesMax)
    if let cursor = last.flatMap(JournalReader.cursor) {
      words.append("--after-cursor=\(cursor)")
    } else if last != nil || !selection.readsHistory {
      words.append("--since=@\(spool.lastWritten ?? Int64(time(nil)))")
    }
    return words
  }

  /// Reads one run of `journalctl` to its end; says how it ended.
  private func readOnce() -> String {
    do {
      let child = try ChildProcess(try command())
      let problem = pump(child.output, child.errors)
      let isAsked = problem != nil || isEnding.load(ordering: .sequentiallyConsistent)
      let ending = child.end(isAsked: isAsked)
      if let problem { return problem }
      if case .exit(127) = ending { return "it is not installed, or not on the PATH" }
      return "\(ending)"
    } catch let error as SpoolError {
      return "\(error)"
    } catch {
      return "it can not be started: \(error)"
    }
  }

  /// Keeps what comes until it ends or nothing more is to be read; says what keeps us from it.
  private func pump(_ output: Int32, _ errors: Int32) -> String? {
    var entries = JournalLines(entryBytesMax: entryBytesMax)
    var complaints: [UInt8] = []
    defer { tellComplaints(complaints) }
    var block = [UInt8](repeating: 0, count: 256 << 10)
    var waits = [output, errors, bell.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    while true {
      guard unsafe poll(&waits, 3, -1) > 0 else { continue }
      if waits[2].revents != 0 { return nil }
      if waits[1].revents != 0 {
        let count = unsafe read(errors, &block, block.count)
        // Nobody need be woken again by an end.
        if count <= 0 { waits[1].fd = -1 }
        let space = JournalReader.complaintsMax * JournalReader.complaintBytesMax - complaints.count
        complaints += block.prefix(max(0, min(count, space)))
      }
      if waits[0].revents != 0 {
        let count = unsafe read(output, &block, block.count)
        if count < 0, errno == EINTR { continue }
        // What is not a whole line is asked for again.
        guard count > 0 else { return nil }
        entries.take(block[..<count])
        refusedCount.add(entries.takeRefused(), ordering: .relaxed)
        let (lines, lineCount) = entries.takeLines()
        if !lines.isEmpty, !spool.append(lines, count: lineCount, canAsk: true) {
          return "its entries can not be kept: \(spool.losses.reason)"
        }
      }
    }
  }

  private func tellComplaints(_ text: [UInt8]) {
    for line in text.split(separator: 0x0A).prefix(JournalReader.complaintsMax) {
      let line = String(decoding: line.prefix(JournalReader.complaintBytesMax), as: UTF8.self)
      tell("journalctl says: \(line)")
    }
  }

  /// The cursor of an entry.
  ///
  /// Its text has no character that JSON escapes, and a name in quotes can not stand within another value.
  static func cursor(of line: [UInt8]) -> String? {
    let key = Array("\"__CURSOR\"".utf8)
    guard line.first == UInt8(ascii: "{"), let name = line.firstRange(of: key) else { return nil }
    var place = name.upperBound
    func skipSpace() { while place < line.count, line[place] == 0x20 { place += 1 } }
    skipSpace()
    guard place < line.count, line[place] == UInt8(ascii: ":") else { return nil }
    place += 1
    skipSpace()
    guard place < line.count, line[place] == UInt8(ascii: "\"") else { return nil }
    let rest = line[(place + 1)...]
    guard let end = rest.firstIndex(of: UInt8(ascii: "\"")), end > rest.startIndex else {
      return nil
    }
    let cursor = rest[..<end]
    let isPlain = cursor.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    return isPlain ? String(decoding: cursor, as: UTF8.self) : nil
  }
}

/// The lines of `journalctl`: those that are entries, as far as they have come.
struct JournalLines {
  let entryBytesMax: Int
  private var pending: [UInt8] = []
  /// Whether the line at hand is too long, and the rest of it is left out.
  private var isSkipping = false
  private var lines: [UInt8] = []
  private var count = 0
  private var refused: UInt64 = 0

  init(entryBytesMax: Int) { self.entryBytesMax = entryBytesMax }

  /// Takes what came.
  mutating func take(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while let end = rest.firstIndex(of: 0x0A) {
      add(rest[..<end])
      finish()
      rest = rest[(end + 1)...]
    }
    add(rest)
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>) {
    if isSkipping { return }
    pending += bytes
    guard pending.count > entryBytesMax else { return }
    (pending, isSkipping) = ([], true)
  }

  private mutating func finish() {
    defer { (pending, isSkipping) = ([], false) }
    guard !isSkipping, JournalReader.cursor(of: pending) != nil else {
      if isSkipping || !pending.isEmpty { refused += 1 }
      return
    }
    lines += pending
    lines.append(0x0A)
    count += 1
  }

  /// The entries that are whole.
  mutating func takeLines() -> (lines: [UInt8], count: Int) {
    defer { (lines, count) = ([], 0) }
    return (lines, count)
  }

  /// How many lines were refused since this was asked last.
  mutating func takeRefused() -> UInt64 {
    defer { refused = 0 }
    return refused
  }
}
