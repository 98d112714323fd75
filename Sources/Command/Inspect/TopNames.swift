import Bytes

/// The names at the top of an event's object that belong to its fields.
///
/// What a log calls one of its members must not pass for what the path says of the event: `person`
/// beside the joins' `person.id`, or `person.id` written with the dot.
struct TopNames {
  /// The name of the object that keeps the members whose names are taken.
  let unmapped: String
  private var names: [ByteView] = []
  /// The lengths of the names that begin with a byte, one bit each; the last is for all longer ones.
  private var lengths = [UInt64](repeating: 0, count: 256)

  /// The names that fields take, of which there is one for each object at the top.
  init(_ taken: [String]) {
    var unmapped = "unmapped"
    while taken.contains(unmapped) { unmapped += "_" }
    self.unmapped = unmapped
    for name in taken + [unmapped] where !name.isEmpty {
      let view = ByteView(immortal: name)
      names.append(view)
      lengths[Int(view[0])] |= 1 << UInt64(min(view.count, 63))
    }
  }

  /// Whether a member's name is taken up to its first dot, or may be: one with escapes is not read.
  func mayHave(_ name: ByteView) -> Bool {
    if name.firstOffset(of: UInt8(ascii: "\\")) != nil { return true }
    let first = name.prefix(name.firstOffset(of: UInt8(ascii: ".")) ?? name.count)
    guard !first.isEmpty else { return true }
    guard lengths[Int(first[0])] & (1 << UInt64(min(first.count, 63))) != 0 else { return false }
    for name in names where name.equals(first) { return true }
    return false
  }
}
