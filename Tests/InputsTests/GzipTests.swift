import Foundation
import Inputs
import Testing

@Suite struct GzipTests {
  let plain = sampleLines(800)

  @Test func `compressed and plain forms read the same`() throws {
    let folder = try TemporaryFolder()
    let expected = try read(path: folder.write("p/a.log", plain))
    let path = try folder.write("z/a.log.gz", gzipped(plain))
    for size in [64, 1000, 1 << 20] {
      let got = try read(path: path, chunkBytes: size)
      #expect(got.lines == expected.lines)
      #expect(got.totals == expected.totals)
      #expect(got.faults == [])
    }
    let streams = discover([folder.path + "/p"]).streams + discover([folder.path + "/z"]).streams
    #expect(streams.map(\.name) == ["a.log", "a.log"])
    #expect(streams.map(\.files[0].isGzip) == [false, true])
    #expect(streams[1].files[0].gzipTime > 1_600_000_000)
  }

  @Test func `gzip is known by its bytes, not its name`() throws {
    let folder = try TemporaryFolder()
    let named = try folder.write("plain.log.gz", "no gzip\n")
    let hidden = try folder.write("packed.log", gzipped([UInt8]("gzip\n".utf8)))
    #expect(try read(path: named).lines.map(\.bytes) == [[UInt8]("no gzip\n".utf8)])
    #expect(try read(path: hidden).lines.map(\.bytes) == [[UInt8]("gzip\n".utf8)])
  }

  @Test func `members are read to the last, whatever padding follows`() throws {
    let folder = try TemporaryFolder()
    let member = try gzipped([UInt8]("one\ntwo".utf8))
    let zeros = [UInt8](repeating: 0, count: 5000)
    for bytes in [member + member, member + zeros + member, member + member + zeros] {
      let got = try read(path: folder.write("a.log.gz", bytes), chunkBytes: 3)
      let expected = ["one\n", "twoone\n", "two"]
      #expect(got.lines.map { String(decoding: $0.bytes, as: UTF8.self) } == expected)
      #expect(got.faults == [])
    }
  }

  @Test(arguments: ["x", "\u{1f}", "\0\0garbage"])
  func `garbage at the end is a fault, what came before counts`(_ garbage: String) throws {
    let folder = try TemporaryFolder()
    let member = try gzipped([UInt8]("one\ntwo\n".utf8))
    let path = try folder.write("a.log.gz", member + garbage.utf8)
    let got = try read(path: path, hashing: true)
    #expect(got.lines.count == 2)
    #expect(got.faults.map(\.reason) == [.gzipTrailingGarbage])
    let zeros = garbage.utf8.count(where: { $0 == 0 })
    #expect(got.faults.first?.offset == UInt64(member.count + zeros))
    #expect(try got.digests.map(\.sha256) == [sha256(ofFile: path)])
  }

  @Test func `a file cut short anywhere gives a prefix and one fault`() throws {
    let folder = try TemporaryFolder()
    // Random letters, so that the file stays large when packed.
    var seed: UInt64 = 42
    let noise = (0..<20000).map { _ -> UInt8 in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return seed >> 60 == 0 ? 0x0A : 0x41 + UInt8(seed >> 59)
    }
    let packed = try gzipped(noise)
    #expect(packed.count > 9000)
    for length in stride(from: 2, to: packed.count, by: 97) {
      let path = try folder.write("a.log.gz", packed.prefix(length))
      let got = try read(path: path, chunkBytes: 1000)
      let bytes = got.lines.flatMap(\.bytes)
      #expect(noise.starts(with: bytes))
      // Five random bits a byte: what is there unpacks to half as much again.
      #expect(bytes.count >= length * 3 / 2 - 300)
      #expect(got.faults.map(\.reason) == [.gzipTruncated])
      #expect(got.totals.bytesAccounted == UInt64(bytes.count))
    }
  }

  @Test func `damage is a fault, and the next file is read`() throws {
    let folder = try TemporaryFolder()
    var packed = try gzipped(plain)
    packed[packed.count - 8] ^= 1
    try folder.write("a.log.1", packed)
    try folder.write("a.log", "after\n")
    let got = try read(path: folder.path)
    #expect(got.faults.map(\.reason) == [.gzipChecksum])
    #expect(got.lines.dropLast().flatMap(\.bytes) == plain)
    #expect(got.lines.last?.bytes == [UInt8]("after\n".utf8))
    #expect(got.faults.first?.fileIndex == 0)
    packed[packed.count / 2] ^= 0xFF
    packed[packed.count / 2 + 1] ^= 0xFF
    try folder.write("a.log.1", packed)
    let worse = try read(path: folder.path)
    #expect(worse.faults.count == 1)
    #expect(worse.lines.last?.bytes == [UInt8]("after\n".utf8))
  }

  @Test func `a header alone is cut short, and half a mark is text`() throws {
    let folder = try TemporaryFolder()
    #expect(
      try read(path: folder.write("a.log", [0x1F, 0x8B])).faults.map(\.reason)
        == [.gzipTruncated])
    let half = try read(path: folder.write("b.log", [0x1F]))
    #expect(half.lines.map(\.bytes) == [[0x1F]])
    #expect(half.faults == [])
  }
}
