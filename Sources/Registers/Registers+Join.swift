public import Bytes
public import Events

/// How an event meets the registers.
extension Registers {
  /// Sets what the registers know about an event, as of the event's own time.
  ///
  /// Reads the time, `user.name`, `host.name`, `url.domain`, `source.ip`, `event.action`,
  /// `event.category` and `source.geo.country_iso_code`, and sets `system.*`, `person.*`,
  /// `access.*`, `tool.*` and `source.infrastructure`. Texts are views of the registers, of the
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
      if index.hasSecondFactors {
        standing.needsSecondFactor = asksForSecondFactor(standing, facts.time)
      }
      findSource(facts, &standing, cache)
    }
    if hasTools { findTool(facts, &standing, cache) }
    if hasPeople || hasContractors { findPerson(facts, source, &standing, cache) }
    return standing
  }

  /// Whether some system asks for a second factor, so that `system.mfa_required` may be there.
  public var asksForSecondFactors: Bool { index.hasSecondFactors }

  /// The id of the person behind an event's account; `nil` for nobody the registers know.
  public func personID(_ standing: Standing) -> ByteView? {
    standing.person < 0 ? nil : index.tenures[Int(standing.person)].id
  }

  /// The system that an event is about: its id, else its name.
  public func system(_ standing: Standing, of event: Event, source: SourceContext) -> ByteView? {
    systemID(standing, event.time, source) ?? systemName(standing, event)
  }

  /// The system's id: the declared one, else that of the row.
  private func systemID(
    _ standing: Standing, _ time: Int64, _ source: SourceContext
  ) -> ByteView? {
    if let id = source.system { return id }
    guard standing.row >= 0 else { return nil }
    let system = index.systems[Int(standing.row)]
    // A row that begins later says only that the name is not listed yet.
    return system.validity.start <= time ? system.id : nil
  }

  /// The name that was looked up.
  private func systemName(_ standing: Standing, _ event: Event) -> ByteView? {
    switch standing.name {
    case .none: nil
    case .host: event.text(.hostName)
    case .domain: event.text(.urlDomain).flatMap(plain)
    }
  }

  /// The environment: the declared one, else that of the row found by name, else of the declared row.
  private func environment(
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
  public func set(_ standing: Standing, on event: Event, source: SourceContext) {
    let site = Site(
      standing: standing, id: systemID(standing, event.time, source),
      name: systemName(standing, event), environment: environment(standing, event.time, source))
    setSystem(site, event)
    setTool(standing, event)
    setSource(standing, event)
    setPerson(standing, event)
    guard standing.isContractor else { return }
    let principal = index.principals[Int(standing.person)]
    guard let agreement = principal.scope else {
      event.set(.accessScope, "unscoped")
      return setApproval(event, principal, site)
    }
    guard let reason = breach(of: agreement, event, site) else {
      event.set(.accessScope, "inside")
      return
    }
    event.set(.accessScope, "outside")
    event.set(.accessScopeReason, reason)
    setApproval(event, principal, site)
  }

  /// The system of an event, by everything that it is called.
  private struct Site {
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
    standing.row = packed >> 2
    standing.packed |= UInt32(packed & 3) << 6
  }

  /// Whether the row of the name, else the declared one, asks for a second factor.
  private func asksForSecondFactor(_ standing: Standing, _ time: Int64) -> Bool {
    for row in [standing.row, standing.declared] where row >= 0 {
      let system = index.systems[Int(row)]
      if system.validity.contains(time) { return system.needsSecondFactor }
    }
    return false
  }

  /// The row of a name, or -1, and in the two lowest bits how it stands.
  private func find(_ name: ByteView, at time: Int64) -> Int32 {
    let address = NetworkAddress(name)
    let byAddress = address.flatMap { best($0, at: time) }
    if let row = byAddress ?? best(name, at: time) {
      return Int32(row) << 2 | Int32(status(row, at: time).rawValue)
    }
    // A machine that calls itself localhost says nothing about whether it is listed.
    let isAnonymous = address?.reach == .local || name.equalsFolded(ByteView("localhost"))
    let status = isAnonymous ? Standing.SystemStatus.none : .unlisted
    return -1 << 2 | Int32(status.rawValue)
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

  /// The row of the tool that a domain belongs to, or -1.
  private func tool(_ domain: ByteView, _ time: Int64, _ cache: JoinCache) -> Int32 {
    let key = JoinCache.Key(domain, scope: 0)
    if let key, let kept = cache.tool(key) { return kept }
    let row = index.toolDomains.best(domain) { row in
      JoinIndex.rank(index.tools[row].validity, at: time)
    }
    if let key { cache.keep(tool: key, Int32(row ?? -1)) }
    return Int32(row ?? -1)
  }

  private func findTool(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
    guard !index.toolDomains.isEmpty, let domain = facts.domain.flatMap(plain) else { return }
    standing.tool = tool(domain, facts.time, cache)
    guard standing.tool >= 0 else { return }
    let tool = index.tools[Int(standing.tool)]
    switch (tool.status, JoinIndex.rank(tool.validity, at: facts.time)) {
    case (.personalCloud, _): standing.add(Standing.ToolStatus.personalCloud)
    case (.retired, _), (_, 1): standing.add(Standing.ToolStatus.retired)
    case (.approved, 0) where tool.approvedAt <= facts.time:
      standing.add(Standing.ToolStatus.approved)
    default: standing.add(Standing.ToolStatus.proposed)
    }
  }

  private func setTool(_ standing: Standing, _ event: Event) {
    guard standing.tool >= 0 else { return }
    event.set(.toolID, index.tools[Int(standing.tool)].id)
    switch standing.toolStatus {
    case .none: break
    case .approved: event.set(.toolStatus, "approved")
    case .proposed: event.set(.toolStatus, "proposed")
    case .retired: event.set(.toolStatus, "retired")
    case .personalCloud: event.set(.toolStatus, "personal-cloud")
    }
  }

  // MARK: - Sources

  @inline(__always)
  private func findSource(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
    if let number = facts.number {
      let found = cache.address(number) {
        Int32(source(NetworkAddress(version4: number), at: facts.time).rawValue)
      }
      standing.packed |= UInt32(found) << 8
    } else if let text = facts.address, let address = NetworkAddress(text) {
      standing.add(source(address, at: facts.time))
    }
  }

  private func source(_ address: NetworkAddress, at time: Int64) -> Standing.Source {
    if let row = best(address, at: time), index.systems[row].validity.contains(time) {
      return .listed
    }
    switch address.reach {
    case .inside: return .unlisted
    case .external: return .external
    case .local: return .none
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
    standing.person = packed >> 6
    standing.packed |= UInt32(packed & 63)
  }

  /// The row of an account's owner with kind and status in the six lowest bits, or -1.
  @inline(__always) private func principal(
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
    let tenure = index.tenures[row]
    let status: Standing.PersonStatus
    if tenure.offboarded < time || time >= tenure.end {
      status = tenure.kind == .contractor && tenure.offboarded >= time ? .expired : .offboarded
    } else {
      status = time < tenure.start ? .notStarted : .active
    }
    let kind: Standing.PersonKind =
      switch tenure.kind {
      case .employee: .employee
      case .contractor: .contractor
      case .service: .service
      }
    return Int32(row) << 6 | Int32(kind.rawValue | status.rawValue << 3)
  }

  private func setPerson(_ standing: Standing, _ event: Event) {
    if let id = personID(standing) { event.set(.personID, id) }
    switch standing.personKind {
    case .none: return
    case .employee: event.set(.personKind, "employee")
    case .contractor: event.set(.personKind, "contractor")
    case .service: event.set(.personKind, "service")
    case .unlisted: event.set(.personKind, "unlisted")
    }
    switch standing.personStatus {
    case .none: return
    case .active: return event.set(.personStatus, "active")
    case .notStarted: return event.set(.personStatus, "not-started")
    case .expired: event.set(.personStatus, "expired")
    case .offboarded: event.set(.personStatus, "offboarded")
    }
    let tenure = index.tenures[Int(standing.person)]
    let end = min(tenure.end, tenure.offboarded)
    let (late, overflow) = event.time.subtractingReportingOverflow(end)
    event.set(
      .personExpiredSeconds, .integer(overflow ? .max : late.floorDivided(by: 1_000_000_000)))
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
  private func covers(_ patterns: Run<ByteView>, _ site: Site) -> Bool {
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

  private func setApproval(
    _ event: Event, _ principal: JoinIndex.Principal, _ site: Site
  ) {
    for place in 0..<principal.approvals.count {
      let approval = principal.approvals[place]
      guard approval.start <= event.time, event.time < approval.end,
        approval.approvedAt <= event.time
      else { continue }
      if let systems = approval.systems, !covers(systems, site) { continue }
      if let environments = approval.environments,
        !Pattern.anyFits(environments, site.environment)
      {
        continue
      }
      return event.set(.accessApproval, approval.id)
    }
  }
}
