/// The people of the company: two dozen with names, or any number of numbered ones.
public struct Crowd: Sendable {
  /// How many there are.
  let count: Int
  /// Whether they are the two dozen.
  let isNamed: Bool

  /// The two dozen.
  public static let named = Crowd(count: Cast.people.count, isNamed: true)

  private init(count: Int, isNamed: Bool) { (self.count, self.isNamed) = (count, isNamed) }

  /// So many numbered people; two million at most, as each has an address of its own.
  public init?(numbered count: Int) {
    guard 1...2_000_000 ~= count else { return nil }
    self.init(count: count, isNamed: false)
  }

  /// How a person signs in.
  func name(_ index: Int) -> String {
    isNamed ? Cast.people[index] : "u" + String(index, radix: 36)
  }

  /// The address that a person always comes from; numbered people share 100.64.0.0/10.
  func address(_ index: Int) -> String {
    isNamed
      ? "192.0.2.\(10 + index)" : "100.\(64 + index >> 16).\(index >> 8 & 255).\(index & 255)"
  }

  /// The numbered people as a register; short rows, as a file of the registers may hold 16 MiB.
  var register: String {
    var text = TextBuffer()
    text.add("id,accounts\n")
    for index in 0..<count {
      let number = String(index, radix: 36)
      text.add("n\(number),*:u\(number)\n")
    }
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
