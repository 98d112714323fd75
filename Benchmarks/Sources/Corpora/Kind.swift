/// What a generated log looks like.
public enum Kind: String, CaseIterable, Sendable {
  /// nginx with `escape=json`, about 450 bytes a line.
  case access
  /// The combined access log, about 200 bytes a line.
  case combined
  /// RFC 3164 as Debian's auth.log has it: sshd, sudo, CRON, logind; about 110 bytes a line.
  case auth
  /// RFC 5424 with structured data, about 230 bytes a line.
  case rfc5424

  /// How the log's file is called.
  public var fileName: String {
    switch self {
    case .access: "access.json"
    case .combined: "access.log"
    case .auth: "auth.log"
    case .rfc5424: "syslog.log"
    }
  }

  /// The mean time between two lines, in milliseconds.
  var meanStep: Int {
    switch self {
    case .access: 300
    case .combined: 150
    case .auth: 100
    case .rfc5424: 200
    }
  }

  /// How many lines lie between the beginnings of two planted episodes.
  var linesPerEpisode: Int {
    switch self {
    case .access: 4000
    case .combined, .rfc5424: 8000
    case .auth: 16_000
    }
  }
}
