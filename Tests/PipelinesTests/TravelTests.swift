import Bytes
import Detectors
import Foundation
import Inputs
import Testing

/// Places and distances against MaxMind's own test databases.
@Suite struct TravelTests {
  private struct Pair: Decodable {
    struct Side: Decodable {
      let ip: String
      let country: String?
      let lat, lon: Double
      let accuracyRadiusKm: UInt32
    }
    let a, b: Side
    let distanceKm: Double
  }

  @Test(.enabled(if: Corpus.isThere))
  func `forty pairs of addresses are where they are, and as far apart`() throws {
    let databases = try ["GeoLite2-City-Test", "GeoIP2-City-Test"].map {
      try GeoDatabase(path: Corpus.path("maxmind-db/test-data/\($0).mmdb"))
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var pairs = 0
    for line in try Corpus.bytes("maxmind-db/travel-pairs.jsonl").split(separator: 0x0A) {
      let pair = try decoder.decode(Pair.self, from: Data(line))
      pairs += 1
      for side in [pair.a, pair.b] {
        // One of the two has it, and says the same.
        let found = databases.contains { database in
          guard let place = database.place(of: side.ip) else { return false }
          return place.latitude == side.lat && place.longitude == side.lon
            && place.accuracyRadiusKm == side.accuracyRadiusKm
            && (side.country == nil || place.country == side.country)
        }
        #expect(found, "\(side.ip)")
      }
      let way = Travel.haversine(pair.a.lat, pair.a.lon, pair.b.lat, pair.b.lon)
      // Some take the earth's radius as 6371 km.
      #expect(abs(way - pair.distanceKm) < 0.05, "\(pair.a.ip) \(pair.b.ip) \(way)")
      #expect(way == Travel.haversine(pair.b.lat, pair.b.lon, pair.a.lat, pair.a.lon))
    }
    #expect(pairs == 40)
  }
}
