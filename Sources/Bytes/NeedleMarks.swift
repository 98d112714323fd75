import CScan

/// Where in a text one of a few needles stands, whatever the case of its letters; and backslashes, if asked.
///
/// Made for a whole chunk at once and then asked line by line: some forty bytes an instruction are compared with
/// four bytes of every needle, and only what passes is compared in full. Belongs to one worker. ``stands(at:in:)``
/// is what the marks mean.
///
/// Bounded: ``needlesMax`` needles, and one place for every sixteen bytes of a text; a text with more is marked whole.
@safe package final class NeedleMarks {
  /// How many needles there may be; with more the groups say little.
  package static let needlesMax = 256
  /// A needle is known by so many of its bytes.
  private static let width = 4

  private struct Needle {
    /// The text, its letters small.
    var text: [UInt8]
    /// Where in it the bytes stand that it is known by.
    var place: Int
    /// Those bytes, each with bit 5 set.
    var word: UInt32
    /// Who looks for it, as bits.
    var parties: UInt8
  }

  /// The needles, by the bytes that they are known by.
  private let needles: [Needle]
  private let words: [UInt32]
  private let findsBackslashes: Bool
  private let level: Int32
  private let table: UnsafeMutablePointer<rollcall_needles>
  private var candidates: UnsafeMutablePointer<UInt32>
  private var room = 0
  /// Where needles begin and backslashes stand, in rising order: 256 times the offset, and the parties.
  private var places: [Int] = []
  private var next = 0
  private var isAllMarked = false

  /// The party of backslashes.
  package static let backslash: UInt8 = 1

  /// Marks for some needles; `nil` when there are none, too many, or one is too short.
  ///
  /// - Parameters:
  ///   - texts: The needles; letters in any case.
  ///   - level: Which instructions are used; the widest that there are if not given.
  package convenience init?(_ texts: [[UInt8]], backslashes: Bool, level: Int? = nil) {
    self.init(texts.map { ($0, 2) }, backslashes: backslashes, level: level)
  }

  /// Marks for needles of several parties.
  ///
  /// - Parameter texts: The needles, each with the bits of those who look for it; the lowest bit is ``backslash``.
  package init?(
    _ texts: [(text: [UInt8], parties: UInt8)], backslashes: Bool, level: Int? = nil
  ) {
    guard (1...NeedleMarks.needlesMax).contains(texts.count),
      texts.allSatisfy({ $0.text.count >= NeedleMarks.width })
    else { return nil }
    findsBackslashes = backslashes
    self.level = level.map { Int32($0) } ?? rollcall_scan_level()
    unsafe table = .allocate(capacity: 1)
    unsafe table.initialize(to: rollcall_needles())
    unsafe candidates = .allocate(capacity: 1)
    let all = texts.map { text, parties in
      let lowered = text.map(\.asciiLowered)
      let place = NeedleMarks.rarest(in: lowered)
      return Needle(
        text: lowered, place: place, word: NeedleMarks.word(lowered, at: place), parties: parties)
    }
    needles = all.sorted { ($0.word, $0.place) < ($1.word, $1.place) }
    words = needles.map(\.word)
    let fours = needles.map { Array($0.text[$0.place..<($0.place + NeedleMarks.width)]) }
    for (four, group) in zip(fours, NeedleMarks.groups(of: fours)) {
      // SAFETY: four bytes are read, and so many the array has.
      unsafe four.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return }
        unsafe rollcall_needles_add(table, start, Int32(group))
      }
    }
  }

  /// Into which of eight groups each needle goes, so that few places of a text look like a needle of some group.
  ///
  /// The rarest come first; each goes where it lets the fewest more places pass.
  private static func groups(of fours: [[UInt8]]) -> [Int] {
    func share(_ byte: UInt8) -> Double { [0.03, 0.012, 0.004][rarity(byte)] }
    var members = [[Set<UInt8>]](repeating: [[], [], [], []], count: 8)
    var shares = [[Double]](repeating: [0, 0, 0, 0], count: 8)
    var result = [Int](repeating: 0, count: fours.count)
    let order = fours.indices.sorted {
      let (left, right) = (fours[$0].map(share).reduce(1, *), fours[$1].map(share).reduce(1, *))
      return (left, $0) < (right, $1)
    }
    for needle in order {
      let four = fours[needle]
      func more(_ group: Int) -> [Double] {
        (0..<width).map { members[group][$0].contains(four[$0]) ? 0 : share(four[$0]) }
      }
      func cost(_ group: Int) -> Double {
        zip(shares[group], more(group)).map { $0 + $1 }.reduce(1, *) - shares[group].reduce(1, *)
      }
      let best = (0..<8).min { cost($0) < cost($1) } ?? 0
      shares[best] = zip(shares[best], more(best)).map { $0 + $1 }
      for place in 0..<width { members[best][place].insert(four[place]) }
      result[needle] = best
    }
    return result
  }

  deinit {
    unsafe table.deallocate()
    unsafe candidates.deallocate()
  }

  /// Marks a text, which need not stay; O(*n*).
  package func mark(_ text: ByteView) {
    places.removeAll(keepingCapacity: true)
    (next, isAllMarked) = (0, false)
    if text.count / 16 + 64 > room {
      unsafe candidates.deallocate()
      room = text.count / 16 + 64
      unsafe candidates = .allocate(capacity: room)
    }
    // SAFETY: there is room for so many offsets, and as many bytes are read as the text has.
    let count = unsafe rollcall_needles_find(
      level, table, text.start, text.count, findsBackslashes ? 1 : 0, candidates, room)
    guard count <= room else {
      isAllMarked = true
      return
    }
    for number in 0..<count {
      // SAFETY: so many offsets were written.
      let offset = Int(unsafe candidates[number])
      if findsBackslashes, text[offset] == UInt8(ascii: "\\") {
        places.append(offset << 8 | Int(NeedleMarks.backslash))
      } else {
        addNeedles(at: offset, in: text)
      }
    }
    // A needle that is known by its end may begin before one that is known by its beginning.
    for place in places.indices.dropFirst() where places[place] < places[place - 1] {
      places.sort()
      break
    }
  }

  /// Whether a needle begins, or a backslash stands, in a part of the text; parts are asked for in rising order.
  ///
  /// - Parameter parties: Whose needles count.
  @inline(__always)
  package func isMarked(from start: Int, to end: Int, parties: UInt8 = .max) -> Bool {
    if isAllMarked { return true }
    if next > 0, places[next - 1] >= start << 8 { next = 0 }
    while next < places.count, places[next] < start << 8 { next += 1 }
    var place = next
    while place < places.count, places[place] < end << 8 {
      if places[place] & Int(parties) != 0 { return true }
      place += 1
    }
    return false
  }

  /// Adds the needles of which the bytes that they are known by stand at `offset`.
  private func addNeedles(at offset: Int, in text: ByteView) {
    guard offset + NeedleMarks.width <= text.count else { return }
    let four = text.slice(offset, offset + NeedleMarks.width).tail(from: 0)
    let folded = UInt32(truncatingIfNeeded: four) | 0x2020_2020
    var (index, end) = (0, words.count)
    while index < end {
      let middle = (index + end) / 2
      if words[middle] < folded { index = middle + 1 } else { end = middle }
    }
    while index < words.count, words[index] == folded {
      let needle = needles[index]
      index += 1
      let start = offset - needle.place
      guard start >= 0, start + needle.text.count <= text.count else { continue }
      let isThere = needle.text.withView {
        text.slice(start, start + needle.text.count).equalsFolded($0)
      }
      if isThere { places.append(start << 8 | Int(needle.parties)) }
    }
  }

  // MARK: Choosing bytes

  /// Where the four bytes begin that stand in the fewest texts.
  private static func rarest(in text: [UInt8]) -> Int {
    var best = (score: -1, place: 0)
    for place in 0...(text.count - width) {
      let score = text[place..<(place + width)].reduce(0) { $0 + rarity($1) }
      if score > best.score { best = (score, place) }
    }
    return best.place
  }

  /// How seldom a byte is in logs, by and large.
  private static func rarity(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "e"), UInt8(ascii: "t"), UInt8(ascii: "a"), UInt8(ascii: "o"),
      UInt8(ascii: "i"), UInt8(ascii: "n"), UInt8(ascii: "s"), UInt8(ascii: "r"),
      UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: " "), UInt8(ascii: "\""):
      0
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "-"),
      UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "c"), UInt8(ascii: "d"),
      UInt8(ascii: "l"), UInt8(ascii: "m"), UInt8(ascii: "p"), UInt8(ascii: "u"),
      UInt8(ascii: "h"), UInt8(ascii: "g"):
      1
    default: 2
    }
  }

  private static func word(_ text: [UInt8], at place: Int) -> UInt32 {
    var word: UInt32 = 0
    for offset in 0..<width { word |= UInt32(text[place + offset] | 0x20) << UInt32(8 * offset) }
    return word
  }
}
