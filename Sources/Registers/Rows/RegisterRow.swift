/// What rows of every register have.
public protocol RegisterRow: Sendable {
  /// The register's id.
  var id: String { get }
  /// From when until when the row holds.
  var validity: Validity { get }
  /// Where the row stands.
  var place: Place { get }
}

extension Person: RegisterRow {}
extension Contractor: RegisterRow {}
extension System: RegisterRow {}
extension Tool: RegisterRow {}
extension Approval: RegisterRow {}

/// How much harm would come of data being seen, least first.
public enum DataTier: String, CaseIterable, Comparable, Sendable {
  case `public` = "public"
  case `internal` = "internal"
  case confidential = "confidential"
  case restricted = "restricted"

  /// Less harm comes first.
  public static func < (left: DataTier, right: DataTier) -> Bool { left.rank < right.rank }
  private var rank: Int {
    switch self {
    case .public: 0
    case .internal: 1
    case .confidential: 2
    case .restricted: 3
    }
  }
}

/// How something that was tried came out.
public enum TestResult: String, CaseIterable, Sendable {
  case passed, failed
}

/// Access that was given to one account.
public struct AccessGrant: Sendable {
  /// The system's id.
  public let system: String
  /// The account's name there, and its role.
  public let account, role: String?
  /// When it was given.
  public let at: TimePoint?
  /// The ticket that asked for it.
  public let ticket: String?
  /// Where it stands.
  public let place: Place
}

/// When access was revoked on one system.
public struct Revocation: Sendable {
  /// The system's id.
  public let system: String
  /// When it was revoked.
  public let at: TimePoint
}

/// A port, or several in a row, that may be open.
public struct PortRange: Hashable, Sendable {
  /// `tcp` or `udp`; `nil` means both.
  public let transport: String?
  /// The lowest and the highest port.
  public let lower, upper: UInt16

  /// Reads `443`, `8000-8100` or `udp/53`.
  public init?(_ text: String) {
    var rest = text[...]
    if let slash = rest.firstIndex(of: "/") {
      let name = String(rest[..<slash])
      guard name == "tcp" || name == "udp" else { return nil }
      transport = name
      rest = rest[rest.index(after: slash)...]
    } else {
      transport = nil
    }
    let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first.flatMap(PortRange.port),
      let last = parts.last.flatMap(PortRange.port), first <= last
    else { return nil }
    (lower, upper) = (first, last)
  }

  /// Whether a port lies inside.
  public func contains(_ port: Int) -> Bool { port >= Int(lower) && port <= Int(upper) }

  private static func port(_ text: Substring) -> UInt16? {
    text.utf8.allSatisfy { $0 &- 0x30 < 10 } ? UInt16(text) : nil
  }
}

/// What a service promises; an absent part promises nothing.
public struct ServiceLevel: Hashable, Sendable {
  /// Per cent of minutes that must be good, and of requests that may fail.
  public let availability, errorRate: Double?
  /// Milliseconds that 95 of 100 requests must keep.
  public let latencyMilliseconds: Int?
}
