/// The text of one Sigma value: literal bytes and wildcards, with the escapes resolved.
///
/// `*` stands for any run of bytes and `?` for exactly one character. A backslash takes the meaning
/// from a following `*`, `?` or backslash and is itself literal before anything else.
package struct SigmaText: Hashable, Sendable {
  /// One step of the text.
  package enum Token: Hashable, Sendable {
    case byte(UInt8)
    case anyRun, anyOne
  }
  /// The steps, in order; two runs never stand side by side.
  package private(set) var tokens: [Token] = []

  /// Reads a value as Sigma writes it.
  package init(_ text: String) {
    let backslash = UInt8(ascii: "\\")
    var isEscaped = false
    for byte in text.utf8 {
      let isSpecial = byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") || byte == backslash
      if isEscaped {
        if !isSpecial { append(.byte(backslash)) }
        append(.byte(byte))
        isEscaped = false
      } else if byte == backslash {
        isEscaped = true
      } else if byte == UInt8(ascii: "*") {
        append(.anyRun)
      } else if byte == UInt8(ascii: "?") {
        append(.anyOne)
      } else {
        append(.byte(byte))
      }
    }
    if isEscaped { append(.byte(backslash)) }
  }

  /// A literal text.
  init(bytes: [UInt8]) { tokens = bytes.map { .byte($0) } }

  /// A text of steps.
  init(tokens: [Token]) { for token in tokens { append(token) } }

  private mutating func append(_ token: Token) {
    if token == .anyRun, tokens.last == .anyRun { return }
    tokens.append(token)
  }

  /// The text with a run before it, after it, or both.
  func anchored(start: Bool, end: Bool) -> SigmaText {
    var text = self
    if !start, text.tokens.first != .anyRun { text.tokens.insert(.anyRun, at: 0) }
    if !end, text.tokens.last != .anyRun { text.tokens.append(.anyRun) }
    return text
  }

  /// The bytes, when there is no wildcard.
  package var literal: [UInt8]? { SigmaText.bytes(tokens[...]) }

  /// The bytes of some tokens, when none is a wildcard.
  static func bytes(_ tokens: ArraySlice<Token>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tokens.count)
    for token in tokens {
      guard case .byte(let byte) = token else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
