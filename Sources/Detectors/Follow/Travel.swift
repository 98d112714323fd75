#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The way between two places and the speed it would have taken.
///
/// Both are whole numbers, so that the last bit of a sine, which differs between machines, decides nothing.
package struct Travel: BitwiseCopyable {
  /// Great-circle distance less both accuracy radii, kilometres, never below zero.
  let kilometres: Int64
  /// The speed over the time between, which is taken as `secondsMin` at least.
  let kilometresPerHour: Int64

  /// The way from where the person was last.
  init(
    from: LoginHistory.Place, toLatitude: Double, longitude: Double, radius: Double,
    nanoseconds: Int64, secondsMin: Int64
  ) {
    let way = Travel.haversine(from.latitude, from.longitude, toLatitude, longitude)
    let distance = max(0, way - from.radius - radius)
    let seconds = max(Double(nanoseconds.magnitude) / 1e9, Double(max(1, secondsMin)))
    kilometres = Int64(distance.rounded())
    kilometresPerHour = Int64((distance / seconds * 3600).rounded())
  }

  /// The great-circle distance on a sphere of 6371.0088 km (IUGG mean radius), in kilometres.
  package static func haversine(
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
