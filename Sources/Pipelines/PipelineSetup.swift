public import Bytes
public import Detectors
public import Events
public import Registers

/// What every stage of one run shares: registers, rules, mappings and limits, all read once.
public struct PipelineSetup: Sendable {
  /// The company's registers.
  public let registers: Registers
  /// The rules, and those of them that read what the baselines add.
  public let rules: RuleSet
  /// Places in the rule set of the rules that *follow* evaluates.
  public let lateRules: Set<Int>
  /// Places of the rules that only lines are asked about that a finding would show.
  let shownRules: Set<Int>
  /// The organisation's zone.
  public let zone: Zone
  /// Where addresses are, when a database is configured.
  public let geo: (any GeoLookup)?
  /// Only events from `since` up to `until` are judged, nanoseconds; others are only counted.
  public let since, until: Int64
  /// The events that the review's tallies count, nanoseconds; `nil` counts all of them.
  public let tallied: Range<Int64>?
  /// Whether each local month is tallied by itself; `tallied` is `nil` then.
  public let talliesMonths: Bool
  /// Events later than this are rejected: a stamp in the far future would hold up every other log.
  public let latest: Int64
  /// The fields that travel from *read* to *follow*, in table order.
  public let carried: [Field]
  /// Whether events are judged and counted for the review; a witness sees them in any case.
  let judges: Bool
  /// The names of all fields.
  public let table: FieldTable
  /// The rules about what the registers expect, and what that is; `nil` and nothing without such rules.
  let registerRules: CompiledRules?
  let calendar: Calendar
  /// Whether some rule reads `@timestamp`.
  let rulesReadTime: Bool
  /// Every stateless rule that *read* runs.
  let readRules: CompiledRules
  /// Those of them that read what no ``Standing`` says, or `nil` when there are none, or when each event
  /// is joined in any case.
  let openRules: CompiledRules?
  /// Whether each event is joined before anything is known of it: some rule reads what only the join
  /// says, and more of it than a ``Standing`` does.
  let alwaysJoins: Bool
  /// Places in the rule set of the rules that read more than a ``Standing`` says and may match any action.
  private let openPlaces: Set<Int>
  /// Places of those that read more, too, but match events of a few actions only, in rising order.
  let gatedPlaces: [Int]
  /// Whether some rule, its keys or its sentence read `source.network`, and whether some reads `login.dormant_days`.
  let readsSourceNetwork, readsDormancy: Bool
  /// Which rules feed which correlations.
  let feeds: FeedPlan
  /// The fields by which an event must be looked at closely: a rule needs what one of them leads to.
  let keys: Set<Field>
  /// What the joins look up by keys.
  let reads: JoinReads
  /// What is counted by the clock.
  let rates: RatePlan
  /// Which exceptions may lift what a rule says.
  let exceptions: ExceptionPlan
  private let mappings: [Mapping]
  /// What the workers read of each line.
  private let normaliserPlan: NormaliserPlan

  /// Events before 1980 are rejected: no log that people keep is older, broken clocks are.
  public static let earliest: Int64 = 315_532_800 * 1_000_000_000
  /// How many bytes of a line are kept as evidence.
  public static let rawMax = 4096
  /// How many bytes of one field are carried.
  static let carriedMax = 1024
  /// How late an event may be, against the latest before it in its stream, to be put in order.
  public static let latenessNanoseconds: Int64 = 120 * 1_000_000_000

  /// The fields that baselines, attempts and evidence always need.
  private static let alwaysCarried: [Field] = [
    .eventAction, .eventOutcome, .eventCode, .eventDataset, .userName, .userTargetName,
    .userEffectiveName, .sourceIP, .sourceAddress, .hostName, .processPID, .urlDomain, .personID,
    .personKind, .personStatus, .systemID, .systemName, .systemEnvironment, .accessScopeReason,
    .accessApproval, .authenticationMethod, .obligationKind, .obligationID, .obligationDue,
    .obligationOwner,
  ]
  /// The fields that the joins write, and the addresses' places; none is known before the join.
  static let joinedFields: [Field] =
    [
      .personID, .personKind, .personStatus, .personExpiredSeconds, .systemID, .systemName,
      .systemEnvironment, .systemStatus, .accessScope, .accessScopeReason, .accessApproval, .toolID,
      .toolStatus, .sourceInfrastructure, .sourceCountry, .sourceNetwork, .sourcePrefix,
      .systemSecondFactor, .systemInternetFacing, .flowStatus, .accessApprovalType,
      .accessApprovalLate, .accessException,
    ] + JoinReads.fields
  /// The fields that a ``Standing``, two words and a status say all about, unless a contractor has a scope.
  static let closedFields: Set<Field> = [
    .personKind, .personStatus, .systemStatus, .sourceInfrastructure, .toolStatus, .accessScope,
    .accessScopeReason, .accessApproval, .eventAction, .eventOutcome, .systemSecondFactor,
    .systemInternetFacing, .flowStatus, .accessApprovalType, .accessApprovalLate, .accessException,
    .statusCode,
  ]
  /// What no event has before the join.
  static let needsJoin = Set(joinedFields + [.timestamp])
  /// The fields that the baselines add in *follow*.
  static let baselineFields: [Field] = [
    .loginFirstSeen, .loginSpeed, .loginDistance, .loginHourProbability, .loginRisk,
    .loginRiskParts, .loginNetwork, .loginPerson, .loginDormantDays,
  ]
  /// What the baselines read beside what is always carried.
  private static let readByBaselines: [Field] = [.userAgent, .keyFingerprint]
  /// What the review's tallies read beside that.
  private static let readByTallies: [Field] = [
    .statusCode, .eventDuration, .clientID, .userTargetName, .roleName, .imageName, .podName,
    .groupName, .ticketID, .taskID, .secretName, .credentialID, .keyFingerprint, .backupJob,
    .toolName, .cloudRegion, .eventDataset, .authenticationMFA,
  ]
  /// What the joins and the path itself read.
  private static let alwaysRead: [Field] = [
    .timestamp, .userName, .hostName, .urlDomain, .sourceIP, .sourceAddress, .eventAction,
    .eventOutcome, .eventCategory,
  ]

