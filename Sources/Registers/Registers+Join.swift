public import Bytes
public import Events

/// How an event meets the registers.
extension Registers {
  /// Sets what the registers know about an event, as of the event's own time.
  ///
  /// Reads the time, `user.name`, `host.name`, `url.domain`, `source.ip`, `event.action`,
  /// `event.category`, `source.geo.country_iso_code` and the keys of ``JoinReads``, and sets
  /// `system.*`, `person.*`, `access.*`, `tool.*`, `source.infrastructure` and what the keys lead
  /// to. Texts are views of the registers, of the
  /// source's declaration or of the event's own fields. Account names must match whole, ASCII case
  /// apart: neither a mail domain nor a Windows domain is cut off.
  ///
  /// - Parameters:
  ///   - event: An event whose time is set; it is changed in place.
  ///   - source: What was declared about the log.
  ///   - cache: What this worker looked up before; a new one costs more than many joins.
  /// - Complexity: O(1) in the number of rows (patterns other than `*.suffix` are tried in turn);
  ///   allocates nothing.
  public func join(_ event: Event, source: SourceContext, cache: JoinCache) {
    set(standing(of: JoinFacts(event), source: source, cache: cache), on: event, source: source)
  }

  /// Finds what the registers know about an event without writing it down.
  ///
  /// Changes nothing but the cache.
  public func standing(
    of facts: JoinFacts, source: SourceContext, cache: JoinCache
  ) -> Standing {
    cache.hold(at: facts.time, index.boundaries)
    var standing = Standing()
    if hasInfrastructure {
      findSystem(facts, source, &standing, cache)
      findSource(facts, &standing, cache)
      if index.keyed.hasFlows { findFlow(facts.time, source, &standing, cache) }
    }
    if hasTools || facts.isProxy { findTool(facts, &standing, cache) }
    if hasPeople || hasContractors { findPerson(facts, source, &standing, cache) }
    return standing
  }

  /// The id of the person behind an event's account; `nil` for nobody the registers know.
  public func personID(_ standing: Standing) -> ByteView? {
    standing.person < 0 ? nil : index.tenures[Int(standing.person)].id
  }

  /// The system that an event is about: its id, else its name.
  public func system(_ standing: Standing, of event: Event, source: SourceContext) -> ByteView? {
    systemID(standing, event.time, source) ?? systemName(standing, event)
  }

  /// The system's id: the declared one, else that of the row.
  func systemID(
    _ standing: Standing, _ time: Int64, _ source: SourceContext
  ) -> ByteView? {
    if let id = source.system { return id }
    guard standing.row >= 0 else { return nil }
    let system = index.systems[Int(standing.row)]
    // A row that begins later says only that the name is not listed yet.
    return system.validity.start <= time ? system.id : nil
  }

  /// The name that was looked up.
  func systemName(_ standing: Standing, _ event: Event) -> ByteView? {
    switch standing.name {
    case .none: nil
    case .host: event.text(.hostName)
    case .domain: event.text(.urlDomain).flatMap(plain)
    }
  }

  /// The environment: the declared one, else that of the row found by name, else of the declared row.
  func environment(
    _ standing: Standing, _ time: Int64, _ source: SourceContext
  ) -> ByteView? {
    if let environment = source.environment { return environment }
    for row in [standing.row, standing.declared] where row >= 0 {
      let system = index.systems[Int(row)]
      if system.validity.start <= time, let environment = system.environment { return environment }
    }
    return nil
  }

  /// Writes what was found about an event into its fields.
  ///
  /// - Parameters:
  ///   - standing: What ``standing(of:source:cache:)`` found for this event.
  ///   - event: Gets `system.*`, `tool.*`, `source.infrastructure`, `person.*` and `access.*`.
  ///   - reads: What somebody reads of that which costs a look-up of its own.
  public func set(
    _ standing: Standing, on event: Event, source: SourceContext, reads: JoinReads = .everything
  ) {
    let site = Site(
      standing: standing, id: systemID(standing, event.time, source),
      name: systemName(standing, event), environment: environment(standing, event.time, source))
    setSystem(site, event)
    setTool(standing, event)
    setSource(standing, event)
    setPerson(standing, event)
    setFlow(standing, event)
    if standing.isContractor { setScope(event, site) }
    if standing.needsEvent { setApprovals(event, site) }
    if !reads.isEmpty { setKeyed(event, site, reads) }
  }

