import Bytes

/// The forms of secrets that can be told by themselves: where in a line their values stand.
///
/// Whatever is kept of a line is kept without them (``Redactor``), whichever detector keeps it. `secret-in-log` tells of
/// lines that have one; a test holds its expressions against this table.
enum SecretFormats {
  /// A form that begins with fixed letters and goes on with letters of one sort.
  private struct Token {
    let prefix: StaticString
    /// How many letters follow at least, and at most.
    let count: ClosedRange<Int>
    let sort: @Sendable (UInt8) -> Bool
  }

  private static let tokens: [Token] =
    [
      Token(prefix: "AKIA", count: 16...16, sort: isCapitalOrDigit),
      Token(prefix: "ASIA", count: 16...16, sort: isCapitalOrDigit),
      Token(prefix: "github_pat_", count: 22...255, sort: isWord),
    ]
    + (["ghp_", "gho_", "ghu_", "ghs_", "ghr_"] as [StaticString]).map {
      Token(prefix: $0, count: 30...255, sort: isWord)
    }
    + (["glpat-", "glrt-", "gldt-", "glcbt-", "glptt-"] as [StaticString]).map {
      Token(prefix: $0, count: 20...255, sort: isWordOrDash)
    }
    + (["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-"] as [StaticString]).map {
      Token(prefix: $0, count: 10...255, sort: isWordOrDash)
    }

  /// How the first part of a signed token begins: `{"` and the first letter of a header's name, in Base64.
  private static let signed: [StaticString] = [
    "eyJh", "eyJ0", "eyJr", "eyJj", "eyJl", "eyJ4", "eyJi", "eyJw",
  ]

  /// Names before `=` whose value is a secret.
  private static let names: [StaticString] = [
    "password=", "passwd=", "?pwd=", "&pwd=", "api_key=", "apikey=", "access_token=",
    "private_token=", "client_secret=",
  ]

  /// Names of the secret half of an AWS key.
  private static let keyNames: [StaticString] = ["secret_access_key", "secretaccesskey"]

  /// What each line has one of that has a secret other than a password in a URL.
  static let needles: [[UInt8]] =
    (tokens.map(\.prefix) + signed + names + keyNames + ["PRIVATE KEY-----"]).map {
      ByteView($0).copy()
    }

  /// Where secrets stand; parts may overlap.
  ///
  /// - Parameter hasNeedles: Whether the text may have one of ``needles``.
  static func ranges(in text: ByteView, hasNeedles: Bool = true) -> [Range<Int>] {
    var found: [Range<Int>] = []
    addPasswords(text, &found)
    guard hasNeedles else { return found }
    for token in tokens { addTokens(token, text, &found) }
    for start in signed { addSigned(start, text, &found) }
    for name in names { addValues(of: name, text, &found) }
    for name in keyNames { addKeys(named: name, text, &found) }
    addPrivateKeys(text, &found)
    return found
  }

  // MARK: Forms

  private static func forEach(
    _ literal: StaticString, _ text: ByteView, _ body: (Int) -> Void
  ) {
    var from = 0
    while let offset = text.firstOffset(of: literal, from: from) {
      body(offset)
      from = offset + literal.utf8CodeUnitCount
    }
  }

  private static func end(
    _ text: ByteView, from start: Int, _ sort: (UInt8) -> Bool
  ) -> Int {
    var end = start
    while end < text.count, sort(text[end]) { end += 1 }
    return end
  }

  private static func addTokens(_ token: Token, _ text: ByteView, _ found: inout [Range<Int>]) {
    forEach(token.prefix, text) { offset in
      guard offset == 0 || !isWord(text[offset - 1]) else { return }
      // The id of a key stands in each record of CloudTrail, and is no secret there.
      if offset >= 14, text.has("ccessKeyId\":\"", at: offset - 13) { return }
      let start = offset + token.prefix.utf8CodeUnitCount
      let end = end(text, from: start, token.sort)
      guard token.count.contains(end - start), end == text.count || !isWord(text[end]) else {
        return
      }
      found.append(start..<end)
    }
  }