  /// A run's setup.
  ///
  /// - Parameters:
  ///   - tallied: The review's month; findings and lines are counted outside of it, too.
  ///   - talliesMonths: Whether each month is tallied by itself, for reviews of any of them.
  ///   - everything: Whether every field is extracted, as `parse` and `explain` need.
  ///   - judges: Whether there is more to do than to show events to a witness; not for `parse`.
  public init(
    registers: Registers, rules: RuleSet, mappings: [Mapping], table: FieldTable, zone: Zone,
    geo: (any GeoLookup)? = nil, since: Int64 = .min, until: Int64 = .max, latest: Int64 = .max,
    tallied: Range<Int64>? = nil, talliesMonths: Bool = false, everything: Bool = false,
    judges: Bool = true
  ) {
    self.talliesMonths = talliesMonths
    self.judges = judges
    (self.registers, self.rules, self.mappings) = (registers, rules, mappings)
    (self.table, self.zone, self.geo) = (table, zone, geo)
    (self.since, self.until, self.latest, self.tallied) = (since, until, latest, tallied)
    let requests = HTTPRequests(signInPaths: registers.policy.texts("sign_in.paths"))
    let baseline = Set(PipelineSetup.baselineFields)
    lateRules = Set(
      rules.rules.indices.filter { !rules.rules[$0].fields.isDisjoint(with: baseline) })
    let late = lateRules
    let shown = PipelineSetup.shownRules(of: rules)
    shownRules = shown
    // No line of a log is what the registers expect, whatever it says.
    let registerRules = Set(rules.rules.indices.filter { rules.rules[$0].isAboutRegisters })
    let isIdle = registerRules.isEmpty || !judges
    self.registerRules =
      isIdle ? nil : CompiledRules(rules) { registerRules.contains($0) }
    calendar = isIdle ? Calendar.empty : Calendar(registers)
    readRules = CompiledRules(rules) {
      !late.contains($0) && !registerRules.contains($0) && !shown.contains($0)
    }
    // A keyword looks at the whole line, and at every field that the log fills.
    // What wants a second factor where no system asks for one never matches, and the like.
    let geographic: Set<Field> = geo == nil ? [.sourceCountry, .sourceNetwork] : []
    let unfillable = PipelineSetup.joinedFields.filter {
      !registers.canFill($0) || geographic.contains($0)
    }
    let mayBeOpen = rules.rules.indices.filter { index in
      let rule = rules.rules[index]
      return rule.isStateless && !late.contains(index) && !shown.contains(index)
        && rule.notReadable == nil
        && !rule.isAboutRegisters && !PipelineSetup.isClosed(rule)
        && !rule.needs(oneOf: unfillable)
        // Whatever a contractor does is read the long way.
        && !rule.isAboutContractors
    }
    gatedPlaces = mayBeOpen.filter {
      !rules.rules[$0].hasKeywords && rules.rules[$0].gate != nil
    }
    // Those that need what a key leads to are asked about events that have the key.
    let keyed = mayBeOpen.filter { PipelineSetup.key(of: rules.rules[$0]) != nil }
    keys = Set(keyed.compactMap { PipelineSetup.key(of: rules.rules[$0]) }.flatMap(\.self))
    let open = Set(mayBeOpen).subtracting(gatedPlaces).subtracting(keyed)
    openPlaces = open
    alwaysJoins = open.contains {
      !rules.rules[$0].fields.isDisjoint(with: PipelineSetup.needsJoin)
    }
    let isAll = rules.rules.indices.allSatisfy {
      open.contains($0) || late.contains($0) || !rules.rules[$0].isStateless
        || registerRules.contains($0) || shown.contains($0)
    }
    openRules =
      open.isEmpty || alwaysJoins
      ? nil : isAll ? readRules : CompiledRules(rules) { open.contains($0) }
    feeds = FeedPlan(rules)
    rates = RatePlan(rules)
    exceptions = ExceptionPlan(rules, registers)
    var carried = Set(PipelineSetup.alwaysCarried)
    for (index, rule) in rules.rules.enumerated() {
      carried.formUnion(rule.subject)
      carried.formUnion(rule.messageFields)
      if case .correlation(let correlation) = rule.kind {
        carried.formUnion(correlation.groupBy)
        if let field = correlation.valueField { carried.insert(field) }
      }
      if lateRules.contains(index) { carried.formUnion(rule.fields) }
    }
    let all = carried.union(rules.requiredFields)
    readsSourceNetwork = all.contains(.sourcePrefix)
    readsDormancy = all.contains(.loginDormantDays)
    carried.subtract(baseline)
    self.carried = carried.sorted { $0.index < $1.index }
    rulesReadTime =
      carried.contains(.timestamp) || rules.rules.contains { $0.fields.contains(.timestamp) }
    let read = carried.union(PipelineSetup.alwaysRead).union(rules.requiredFields)
      .union(exceptions.fields).union(registers.listsMails ? [.userEmail] : [])
      .union(lateRules.isEmpty ? [] : PipelineSetup.readByBaselines)
      .union(talliesMonths || tallied?.isEmpty == false ? PipelineSetup.readByTallies : [])
    let needed = everything ? nil : read.union(JoinReads.keys(of: read))
    reads = JoinReads(filling: everything ? nil : read)
    normaliserPlan = NormaliserPlan(
      mappings: mappings, table: table, needed: needed, requests: requests)
  }

