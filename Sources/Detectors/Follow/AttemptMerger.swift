public import Bytes
public import Events

/// Counts one sign-in attempt once, although a program and PAM write several lines about it.
///
/// `Invalid user`, `pam_unix … authentication failure`, `Failed password` and `Connection closed by
/// invalid user` of one process and address tell of the same attempts. Per (host, process, address)
/// the merger counts each kind of line; the number of attempts is the largest of those counts, so a
/// line is let through only when it raises that maximum. The first line that tells of an attempt is
/// the one that counts, and no line is held back.
///
/// Bounded: ``limit`` processes, each forgotten ``lifetimeSeconds`` after its last line (OpenSSH's
/// LoginGraceTime is 120 s).
public struct AttemptMerger: ~Copyable {
  /// How many processes are followed at once.
  public static let limit = 100_000
  /// How long after its last line a process number may mean a new process.
  public static let lifetimeSeconds: Int64 = 180

  private struct Attempts: KeyedState {
    var counts: (UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0)
    var let_through: UInt32 = 0
    var lastTime: Int64
    var isReturned = false
    var weight: Int { Int(let_through) }
  }
  private var table = BoundedTable<Attempts>(
    limit: AttemptMerger.limit, lifetime: AttemptMerger.lifetimeSeconds * 1_000_000_000)

  /// A merger that has seen nothing.
  public init() {}

  /// How many processes were forgotten early.
  public var evictedCount: UInt64 { table.evictedCount }

  /// What a failed sign-in tells of: which kind of line it is, of which process and address.
  public struct Clue: BitwiseCopyable, Sendable {
    /// Which of the lines about one attempt this is, or -1 when it stands alone.
    fileprivate var kind: Int8
    /// The host, the process and the address together.
    fileprivate var key: StateKey

    /// A line that stands alone.
    public static let alone = Clue(kind: -1, key: StateKey(high: 0, low: 0))
  }

  /// The clue of a failed sign-in.
  public static func clue(of event: Event, _ keys: KeyMemo) -> Clue {
    guard let kind = kind(of: event), let process = event[.processPID] else { return .alone }
    let pid = process.text(event.scratch)
    let address = event.text(.sourceAddress) ?? event.text(.sourceIP) ?? .empty
    let key = keys.key(of: event.text(.hostName) ?? .empty).combined(
      with: keys.key(of: address), ByteHash.hash(pid))
    return Clue(kind: kind, key: key)
  }

  /// Has the processor fetch what ``newAttempts(_:weight:time:)`` will read.
  @inline(__always) public func prefetch(_ clue: Clue) {
    if clue.kind >= 0 { table.prefetch(clue.key) }
  }

  /// How many new attempts a failed sign-in stands for; zero when earlier lines told of them all.
  ///
  /// - Parameter weight: How many failures the line stands for.
  public mutating func newAttempts(_ clue: Clue, weight: UInt32, time: Int64) -> UInt32 {
    guard clue.kind >= 0 else { return weight }
    let lifetime = table.lifetime
    return table.update(clue.key, at: time, fresh: { Attempts(lastTime: time) }) { state in
      if time - state.lastTime > lifetime { state = Attempts(lastTime: time) }
      state.lastTime = time
      switch clue.kind {
      case 0: state.counts.0 = AttemptMerger.sum(state.counts.0, weight)
      case 1: state.counts.1 = AttemptMerger.sum(state.counts.1, weight)
      case 2: state.counts.2 = AttemptMerger.sum(state.counts.2, weight)
      case 3: state.counts.3 = max(1, state.counts.3)
      default: state.counts.4 = max(1, state.counts.4)
      }
      let most = max(
        max(state.counts.0, state.counts.1), max(state.counts.2, state.counts.3),
        state.counts.4)
      let news = most > state.let_through ? most - state.let_through : 0
      state.let_through = most
      return news
    }
  }

  /// Writes what is known, as of an instant.
  public func write(to writer: inout SnapshotWriter, at time: Int64) {
    table.write(to: &writer, at: time) { state, writer in
      let counts = state.counts
      for count in [counts.0, counts.1, counts.2, counts.3, counts.4, state.let_through] {
        writer.put(count)
      }
      writer.put(state.lastTime)
    }
  }

  /// Takes in what was written.
  public mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      Attempts(
        counts: (
          try reader.number(), try reader.number(), try reader.number(), try reader.number(),
          try reader.number()
        ), let_through: try reader.number(), lastTime: try reader.number())
    }
  }

  /// A sum that stops at the largest number: the counts are what a log claims.
  private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  /// Whether a failed sign-in may be told of by several lines of its process.
  public static func merges(_ event: Event) -> Bool {
    kind(of: event) != nil && event.has(.processPID)
  }

  /// Which of the lines about one attempt this is, or `nil` when it stands alone.
  private static func kind(of event: Event) -> Int8? {
    guard let code = event.text(.eventCode) else { return nil }
    if code.equals("sshd.failed") || code.equals("sshd.pam_error") { return 0 }
    if code.equals("sshd.invalid_user") || code.equals("sshd.not_allowed") { return 1 }
    if code.hasPrefix("pam.") { return 2 }
    if code.equals("sshd.closed_preauth") { return 3 }
    if code.equals("sshd.max_attempts") { return 4 }
    return nil
  }
}
