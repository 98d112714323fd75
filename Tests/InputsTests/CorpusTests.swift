import Foundation
import Inputs
import Testing

@Suite(.enabled(if: sharedFolder != nil)) struct CorpusTests {
  let shared = sharedFolder ?? ""

  @Test func `every byte of every file is accounted for`() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: shared + "/corpus")
    let paths = names.sorted().map { "\(shared)/corpus/\($0)" }
    var files = 0
    for path in paths {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      let found = discover([path])
      guard let stream = found.streams.first else {
        #expect(!found.problems.isEmpty, "\(path)")
        continue
      }
      files += 1
      let got = try read(stream, hashing: true)
      #expect(got.totals.bytesRead == got.totals.bytesAccounted, "\(path)")
      if !stream.files[0].isGzip {
        #expect(got.totals.bytesRead == stream.files[0].size, "\(path)")
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let content = whole.starts(with: [0xEF, 0xBB, 0xBF]) ? whole[3...] : whole[...]
        let newlines = content.count(where: { $0 == 0x0A })
        let lines = newlines + (content.isEmpty || content.last == 0x0A ? 0 : 1)
        if got.totals.linesRejected == 0 { #expect(got.totals.linesRead == lines, "\(path)") }
      }
      #expect(got.digests.first?.lines == got.totals.linesRead)
      let small = try read(stream, chunkBytes: 1000, lineBytesMax: 2000, hashing: true)
      #expect(small.totals.bytesRead == got.totals.bytesRead, "\(path)")
      #expect(small.totals.linesRead == got.totals.linesRead, "\(path)")
      #expect(small.digests == got.digests)
    }
    #expect(files > 100)
  }

  @Test func `the whole folder is found the same way twice`() {
    let first = discover([shared + "/corpus"])
    #expect(areEqual(first, discover([shared + "/corpus/"])))
    #expect(Set(first.streams.map(\.name)).count == first.streams.count)
  }

  // MARK: - Address databases

  func database(_ name: String) throws -> GeoDatabase {
    try GeoDatabase(path: "\(shared)/corpus/maxmind-db/test-data/\(name).mmdb")
  }

  @Test func `places are found by text and by bytes`() throws {
    let city = try database("GeoLite2-City-Test")
    #expect(city.kind == "GeoLite2-City")
    #expect(city.built > 1_500_000_000)
    let place = try #require(city.place(of: "81.2.69.160"))
    #expect(place.country == "GB")
    #expect(abs((place.latitude ?? 0) - 51.5) < 0.1)
    #expect(abs((place.longitude ?? 9) - -0.1) < 0.1)
    #expect((place.accuracyRadiusKm ?? 0) > 0)
    #expect(city.place(of: [81, 2, 69, 160]) == place)
    #expect(city.place(of: "::ffff:81.2.69.160") == place)
    #expect(city.place(of: "2001:218::1")?.country == "JP")
    for none in ["10.0.0.1", "", "x", "81.2.69", "81.2.69.160\0", "::", "1.2.3.4.5"] {
      #expect(city.place(of: none) == nil)
    }
    #expect(city.place(of: [1, 2, 3]) == nil)
    #expect(city.damagedLookups == 0)
  }

  @Test func `networks have a number and a name`() throws {
    let networks = try database("GeoLite2-ASN-Test")
    let network = try #require(networks.network(of: "1.128.0.1"))
    #expect(network == GeoNetwork(number: 1221, organisation: "Telstra Pty Ltd"))
    #expect(networks.asn("1.128.0.1") == 1221)
    #expect(networks.asn("10.0.0.1") == nil)
    #expect(networks.place(of: "1.128.0.1") == nil)
  }

  @Test func `a database of one kind of address knows nothing of the other`() throws {
    let narrow = try database("MaxMind-DB-test-ipv4-24")
    #expect(narrow.place(of: "2001:218::1") == nil)
    #expect(narrow.damagedLookups == 0)
  }

  @Test func `databases that are damaged or none are refused or find nothing`() throws {
    let folder = "\(shared)/corpus/maxmind-db"
    for part in ["bad-data", "test-data", "source-data"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)")
      for name in names { probe("\(folder)/\(part)/\(name)") }
    }
    #expect(throws: InputError.self) { try GeoDatabase(path: folder) }
    #expect(throws: InputError.self) { try GeoDatabase(path: folder + "/none.mmdb") }
  }

  @Test func `a database cut short or scratched anywhere crashes nothing`() throws {
    let temporary = try TemporaryFolder()
    let source = "\(shared)/corpus/maxmind-db/test-data/GeoLite2-ASN-Test.mmdb"
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
    for length in stride(from: 0, to: bytes.count, by: 97) {
      probe(try temporary.write("cut.mmdb", bytes.prefix(length)))
      var scratched = bytes
      for offset in 0..<8 { scratched[(length + offset) % bytes.count] ^= 0xFF }
      probe(try temporary.write("scratched.mmdb", scratched))
    }
  }

  /// Looks addresses up in a database that may be anything.
  private func probe(_ path: String) {
    guard let database = try? GeoDatabase(path: path) else { return }
    for address in ["81.2.69.160", "1.128.0.1", "255.255.255.255", "2001:218::1", "::1", "0.0.0.0"]
    {
      _ = database.place(of: address)
      _ = database.network(of: address)
    }
  }
}
