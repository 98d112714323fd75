import Bytes

extension Matcher {
  /// Whether one single value may answer both questions with yes; surely not only when it says so.
  func canMeet(_ other: Matcher) -> Bool {
    switch (self, other) {
    case (.text(let text, let isCased, let number), .text(let second, let alsoCased, let also)):
      if let number, let also, number == also { return true }
      guard isCased && alsoCased || (text.isASCII && second.isASCII) else { return true }
      return text.canMeet(second, isCased: isCased && alsoCased)
    case (.compare(let comparison, let bound), .compare(let second, let other)):
      return Matcher.canMeet(comparison, bound, second, other)
    case (.compare(let comparison, let bound), .text(let text, _, let number)),
      (.text(let text, _, let number), .compare(let comparison, let bound)):
      guard let literal = text.literal else { return true }
      let value = number ?? literal.withView { $0.number }
      return value.map { comparison.holds($0, bound) } ?? false
    case (.network(let network), .text(let text, _, _)),
      (.text(let text, _, _), .network(let network)):
      guard let literal = text.literal, let address = literal.withView({ Address($0) }) else {
        return true
      }
      return network.contains(address)
    case (.network(let first), .network(let second)):
      return first.contains(second.base) || second.contains(first.base)
    case (.null, .text), (.null, .compare), (.null, .network), (.null, .expression),
      (.text, .null), (.compare, .null), (.network, .null), (.expression, .null):
      return false
    default: return true
    }
  }

  /// Whether every value that answers this question with yes surely does so with the other.
  func isWithin(_ other: Matcher) -> Bool {
    switch (self, other) {
    case (.null, .null), (.exists, .exists): return true
    case (.text, .exists), (.expression, .exists), (.network, .exists), (.compare, .exists):
      return true
    case (.text(let text, let isCased, _), .text(let second, let alsoCased, _)):
      // What must be in just these capitals says less of a value in any.
      if alsoCased, !isCased { return false }
      return text.isWithin(second, isCased: alsoCased)
    case (.compare(let comparison, let bound), .compare(let second, let other)):
      switch (comparison, second) {
      case (.gt, .gt), (.gte, .gte), (.gt, .gte): return bound >= other
      case (.gte, .gt): return bound > other
      case (.lt, .lt), (.lte, .lte), (.lt, .lte): return bound <= other
      case (.lte, .lt): return bound < other
      default: return false
      }
    case (.network(let inner), .network(let outer)):
      return inner.prefixBits >= outer.prefixBits && outer.contains(inner.base)
    case (.text(let text, _, _), .network(let network)):
      guard let literal = text.literal, let address = literal.withView({ Address($0) }) else {
        return false
      }
      return network.contains(address)
    default: return false
    }
  }

  /// The one text that it asks for; `nil` when there may be others.
  var onlyText: String? {
    guard case .text(let text, _, _) = self, let literal = text.literal else { return nil }
    return String(decoding: literal, as: UTF8.self)
  }

  private static func canMeet(
    _ first: Comparison, _ bound: Double, _ second: Comparison, _ other: Double
  ) -> Bool {
    let isLower = first == .gt || first == .gte
    guard isLower != (second == .gt || second == .gte) else { return true }
    let (low, high) = isLower ? (bound, other) : (other, bound)
    let isOpen = [first, second].contains { $0 == .gt || $0 == .lt }
    return isOpen ? low < high : low <= high
  }
}