  private func setScope(_ event: Event, _ site: Site) {
    guard let agreement = index.principals[Int(site.standing.person)].scope else {
      return event.set(.accessScope, "unscoped")
    }
    guard let reason = breach(of: agreement, event, site) else {
      return event.set(.accessScope, "inside")
    }
    event.set(.accessScope, "outside")
    event.set(.accessScopeReason, reason)
  }

  /// The system of an event, by everything that it is called.
  struct Site {
    let standing: Standing
    let id, name, environment: ByteView?
  }

  // MARK: - Systems

  @inline(__always) private func findSystem(
    _ facts: JoinFacts, _ source: SourceContext, _ standing: inout Standing, _ cache: JoinCache
  ) {
    if let id = source.system {
      standing.declared = cache.declared(id) {
        Int32(best(index.systemIDs.find(id), at: facts.time) ?? -1)
      }
    }
    if let host = facts.host, !host.isEmpty {
      standing.name = .host
      lookUp(host, facts.time, &standing, cache)
    } else if standing.declared >= 0 {
      standing.add(status(Int(standing.declared), at: facts.time))
    } else if source.system == nil, let domain = facts.domain.flatMap(plain), !facts.isProxy,
      !isTool(domain, facts.time, cache)
    {
      standing.name = .domain
      lookUp(domain, facts.time, &standing, cache)
    }
    // The declared row speaks where the name led to none that holds.
    if index.hasTraits, standing.declared >= 0,
      standing.row < 0 || standing.systemStatus != .listed
    {
      standing.add(traits(ofSystem: Int(standing.declared), at: facts.time))
    }
  }

  /// What a row says yes or no to, as long as it holds.
  private func traits(ofSystem row: Int, at time: Int64) -> Standing.Traits {
    let system = index.systems[row]
    return system.validity.contains(time) ? system.traits : []
  }

  /// Looks a host or domain up and says how it stands.
  @inline(__always) private func lookUp(
    _ name: ByteView, _ time: Int64, _ standing: inout Standing, _ cache: JoinCache
  ) {
    let packed: Int32
    if let key = JoinCache.Key(name, scope: 0) {
      if let kept = cache.system(key) {
        packed = kept
      } else {
        packed = find(name, at: time)
        cache.keep(system: key, packed)
      }
    } else {
      packed = find(name, at: time)
    }
    standing.row = packed >> 5
    standing.packed |= UInt32(packed & 3) << 6
    if packed & 28 != 0 {
      standing.add(Standing.Traits(rawValue: UInt32(truncatingIfNeeded: packed) >> 2 & 7))
    }
  }

  /// The row of a name, or -1; in the two lowest bits how it stands, and above them what it says yes or no to.
  private func find(_ name: ByteView, at time: Int64) -> Int32 {
    let address = NetworkAddress(name)
    let byAddress = address.flatMap { best($0, at: time) }
    if let row = byAddress ?? best(name, at: time) {
      let traits = Int32(traits(ofSystem: row, at: time).rawValue) << 2
      return Int32(row) << 5 | traits | Int32(status(row, at: time).rawValue)
    }
    // A machine that calls itself localhost says nothing about whether it is listed.
    let isAnonymous = address?.reach == .local || name.equalsFolded(ByteView("localhost"))
    let status = isAnonymous ? Standing.SystemStatus.none : .unlisted
    return -1 << 5 | Int32(status.rawValue)
  }

  private func status(_ row: Int, at time: Int64) -> Standing.SystemStatus {
    switch JoinIndex.rank(index.systems[row].validity, at: time) {
    case 0: .listed
    case 1: .retired
    default: .unlisted
    }
  }

