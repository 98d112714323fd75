/// A modifier that writes a text another way before it is looked for.
enum TextEncoding: String, CaseIterable {
  /// Base64 of the bytes.
  case base64
  /// Base64 of the bytes wherever they may stand in a longer run: three texts.
  case base64offset
  /// UTF-16, little end first; `wide` is its older name.
  case wide, utf16le
  /// UTF-16, big end first.
  case utf16be
  /// UTF-16, little end first, behind its byte order mark.
  case utf16
  /// Each dash or slash that begins a parameter, as any dash or slash.
  case windash

  /// Whether it is one of UTF-16.
  var isWide: Bool { self == .wide || self == .utf16le || self == .utf16be || self == .utf16 }

  /// Whether the text must be without wildcards.
  var needsLiteral: Bool { self == .base64 || self == .base64offset }
}

extension SigmaText {
  /// How many dashes of one value `windash` may stand for; each makes five values of one.
  static let dashesMax = 4

  /// The texts that one text becomes; `nil` when it can not be encoded so.
  func encoded(_ encoding: TextEncoding) -> [SigmaText]? {
    switch encoding {
    case .base64: return literal.map { [SigmaText(bytes: SigmaText.base64($0))] }
    case .base64offset: return literal.map(SigmaText.base64Offsets)
    case .wide, .utf16le: return utf16 { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    case .utf16be: return utf16 { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    case .utf16:
      return utf16 { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }?.map {
        SigmaText(tokens: [.byte(0xff), .byte(0xfe)] + $0.tokens)
      }
    case .windash: return dashed
    }
  }

  // MARK: Base64

  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for place in 0..<3 { group = group << 8 | (place < count ? UInt32(bytes[start + place]) : 0) }
      for place in 0..<4 {
        text.append(
          place <= count ? digits[Int(group >> UInt32(18 - 6 * place)) & 63] : UInt8(ascii: "="))
      }
    }
    return text
  }

  /// What stands of the bytes in Base64, whichever of three places of a group they begin at.
  ///
  /// Digits that the bytes share with their neighbours are left out.
  private static func base64Offsets(_ bytes: [UInt8]) -> [SigmaText] {
    (0..<3).map { shift in
      let text = base64(Array(repeating: UInt8(ascii: " "), count: shift) + bytes)
      let start = [0, 2, 3][shift]
      let end = text.count - [0, 3, 2][(bytes.count + shift) % 3]
      return SigmaText(bytes: start < end ? Array(text[start..<end]) : [])
    }
  }

  // MARK: UTF-16

  private func utf16(_ bytes: (UInt16) -> [UInt8]) -> [SigmaText]? {
    var result: [Token] = []
    for piece in pieces {
      switch piece {
      case .wildcard(let token): result.append(token)
      case .text(let text):
        for unit in String(decoding: text, as: UTF8.self).utf16 {
          result += bytes(unit).map { .byte($0) }
        }
      }
    }
    return [SigmaText(tokens: result)]
  }

  // MARK: Dashes

  /// The dashes and the slash that Windows programs take for one another.
  private static let dashes = ["-", "/", "\u{2013}", "\u{2014}", "\u{2015}"].map { Array($0.utf8) }

  /// Every way to write the dashes and slashes that stand between no word and a word.
  private var dashed: [SigmaText]? {
    var results: [[Token]] = [[]]
    var count = 0
    for piece in pieces {
      guard case .text(let text) = piece else {
        if case .wildcard(let token) = piece { results = results.map { $0 + [token] } }
        continue
      }
      let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
      for (place, scalar) in scalars.enumerated() {
        let isEdge =
          (scalar == "-" || scalar == "/")
          && !(place > 0 && SigmaText.isWord(scalars[place - 1]))
          && place + 1 < scalars.count && SigmaText.isWord(scalars[place + 1])
        guard isEdge else {
          let bytes = String(scalar).utf8.map { Token.byte($0) }
          for index in results.indices { results[index] += bytes }
          continue
        }
        count += 1
        guard count <= SigmaText.dashesMax else { return nil }
        results = results.flatMap { head in
          SigmaText.dashes.map { head + $0.map { .byte($0) } }
        }
      }
    }
    return results.map { SigmaText(tokens: $0) }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  // MARK: Letters beyond ASCII

  /// A text with more letters beyond ASCII than these is looked for as an expression.
  private static let foldedLettersMax = 4

  /// Whether a letter beyond ASCII has another case.
  var hasForeignCase: Bool {
    pieces.contains { piece in
      guard case .text(let text) = piece else { return false }
      return String(decoding: text, as: UTF8.self).unicodeScalars.contains {
        !$0.isASCII && !$0.otherCases.isEmpty
      }
    }
  }

  /// The text in every case of its letters beyond ASCII, as the evaluator folds only those of ASCII;
  /// `nil` when these would be too many.
  var foldedForeign: [SigmaText]? {
    var results: [[Token]] = [[]]
    var count = 0
    for piece in pieces {
      guard case .text(let text) = piece else {
        if case .wildcard(let token) = piece { results = results.map { $0 + [token] } }
        continue
      }
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        let others = scalar.isASCII ? [] : scalar.otherCases
        if !others.isEmpty { count += 1 }
        guard count <= SigmaText.foldedLettersMax else { return nil }
        results = results.flatMap { head in
          ([scalar] + others).map { head + String($0).utf8.map { .byte($0) } }
        }
      }
    }
    return results.map { SigmaText(tokens: $0) }
  }

  // MARK: Pieces

  /// A run of literal text, or a wildcard.
  enum Piece {
    case text([UInt8])
    case wildcard(Token)
  }

  /// The text as runs and wildcards.
  var pieces: [Piece] {
    var (pieces, run): ([Piece], [UInt8]) = ([], [])
    for token in tokens {
      if case .byte(let byte) = token {
        run.append(byte)
        continue
      }
      if !run.isEmpty { pieces.append(.text(run)) }
      run = []
      pieces.append(.wildcard(token))
    }
    if !run.isEmpty { pieces.append(.text(run)) }
    return pieces
  }
}

extension Unicode.Scalar {
  /// The scalars that are this one in another case, as far as one stands for one.
  var otherCases: [Unicode.Scalar] {
    let mappings = [properties.lowercaseMapping, properties.uppercaseMapping]
    var others: [Unicode.Scalar] = []
    for text in mappings {
      guard let other = text.unicodeScalars.first, text.unicodeScalars.count == 1, other != self,
        !others.contains(other)
      else { continue }
      others.append(other)
    }
    return others
  }
}
