/// Which values of JSON objects somebody wants, by their paths; what a ``JSONReader`` is made for.
///
/// Several readers can be made for the same wants, which are laid out once.
public struct JSONWants: Sendable {
  /// A wanted key.
  struct Key: Sendable {
    /// The slot for the value, or -1.
    var slot: Int32 = -1
    /// The level of the object below, or -1.
    var level: Int32 = -1
  }

  /// How many parts of a path may be keys of their own; a rule's field can be anything that somebody writes.
  public static let partsMax = 64

  /// The wanted keys of each object level, by their names.
  private var levels: [[[UInt8]: Key]] = [[:]]
  /// The level below each beginning of a path, with its last dot: whichever way leads there, the same is wanted.
  private var below: [[UInt8]: Int] = [[]: 0]

  /// The values at some paths; each goes to the slot of its place among them.
  public init(_ paths: [String] = []) {
    for (slot, path) in paths.enumerated() { want(path, slot: slot) }
  }

  /// Asks for the value at a path, which goes to `slot`.
  ///
  /// A path `a.b` finds the key `b` inside the object `a` and also the literal key `a.b`; so does every way to part a
  /// longer one into keys. One of more than ``partsMax`` parts finds nothing but the literal key.
  ///
  /// - Complexity: O(*n*²) in the path's parts.
  public mutating func want(_ path: String, slot: Int) {
    let path = Array(path.utf8)
    var dots = path.indices.filter { path[$0] == UInt8(ascii: ".") }
    if dots.count >= JSONWants.partsMax { dots = [] }
    for start in [0] + dots.map({ $0 + 1 }) {
      let level = level(below: path[..<start])
      levels[level][Array(path[start...]), default: Key()].slot = Int32(slot)
      for dot in dots where dot >= start {
        let next = self.level(below: path[...dot])
        levels[level][Array(path[start..<dot]), default: Key()].level = Int32(next)
      }
    }
  }

  private mutating func level(below prefix: ArraySlice<UInt8>) -> Int {
    let prefix = Array(prefix)
    if let known = below[prefix] { return known }
    below[prefix] = levels.count
    levels.append([:])
    return levels.count - 1
  }

  /// What is wanted of a key in an object of a level, of which 0 is the record.
  func key(_ name: [UInt8], level: Int) -> Key? { levels[level][name] }
}