  private func setSystem(_ site: Site, _ event: Event) {
    if let name = site.name { event.set(.systemName, name) }
    switch site.standing.systemStatus {
    case .none: break
    case .listed: event.set(.systemStatus, "listed")
    case .retired: event.set(.systemStatus, "retired")
    case .unlisted: event.set(.systemStatus, "unlisted")
    }
    if let id = site.id {
      event.set(.systemID, id)
      // A declared system is what the line is about when the line itself names none.
      if !event.has(.systemName) { event.set(.systemName, id) }
    }
    if let environment = site.environment { event.set(.systemEnvironment, environment) }
    if site.standing.needsSecondFactor { event.set(.systemSecondFactor, "true") }
    let standing = site.standing
    if standing.isInternetFacing {
      event.set(.systemInternetFacing, "true")
    } else if index.saysInternetFacing,
      standing.systemStatus == .listed
        || (standing.toolStatus != .none && standing.toolStatus != .unlisted)
    {
      event.set(.systemInternetFacing, "false")
    }
  }

  private func best(_ name: ByteView, at time: Int64) -> Int? {
    index.systemNames.best(name) { JoinIndex.rank(index.systems[$0].validity, at: time) }
  }

  private func best(_ address: NetworkAddress, at time: Int64) -> Int? {
    index.networks.best(address) { JoinIndex.rank(index.systems[$0].validity, at: time) }
  }

  private func best(_ matches: NameTable.Matches, at time: Int64) -> Int? {
    var best: (row: Int, rank: Int)?
    for place in 0..<matches.count {
      let rank = JoinIndex.rank(index.systems[matches[place]].validity, at: time)
      if rank < best?.rank ?? .max { best = (matches[place], rank) }
    }
    return best?.row
  }

  /// A domain without a port or the brackets of an address.
  private func plain(_ domain: ByteView) -> ByteView? {
    guard !domain.isEmpty else { return nil }
    if domain[0] == UInt8(ascii: "[") {
      guard let end = domain.firstOffset(of: UInt8(ascii: "]")) else { return nil }
      return domain.slice(1, end)
    }
    guard let colon = domain.firstOffset(of: UInt8(ascii: ":")) else { return domain }
    // More than one colon is a bare address of version 6.
    guard domain.firstOffset(of: UInt8(ascii: ":"), from: colon + 1) == nil else { return domain }
    return colon == 0 ? nil : domain.prefix(colon)
  }

  // MARK: - Tools

  private func isTool(_ domain: ByteView, _ time: Int64, _ cache: JoinCache) -> Bool {
    !index.toolDomains.isEmpty && tool(domain, time, cache) >= 0
  }

  /// The row of the tool that a domain belongs to, else what it is called without one.
  private func tool(_ domain: ByteView, _ time: Int64, _ cache: JoinCache) -> Int32 {
    let key = JoinCache.Key(domain, scope: 0)
    if let key, let kept = cache.tool(key) { return kept }
    let row = place(
      index.toolDomains.best(domain) { JoinIndex.rank(index.tools[$0].validity, at: time) }, domain)
    if let key { cache.keep(tool: key, row) }
    return row
  }

  private func findTool(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
    if let name = facts.tool, !name.isEmpty {
      judge(named(name, facts.time, cache), isUse: true, facts, &standing)
    } else if facts.isProxy || !index.toolDomains.isEmpty, let domain = facts.domain.flatMap(plain)
    {
      let row = tool(domain, facts.time, cache)
      // What a proxy lets through is somebody's use of something, unless it is a system of ours.
      judge(
        row, isUse: row == -1 && facts.isProxy && !isOurs(domain, facts.time, cache), facts,
        &standing)
    } else if let agent = facts.agent, !agent.isEmpty {
      let row = index.keyed.tool(agent: agent) {
        JoinIndex.rank(index.tools[$0].validity, at: facts.time)
      }
      judge(Int32(row ?? -1), isUse: false, facts, &standing)
    }
  }

