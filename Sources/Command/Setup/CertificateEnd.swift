import Bytes

/// When certificates end: said for so long before that somebody can renew them.
enum CertificateEnd {
  /// How long before its end a certificate is told of, seconds.
  static let warningSeconds: Int64 = 30 * 86_400

  /// What is said of a certificate; `nil` as long as it lasts for more than a month.
  ///
  /// - Parameters:
  ///   - end: When it ends, seconds since 1970 UTC.
  ///   - now: The time, seconds since 1970 UTC.
  static func message(_ file: String, _ end: Int64, at now: Int64) -> String? {
    text(end, at: now).map { "the certificate in \(file) \($0)" }
  }

  /// The same, of whatever certificate is meant.
  static func text(_ end: Int64, at now: Int64) -> String? {
    guard end - now < warningSeconds else { return nil }
    let date = LocalTime(zone: .utc).text(end * 1_000_000_000).prefix(10)
    if end <= now { return "ended on \(date)" }
    return "ends on \(date), in \(counted((end - now + 43_200) / 86_400, "day"))"
  }
}
