public import Bytes

/// One line of a web server's common or combined access log, taken apart.
///
/// `client ident user [time] "request" status size "referrer" "agent"`, the last two optional, a
/// virtual host in front allowed, anything after the agent ignored. A server escapes quotes inside
/// the quoted parts but not in the user's name, so everything before the request is anchored at the
/// request's opening quote: a name that imitates a time stamp moves nothing. Behind a proxy the line
/// may begin with a list of addresses, `a, b, c` or `"a, b, c"`, with or without the peer after it. A
/// line that was cut within its agent keeps what is there of it.
///
/// - SeeAlso: the Common Log Format of NCSA httpd; nginx `combined`.
public struct AccessLog: Sendable {
  /// Virtual host or empty; the peer; the user's name, or empty for `-`.
  public private(set) var host, client, user: ByteView
  /// The addresses that proxies passed on, as written, or empty; only the last is the nearest proxy's.
  public private(set) var forwarded: ByteView
  /// The time between the brackets.
  public private(set) var time: ByteView
  /// The request line as written, and its three parts (empty when it is not a request line).
  public private(set) var request, method, target: ByteView
  /// The status as written, three digits.
  public private(set) var status: ByteView
  /// The body's bytes as written, or empty for `-`.
  public private(set) var size: ByteView
  /// Referrer and user agent, or empty.
  public private(set) var referrer, agent: ByteView

  /// Why a line is not an access log's.
  public enum Failure: String, Error, Sendable {
    case noRequest = "access-no-request"
    case noTime = "access-no-time"
    case noClient = "access-no-client"
    case badStatus = "access-bad-status"
    case unfinished = "access-unfinished"
  }

  /// Takes a line apart; O(*n*), nothing is copied.
  ///
  /// - Throws: ``Failure`` with the first part that is missing.
  public init(_ line: ByteView) throws(Failure) {
    var begin = 0
    forwarded = .empty
    if line.hasPrefix("\""), let end = line.firstOffset(of: UInt8(ascii: "\""), from: 1),
      line.has("\" ", at: end)
    {
      forwarded = line.slice(1, end)
      begin = end + 2
    }
    guard let open = line.firstOffset(of: UInt8(ascii: "\""), from: begin) else {
      throw .noRequest
    }
    guard open >= 2, line[open - 1] == 0x20, line[open - 2] == UInt8(ascii: "]"),
      let bracket = line.lastOffset(of: UInt8(ascii: "["), before: open - 2), bracket >= 2
    else { throw .noTime }
    time = line.slice(bracket + 1, open - 2)

    // In front of the bracket: [host] client ident user, where only the user may hold blanks.
    guard bracket >= begin + 2, line[bracket - 1] == 0x20 else { throw .noClient }
    var fields = line.slice(begin, bracket - 1)
    guard let first = fields.firstOffset(of: 0x20), first > 0 else { throw .noClient }
    host = .empty
    var clientEnd = first
    if fields[first - 1] == UInt8(ascii: ",") {
      clientEnd = AccessLog.listEnd(fields, from: first)
      forwarded = fields.prefix(clientEnd)
      let start = AccessLog.peerStart(fields, listEnd: clientEnd)
      fields = fields.dropFirst(start)
      clientEnd = fields.firstOffset(of: 0x20) ?? fields.count
    }
    // A virtual host stands in front when the second word is an address and the third is ident.
    if forwarded.isEmpty, let second = fields.firstOffset(of: 0x20, from: first + 1),
      fields.slice(first + 1, second).looksLikeAddress,
      fields.firstOffset(of: 0x20, from: second + 1) != nil
    {
      host = fields.prefix(first)
      fields = fields.dropFirst(first + 1)
      clientEnd = second - first - 1
    }
    client = fields.prefix(clientEnd)
    if clientEnd < fields.count, let ident = fields.firstOffset(of: 0x20, from: clientEnd + 1) {
      user = fields.dropFirst(ident + 1).orEmptyForDash
    } else {
      user = .empty
    }

    guard let close = line.closingQuote(from: open + 1) else { throw .unfinished }
    request = line.slice(open + 1, close)
    guard line.count >= close + 5, line[close + 1] == 0x20, line[close + 2].isDigit,
      line[close + 3].isDigit, line[close + 4].isDigit,
      line.count == close + 5 || line[close + 5] == 0x20
    else { throw .badStatus }
    status = line.slice(close + 2, close + 5)
    let sizeStart = min(close + 6, line.count)
    let sizeEnd = line.firstOffset(of: 0x20, from: sizeStart) ?? line.count
    size = line.slice(sizeStart, sizeEnd).orEmptyForDash

    (referrer, agent) = (.empty, .empty)
    if line.has(" \"", at: sizeEnd), let end = line.closingQuote(from: sizeEnd + 2) {
      referrer = line.slice(sizeEnd + 2, end).orEmptyForDash
      if line.has(" \"", at: end + 1) {
        let last = line.closingQuote(from: end + 3) ?? line.count
        agent = line.slice(end + 3, last).orEmptyForDash
      }
    }
    (method, target) = AccessLog.split(request)
  }

  /// The offset past the last address of a list whose first one's comma is before `first`.
  private static func listEnd(_ fields: ByteView, from first: Int) -> Int {
    var end = first
    while fields[end - 1] == UInt8(ascii: ","), end + 1 < fields.count {
      end = fields.firstOffset(of: 0x20, from: end + 1) ?? fields.count
    }
    return end
  }

  /// Where the peer begins: after the list when an address stands there, else the list's last.
  private static func peerStart(_ fields: ByteView, listEnd: Int) -> Int {
    if listEnd < fields.count {
      let end = fields.firstOffset(of: 0x20, from: listEnd + 1) ?? fields.count
      if fields.slice(listEnd + 1, end).looksLikeAddress { return listEnd + 1 }
    }
    return (fields.lastOffset(of: 0x20, before: listEnd) ?? -1) + 1
  }

  /// Method and target of `METHOD target HTTP/x`, both empty when it is anything else.
  private static func split(_ request: ByteView) -> (ByteView, ByteView) {
    guard let first = request.firstOffset(of: 0x20), first > 0, first <= 20 else {
      return (.empty, .empty)
    }
    for offset in 0..<first where request[offset] &- 0x41 >= 26 && request[offset] != 0x2D {
      return (.empty, .empty)
    }
    guard let last = request.lastOffset(of: 0x20), last > first,
      request.dropFirst(last + 1).hasPrefix("HTTP/")
    else { return (request.prefix(first), request.dropFirst(first + 1)) }
    return (request.prefix(first), request.slice(first + 1, last))
  }
}

extension ByteView {
  /// The offset of the next quote that is not escaped, or `nil`.
  fileprivate func closingQuote(from start: Int) -> Int? {
    var from = start
    while let quote = firstOffset(of: 0x22, from: from) {
      var slashes = 0
      while quote - slashes > start, self[quote - slashes - 1] == 0x5C { slashes += 1 }
      if slashes % 2 == 0 { return quote }
      from = quote + 1
    }
    return nil
  }

  /// Nothing when the view is `-`, which access logs write for an absent value.
  public var orEmptyForDash: ByteView { count == 1 && self[0] == 0x2D ? .empty : self }

  /// Whether the view could be an IP address: digits, hex letters, dots and colons, one at least.
  fileprivate var looksLikeAddress: Bool {
    guard count >= 2, count <= 45 else { return false }
    var separators = 0
    for offset in 0..<count {
      switch self[offset] {
      case 0x2E, 0x3A: separators += 1
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: break
      default: return false
      }
    }
    return separators >= 2
  }
}
