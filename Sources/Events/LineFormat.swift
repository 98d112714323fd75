public import Bytes
import Formats

/// How the lines of one source are framed.
public enum LineFormat: String, Sendable, CaseIterable {
  /// One JSON object a line.
  case json
  /// Syslog with a time stamp of RFC 3164 or ISO 8601, priority or not.
  case rfc3164
  /// Syslog of RFC 5424.
  case rfc5424
  /// Common or combined access log.
  case access
  /// `key=value` pairs, alone or behind the head of Ruby's logger.
  case logfmt
  /// What containers said, as the Container Runtime Interface writes it: `TIME stdout F text`.
  case cri
  /// What containers said, as Docker's `json-file` writes it: `{"log":"text\n","stream":…}`.
  case docker
  /// Entries of the systemd journal, as `journalctl --output=json` writes them.
  case journal
  /// PostgreSQL's log as comma-separated values, whose records may span lines.
  case csvlog
  /// The access log of Squid, a proxy, in its native form.
  case squid

  /// The names a configuration may use: `auto` and the formats, `combined` and `syslog` as aliases.
  public static func named(_ name: String) -> LineFormat? {
    switch name {
    case "syslog": .rfc3164
    case "combined", "common": .access
    default: LineFormat(rawValue: name)
    }
  }

  /// The format that most of the first lines have, or `nil` when none fits any.
  ///
  /// - Parameter head: The beginning of a log; a last line without its end is left out.
  public static func detect(_ head: ByteView) -> LineFormat? {
    var votes = [LineFormat: Int]()
    var (start, lines) = (0, 0)
    while start < head.count, lines < 100 {
      let end = head.firstOffset(of: 0x0A, from: start) ?? head.count
      var line = head.slice(start, end)
      if line.count > 0, line[line.count - 1] == 0x0D { line = line.prefix(line.count - 1) }
      if let format = guess(line) { votes[format, default: 0] += 1 }
      start = end + 1
      lines += 1
    }
    // Among equals the first of the list above, so that the answer does not depend on hashing.
    let most = votes.values.max() ?? 0
    return allCases.first { votes[$0] == most }
  }

  /// The format that one line looks like.
  public static func guess(_ line: ByteView) -> LineFormat? {
    if ContainerPiece.docker(line) != nil { return .docker }
    if ContainerPiece.cri(line) != nil { return .cri }
    if JournalEntry.isOne(line) { return .journal }
    return guess(unwrapped: line)
  }

  /// The format that a line looks like that no container runtime wrote, or that it wrote around.
  static func guess(unwrapped line: ByteView) -> LineFormat? {
    let text = line.trimmed
    guard !text.isEmpty else { return nil }
    if text[0] == UInt8(ascii: "{") { return .json }
    if CSVLog.isOne(text) { return .csvlog }
    if text[0].isDigit, (try? SquidLog(text)) != nil { return .squid }
    // What lograge writes stands behind the head of Ruby's logger.
    if RubyLog(text) != nil { return .logfmt }
    var stamps = StampCache()
    if (try? AccessLog(line)) != nil { return .access }
    if let header = try? Syslog.parse(line, cache: &stamps), header.stamp != nil {
      return header.version > 0 ? .rfc5424 : .rfc3164
    }
    var pairs = KeyValues(text)
    if pairs.next() != nil, pairs.next() != nil { return .logfmt }
    return nil
  }
}
