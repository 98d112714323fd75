import Bytes

/// Time stamps in all formats: they end within the text, and the cache changes nothing.
struct StampsTarget: FuzzTarget {
  private let cache = Cache()
  private final class Cache { var iso = StampCache(), web = StampCache(), syslog = StampCache() }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = unsafe bytes.view
    check(Timestamps.any(text), text)
    check(Timestamps.ctime(text), text)
    check(Timestamps.epoch(text), text)
    check(Timestamps.longDate(text), text)
    for start in 0..<min(3, text.count) {
      let iso = Timestamps.rfc3339(text, at: start)
      let web = Timestamps.commonLog(text, at: start)
      let syslog = Timestamps.syslog(text, at: start)
      precondition(iso == Timestamps.rfc3339(text, at: start, cache: &cache.iso))
      precondition(web == Timestamps.commonLog(text, at: start, cache: &cache.web))
      precondition(syslog == Timestamps.syslog(text, at: start, cache: &cache.syslog))
      for stamp in [iso, web, syslog] { check(stamp, text) }
    }
  }

  private func check(_ stamp: Stamp?, _ text: ByteView) {
    guard let stamp else { return }
    precondition(stamp.end > 0 && stamp.end <= text.count, "a stamp that ends outside the text")
    for anchor: Int64 in [0, 1_790_812_800, .min, .max] {
      precondition(YearRule(anchor: anchor).complete(stamp).hasYear)
    }
  }
}

/// Addresses, endpoints and ranges: what is read is written so that it reads the same again.
struct AddressesTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let text = unsafe bytes.view
    _ = Endpoint(text)
    if let address = Address(text) {
      var written = address.description
      let again = written.withUTF8 { unsafe Address($0.view) }
      precondition(again == address, "an address that does not read back")
    }
    if let network = Network(text) {
      precondition(network.contains(network.base), "a range without its own beginning")
    }
  }
}

/// Time zone files: whatever is in them, instants go to the wall and back without a trap.
struct ZoneTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let zone = try? Zone(tzif: unsafe Array(bytes)) else { return }
    for seconds: Int64 in [0, -1, 1_790_812_800, 4_102_444_800, -62_135_596_800, 253_402_300_799] {
      let offset = zone.offsetSeconds(atUTCSeconds: seconds)
      _ = zone.utcSeconds(ofLocalSeconds: seconds + Int64(offset))
    }
  }
}
