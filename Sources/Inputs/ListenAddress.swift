import Bytes

extension SyslogListener {
  /// Where to listen.
  public struct Address: Sendable, Hashable, CustomStringConvertible {
    /// How messages come.
    public enum Kind: String, Sendable {
      /// Datagrams, RFC 5426.
      case udp
      /// A stream, RFC 6587.
      case tcp
      /// A stream within TLS, RFC 5425.
      case tls
      /// Datagrams through a socket of this machine, as syslog(3) writes to `/dev/log`.
      case unix
    }

    /// How messages come.
    public let kind: Kind
    /// The local address, or the path of the socket.
    public let host: String
    /// Its port; 0 for any that is free, and for a path.
    public let port: Int

    /// How long the path of a socket may be, bytes.
    private static let pathMax = 107

    /// Reads `udp://127.0.0.1:5514`, `tcp://[::1]:6514`, `tls://0.0.0.0:6514`, `unix:///run/log.sock`; `nil`
    /// for anything else.
    public init?(_ text: String) {
      let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
      self.kind = kind
      let rest = parts[1]
      if kind == .unix {
        guard rest.hasPrefix("/"), !rest.hasSuffix("/"), rest.utf8.count <= Address.pathMax,
          !rest.utf8.contains(0)
        else { return nil }
        (host, port) = (String(rest), 0)
        return
      }
      guard let colon = rest.lastIndex(of: ":"),
        let port = Int(rest[rest.index(after: colon)...]), (0...65_535).contains(port)
      else { return nil }
      var host = rest[..<colon]
      if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
      guard String(host).withView({ Bytes.Address($0) }) != nil else { return nil }
      (self.host, self.port) = (String(host), port)
    }

    /// As it was written.
    public var description: String {
      kind == .unix
        ? "unix://\(host)" : "\(kind)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }
  }
}
