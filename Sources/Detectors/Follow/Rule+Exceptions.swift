import Events

extension Expression {
  /// The parts that must all hold, however they are nested.
  fileprivate var joined: [Expression] {
    guard case .all(let parts) = self else { return [self] }
    return parts.flatMap(\.joined)
  }
}

extension Rule {
  /// For each exception of the rule, the fields without which it never applies.
  ///
  /// Only what the whole condition is joined with: `selection and not filter`. An exception that never applies turns
  /// a rule into one that fires on everything else.
  package var exceptionFields: [Set<Int>] {
    expression.joined.compactMap { part in
      guard case .not(let exception) = part else { return nil }
      let needed = Needs(exception).present
      return needed.isEmpty ? nil : needed
    }
  }
}
