/// A condition over the rules of a correlation, by their places in its list.
public indirect enum RuleCondition: Sendable, Hashable {
  /// The rule was hit.
  case rule(Int)
  /// All or any of some parts hold, or one does not.
  case all([RuleCondition]), any([RuleCondition]), not(RuleCondition)

  /// Whether it holds, given which rules were hit.
  func holds(_ isHit: (Int) -> Bool) -> Bool {
    switch self {
    case .rule(let place): isHit(place)
    case .all(let parts): parts.allSatisfy { $0.holds(isHit) }
    case .any(let parts): parts.contains { $0.holds(isHit) }
    case .not(let part): !part.holds(isHit)
    }
  }

  /// Whether a further hit may make it false, so that it can only be judged at the end.
  var hasNegation: Bool {
    switch self {
    case .rule: false
    case .all(let parts), .any(let parts): parts.contains(where: \.hasNegation)
    case .not: true
    }
  }

  /// The places of all rules that it names.
  var places: Set<Int> {
    switch self {
    case .rule(let place): [place]
    case .all(let parts), .any(let parts): Set(parts.flatMap(\.places))
    case .not(let part): part.places
    }
  }
}
