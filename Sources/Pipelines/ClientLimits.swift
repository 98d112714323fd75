import Bytes
import Registers

/// How many requests each client may make, as the limits register says at any moment.
struct ClientLimits {
  private struct Row {
    /// `nil` stands for all clients that no other row names.
    let networks: [Network]?
    let names: Set<[UInt8]>
    let perSecond: Double
    let validity: Validity
  }
  private let rows: [Row]

  init(_ registers: Registers) {
    rows = registers.limits.compactMap { limit in
      guard let requests = limit.requests, let seconds = limit.perSeconds, seconds > 0 else {
        return nil
      }
      return Row(
        networks: limit.clients.map { $0.compactMap { client in client.withView { Network($0) } } },
        names: Set((limit.clients ?? []).map { Array($0.utf8) }),
        perSecond: Double(requests) / Double(seconds), validity: limit.validity)
    }
  }

  /// The least that any client may do in so many seconds, by a row that holds at a time; `nil` without one.
  func least(at time: Int64, seconds: Int64) -> Double? {
    rows.filter { $0.validity.contains(time) }.map { $0.perSecond * Double(seconds) }.min()
  }

  /// What a client may do in so many seconds: the row that names it, else the one for all; `nil` without one.
  func bound(of client: [UInt8], at time: Int64, seconds: Int64) -> Double? {
    let address = client.withView { Address($0) }
    let named = rows.first { row in
      guard row.validity.contains(time), let networks = row.networks else { return false }
      return row.names.contains(client)
        || address.map { address in networks.contains { $0.contains(address) } } ?? false
    }
    let row = named ?? rows.first { $0.networks == nil && $0.validity.contains(time) }
    return row.map { $0.perSecond * Double(seconds) }
  }
}