  /// Says how a tool stands.
  ///
  /// - Parameters:
  ///   - row: The tool's row, or one of ``JoinIndex/noTool`` and ``JoinIndex/personalCloud``.
  ///   - isUse: Whether a tool that no row has is called unlisted.
  @inline(__always) private func judge(
    _ row: Int32, isUse: Bool, _ facts: JoinFacts, _ standing: inout Standing
  ) {
    guard row >= 0 else {
      if row == JoinIndex.personalCloud {
        if facts.isProxy || isUse { standing.add(Standing.ToolStatus.personalCloud) }
      } else if isUse, hasTools {
        standing.add(Standing.ToolStatus.unlisted)
      }
      return
    }
    standing.tool = row
    let tool = index.tools[Int(row)]
    if !tool.exceptions.isEmpty { standing.hasApprovals = true }
    if tool.isListedInternetFacing, !facts.isProxy { standing.add(.isInternetFacing) }
    standing.add(status(of: tool, at: facts.time))
  }

  private func status(of tool: JoinIndex.ToolRow, at time: Int64) -> Standing.ToolStatus {
    switch (tool.status, JoinIndex.rank(tool.validity, at: time)) {
    case (.personalCloud, _): return .personalCloud
    case (.retired, _), (_, 1): return .retired
    case (.approved, 0) where tool.approvedAt <= time: return .approved
    case (_, 0):
      for place in 0..<tool.approvals.count where tool.approvals[place].holds(at: time) {
        return .approved
      }
      return .proposed
    default: return .proposed
    }
  }

  /// The row of the tool that an event names, else what it is called without one.
  private func named(_ name: ByteView, _ time: Int64, _ cache: JoinCache) -> Int32 {
    let key = JoinCache.Key(name, scope: 1)
    if let key, let kept = cache.tool(key) { return kept }
    func rank(_ row: Int) -> Int { JoinIndex.rank(index.tools[row].validity, at: time) }
    let host = host(in: name)
    let row = place(
      index.keyed.tool(name, rank: rank)
        ?? host.flatMap { index.toolDomains.best($0, rank: rank) }, host)
    if let key { cache.keep(tool: key, row) }
    return row
  }

  /// A row as a number; without one, whether the host is a personal cloud's.
  private func place(_ row: Int?, _ host: ByteView?) -> Int32 {
    if let row { return Int32(row) }
    let isPersonal = host.map { index.personalClouds.best($0) { _ in 0 } != nil } ?? false
    return isPersonal ? JoinIndex.personalCloud : JoinIndex.noTool
  }

  /// The host of a web address, or the name itself when it may be a domain.
  private func host(in name: ByteView) -> ByteView? {
    guard let mark = name.firstOffset(of: "://") else { return plain(name) }
    var host = name.dropFirst(mark + 3)
    if let slash = host.firstOffset(of: UInt8(ascii: "/")) { host = host.prefix(slash) }
    if let at = host.lastOffset(of: UInt8(ascii: "@")) { host = host.dropFirst(at + 1) }
    return plain(host)
  }

  /// Whether a domain is one of the company's own systems.
  private func isOurs(_ domain: ByteView, _ time: Int64, _ cache: JoinCache) -> Bool {
    guard hasInfrastructure else { return false }
    let key = JoinCache.Key(domain, scope: 0)
    if let key, let kept = cache.system(key) { return kept >> 5 >= 0 }
    let found = find(domain, at: time)
    if let key { cache.keep(system: key, found) }
    return found >> 5 >= 0
  }

  private func setTool(_ standing: Standing, _ event: Event) {
    if standing.tool >= 0 { event.set(.toolID, index.tools[Int(standing.tool)].id) }
    switch standing.toolStatus {
    case .none: break
    case .approved: event.set(.toolStatus, "approved")
    case .proposed: event.set(.toolStatus, "proposed")
    case .retired: event.set(.toolStatus, "retired")
    case .personalCloud: event.set(.toolStatus, "personal-cloud")
    case .unlisted: event.set(.toolStatus, "unlisted")
    }
  }

  // MARK: - Sources

