import Bytes
import Detectors

extension Batch {
  /// What the batch passes on, one text for each notable event: for comparing two readers.
  @_spi(Oracle) public var account: [String] {
    var feed = 0
    let width = rateMarks.isEmpty ? 0 : rateKeys.count / rateMarks.count
    let rates = rateMarks.enumerated().map { place, mark in
      let raw = arena.view(mark.rawStart, mark.rawEnd).string
      return "\(mark) \(Array(rateKeys[(place * width)..<((place + 1) * width)])) \(raw)"
    }
    let texts = rateTexts.map { "\($0.key) \(arena.view($0.start, $0.end).string)" }
    return rates + rareRateKeys.map { "\($0)" } + texts
      + notables.enumerated().map { place, notable in
        let found = hits[Int(notable.hitsStart)..<Int(notable.hitsEnd)]
        // The keys of one event end where those of the next begin.
        let next = place + 1 < notables.count ? Int(notables[place + 1].feedsStart) : feeds.count
        defer { feed = next }
        let extra =
          switch notable.kind {
          case .failure: "\(clues[Int(notable.place)])"
          case .success: "\(traits[Int(notable.place)])"
          case .other, .nameless: ""
          }
        let raw = arena.view(notable.rawStart, notable.rawEnd).string
        return "\(notable) \(Array(found)) \(feeds[feed..<next].map { "\($0)" }) \(extra) \(raw)"
      }
  }
}