  /// The rules that correlations name under `shows`, and nothing else asks for.
  private static func shownRules(of rules: RuleSet) -> Set<Int> {
    var (shown, others) = (Set<Int>(), Set<Int>())
    for case .correlation(let correlation) in rules.rules.map(\.kind) {
      shown.formUnion(correlation.shows)
      others.formUnion(correlation.listened.filter { !correlation.shows.contains($0) })
    }
    return shown.subtracting(others).filter { !rules.rules[$0].alertsAlone }
  }

  /// The fields without which a rule can not match, because only they lead to what it needs; `nil` where that says
  /// nothing: most events have such a field, or the rule needs none.
  private static func key(of rule: Rule) -> [Field]? {
    guard !rule.hasKeywords, rule.gate == nil else { return nil }
    let led: [(fields: [Field], keys: [Field])] = [
      ([.roleStatus], [.roleName]),
      (
        [
          .secretStatus, .secretID, .secretClass, .secretEnvironment, .secretSystemKind,
          .secretReader,
        ],
        [.credentialID, .keyFingerprint, .secretName]
      ),
      ([.backupID], [.backupJob]), ([.portStatus], [.destinationPort]),
      ([.targetPersonID, .targetPersonKind, .targetPersonStatus], [.userTargetName]),
    ]
    return led.first { rule.needs(oneOf: $0.fields) }?.keys
  }

  /// Whether all that a rule asks follows from a ``Standing``, two words and a status.
  static func isClosed(_ rule: Rule) -> Bool {
    !rule.hasKeywords && rule.fields.isSubset(of: closedFields)
  }

  /// How many mappings there are.
  var mappingCount: Int { mappings.count }

  /// What tells of lines that a mapping takes that no open rule matches them; `nil` when there is no telling.
  ///
  /// - Parameter place: The mapping's place; `nil` for access logs.
  func lineFilter(mapping place: Int?) -> LineFilter? {
    var known = LineKnowledge()
    known.elsewhere = Set(
      PipelineSetup.joinedFields + PipelineSetup.baselineFields + [
        .timestamp, .timestampInferred, .logSource, .eventAction, .eventOutcome, .eventCategory,
        .eventDataset, .sourceIP, .sourceAddress,
      ])
    if let place { known.elsewhere.formUnion(mappings[place].agedFields) }
    for (field, text) in settled(mapping: place) {
      known.elsewhere.insert(field)
      known.texts.append(text)
      if field == .eventCategory || field == .eventDataset { known.constants[field] = text }
    }
    // What the path says of web requests.
    known.texts += ["http.request", "success", "failure"].map { Array($0.utf8) }
    // Only a mapping names the process of a line of JSON.
    if place.map({ !mappings[$0].writes(.processName) }) ?? true {
      known.absent.insert(.processName)
    }
    return LineFilter(rules, where: openPlaces.contains, knowing: known)
  }

  /// What every line has that a mapping takes; `nil` for access logs, as far as they are no sign-ins.
  private func settled(mapping place: Int?) -> [(field: Field, text: [UInt8])] {
    if let place { return mappings[place].settled.map { ($0.0, $0.1.copy()) } }
    return [(.eventCategory, Array("http".utf8)), (.eventDataset, Array("access".utf8))]
  }

  /// What is known of lines that a mapping takes and one look is enough for.
  func glanceKnowledge(mapping place: Int) -> LineKnowledge {
    var known = LineKnowledge.ofGlances
    for (field, text) in settled(mapping: place == Glance.accessMapping ? nil : place)
    where field == .eventDataset {
      known.constants[field] = text
    }
    return known
  }

  /// A normaliser for one worker.
  public func makeNormaliser() -> Normaliser {
    var normaliser = Normaliser(normaliserPlan)
    // Who only shows events shows all there is.
    normaliser.keepsRest = !judges
    return normaliser
  }
}
