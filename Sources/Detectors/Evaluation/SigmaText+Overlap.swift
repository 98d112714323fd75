/// Whether two patterns can mean the same value, and whether one means nothing that the other does not.
///
/// Both answers err on the side of "they may": whoever says that a rule can never match must be right.
extension SigmaText {
  /// Whether some text may fit both patterns.
  func canMeet(_ other: SigmaText, isCased: Bool) -> Bool {
    let (left, right) = (steps(isCased), other.steps(isCased))
    // Row by row: whether the rest of `left` and the rest of `right` can be the same text.
    var below = [Bool](repeating: false, count: right.count + 1)
    for i in stride(from: left.count, through: 0, by: -1) {
      var row = [Bool](repeating: false, count: right.count + 1)
      for j in stride(from: right.count, through: 0, by: -1) {
        switch (i < left.count ? left[i] : nil, j < right.count ? right[j] : nil) {
        case (nil, nil): row[j] = true
        // A run is nothing, or takes what the other side has next.
        case (.any, .any): row[j] = below[j] || row[j + 1]
        case (.any, .byte): row[j] = below[j] || row[j + 1]
        case (.byte, .any): row[j] = row[j + 1] || below[j]
        case (.any, nil): row[j] = below[j]
        case (nil, .any): row[j] = row[j + 1]
        case (.byte(let first), .byte(let second)): row[j] = first == second && below[j + 1]
        case (nil, .byte), (.byte, nil): break
        }
      }
      below = row
    }
    return below[0]
  }

  /// Whether every text that fits this pattern surely fits the other.
  func isWithin(_ other: SigmaText, isCased: Bool) -> Bool {
    let right = other.tokens
    let fold = { (byte: UInt8) in isCased ? byte : SigmaText.folded(byte) }
    var below = [Bool](repeating: false, count: right.count + 1)
    for i in stride(from: tokens.count, through: 0, by: -1) {
      var row = [Bool](repeating: false, count: right.count + 1)
      for j in stride(from: right.count, through: 0, by: -1) {
        switch (i < tokens.count ? tokens[i] : nil, j < right.count ? right[j] : nil) {
        case (nil, nil): row[j] = true
        case (nil, .anyRun?): row[j] = row[j + 1]
        // Only a run of the other takes whatever a run may be.
        case (_?, .anyRun?): row[j] = row[j + 1] || below[j]
        case (.byte(let byte)?, .anyOne?): row[j] = byte < 0x80 && below[j + 1]
        case (.anyOne?, .anyOne?): row[j] = below[j + 1]
        case (.byte(let first)?, .byte(let second)?):
          row[j] = fold(first) == fold(second) && below[j + 1]
        default: break
        }
      }
      below = row
    }
    return below[0]
  }

  /// Whether it has letters beyond ASCII, whose two cases nobody compares here.
  var isASCII: Bool {
    tokens.allSatisfy { if case .byte(let byte) = $0 { byte < 0x80 } else { true } }
  }

  private enum Step {
    case byte(UInt8)
    case any
  }

  /// The tokens; one character of any kind counts as a run, which allows more.
  private func steps(_ isCased: Bool) -> [Step] {
    tokens.map { token in
      switch token {
      case .byte(let byte): .byte(isCased ? byte : SigmaText.folded(byte))
      case .anyRun, .anyOne: .any
      }
    }
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }
}
