import Bytes
import Detectors
import Registers

/// What each client may do, as the limits register says at any moment: requests of a client, deliveries to an endpoint.
struct ClientLimits {
  private struct Row {
    /// `nil` stands for all that no other row names.
    let networks: [Network]?
    let names: Set<[UInt8]>
    let perSecond: Double
    let validity: Validity
  }
  private var rows: [Correlation.LimitKind: [Row]] = [:]

  init(_ registers: Registers) {
    func row(_ limit: Limit, _ names: [String]?, _ count: Int, _ seconds: Int) -> Row {
      let names = limit.isForAll ? nil : names ?? []
      return Row(
        networks: names.map { $0.compactMap { client in client.withView { Network($0) } } },
        names: Set((names ?? []).map { Array($0.utf8) }),
        perSecond: Double(count) / Double(seconds), validity: limit.validity)
    }
    rows[.requests] = registers.limits.compactMap { limit in
      guard let count = limit.requests, let seconds = limit.perSeconds, seconds > 0
      else { return nil }
      return row(limit, limit.clients, count, seconds)
    }
    rows[.webhooks] = registers.limits.compactMap { limit in
      limit.webhooksPerHour.map { row(limit, limit.endpoints, $0, 3600) }
    }
  }

  /// The least that anybody may do in so many seconds, by a row that holds at a time; `nil` without one.
  func least(_ kind: Correlation.LimitKind, at time: Int64, seconds: Int64) -> Double? {
    rows[kind]?.filter { $0.validity.contains(time) }.map { $0.perSecond * Double(seconds) }.min()
  }

  /// What one may do in so many seconds: by the row that names it, else the one for all; `nil` without one.
  func bound(
    _ kind: Correlation.LimitKind, of client: [UInt8], at time: Int64, seconds: Int64
  ) -> Double? {
    let rows = rows[kind] ?? []
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
