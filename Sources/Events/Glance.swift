public import Bytes

/// What one look at a line shows, without making an event of it.
///
/// Enough to tell where the line stands with the registers and what rules over closed fields say. It
/// says what the event would say, or there is none.
public struct Glance {
  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64
  /// Whether year or zone were not in the line.
  public var isInferred: Bool
  /// `user.name`, `host.name` and `url.domain`; `nil` where they are absent.
  public var user, host, domain: ByteView?
  /// `source.ip` as a number, when it is of version 4.
  public var number: UInt32?
  /// `source.ip` as text, when it is of version 6.
  public var address: ByteView?
  /// `event.action` and `event.outcome`.
  public var action, outcome: ByteView?
  /// `http.response.status_code`; -1 when it is absent.
  public private(set) var status: Int64 = -1
  /// `client.id`.
  public var client: ByteView?
  /// `url.original`, when it begins with a slash.
  public var target: ByteView?
  /// The place of the mapping that takes the line, or ``accessMapping``.
  public var mapping: Int
  /// Stands for the mapping of lines of access logs, which are read by code.
  public static let accessMapping = -1
  /// Says what the line is when nothing else did: a web request, and what its status says became of it.
  ///
  /// - Parameter status: The status; -1 when the line has none.
  @inline(__always) mutating func settle(status: Int64) {
    self.status = status
    if action == nil { action = ByteView("http.request") }
    if outcome == nil, status >= 100 {
      outcome = status < 400 ? ByteView("success") : ByteView("failure")
    }
  }

  /// What `tls.version` is in a line that one look is enough for, if it is there.
  package static let versions: [[UInt8]] = [Array("1.2".utf8), Array("1.3".utf8)]
}

/// Where a shape's values stand that a ``Glance`` shows.
struct GlancePlan {
  /// Places of values; -1 for what the shape lacks.
  private(set) var time = -1, user = -1, host = -1, domain = -1, address = -1
  private(set) var status = -1, method = -1, target = -1, tls = -1, client = -1
  /// What the mapping sets.
  private(set) var action, outcome: ByteView?

  /// The plan for lines that a mapping takes, or `nil` when they need a closer look.
  ///
  /// - Parameter place: The value's place that fills a field, as far as the shape has one.
  init?(_ mapping: Mapping, place: (Mapping.Assignment) -> Int?) {
    for setting in mapping.settings {
      switch setting.field {
      case .eventAction: action = setting.text
      case .eventOutcome: outcome = setting.text
      case .eventCategory: if setting.text.equals("proxy") { return nil }
      case .userName, .hostName, .urlDomain, .sourceIP, .sourceAddress, .statusCode, .requestMethod,
        .urlOriginal, .urlPath, .timestamp, .userEmail, .clientID:
        return nil
      default: if GlancePlan.isCloser(setting.field) { return nil }
      }
    }
    // Of what is no request, the program that speaks may be a tool.
    let mayBeTool = action.map { !$0.equals("http.request") } ?? false
    for assignment in mapping.assignments {
      guard let place = place(assignment) else { continue }
      switch assignment.field {
      case .timestamp: time = place
      case .userName: user = place
      case .hostName: host = place
      case .urlDomain: domain = place
      case .sourceIP: address = place
      case .statusCode: status = place
      case .requestMethod: method = place
      case .urlOriginal: target = place
      case .tlsVersion: tls = place
      case .clientID: client = place
      case .eventAction, .eventOutcome, .eventCategory, .sourceAddress, .urlPath: return nil
      case .userAgent where mayBeTool: return nil
      // Who has no account may be known by an address.
      case .userEmail: return nil
      default: if GlancePlan.isCloser(assignment.field) { return nil }
      }
    }
    if time < 0 { return nil }
  }

  /// Whether a field asks for a closer look: only the joins may fill it, or they look by it.
  private static func isCloser(_ field: Field) -> Bool {
    Mapping.isJoined(field) || Field.joinKeys.contains(field)
  }
}
