public import Bytes

/// One line of Squid's native access log, taken apart.
///
/// `TIME ELAPSED CLIENT RESULT/STATUS BYTES METHOD URL USER HIERARCHY/PEER TYPE`. Read from the left: Squid writes no
/// blank into a URL or a user's name, and what the server calls the content stands last.
public struct SquidLog: Sendable {
  /// Seconds since 1970 with milliseconds, as written.
  public let time: ByteView
  /// The client, and what it asked with and for.
  public let client, method, url: ByteView
  /// What the proxy did, such as `TCP_MISS`, and the status that the client got.
  public let result, status: ByteView
  /// The bytes that the client got, as written.
  public let size: ByteView
  /// The user's name with `%` escapes, or empty for `-`.
  public let user: ByteView
  /// The address or name that the request went to, or empty for `-`.
  public let peer: ByteView

  /// Why a line is not Squid's.
  public enum Failure: String, Error, Sendable {
    case noTime = "squid-no-time"
    case noResult = "squid-no-result"
    case noHierarchy = "squid-no-hierarchy"
  }

  /// Takes a line apart; O(*n*), nothing is copied.
  ///
  /// - Throws: ``Failure`` with the first part that is not as Squid writes it.
  public init(_ line: ByteView) throws(Failure) {
    var place = 0
    time = line.part(&place)
    guard SquidLog.isTime(time) else { throw .noTime }
    guard line.part(&place).decimal != nil else { throw .noTime }
    client = line.part(&place)
    let outcome = line.part(&place)
    guard let slash = outcome.firstOffset(of: UInt8(ascii: "/")), slash > 0,
      outcome.count == slash + 4, outcome.dropFirst(slash + 1).decimal != nil,
      outcome.prefix(slash).isResult
    else { throw .noResult }
    (result, status) = (outcome.prefix(slash), outcome.dropFirst(slash + 1))
    size = line.part(&place)
    guard size.decimal != nil else { throw .noResult }
    (method, url) = (line.part(&place), line.part(&place))
    user = line.part(&place).orEmptyForDash
    let way = line.part(&place)
    guard let bar = way.firstOffset(of: UInt8(ascii: "/")), bar > 0, way.prefix(bar).isResult,
      !url.isEmpty
    else { throw .noHierarchy }
    peer = way.dropFirst(bar + 1).orEmptyForDash
  }

  /// `1793694120.123`: ten digits or so, a point and three.
  private static func isTime(_ text: ByteView) -> Bool {
    guard text.count >= 13, text.count <= 15, text[text.count - 4] == UInt8(ascii: ".") else {
      return false
    }
    for place in 0..<text.count where place != text.count - 4 && !text[place].isDigit {
      return false
    }
    return true
  }

  /// The user's name without escapes; a text in `scratch` when there are some.
  public func userName(_ scratch: Scratch) -> ByteView {
    guard user.firstOffset(of: UInt8(ascii: "%")) != nil else { return user }
    return unsafe scratch.write(capacity: user.count) { room in
      var (from, to) = (0, 0)
      while from < user.count {
        var byte = user[from]
        if byte == UInt8(ascii: "%"), from + 2 < user.count, let high = user[from + 1].hexValue,
          let low = user[from + 2].hexValue
        {
          byte = UInt8(high << 4 | low)
          from += 2
        }
        // SAFETY: an escape is longer than what it stands for, and the room as long as the name.
        unsafe room[to] = byte
        (from, to) = (from + 1, to + 1)
      }
      return to
    }
  }

  /// The host that was asked for and the port where it is named: of `host:port` and of a whole URL.
  public var target: (host: ByteView, port: ByteView) {
    var text = url
    if let scheme = text.firstOffset(of: "://") {
      text = text.dropFirst(scheme + 3)
      if let end = text.firstOffset(of: UInt8(ascii: "/")) { text = text.prefix(end) }
      if let end = text.firstOffset(of: UInt8(ascii: "?")) { text = text.prefix(end) }
      if let at = text.lastOffset(of: UInt8(ascii: "@")) { text = text.dropFirst(at + 1) }
    }
    guard let colon = text.lastOffset(of: UInt8(ascii: ":")),
      text.dropFirst(colon + 1).decimal != nil
    else { return (text, .empty) }
    return (text.prefix(colon), text.dropFirst(colon + 1))
  }
}

extension ByteView {
  /// The next word from `place` on, which is moved past it and the blanks in front of it.
  fileprivate func part(_ place: inout Int) -> ByteView {
    while place < count, self[place] == 0x20 { place += 1 }
    let start = place
    place = firstOffset(of: 0x20, from: min(start, count)) ?? count
    return slice(start, place)
  }

  /// Whether the view is made of capitals, digits and underscores, as Squid's words are.
  fileprivate var isResult: Bool {
    for place in 0..<count {
      switch self[place] {
      case 0x41...0x5A, 0x30...0x39, 0x5F: break
      default: return false
      }
    }
    return !isEmpty
  }
}
