import Dispatch
import Inputs
import Synchronization

/// Keeps what comes through standard input in a spool, as what others send is kept.
final class StandardInput: Sendable {
  let spool: Spool
  private let isOver = Atomic(false)

  /// Reads from now on, on a thread of its own.
  ///
  /// - Parameter lineBytesMax: How much of a line is kept: one byte more than the follower takes, so that
  ///   it counts the line as too long, and memory stays bounded.
  init(_ path: String, lineBytesMax: Int) {
    spool = Spool(path)
    DispatchQueue(label: "rollcall.stdin").async { [self] in
      var pending: [UInt8] = []
      var isSkipping = false
      while let bytes = readStandardInput() {
        var rest = bytes[...]
        if isSkipping {
          guard let end = rest.firstIndex(of: 0x0A) else { continue }
          rest = rest[(end + 1)...]
          isSkipping = false
        }
        pending += rest
        if let end = pending.lastIndex(of: 0x0A) {
          let lines = pending[...end]
          spool.append(Array(lines), count: lines.count { $0 == 0x0A })
          pending.removeFirst(end + 1)
        }
        if pending.count > lineBytesMax {
          spool.append(Array(pending[...lineBytesMax]) + [0x0A], count: 1)
          (pending, isSkipping) = ([], true)
        }
      }
      if !pending.isEmpty { spool.append(pending + [0x0A], count: 1) }
      isOver.store(true, ordering: .relaxed)
    }
  }

  /// Whether the input has ended.
  var hasEnded: Bool { isOver.load(ordering: .relaxed) }
}