  @inline(__always)
  private func findSource(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
    let found: Int32
    if let number = facts.number {
      found = cache.address(number) { source(NetworkAddress(version4: number), at: facts.time) }
    } else if let text = facts.address, let address = NetworkAddress(text) {
      found = source(address, at: facts.time)
    } else {
      return
    }
    standing.packed |= UInt32(found & 3) << 8
    standing.sourceEnvironment = UInt8(truncatingIfNeeded: found >> 2)
  }

  /// How an address stands, in the two lowest bits, and the number of its environment above them.
  private func source(_ address: NetworkAddress, at time: Int64) -> Int32 {
    if let row = best(address, at: time), index.systems[row].validity.contains(time) {
      let number = Int32(index.systems[row].environmentNumber)
      return Int32(Standing.Source.listed.rawValue) | number << 2
    }
    switch address.reach {
    case .inside: return Int32(Standing.Source.unlisted.rawValue)
    case .external: return Int32(Standing.Source.external.rawValue)
    case .local: return Int32(Standing.Source.none.rawValue)
    }
  }

  private func setSource(_ standing: Standing, _ event: Event) {
    switch standing.source {
    case .none: break
    case .listed: event.set(.sourceInfrastructure, "listed")
    case .unlisted: event.set(.sourceInfrastructure, "unlisted")
    case .external: event.set(.sourceInfrastructure, "external")
    }
  }

  // MARK: - Flows

  private func findFlow(
    _ time: Int64, _ source: SourceContext, _ standing: inout Standing, _ cache: JoinCache
  ) {
    let from = standing.sourceEnvironment
    guard from > 0 else { return }
    let to: UInt8
    if let environment = source.environment {
      to = UInt8(
        truncatingIfNeeded: cache.declaredEnvironment(environment) {
          Int32(index.number(ofEnvironment: environment))
        })
    } else {
      to = environmentNumber(standing, time)
    }
    guard to > 0 else { return }
    standing.add(
      from == to ? .same : index.keyed.allows(from: from, to: to, at: time) ? .allowed : .forbidden)
  }

  /// The number of the environment of the row found by name, else of the declared row; 0 for none.
  private func environmentNumber(_ standing: Standing, _ time: Int64) -> UInt8 {
    for row in [standing.row, standing.declared] where row >= 0 {
      let system = index.systems[Int(row)]
      if system.validity.start <= time, system.environmentNumber > 0 {
        return system.environmentNumber
      }
    }
    return 0
  }

  private func setFlow(_ standing: Standing, _ event: Event) {
    switch standing.flow {
    case .none: break
    case .same: event.set(.flowStatus, "same")
    case .allowed: event.set(.flowStatus, "allowed")
    case .forbidden: event.set(.flowStatus, "forbidden")
    }
  }

  // MARK: - People

  @inline(__always)
  private func findPerson(
    _ facts: JoinFacts, _ source: SourceContext, _ standing: inout Standing, _ cache: JoinCache
  ) {
    guard let user = facts.user, !user.isEmpty else { return }
    // Which system it is matters only where accounts are registered for single systems.
    let system =
      index.hasScopedAccounts ? systemID(standing, facts.time, source) ?? .empty : .empty
    let packed = principal(user, system, at: facts.time, cache)
    guard packed >= 0 else {
      // Without the people register nobody can be called a stranger.
      if hasPeople { standing.add(.unlisted, .none) }
      return
    }
    standing.person = packed >> 7
    standing.packed |= UInt32(packed & 63)
    if packed & 64 != 0 { standing.hasApprovals = true }
  }

  /// The row of an account's owner, or -1; in the seven lowest bits kind, status and whether approvals are theirs.
  @inline(__always) func principal(
    _ user: ByteView, _ system: ByteView, at time: Int64, _ cache: JoinCache
  ) -> Int32 {
    // A system's id is never freed while the registers live, so its place tells it apart.
    let scope = index.hasScopedAccounts ? UInt64(system.address) : 0
    guard let key = JoinCache.Key(user, scope: scope) else { return find(user, system, at: time) }
    if let kept = cache.account(key) { return kept }
    let found = find(user, system, at: time)
    cache.keep(account: key, found)
    return found
  }

