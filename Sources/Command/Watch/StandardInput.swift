import Dispatch
import Inputs
import Synchronization

/// Keeps what comes through standard input in a spool, as what others send is kept.
final class StandardInput: Sendable {
  let spool: Spool
  private let isOver = Atomic(false)

  /// Reads from now on, on a thread of its own.
  init(_ path: String, lineBytesMax: Int) {
    spool = Spool(path)
    DispatchQueue(label: "rollcall.stdin").async { [self] in
      var pending: [UInt8] = []
      while let bytes = readStandardInput() {
        pending += bytes
        if let end = pending.lastIndex(of: 0x0A) {
          let lines = pending[...end]
          spool.append(Array(lines), count: lines.count { $0 == 0x0A })
          pending.removeFirst(end + 1)
        } else if pending.count > lineBytesMax {
          // The follower counts it as too long; here it only must not fill the memory.
          spool.append(pending, count: 0)
          pending = []
        }
      }
      if !pending.isEmpty { spool.append(pending + [0x0A], count: 1) }
      isOver.store(true, ordering: .relaxed)
    }
  }

  /// Whether the input has ended.
  var hasEnded: Bool { isOver.load(ordering: .relaxed) }
}
