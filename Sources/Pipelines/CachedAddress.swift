import Bytes
import Detectors
import Events

/// Adds country and network of the source address; remembers the last address.
struct CachedAddress {
  private var last: [UInt8] = []
  private var country: ByteView = .empty
  private var network: UInt32 = 0
  /// Country codes are few: each is kept once and never freed.
  private var countries: [String: ByteView] = [:]

  mutating func place(_ event: Event, _ geo: any GeoLookup) {
    guard let address = event.text(.sourceIP) else { return }
    if !same(address) {
      last = address.copy()
      let point = geo.place(of: address)
      network = point?.network ?? 0
      country = point.map { self.name($0.country) } ?? .empty
    }
    if !country.isEmpty { event.set(.sourceCountry, country) }
    if network != 0 { event.set(.sourceNetwork, .integer(Int64(network))) }
  }

  private func same(_ address: ByteView) -> Bool {
    guard address.count == last.count else { return false }
    for offset in 0..<address.count where address[offset] != last[offset] { return false }
    return true
  }

  private mutating func name(_ code: String) -> ByteView {
    if let known = countries[code] { return known }
    let view = ByteView(immortal: code)
    countries[code] = view
    return view
  }
}