  private func find(_ user: ByteView, _ system: ByteView, at time: Int64) -> Int32 {
    guard let row = index.principal(user, system: system, at: time) else { return -1 }
    let (kind, status) = standing(ofPrincipal: row, at: time)
    let approvals: UInt32 = index.principals[row].approvals.isEmpty ? 0 : 64
    return Int32(row) << 7 | Int32(kind.rawValue | status.rawValue << 3 | approvals)
  }

  /// What somebody is, and whether they have access at a time.
  func standing(
    ofPrincipal row: Int, at time: Int64
  ) -> (Standing.PersonKind, Standing.PersonStatus) {
    let tenure = index.tenures[row]
    let status: Standing.PersonStatus
    if tenure.offboarded < time || time >= tenure.end {
      status = tenure.kind == .contractor && tenure.offboarded >= time ? .expired : .offboarded
    } else {
      status = time < tenure.start ? .notStarted : .active
    }
    switch tenure.kind {
    case .employee: return (.employee, status)
    case .contractor: return (.contractor, status)
    case .service: return (.service, status)
    }
  }

  private func setPerson(_ standing: Standing, _ event: Event) {
    if let id = personID(standing) { event.set(.personID, id) }
    if let word = Registers.word(standing.personKind) { event.set(.personKind, word) }
    guard let word = Registers.word(standing.personStatus) else { return }
    event.set(.personStatus, word)
    guard standing.personStatus == .expired || standing.personStatus == .offboarded else { return }
    let tenure = index.tenures[Int(standing.person)]
    let end = min(tenure.end, tenure.offboarded)
    let (late, overflow) = event.time.subtractingReportingOverflow(end)
    event.set(
      .personExpiredSeconds, .integer(overflow ? .max : late.floorDivided(by: 1_000_000_000)))
  }

  static func word(_ kind: Standing.PersonKind) -> StaticString? {
    switch kind {
    case .none: nil
    case .employee: "employee"
    case .contractor: "contractor"
    case .service: "service"
    case .unlisted: "unlisted"
    }
  }

  static func word(_ status: Standing.PersonStatus) -> StaticString? {
    switch status {
    case .none: nil
    case .active: "active"
    case .notStarted: "not-started"
    case .expired: "expired"
    case .offboarded: "offboarded"
    }
  }

  /// The first part of the scope that the event is outside of.
  ///
  /// What an event does not say (no system, no environment, no country, no action) breaks nothing.
  private func breach(
    of agreement: JoinIndex.Agreement, _ event: Event, _ site: Site
  ) -> StaticString? {
    if let systems = agreement.systems, site.id != nil || site.name != nil,
      !covers(systems, site)
    {
      return "system"
    }
    if let environments = agreement.environments, let environment = site.environment,
      !Pattern.anyFits(environments, environment)
    {
      return "environment"
    }
    if let hours = agreement.hours {
      let local = index.zones[agreement.zone].localSeconds(at: event.time)
      var isInside = false
      for place in 0..<hours.count where hours[place].contains(localSeconds: local) {
        isInside = true
      }
      if !isInside { return "hours" }
    }
    if let countries = agreement.countries, let country = event.text(.sourceCountry),
      !country.isEmpty, !Pattern.anyFits(countries, country)
    {
      return "country"
    }
    if let actions = agreement.actions, let action = event.text(.eventAction),
      !Pattern.anyFits(actions, action)
    {
      return "action"
    }
    return nil
  }

  /// Whether patterns cover a system under any of its names.
  func covers(_ patterns: Run<ByteView>, _ site: Site) -> Bool {
    if Pattern.anyFits(patterns, site.id) || Pattern.anyFits(patterns, site.name) { return true }
    return covers(patterns, row: site.standing.row)
      || covers(patterns, row: site.standing.declared)
  }

  private func covers(_ patterns: Run<ByteView>, row: Int32) -> Bool {
    guard row >= 0 else { return false }
    let system = index.systems[Int(row)]
    if Pattern.anyFits(patterns, system.id) { return true }
    for place in 0..<system.names.count where Pattern.anyFits(patterns, system.names[place]) {
      return true
    }
    return false
  }
}
