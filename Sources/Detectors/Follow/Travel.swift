#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The way between two places and the speed it would have taken.
struct Travel {
  /// Great-circle distance less both accuracy radii, kilometres, never below zero.
  let kilometres: Int64
  /// The speed over the time between, which is taken as a minute at least.
  let kilometresPerHour: Int64

  /// `nil` when a position is missing.
  init?(from: GeoPoint, to: GeoPoint, nanoseconds: Int64) {
    guard let fromLatitude = from.latitude, let fromLongitude = from.longitude,
      let toLatitude = to.latitude, let toLongitude = to.longitude
    else { return nil }
    let way = Travel.haversine(fromLatitude, fromLongitude, toLatitude, toLongitude)
    let distance = max(0, way - from.radius - to.radius)
    let hours = Double(max(abs(nanoseconds), 60_000_000_000)) / 3.6e12
    kilometres = Int64(distance.rounded())
    kilometresPerHour = Int64((distance / hours).rounded())
  }

  /// The great-circle distance on a sphere of 6371.0088 km (IUGG mean radius), in kilometres.
  static func haversine(
    _ latitude1: Double, _ longitude1: Double, _ latitude2: Double, _ longitude2: Double
  ) -> Double {
    let radians = Double.pi / 180
    let (phi1, phi2) = (latitude1 * radians, latitude2 * radians)
    let a = sin((phi2 - phi1) / 2)
    let b = sin((longitude2 - longitude1) * radians / 2)
    let h = a * a + cos(phi1) * cos(phi2) * b * b
    return 2 * 6371.0088 * asin(min(1, h.squareRoot()))
  }
}
