/// A small generator of numbers: the same seed gives the same numbers on every machine.
public struct SplitMix64: Sendable {
  private var state: UInt64

  /// A generator that begins at `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  /// A number from zero up to `count`, without `count`; even to one part in four thousand million.
  public mutating func below(_ count: Int) -> Int {
    Int(((next() >> 32) &* UInt64(count)) >> 32)
  }

  /// Whether something happens that happens `percent` times in a hundred.
  public mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// One of a list.
  public mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}
