public import Documents
public import Events

extension Rule {
  /// The fields that the rule's own tests read.
  public var fields: Set<Field> { Set(expression.tests.flatMap(\.fields)) }

  /// Whether the rule looks at one event alone.
  public var isStateless: Bool {
    if case .stateless = kind { true } else { false }
  }

  /// Whether a test of the rule looks at the whole line and every field.
  public var hasKeywords: Bool { expression.tests.contains { $0.field == nil } }

  /// Whether every match needs one of these fields to be there.
  public func needs(oneOf fields: [Field]) -> Bool {
    let present = Needs(expression).present
    return fields.contains { present.contains($0.index) }
  }

  /// What `event.action` and `event.outcome` must be for the rule to match, in small letters; `nil` where any will do.
  public var gate: (actions: Set<[UInt8]>?, outcomes: Set<[UInt8]>?) {
    (expression.values(of: .eventAction), expression.values(of: .eventOutcome))
  }

  /// The fields that a finding of the rule is about.
  public var subject: [Field] { header.subject }

  /// The fields that the rule's sentence names.
  public var messageFields: [Field] {
    header.message.compactMap { part in
      if case .field(let field) = part { field } else { nil }
    }
  }
}

extension Correlation {
  /// How many events, or different values, make the correlation fire.
  var needed: Int {
    let lowest = bounds.map { $0.order == .gt ? $0.value + 1 : $0.value }.max() ?? 1
    return Int(max(1, lowest))
  }

  /// Whether the condition can be run as events come.
  var isRunnable: Bool {
    bounds.allSatisfy { $0.order == .gt || $0.order == .gte } && needed <= Correlator.eventsMax
  }

  /// The field whose different values are counted.
  public var valueField: Field? { countedFields.first }

  /// Whether the correlation is about several rules rather than about a count.
  public var isSequence: Bool { kind == .temporal || kind == .temporalOrdered }
}

extension RuleSet {
  /// Correlations whose condition is not yet run: each is named, and takes no part.
  ///
  /// A count below a bound can only be told when a window closes, which needs a clock beside the
  /// events.
  public var unsupportedBounds: [Problem] {
    rules.compactMap { rule in
      guard case .correlation(let correlation) = rule.kind, !correlation.isRunnable else {
        return nil
      }
      return Problem(
        file: rule.file, line: rule.line, column: 1,
        message: "`\(rule.header.id)`: a correlation with lt, lte, eq or a bound above "
          + "\(Correlator.eventsMax) is not supported yet",
        fix: "use gt or gte")
    }
  }
}
