import Bytes

/// Texts of which at least one stands in whatever an expression is found in, lowered.
struct RequiredLiterals {
  /// The texts; `nil` when there is no telling.
  private(set) var alternatives: [[UInt8]]?

  /// Shorter texts of an expression tell too little; of one that a rule spells out two bytes are enough.
  static let (bytesMin, spelledBytesMin) = (3, 2)
  /// More alternatives than this are no use.
  static let alternativesMax = 64

  /// How many rules look for a text, by text: what many look for is a word of their trade and stands in
  /// many lines, what one looks for is what it is about.
  typealias Popularity = [[UInt8]: Int]

  /// The literals of a regular expression.
  init(_ tree: RegularExpression.Tree, _ popularity: Popularity = [:]) {
    alternatives = Finder(popularity: popularity).find(tree)
  }

  /// The rarest run of literal bytes between the wildcards of a value, or `nil` when none is long enough.
  static func best(of tokens: [SigmaText.Token], _ popularity: Popularity = [:]) -> [UInt8]? {
    best(of: runs(of: tokens), bytesMin: spelledBytesMin, popularity)
  }

  /// The runs of literal bytes between wildcards, lowered.
  static func runs(of tokens: [SigmaText.Token]) -> [[UInt8]] {
    var runs: [[UInt8]] = [[]]
    for token in tokens {
      if case .byte(let byte) = token {
        runs[runs.count - 1].append(byte.asciiLowered)
      } else {
        runs.append([])
      }
    }
    return runs.map { Array($0.prefix(Needs.literalBytesMax)) }
  }

  private static func best(
    of runs: [[UInt8]], bytesMin: Int, _ popularity: Popularity
  ) -> [UInt8]? {
    let long = runs.filter { $0.count >= bytesMin }
    let costs = long.indices.map { (cost: cost(of: long[$0], popularity), place: $0) }
    return costs.min { $0 < $1 }.map { long[$0.place] }
  }

  /// About how many of a thousand events have a text, times the rules that it would wake.
  static func cost(of text: [UInt8], _ popularity: Popularity) -> Double {
    // Beyond four bytes each more makes a text that is no usual one much rarer.
    let length = text.count <= 4 ? text.count : min(text.count * 2 - 4, 11)
    let rate = isCommon(text) ? 800 : max(1, 2000 / Double(1 << length))
    return rate * Double(max(1, popularity[text] ?? 1))
  }

  /// Finds what an expression's tree requires.
  private struct Finder {
    let popularity: Popularity

    func find(_ tree: RegularExpression.Tree) -> [[UInt8]]? {
      switch tree {
      case .set, .assertion: return find(sequence: [tree])
      case .sequence(let parts): return find(sequence: parts)
      case .repetition(let part, let min, _): return min > 0 ? find(part) : nil
      case .alternatives(let parts):
        var all: [[UInt8]] = []
        for part in parts {
          guard let more = find(part), all.count + more.count <= alternativesMax else {
            return nil
          }
          all += more
        }
        return all.isEmpty ? nil : all
      }
    }

    /// The best of a sequence: a run of single bytes, or what one of its parts requires.
    private func find(sequence parts: [RegularExpression.Tree]) -> [[UInt8]]? {
      var runs: [[UInt8]] = [[]]
      var groups: [[[UInt8]]] = []
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
          case .repetition, .alternatives:
            runs.append([])
            if let found = find(part) { groups.append(found) }
          }
        }
      }
      walk(parts)
      let cut = runs.map { Array($0.prefix(Needs.literalBytesMax)) }
      if let run = best(of: cut, bytesMin: bytesMin, popularity) { groups.append([run]) }
      return groups.min { cost(of: $0) < cost(of: $1) }
    }

    private func cost(of texts: [[UInt8]]) -> Double {
      texts.reduce(0) { $0 + RequiredLiterals.cost(of: $1, popularity) }
    }
  }

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
