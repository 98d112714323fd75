import Bytes

/// Takes the messages of one connection apart: `LENGTH MESSAGE`, or a line each.
///
/// - SeeAlso: RFC 6587, sections 3.4.1 and 3.4.2; RFC 5425, section 4.3.
public struct StreamFraming: Sendable {
  /// The longest message, bytes.
  public let messageBytesMax: Int
  /// Whether something came that is no message; nothing behind it is one.
  public private(set) var isBroken = false
  private var pending: [UInt8] = []
  /// How far the message at hand was searched for its end.
  private var searched = 0

  /// The framing of a connection from which nothing came yet.
  ///
  /// - Parameter messageBytesMax: The longest message, bytes.
  public init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

  /// Takes what came, and hands on each message that is whole now.
  ///
  /// - Returns: Whether all of it can be parts of messages; when not, the connection is of no more use.
  /// - Complexity: O(*n*) in what came and what waited.
  public mutating func take(
    _ bytes: some Sequence<UInt8>, _ deliver: (ArraySlice<UInt8>) -> Void
  ) -> Bool {
    if isBroken { return false }
    pending += bytes
    var start = 0
    while start < pending.count {
      let found = next(from: start)
      if case .nothing = found {
        (pending, isBroken) = ([], true)
        return false
      }
      guard case .message(let message) = found else { break }
      if !message.isEmpty { deliver(pending[message]) }
      // A line's own end is the beginning of an empty message.
      (start, searched) = (message.upperBound, 0)
      if start < pending.count, pending[start] == 0x0A || pending[start] == 0 { start += 1 }
    }
    pending.removeFirst(min(start, pending.count))
    return true
  }

  /// Says what is left when the connection ends: a last line without its end is a message.
  ///
  /// - Returns: Whether nothing was left of a message whose length was told.
  public mutating func end(_ deliver: (ArraySlice<UInt8>) -> Void) -> Bool {
    defer { (pending, isBroken) = ([], true) }
    if pending.isEmpty { return true }
    guard pending[0] < 0x31 || pending[0] > 0x39 || !isCounted else { return false }
    deliver(pending[...])
    return true
  }

  /// Whether digits and a blank stand here, or only digits.
  private var isCounted: Bool {
    let rest = pending.prefix(StreamFraming.digitsMax + 1).drop(while: \.isDigit)
    return rest.first.map { $0 == 0x20 } ?? (pending.count <= StreamFraming.digitsMax)
  }

  /// How many digits a length may have.
  private static let digitsMax = 8

  /// What stands somewhere.
  private enum Found {
    case message(Range<Int>)
    /// A part of a message, the rest of which is still to come.
    case part
    /// Something that is too long to be a message.
    case nothing
  }

  private mutating func next(from start: Int) -> Found {
    if (0x31...0x39).contains(pending[start]), searched == 0 {
      var (offset, length) = (start, 0)
      while offset < pending.count, offset < start + StreamFraming.digitsMax,
        pending[offset].isDigit
      {
        length = length * 10 + Int(pending[offset] - 0x30)
        offset += 1
      }
      guard offset < pending.count else { return .part }
      if pending[offset] == 0x20 {
        if length > messageBytesMax { return .nothing }
        let end = offset + 1 + length
        return end <= pending.count ? .message(offset + 1..<end) : .part
      }
    }
    let end = pending[(start + searched)...].firstIndex { $0 == 0x0A || $0 == 0 }
    guard let end else {
      searched = pending.count - start
      return searched > messageBytesMax ? .nothing : .part
    }
    return end - start > messageBytesMax ? .nothing : .message(start..<end)
  }
}
