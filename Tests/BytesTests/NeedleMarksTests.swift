import Bytes
import CScan
import Testing

/// Many needles looked for at once, against a loop over needles and places.
@Suite struct NeedleMarksTests {
  private static let needles = [
    "akia", "ghp_", "/etc/passwd", "union%20select", "PRIVATE KEY-----", "../../", "%2e%2e/",
    "aaaa",
  ]

  /// Where a needle begins or a backslash stands, place by place.
  private func plain(_ text: [UInt8], _ needles: [[UInt8]], _ backslashes: Bool) -> Set<Int> {
    var found: Set<Int> = []
    let lowered = text.map(\.asciiLowered)
    for place in text.indices {
      if backslashes, text[place] == UInt8(ascii: "\\") { found.insert(place) }
      for needle in needles where place + needle.count <= text.count {
        if Array(lowered[place..<(place + needle.count)]) == needle.map(\.asciiLowered) {
          found.insert(place)
        }
      }
    }
    return found
  }

  /// Compares every level that the processor has with the loop, for parts of every length.
  private func check(_ text: [UInt8], _ needles: [[UInt8]], _ note: String) throws {
    for backslashes in [false, true] {
      let wanted = plain(text, needles, backslashes)
      for level in 0...Int(rollcall_scan_level()) {
        let marks = try #require(
          NeedleMarks(needles, backslashes: backslashes, level: level))
        text.withView { marks.mark($0) }
        var found: Set<Int> = []
        for place in text.indices where marks.isMarked(from: place, to: place + 1) {
          found.insert(place)
        }
        guard found != wanted else { continue }
        Issue.record("level \(level), \(note): \(found.sorted()), not \(wanted.sorted())")
      }
    }
  }

  @Test func `each needle is found at each place, in either case, at the end and not beyond it`()
    throws
  {
    let needles = Self.needles.map { Array($0.utf8) }
    try check([], needles, "nothing")
    for needle in Self.needles {
      for place in stride(from: 0, through: 140, by: 7) {
        let text = String(repeating: "x", count: place) + needle
        try check(Array(text.utf8), needles, "\(needle) at \(place)")
        try check(Array(text.uppercased().utf8), needles, "\(needle) in capitals at \(place)")
        try check(Array((text + "tail of a line").utf8), needles, "\(needle) in the middle")
        try check(Array(text.utf8.dropLast()), needles, "\(needle) cut at \(place)")
      }
    }
  }

  @Test func `random text of few letters says what the loop says`() throws {
    var state: UInt64 = 20_261_128
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % bound
    }
    let letters = Array("aAkKiI_gGhHpP/.e%2\\\n".utf8)
    for round in 0..<200 {
      let text = (0..<next(300)).map { _ in letters[next(letters.count)] }
      let needles = (0..<(1 + next(12))).map { _ in
        (0..<(4 + next(4))).map { _ in letters[next(letters.count - 2)] }
      }
      try check(text, needles, "round \(round)")
    }
  }

  @Test func `a text that is full of them is marked whole, and marks can be asked again`() throws {
    let needles = [Array("aaaa".utf8)]
    let marks = try #require(NeedleMarks(needles, backslashes: false))
    Array(repeating: UInt8(ascii: "a"), count: 5000).withView { marks.mark($0) }
    #expect(marks.isMarked(from: 0, to: 1) && marks.isMarked(from: 4999, to: 5000))
    Array("xx aaaa xx aaaa".utf8).withView { marks.mark($0) }
    #expect(marks.isMarked(from: 0, to: 5))
    #expect(!marks.isMarked(from: 5, to: 10))
    #expect(marks.isMarked(from: 10, to: 15))
    #expect(marks.isMarked(from: 0, to: 5), "asked again")
    #expect(!marks.isMarked(from: 4, to: 4))
  }

  @Test func `too many needles, none, or one too short are no needles`() {
    let short = Array("abc".utf8)
    #expect(NeedleMarks([[UInt8]](), backslashes: true) == nil)
    #expect(NeedleMarks([short], backslashes: true) == nil)
    let many = (0...NeedleMarks.needlesMax).map { Array("needle\($0)".utf8) }
    #expect(NeedleMarks(many, backslashes: false) == nil)
    #expect(NeedleMarks(Array(many.dropLast()), backslashes: false) != nil)
  }
}
