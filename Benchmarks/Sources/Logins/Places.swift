import Bytes
import Detectors

/// The world's networks as far as the evaluation needs them: each has a country, cities, and addresses.
///
/// An address says by its bits which network and city it belongs to, so that looking it up needs no table.
struct Places: GeoLookup {
  struct City { let latitude, longitude: Double }
  struct Country {
    let code: String
    let cities: [City]
  }
  struct Carrier {
    enum Kind { case line, mobile, office, hotel, hosting, shared }
    let kind: Kind
    let country: Int
    /// The number of the autonomous system.
    let number: UInt32
  }

  let countries: [Country]
  let carriers: [Carrier]
  /// Places of carriers by country and kind.
  private let byKind: [[Carrier.Kind: [Int]]]

  /// The first countries are where people live.
  static let homes = 3
  private static let base: UInt32 = 320

  init() {
    func cities(_ pairs: (Double, Double)...) -> [City] {
      pairs.map { City(latitude: $0.0, longitude: $0.1) }
    }
    countries = [
      Country(
        code: "NL",
        cities: cities((52.37, 4.9), (51.92, 4.48), (52.09, 5.12), (51.44, 5.47), (53.22, 6.57))),
      Country(code: "DE", cities: cities((52.52, 13.4), (50.94, 6.96), (53.55, 9.99))),
      Country(code: "BE", cities: cities((51.22, 4.4), (50.85, 4.35))),
      Country(code: "GB", cities: cities((51.51, -0.13), (53.48, -2.24))),
      Country(code: "FR", cities: cities((48.86, 2.35), (45.76, 4.84))),
      Country(code: "ES", cities: cities((40.42, -3.7), (41.39, 2.17))),
      Country(code: "IT", cities: cities((41.9, 12.5), (45.46, 9.19))),
      Country(code: "SE", cities: cities((59.33, 18.07))),
      Country(code: "PL", cities: cities((52.23, 21.01))),
      Country(code: "PT", cities: cities((38.72, -9.14))),
      Country(code: "US", cities: cities((40.71, -74.01), (37.77, -122.42), (41.88, -87.63))),
      Country(code: "CA", cities: cities((43.65, -79.38))),
      Country(code: "BR", cities: cities((-23.55, -46.63))),
      Country(code: "IN", cities: cities((19.08, 72.88), (12.97, 77.59))),
      Country(code: "CN", cities: cities((31.23, 121.47), (39.9, 116.41))),
      Country(code: "RU", cities: cities((55.76, 37.62))),
      Country(code: "TR", cities: cities((41.01, 28.98))),
      Country(code: "NG", cities: cities((6.52, 3.38))),
      Country(code: "VN", cities: cities((21.03, 105.85))),
      Country(code: "ID", cities: cities((-6.21, 106.85))),
      Country(code: "SG", cities: cities((1.35, 103.82))),
      Country(code: "JP", cities: cities((35.68, 139.69))),
      Country(code: "AU", cities: cities((-33.87, 151.21))),
      Country(code: "ZA", cities: cities((-33.92, 18.42))),
    ]
    var carriers: [Carrier] = []
    var byKind: [[Carrier.Kind: [Int]]] = []
    // The policy knows these two by their numbers; of the other providers nobody told it.
    let known: [UInt32] = [9009, 212_238]
    for country in countries.indices {
      let isHome = country < Places.homes
      let kinds: [(Carrier.Kind, Int)] = [
        (.line, isHome ? 5 : 3), (.mobile, isHome ? 3 : 2), (.office, isHome ? 1 : 0),
        (.hotel, 2), (.hosting, 2), (.shared, 1),
      ]
      var places: [Carrier.Kind: [Int]] = [:]
      for (kind, count) in kinds {
        for _ in 0..<count {
          let number =
            kind == .shared ? known[country % known.count] : 64_512 + UInt32(carriers.count)
          places[kind, default: []].append(carriers.count)
          carriers.append(Carrier(kind: kind, country: country, number: number))
        }
      }
      byKind.append(places)
    }
    (self.carriers, self.byKind) = (carriers, byKind)
  }

  /// The carriers of a kind in a country.
  func carriers(_ kind: Carrier.Kind, in country: Int) -> [Int] { byKind[country][kind] ?? [] }

  /// An address of a carrier in one of its country's cities.
  func address(_ carrier: Int, city: Int, host: Int) -> UInt32 {
    (Places.base + UInt32(carrier)) << 20 | UInt32(city & 15) << 16 | UInt32(host & 0xFFFF)
  }

  /// Which carrier an address belongs to.
  func carrier(of address: UInt32) -> Int { Int(address >> 20 &- Places.base) }

  func place(of address: ByteView) -> GeoPoint? {
    guard let number = Address(address)?.ipv4, number >> 20 >= Places.base,
      carrier(of: number) < carriers.count
    else { return nil }
    let carrier = carriers[carrier(of: number)]
    let country = countries[carrier.country]
    // A telephone's address is placed where its provider's gateway is.
    let isVague = carrier.kind == .mobile
    let city = country.cities[isVague ? 0 : Int(number >> 16 & 15) % country.cities.count]
    return GeoPoint(
      country: country.code, latitude: city.latitude, longitude: city.longitude,
      radius: isVague ? 200 : 20, network: carrier.number)
  }

  /// The great-circle distance between two cities, roughly: enough to know how long a flight takes.
  static func kilometres(_ left: City, _ right: City) -> Double {
    let (x, y) = (left.latitude - right.latitude, left.longitude - right.longitude)
    return (x * x + y * y * 0.5).squareRoot() * 111
  }
}
