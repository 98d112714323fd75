import Bytes

/// How logs spell the version of TLS, and how `tls.version` does: `1.2`, `SSLv3`, or `none` for a connection in the clear.
enum TLSVersion {
  /// The version that a log's word stands for; `nil` for a word that says only that there is TLS.
  static func named(_ text: ByteView) -> ByteView? {
    if text.isAbsent || text.equalsFolded(ByteView("http")) { return ByteView("none") }
    if text.equalsFolded(ByteView("https")) { return nil }
    guard text[0] | 0x20 == UInt8(ascii: "t") else { return text.decimal.map(number) ?? text }
    // `TLSv1.3`, `TLS 1.3`, `TLS1.3`, `tls13`; PostgreSQL and nginx write `TLSv1` for 1.0.
    guard text.count > 3 else { return nil }
    var digits = text.dropFirst(3)
    while let first = digits.isEmpty ? nil : digits[0], !first.isDigit {
      digits = digits.dropFirst(1)
    }
    switch digits.count {
    case 1 where digits.equals("1"): return ByteView("1.0")
    case 2 where digits[0] == UInt8(ascii: "1"): return minor(digits[1] &- 0x30) ?? text
    default: return digits.isEmpty ? text : digits
    }
  }

  /// Whether a log's word stands for a version that nobody minds, or for none that is known.
  @inline(__always) static func isPlain(_ text: ByteView) -> Bool {
    if text.count == 7, text.hasPrefix("TLSv1."), text[6] >= UInt8(ascii: "2") { return true }
    guard let version = named(text) else { return true }
    return version.equals("1.2") || version.equals("1.3")
  }

  /// The version as it stands in the protocol: 769 is 1.0.
  static func number(_ number: UInt64) -> ByteView {
    number == 768
      ? ByteView("SSLv3") : minor(UInt8(clamping: Int64(clamping: number) - 769)) ?? ByteView("1.3")
  }

  private static func minor(_ minor: UInt8) -> ByteView? {
    switch minor {
    case 0: ByteView("1.0")
    case 1: ByteView("1.1")
    case 2: ByteView("1.2")
    case 3: ByteView("1.3")
    default: nil
    }
  }
}
