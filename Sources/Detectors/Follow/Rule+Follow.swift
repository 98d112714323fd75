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

  /// Pairs of actions and outcomes, in small letters, of which an event must have one for the rule to match.
  ///
  /// `nil` outcomes are any; `nil` when it may match any action.
  public var gate: [(actions: Set<[UInt8]>, outcomes: Set<[UInt8]>?)]? {
    var gate: [(actions: Set<[UInt8]>, outcomes: Set<[UInt8]>?)] = []
    for way in expression.ways {
      guard let actions = way.values(of: .eventAction) else { return nil }
      gate.append((actions, way.values(of: .eventOutcome)))
    }
    return gate
  }

  /// The words, in small letters, of which one is the field's whole value in every match; `nil` when there is no telling.
  package func words(of field: Field) -> Set<String>? {
    expression.values(of: field).map { Set($0.map { String(decoding: $0, as: UTF8.self) }) }
  }

  /// Whether every match is a contractor's.
  public var isAboutContractors: Bool {
    expression.values(of: .personKind).map { $0 == [Array("contractor".utf8)] } ?? false
  }

  /// The fields that a finding of the rule is about.
  public var subject: [Field] { header.subject }

  /// The fields that the rule's sentence names.
  public var messageFields: [Field] { header.message.flatMap(\.fields) }
}

extension Correlation {
  /// How many events, or different values, make the correlation fire.
  var needed: Int {
    let lowest = bounds.map {
      $0.order == .gt ? $0.value.rounded(.down) + 1 : $0.value.rounded(.up)
    }
    return Int(max(1, min(1e15, lowest.max() ?? 1)))
  }

  /// Whether its windows hold what events measure, or are judged when they close.
  var isMeasured: Bool {
    kind.isNumeric || isJudgedAtClose || condition != nil || needed > Correlator.eventsMax
  }

  /// The field whose different values are counted, or whose numbers are measured.
  public var valueField: Field? { countedFields.first }

  /// Whether the correlation is about several rules rather than about a count.
  public var isSequence: Bool { kind == .temporal || kind == .temporalOrdered }
}
