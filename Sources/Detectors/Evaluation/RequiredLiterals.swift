import Bytes

/// Texts of which at least one stands in whatever an expression is found in, lowered.
struct RequiredLiterals {
  /// The texts; `nil` when there is no telling.
  private(set) var alternatives: [[UInt8]]?

  /// Shorter texts of an expression tell too little; of one that a rule spells out two bytes are enough.
  static let (bytesMin, spelledBytesMin) = (3, 2)
  /// More alternatives than this are no use.
  static let alternativesMax = 64

  /// The literals of a regular expression.
  init(_ tree: RegularExpression.Tree) {
    alternatives = RequiredLiterals.find(tree)
  }

  /// The rarest run of literal bytes between the wildcards of a value, or `nil` when none is long enough.
  static func best(of tokens: [SigmaText.Token]) -> [UInt8]? {
    var runs: [[UInt8]] = [[]]
    for token in tokens {
      if case .byte(let byte) = token {
        runs[runs.count - 1].append(byte.asciiLowered)
      } else {
        runs.append([])
      }
    }
    return best(of: runs, bytesMin: spelledBytesMin)
  }

  private static func best(of runs: [[UInt8]], bytesMin: Int) -> [UInt8]? {
    let long = runs.filter { $0.count >= bytesMin }.map { $0.prefix(Needs.literalBytesMax) }
    return long.max {
      (isCommon(Array($0)) ? 0 : 1, $0.count) < (isCommon(Array($1)) ? 0 : 1, $1.count)
    }.map(Array.init)
  }

  private static func find(_ tree: RegularExpression.Tree) -> [[UInt8]]? {
    switch tree {
    case .set, .assertion: return find(sequence: [tree])
    case .sequence(let parts): return find(sequence: parts)
    case .repetition(let part, let min, _): return min > 0 ? find(part) : nil
    case .alternatives(let parts):
      var all: [[UInt8]] = []
      for part in parts {
        guard let more = find(part), all.count + more.count <= alternativesMax else { return nil }
        all += more
      }
      return all.isEmpty ? nil : all
    }
  }

  /// The best of a sequence: a run of single bytes, or what one of its parts requires.
  private static func find(sequence parts: [RegularExpression.Tree]) -> [[UInt8]]? {
    var runs: [[UInt8]] = [[]]
    var others: [[[UInt8]]] = []
    func walk(_ parts: [RegularExpression.Tree]) {
      for part in parts {
        switch part {
        case .set(let set):
          if let byte = set.onlyByte {
            runs[runs.count - 1].append(byte)
          } else {
            runs.append([])
          }
        case .assertion: break
        case .sequence(let inner): walk(inner)
        case .repetition(let inner, let min, let max) where min == max && min == 1: walk([inner])
        case .repetition, .alternatives:
          runs.append([])
          if let found = find(part) { others.append(found) }
        }
      }
    }
    walk(parts)
    if let run = best(of: runs, bytesMin: bytesMin), !isCommon(run) { return [run] }
    // Of several groups of alternatives the one whose shortest text is longest.
    let group = others.max { shortest($0) < shortest($1) }
    return group ?? best(of: runs, bytesMin: bytesMin).map { [$0] }
  }

  private static func shortest(_ texts: [[UInt8]]) -> Int { texts.map(\.count).min() ?? 0 }

  /// Whether a text is one that nearly every line of some log has.
  static func isCommon(_ text: [UInt8]) -> Bool {
    guard text.count < 12 else { return false }
    return text.withView { needle in
      background.firstOffset(of: needle) != nil
    }
  }

  /// What usual lines hold.
  static let background = ByteView(
    """
    mozilla/5.0 (windows nt 10.0; win64; x64; linux x86_64; macintosh; intel mac os x 10_15_7) applewebkit/537.36 \
    (khtml, like gecko) chrome/ safari/ firefox/ version/ https://www. http://www. http/1.1" http/2.0" .com/ .org/ \
    index.html .php .js .css .png /api/ get post .amazonaws.com arn:aws:iam:: "eventname":" true false null \
    session opened for user root by (uid=0) session closed for user failed password for invalid user from port ssh2
    """)
}

extension ByteSet {
  /// The byte that the set stands for, lowered: its only one, or both cases of one letter.
  fileprivate var onlyByte: UInt8? {
    var found: UInt8?
    for byte in UInt8.min...UInt8.max where contains(byte) {
      let lowered = byte.asciiLowered
      if let found, found != lowered { return nil }
      found = lowered
    }
    return found
  }
}
