import Bytes
import Detectors
import Events

/// What *read* passes on of one event that only rates count: some numbers in place of its line.
///
/// The keys of its groups and values stand beside it in the batch. A number stands for an address of version 4, a hash
/// for any other text, of which the batch has the text once.
struct RateMark: BitwiseCopyable {
  /// The event's time, and the latest time among the lines of the chunk up to this one, nanoseconds.
  var time, latest: Int64
  /// Where the line is in its stream.
  var line, offset: UInt64
  /// Which of the counted rules it hit.
  var bits: UInt64
  /// How many events it stands for.
  var weight: UInt32
  /// Where its line is in the arena; of most lines nowhere.
  var rawStart: UInt32 = 0, rawEnd: UInt32 = 0
}

/// The key of a group that few of the events have that are counted.
struct RareRateKey: BitwiseCopyable {
  /// The mark's place in the batch, and the place of the field among the plan's rare ones.
  var mark: UInt32, column: UInt32
  var key: UInt64
}

/// The key of a group or a value.
enum RateKey {
  /// What stands for a field that an event lacks.
  static let absent: UInt64 = 0
  /// Of so many lines the text of one is kept, so that a finding has one to show.
  static let sampleEvery: UInt64 = 16

  /// The fields of groups that a ``Glance`` shows.
  static let glanced: Set<Field> = [.sourceIP, .urlDomain, .userName, .hostName, .clientID]

  private static let addressBit: UInt64 = 1 << 40
  private static let hashBit: UInt64 = 1 << 63

  @inline(__always) static func key(ofAddress number: UInt32) -> UInt64 {
    UInt64(number) | addressBit
  }

  @inline(__always) static func key(of text: ByteView) -> UInt64 {
    ByteHash.hash(text) | hashBit
  }

  /// The text of an address' key; `nil` of a hash.
  static func text(of key: UInt64) -> [UInt8]? {
    guard key & hashBit == 0 else { return nil }
    let parts = (0..<4).map { "\(key >> UInt64(24 - 8 * $0) & 255)" }
    return Array(parts.joined(separator: ".").utf8)
  }

  /// The key of a path whose different ones are counted: files that pages are made of do not count.
  @inline(__always) static func key(ofPath path: ByteView) -> UInt64 {
    isStatic(path) ? absent : key(of: path)
  }

  /// Whether a path ends like a file that belongs to a page.
  private static func isStatic(_ path: ByteView) -> Bool {
    var dot = path.count - 1
    let stop = max(0, path.count - 6)
    while dot >= stop, path[dot] != UInt8(ascii: ".") { dot -= 1 }
    guard dot >= stop else { return false }
    let ending = path.dropFirst(dot + 1)
    for known: StaticString in [
      "js", "css", "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "woff", "woff2",
      "ttf", "map", "mp4", "webm",
    ] where ending.equalsFolded(ByteView(known)) {
      return true
    }
    return false
  }
}

/// Gives texts their keys, and puts each text into the batch once; belongs to one worker.
///
/// Bounded: it remembers ``slotCount`` keys, by place, so that some texts come more than once.
struct RateTexts {
  private static let slotCount = 1024
  private var keys = [UInt64](repeating: RateKey.absent, count: slotCount)

  /// Forgets the batch before.
  mutating func begin() {
    for place in keys.indices { keys[place] = RateKey.absent }
  }

  /// The key of an address of version 6, which has many spellings: of the plainest, as an event has it.
  @inline(never) mutating func key(ofAddress text: ByteView?, _ batch: Batch) -> UInt64 {
    guard let text, let address = Address(text) else { return RateKey.absent }
    if let number = address.ipv4 { return RateKey.key(ofAddress: number) }
    return unsafe withUnsafeTemporaryAllocation(
      of: UInt8.self, capacity: Address.textBytesMax
    ) { room in
      // SAFETY: the view ends with the room, and the key is made before that.
      let count = unsafe address.write(into: room)
      guard let start = room.baseAddress else { return RateKey.absent }
      return key(of: unsafe ByteView(base: start, count: count), batch)
    }
  }

  /// The key of a group's text.
  @inline(__always) mutating func key(of text: ByteView?, _ batch: Batch) -> UInt64 {
    guard let text, !text.isEmpty else { return RateKey.absent }
    let key = RateKey.key(of: text)
    let place = Int(truncatingIfNeeded: key) & (RateTexts.slotCount - 1)
    if keys[place] != key {
      keys[place] = key
      let start = batch.arena.append(text.prefix(min(text.count, 256)))
      batch.rateTexts.append((key, start, UInt32(truncatingIfNeeded: batch.arena.count)))
    }
    return key
  }
}