  /// `header.payload.signature`, each in Base64 for URLs.
  private static func addSigned(
    _ literal: StaticString, _ text: ByteView, _ found: inout [Range<Int>]
  ) {
    forEach(literal, text) { offset in
      let first = end(text, from: offset, isWordOrDash)
      guard first - offset >= 10, text.has(".eyJ", at: first) else { return }
      let second = end(text, from: first + 1, isWordOrDash)
      guard second - first > 10, second < text.count, text[second] == UInt8(ascii: ".") else {
        return
      }
      let third = end(text, from: second + 1, isWordOrDash)
      if third - second > 10 { found.append((offset + 3)..<third) }
    }
  }

  /// `password=…`, unless the value was taken out before it was logged.
  private static func addValues(
    of name: StaticString, _ text: ByteView, _ found: inout [Range<Int>]
  ) {
    forEach(folding: name, text) { offset in
      let start = offset + name.utf8CodeUnitCount
      let end = end(text, from: start, isOfValue)
      guard end - start >= 6 else { return }
      found.append(start..<end)
    }
  }

  private static func addKeys(
    named name: StaticString, _ text: ByteView, _ found: inout [Range<Int>]
  ) {
    forEach(folding: name, text) { offset in
      // Quotes, blanks, a colon or an equals sign lie between.
      let start = end(text, from: offset + name.utf8CodeUnitCount) { byte in
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\")
          || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "=") || byte == 0x20
      }
      let end = end(text, from: start) {
        isWord($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "+")
      }
      if end - start == 40 { found.append(start..<end) }
    }
  }

  /// `scheme://user:password@host`.
  private static func addPasswords(_ text: ByteView, _ found: inout [Range<Int>]) {
    forEach("://", text) { offset in
      let user = end(text, from: offset + 3, isOfUser)
      guard user < text.count, text[user] == UInt8(ascii: ":") else { return }
      let end = end(text, from: user + 1, isOfUser)
      guard end > user + 1, end < text.count, text[end] == UInt8(ascii: "@") else { return }
      found.append((user + 1)..<end)
    }
  }

  /// What stands between the lines that begin and end a key; in JSON the line ends are escaped.
  private static func addPrivateKeys(_ text: ByteView, _ found: inout [Range<Int>]) {
    forEach("PRIVATE KEY-----", text) { offset in
      var start = offset + 16
      let stop = text.firstOffset(of: "-----END", from: start) ?? text.count
      while start < stop {
        let end = min(stop, end(text, from: start, isBase64))
        if end - start >= 8 { found.append(start..<end) }
        // An escape's letter is not the key's.
        start = max(end, start) + (end < stop && text[end] == UInt8(ascii: "\\") ? 2 : 1)
      }
    }
  }

  // MARK: Letters

  private static func forEach(
    folding name: StaticString, _ text: ByteView, _ body: (Int) -> Void
  ) {
    let (name, last) = (ByteView(name), UInt8(ascii: "="))
    // All but the names of keys end with an equals sign, which is soon found.
    var from = 0
    while from + name.count <= text.count {
      if name[name.count - 1] == last {
        guard let mark = text.firstOffset(of: last, from: from + name.count - 1) else { return }
        from = mark + 1 - name.count
      }
      if text.slice(from, from + name.count).equalsFolded(name) { body(from) }
      from += 1
    }
  }

  @Sendable private static func isCapitalOrDigit(_ byte: UInt8) -> Bool {
    byte &- 0x41 < 26 || byte.isDigit
  }

  @Sendable private static func isWord(_ byte: UInt8) -> Bool {
    byte.asciiLowered &- 0x61 < 26 || byte.isDigit || byte == UInt8(ascii: "_")
  }

  @Sendable private static func isWordOrDash(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: "-")
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    byte.asciiLowered &- 0x61 < 26 || byte.isDigit || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
  }

  /// What a value after `password=` is made of: no blank, quote, bracket, star, dollar sign or the next parameter.
  private static func isOfValue(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "&"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "*"), UInt8(ascii: "$"), UInt8(ascii: "\\"),
      UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","), UInt8(ascii: ";"), 0x7f:
      false
    default: true
    }
  }

  private static func isOfUser(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != UInt8(ascii: "/") && byte != UInt8(ascii: ":")
      && byte != UInt8(ascii: "@") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
      && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "*")
  }
}
