import Synchronization

/// Why connections were refused, counted by reason: what a person should know, without a line for each.
final class RefusalNotes: Sendable {
  private let state = Mutex(State())

  private struct State {
    var reasons: [String: (count: UInt64, peer: String)] = [:]
    var others: UInt64 = 0
    var lastTold = -Double.infinity
  }

  /// How many reasons are told apart at once, and how long one is, characters.
  private static let (reasonsMax, reasonLengthMax) = (16, 200)
  /// How long is gathered before more is told, seconds.
  private static let pause = 60.0

  /// Takes note of a refusal.
  func add(_ reason: String, from peer: String) {
    let reason = String(reason.prefix(RefusalNotes.reasonLengthMax))
    state.withLock { state in
      if state.reasons[reason] == nil, state.reasons.count >= RefusalNotes.reasonsMax {
        state.others += 1
      } else {
        state.reasons[reason] = ((state.reasons[reason]?.count ?? 0) + 1, peer)
      }
    }
  }

  /// What is to be told by now.
  ///
  /// - Parameter now: A clock that only goes forward, seconds.
  func take(now: Double) -> [String] {
    state.withLock { state in
      guard !state.reasons.isEmpty, now - state.lastTold >= RefusalNotes.pause else { return [] }
      var lines = state.reasons.sorted { $0.key < $1.key }.map {
        "refused \($0.value.count), the last from \($0.value.peer): \($0.key)"
      }
      if state.others > 0 { lines.append("refused \(state.others) for other reasons") }
      (state.reasons, state.others, state.lastTold) = ([:], 0, now)
      return lines
    }
  }
}
