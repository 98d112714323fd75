public import Bytes

/// Walks over the values of one record of comma-separated values (RFC 4180), allocating nothing.
///
/// A value in quotes may hold commas, line feeds and quotes written twice; a value without quotes holds none of
/// them. A record that was cut within a quoted value ends there.
public struct CommaValues: Sendable {
  /// One value, without the quotes around it.
  public struct Value: Sendable {
    /// What stands there, quotes within it twice.
    public let text: ByteView
    /// Whether it stood in quotes, and whether there are quotes within it.
    public let isQuoted, hasQuotes: Bool
  }
  /// Where a record breaks the rule about quotes.
  public struct Failure: Error, Sendable {
    /// The offset of the byte that may not stand there.
    public let offset: Int
  }

  private let text: ByteView
  private var offset = 0
  private var isOver = false

  /// A walk over the values in `text`.
  public init(_ text: ByteView) { self.text = text }

  /// The next value, or `nil` at the end.
  ///
  /// - Throws: ``Failure`` at a quote that neither opens nor closes a value; the walk is over then.
  /// - Complexity: O(*n*) in the value.
  public mutating func next() throws(Failure) -> Value? {
    guard !isOver else { return nil }
    guard offset < text.count, text[offset] == 0x22 else { return try plain() }
    let start = offset + 1
    var (from, hasQuotes) = (start, false)
    while let quote = text.firstOffset(of: 0x22, from: from) {
      if quote + 1 < text.count, text[quote + 1] == 0x22 {
        (from, hasQuotes) = (quote + 2, true)
        continue
      }
      guard quote + 1 == text.count || text[quote + 1] == 0x2C else {
        isOver = true
        throw Failure(offset: quote + 1)
      }
      isOver = quote + 1 == text.count
      offset = quote + 2
      return Value(text: text.slice(start, quote), isQuoted: true, hasQuotes: hasQuotes)
    }
    isOver = true
    return Value(text: text.dropFirst(start), isQuoted: true, hasQuotes: hasQuotes)
  }

  private mutating func plain() throws(Failure) -> Value {
    let start = offset
    while offset < text.count, text[offset] != 0x2C {
      guard text[offset] != 0x22 else {
        isOver = true
        throw Failure(offset: offset)
      }
      offset += 1
    }
    let value = Value(text: text.slice(start, offset), isQuoted: false, hasQuotes: false)
    isOver = offset == text.count
    offset += 1
    return value
  }
}

extension CommaValues.Value {
  /// What the value stands for: the text itself, or one in `scratch` when it has quotes.
  ///
  /// - Complexity: O(*n*).
  public func unescaped(_ scratch: Scratch) -> ByteView {
    guard hasQuotes else { return text }
    return unsafe scratch.write(capacity: text.count) { room in
      var (from, to) = (0, 0)
      while from < text.count {
        // SAFETY: no more bytes are put than the value has, and the room has as many.
        unsafe room[to] = text[from]
        // The second of two quotes is left out; a text that was cut may end with the first.
        from += text[from] == 0x22 ? 2 : 1
        to += 1
      }
      return to
    }
  }
}
