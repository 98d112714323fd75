import CZlib
import Inputs
import Testing

/// Our decoder beside zlib: the same bytes, the same reason, the same offset, for any damage.
@Suite struct GzipDamageTests {
  /// What is delivered of a file with these bytes, and why it ended early.
  private func reading(_ file: [UInt8], in folder: TemporaryFolder) throws -> ZlibReading {
    let got = try read(path: folder.write("a.log.gz", file), chunkBytes: 64 << 10)
    #expect(got.faults.count <= 1)
    return ZlibReading(
      bytes: got.lines.flatMap(\.bytes), reason: got.faults.first?.reason,
      offset: got.faults.first?.offset ?? 0)
  }

  /// The same, by zlib; a file that is none has no fault.
  private func expected(_ file: [UInt8]) -> ZlibReading {
    guard file.starts(with: [0x1F, 0x8B]) else {
      return ZlibReading(bytes: file, reason: nil, offset: 0)
    }
    var reading = ZlibReading(of: file)
    // The reader drops a mark at the beginning, which damage can make.
    if reading.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reading.bytes.removeFirst(3) }
    return reading
  }

  /// One file for each way in which deflate can say things, each a little over one piece or less.
  static let files: [(name: String, bytes: [UInt8])] = {
    let lines = sampleLines(60)
    var random = Random(seed: 7)
    let noise = (0..<3000).map { _ in random.next() % 23 == 0 ? 0x0A : UInt8(random.next() % 200) }
    let log = (0..<200).flatMap { number in
      "{\"user\":\"u\(random.next() % 40)\",\"n\":\(number),\"ip\":\"10.0.\(number % 7).1\"}\n".utf8
    }
    return [
      ("empty", packed([])),
      ("stored", packed(lines, level: 0)),
      ("fixed", packed(log, strategy: Z_FIXED)),
      ("huffman", packed(noise, strategy: Z_HUFFMAN_ONLY)),
      ("runs", packed(lines, strategy: Z_RLE)),
      ("fast", packed(log, level: 1)),
      ("best", packed(log + noise + lines, level: 9)),
      ("members", packed(log) + [0, 0, 0] + packed(lines) + packed(noise) + [0]),
      ("garbage", packed(log) + [0, 0x1F, 0x8C, 1]),
    ]
  }()

  @Test func `whole files are as zlib reads them`() throws {
    let folder = try TemporaryFolder()
    for (name, file) in Self.files {
      #expect(try reading(file, in: folder) == expected(file), "\(name)")
    }
  }

  @Test func `headers are as zlib reads them`() throws {
    let folder = try TemporaryFolder()
    let member = packed([UInt8]("one\ntwo\n".utf8))
    let rest = member[10...]
    for flags in UInt8.min...UInt8.max {
      var header = [0x1F, 0x8B, 8, flags] + member[4..<10]
      if flags & 4 != 0 { header += [3, 0, 1, 2, 3] }
      if flags & 8 != 0 { header += "name\0".utf8 }
      if flags & 16 != 0 { header += "comment\0".utf8 }
      // SAFETY: zlib reads as many bytes as there are.
      let sum = unsafe crc32_z(0, header, header.count)
      for wrong: UInt in [0, 1] {
        var file = header
        if flags & 2 != 0 { file += [UInt8((sum ^ wrong) & 0xFF), UInt8(sum >> 8 & 0xFF)] }
        file += rest
        #expect(try reading(file, in: folder) == expected(file), "flags \(flags) wrong \(wrong)")
        if flags & 0xE0 == 0, wrong == 0 {
          #expect(try reading(file, in: folder).reason == nil, "flags \(flags)")
          for length in 2..<file.count {
            let cut = [UInt8](file[..<length])
            #expect(try reading(cut, in: folder) == expected(cut), "flags \(flags) to \(length)")
          }
        }
      }
    }
  }

  @Test func `random damage is as zlib sees it`() throws {
    let folder = try TemporaryFolder()
    for seed in UInt64(1)...400 {
      var random = Random(seed: seed)
      let (name, whole) = Self.files[Int(random.next() % UInt64(Self.files.count))]
      var file = whole
      switch random.next() % 8 {
      case 0: file.removeLast(Int(random.next() % UInt64(file.count - 2)))
      case 1: file.removeSubrange(2..<Int(3 + random.next() % UInt64(file.count - 3)))
      default:
        for _ in 0...random.next() % 3 {
          file[Int(2 + random.next() % UInt64(file.count - 2))] ^= 1 << UInt8(random.next() % 8)
        }
      }
      #expect(try reading(file, in: folder) == expected(file), "seed \(seed), \(name)")
    }
  }

  /// Streams that zlib refuses and faster libraries accept, or that end in odd places; in the order of
  /// bits that RFC 1951 has.
  static let oddBlocks: [(String, [(Int, Int)])] = [
    ("a block of no kind", [(1, 1), (3, 2)]),
    ("too many lengths", [(1, 1), (2, 2), (30, 5), (0, 5), (0, 4)]),
    ("too many distances", [(1, 1), (2, 2), (0, 5), (30, 5), (0, 4)]),
    ("no code lengths", [(1, 1), (2, 2), (0, 5), (0, 5), (0, 4)]),
    ("an incomplete code of lengths", [(1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (2, 3)]),
    (
      "a repeat of nothing",
      [(1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (1, 3), (0, 6), (0, 1)]
    ),
    ("a stored block that contradicts itself", [(1, 1), (0, 2), (0, 5), (5, 16), (5, 16)]),
    ("a match before the beginning", [(1, 1), (1, 2), (0b100_0000, 7), (0, 5)]),
  ]

  @Test(arguments: oddBlocks)
  func `odd blocks are as zlib sees them`(_ name: String, _ fields: [(Int, Int)]) throws {
    let folder = try TemporaryFolder()
    var (bits, deflate) = ([Int](), [UInt8]())
    for (value, width) in fields { for bit in 0..<width { bits.append(value >> bit & 1) } }
    while bits.count % 8 > 0 { bits.append(0) }
    for start in stride(from: 0, to: bits.count, by: 8) {
      deflate.append((0..<8).reduce(0) { $0 | UInt8(bits[start + $1] << $1) })
    }
    for padding in [0, 1, 5, 60] {
      let file = packed([])[..<10] + deflate + [UInt8](repeating: 0, count: padding)
      #expect(try reading([UInt8](file), in: folder) == expected([UInt8](file)), "\(padding) zeros")
    }
  }

  @Test func `long members cross pieces`() throws {
    let folder = try TemporaryFolder()
    var random = Random(seed: 11)
    var long: [UInt8] = []
    while long.count < 900_000 {
      long += [UInt8](repeating: UInt8(0x20 + random.next() % 90), count: Int(random.next() % 300))
      if long.count > 40_000 {
        long += long[(long.count - 32_000)...].prefix(Int(random.next() % 900))
      }
      long.append(0x0A)
    }
    for level: Int32 in [0, 1, 9] {
      var file = packed(long, level: level) + packed(long, level: level)
      #expect(try reading(file, in: folder) == expected(file), "level \(level)")
      file[file.count * 3 / 4] ^= 0x10
      #expect(try reading(file, in: folder) == expected(file), "level \(level), damaged")
    }
  }
}
