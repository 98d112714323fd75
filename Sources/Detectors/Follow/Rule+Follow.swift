public import Events

extension Rule {
  /// The fields that the rule's own tests read.
  public var fields: Set<Field> { Set(expression.tests.compactMap(\.field)) }

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

  /// The field whose different values are counted.
  public var valueField: Field? { countedFields.first }

  /// Whether the correlation is about several rules rather than about a count.
  public var isSequence: Bool { kind == .temporal || kind == .temporalOrdered }
}
