import Bytes
import Detectors
import Foundation
import Inputs
import Testing

/// Places and distances against MaxMind's own test databases.
@Suite struct TravelTests {
  private struct Pair: Decodable {
    struct Side: Decodable {
      let ip, country: String
      let lat, lon: Double
      let accuracyRadiusKm: UInt32
    }
    let a, b: Side
    let distanceKm: Double
  }

  @Test(.enabled(if: Corpus.isThere))
  func `forty pairs of addresses are where they are, and as far apart`() throws {
    let city = try GeoDatabase(
      path: Corpus.path("maxmind-db/test-data/GeoLite2-City-Test.mmdb"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var pairs = 0
    for line in try Corpus.bytes("maxmind-db/travel-pairs.jsonl").split(separator: 0x0A) {
      let pair = try decoder.decode(Pair.self, from: Data(line))
      pairs += 1
      for side in [pair.a, pair.b] {
        let place = try #require(city.place(of: side.ip))
        #expect(place.country == side.country)
        #expect(place.latitude == side.lat && place.longitude == side.lon)
        #expect(place.accuracyRadiusKm == side.accuracyRadiusKm)
      }
      let way = Travel.haversine(pair.a.lat, pair.a.lon, pair.b.lat, pair.b.lon)
      // Some take the earth's radius as 6371 km.
      #expect(abs(way - pair.distanceKm) < 0.05, "\(pair.a.ip) \(pair.b.ip) \(way)")
      #expect(way == Travel.haversine(pair.b.lat, pair.b.lon, pair.a.lat, pair.a.lon))
    }
    #expect(pairs == 40)
  }
}
