import Bytes

/// Writes logs of JSON lines: a handful of shapes that come again and again, and everything that may
/// go wrong with a shape.
struct ShapeAuthor {
  var random: JSONReaderPropertyTests.Seeded
  /// Keys and the kind of value that each mostly has.
  private var shapes: [[(key: String, kind: Int)]] = []

  static let longKey = "a.key.that.is.longer.than.one.node.of.the.tree"
  /// Keys as they are written: wanted whole, in part, both, or by nobody.
  static let keys =
    [
      "a", "a", "a.b", "b", "o", "o", "o.x", "x", "y", "w", "w", "n", "u", "u", "q", "time", "user",
      "remote_addr", "status", "request_method", "uri", "flag", "note", longKey, "",
    ] + ["host"]
  private static let numbers = [
    "0", "-0", "1", "7", "42", "01", "00", "-", "-1", "-01", "1.", "1.5", "0.5", ".5", "1.5.1",
    "1e5",
    "1E-2", "1.5e3", "1e", "+1", "200", "401", "123456789012345678", "1234567890123456789",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "999999999999999999999",
    "0.1234567890123456789", "1x", "0x10", "1_0", "1793697247", "1793697247.25",
  ]
  private static let words = [
    "true", "false", "null", "tru", "truee", "nul", "True", "NaN", "-Infinity",
  ]
  private static let texts = [
    "", "-", "--", "kim", "dana", "root", "POST", "GET", "/login", "203.0.113.9", "2001:DB8::7",
    "401",
    "2026-11-03T09:14:07Z", "2026-11-03T09:14:07Z", "2026-11-03 09:14:07",
    "a long text of plain bytes",
    "[", "}", ":", ",", "{\u{7F}", "web1:8443", "0123456789abcdef0123456789abcdef0123456789abcdef",
  ]
  private static let odd: [[UInt8]] = [
    Array("caf\\u00e9".utf8), Array("\\\"".utf8), Array("\\\\".utf8), Array("\\n".utf8),
    Array("\\x".utf8), Array("\\".utf8), Array("é".utf8), [0xFF], [0x80], [0xC3], [0x00], [0x09],
    [0x1F],
    Array("\"".utf8),
  ]

  init(seed: UInt64) {
    random = JSONReaderPropertyTests.Seeded(state: seed)
    for number in 0..<8 {
      let count = number == 7 ? 70 : 1 + below(9)
      shapes.append((0..<count).map { _ in (pick(ShapeAuthor.keys), below(8)) })
    }
    shapes.append([("a", 5), ("time", 0)])
    shapes.append([("a", 4), ("time", 0)])
    shapes.append([("o", 4), ("time", 0)])
    shapes.append([("o", 5), ("time", 0)])
    // Records that a mapping takes and that become events.
    shapes.append([("time", 6), ("user", 0), ("remote_addr", 0), ("status", 1), ("uri", 0)])
    shapes.append([("time", 6), ("user", 0), ("note", 0), ("flag", 2), ("request_method", 0)])
    shapes.append([("flag", 0), ("note", 0), ("time", 6), ("host", 0)])
  }

  mutating func below(_ count: Int) -> Int { Int(random.next() >> 33) % count }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[below(items.count)] }

  private mutating func isRare(_ odds: Int) -> Bool { below(odds) == 0 }

  private mutating func space() -> [UInt8] {
    isRare(60) ? Array(pick([" ", "\t", "  ", "\r"]).utf8) : []
  }

  private mutating func string() -> [UInt8] {
    var text = Array(pick(ShapeAuthor.texts).utf8)
    if isRare(40) { text.insert(contentsOf: pick(ShapeAuthor.odd), at: below(text.count + 1)) }
    return [0x22] + text + [0x22]
  }

  private mutating func value(_ kind: Int, _ depth: Int) -> [UInt8] {
    switch isRare(12) ? below(8) : kind {
    case 1: return Array(pick(ShapeAuthor.numbers).utf8)
    case 2: return Array(pick(ShapeAuthor.words).utf8)
    case 3: return Array(String(below(1000)).utf8)
    case 4 where depth < 4:
      let items = (0..<below(4)).map { _ in value(below(5), depth + 1) }
      return [0x5B] + Array(items.joined(separator: [0x2C])) + [0x5D]
    case 5 where depth < 4:
      // Mostly the same members, so that nested shapes come again.
      let names = isRare(4) ? ["x", "b", "y", "z", "c"].shuffled(using: &random) : ["b", "x"]
      let members = names.prefix(isRare(6) ? 0 : 1 + below(names.count)).map { name in
        member(name, below(6), depth + 1)
      }
      return [0x7B] + Array(members.joined(separator: [0x2C])) + [0x7D]
    case 6:
      return Array("\"2026-11-03T09:14:0\(below(3))Z\"".utf8)
    case 7: return Array((isRare(2) ? "{}" : "[]").utf8)
    default: return string()
    }
  }

  private mutating func member(_ key: String, _ kind: Int, _ depth: Int) -> [UInt8] {
    var name = Array(key.utf8)
    if isRare(200) { name.insert(contentsOf: pick(ShapeAuthor.odd), at: below(name.count + 1)) }
    return [0x22] + name + [0x22] + space() + [0x3A] + space() + value(kind, depth)
  }

  /// One line, without its end.
  mutating func line() -> [UInt8] {
    var shape = pick(shapes)
    if isRare(10) { shape.shuffle(using: &random) }
    if isRare(10), !shape.isEmpty { shape.remove(at: below(shape.count)) }
    if isRare(10), let member = shape.randomElement(using: &random) {
      shape.insert((member.key, below(8)), at: below(shape.count + 1))
    }
    let members = shape.map { member($0.key, $0.kind, 0) + space() }
    var line = space() + [0x7B] + Array(members.joined(separator: [0x2C])) + [0x7D] + space()
    if isRare(12) { line = Array(line.prefix(below(line.count + 1))) }
    if isRare(30), !line.isEmpty { line[below(line.count)] = UInt8(below(256)) }
    return line.map { $0 == 0x0A ? 0x20 : $0 }
  }

  /// A log of so many lines, the last with or without its end.
  mutating func log(_ count: Int) -> [UInt8] {
    let lines = (0..<count).map { _ in line() + (isRare(9) ? [0x0D] : []) }
    return Array(lines.joined(separator: [0x0A])) + (isRare(2) ? [0x0A] : [])
  }
}
