internal import Detectors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Findings as syslog messages.
///
/// - SeeAlso: RFC 5424, section 6.
enum SyslogText {
  /// Security messages, the facility of what concerns sign-ins (RFC 5424, table 1).
  private static let facility = 10
  /// The id of our structured data; 32473 is the number that RFC 5612 keeps for those without one.
  private static let dataID = "rollcall@32473"
  /// How much of a value, and how many findings of a group, go into a message: receivers need not take more
  /// than 2048 bytes (RFC 5424, section 6.1).
  private static let (valueMax, relatedMax) = (200, 8)

  /// One message, without framing; the time is that of the last event.
  static func message(_ finding: Finding, _ group: FindingGroup?) -> [UInt8] {
    let priority = facility * 8 + severity(finding.level)
    var text = "<\(priority)>1 \(UTCTime.text(finding.end)) \(hostName) rollcall - finding "
    text += "[\(dataID)"
    for (name, value) in [
      ("uid", finding.uid), ("detector", finding.detector), ("level", finding.level.name),
      ("subject", finding.subject), ("count", "\(finding.count)"),
    ] + (group?.members.prefix(relatedMax).map { ("related", $0.uid) } ?? []) {
      text += " \(name)=\"\(escaped(TerminalText.clean(value, limit: valueMax)))\""
    }
    text += "] "
    // The mark says that the words are UTF-8 (section 6.4).
    return Array(text.utf8) + [0xEF, 0xBB, 0xBF]
      + Array(TerminalText.clean(finding.message, limit: 2 * valueMax).utf8)
  }

  /// The severity of RFC 5424, table 2.
  private static func severity(_ level: Level) -> Int {
    switch level {
    case .critical: 2
    case .high: 3
    case .medium: 4
    case .low: 5
    case .informational: 6
    }
  }

  /// A value with the three characters escaped that section 6.3.3 names.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar == "]" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// This machine's name in printable ASCII, or `-` when it has none.
  private static let hostName: String = {
    var buffer = [CChar](repeating: 0, count: 256)
    // SAFETY: the last byte stays zero, so that the name ends.
    guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "-" }
    let name = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.filter {
      (33...126).contains($0)
    }
    return name.isEmpty ? "-" : String(decoding: name, as: UTF8.self)
  }()
}
