import Bytes
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
    cache.hold(at: event.time, index.boundaries)
    let site = joinSystem(event, source, cache)
    joinTool(event)
    joinSource(event)
    guard let row = joinPerson(event, site, cache) else { return }
    guard index.tenures[row].kind == .contractor else { return }
    let principal = index.principals[row]
    guard let agreement = principal.scope else {
      event.set(.accessScope, "unscoped")
      return joinApproval(event, principal, site)
    }
    guard let reason = breach(of: agreement, event, site) else {
      event.set(.accessScope, "inside")
      return
    }
    event.set(.accessScope, "outside")
    event.set(.accessScopeReason, reason)
    joinApproval(event, principal, site)
  }

  /// The system of an event, by everything that it is called.
  private struct Site {
    var id, name, environment: ByteView?
    /// The row that was found by the name, and the one of the declared id.
    var row, declaredRow: Int?
  }

  private func joinSystem(_ event: Event, _ source: SourceContext, _ cache: JoinCache) -> Site {
    var site = Site(id: source.system, environment: source.environment)
    if hasInfrastructure {
      if let declared = source.system {
        site.declaredRow = best(index.systemIDs.find(declared), at: event.time)
      }
      lookUp(event, &site, cache)
      take(site.row, event, &site)
      take(site.declaredRow, event, &site)
    }
    if let id = site.id {
      event.set(.systemID, id)
      // A declared system is what the line is about when the line itself names none.
      if !event.has(.systemName) { event.set(.systemName, id) }
    }
    if let environment = site.environment { event.set(.systemEnvironment, environment) }
    return site
  }

  /// Takes id and environment from a row unless they are known or the row begins later.
  private func take(_ row: Int?, _ event: Event, _ site: inout Site) {
    guard let row else { return }
    let system = index.systems[row]
    guard system.validity.start <= event.time else { return }
    if site.id == nil { site.id = system.id }
    if site.environment == nil { site.environment = system.environment }
  }

  /// Looks up the host, or the domain when no system was declared, and sets name and status.
  private func lookUp(_ event: Event, _ site: inout Site, _ cache: JoinCache) {
    if let host = event.text(.hostName), !host.isEmpty {
      lookUp(host, event, &site, cache)
    } else if let row = site.declaredRow {
      setStatus(event, row)
    } else if site.id == nil, let domain = domain(of: event),
      !event.has(.eventCategory, equalTo: "proxy"),
      index.toolDomains.best(domain, rank: { _ in 0 }) == nil
    {
      lookUp(domain, event, &site, cache)
    }
  }

  private func lookUp(
    _ name: ByteView, _ event: Event, _ site: inout Site, _ cache: JoinCache
  ) {
    site.name = name
    event.set(.systemName, name)
    let key = JoinCache.Key(name, scope: 0)
    let row: Int32
    if let key, let kept = cache.system(key) {
      row = kept
    } else {
      row = find(name, at: event.time)
      if let key { cache.keep(system: key, row) }
    }
    if row >= 0 {
      site.row = Int(row)
      setStatus(event, site.row)
    } else if row == Registers.stranger {
      setStatus(event, nil)
    }
  }

  /// What `find` answers for a name that no row lists, and for one that nobody need list.
  private static let stranger: Int32 = -1, anonymous: Int32 = -2

  private func find(_ name: ByteView, at time: Int64) -> Int32 {
    let address = NetworkAddress(name)
    let byAddress = address.flatMap { best($0, at: time) }
    if let row = byAddress ?? best(name, at: time) { return Int32(row) }
    // A machine that calls itself localhost says nothing about whether it is listed.
    let isAnonymous = address?.reach == .local || name.equalsFolded(ByteView("localhost"))
    return isAnonymous ? Registers.anonymous : Registers.stranger
  }

  private func setStatus(_ event: Event, _ row: Int?) {
    guard let row else { return event.set(.systemStatus, "unlisted") }
    switch JoinIndex.rank(index.systems[row].validity, at: event.time) {
    case 0: event.set(.systemStatus, "listed")
    case 1: event.set(.systemStatus, "retired")
    default: event.set(.systemStatus, "unlisted")
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

  /// The event's domain without a port or the brackets of an address.
  private func domain(of event: Event) -> ByteView? {
    guard let domain = event.text(.urlDomain), !domain.isEmpty else { return nil }
    if domain[0] == UInt8(ascii: "[") {
      guard let end = domain.firstOffset(of: UInt8(ascii: "]")) else { return nil }
      return domain.slice(1, end)
    }
    guard let colon = domain.firstOffset(of: UInt8(ascii: ":")) else { return domain }
    // More than one colon is a bare address of version 6.
    guard domain.firstOffset(of: UInt8(ascii: ":"), from: colon + 1) == nil else { return domain }
    return colon == 0 ? nil : domain.prefix(colon)
  }

  private func joinTool(_ event: Event) {
    guard hasTools, !index.toolDomains.isEmpty, let domain = domain(of: event) else { return }
    let found = index.toolDomains.best(domain) { row in
      JoinIndex.rank(index.tools[row].validity, at: event.time)
    }
    guard let found else { return }
    let tool = index.tools[found]
    event.set(.toolID, tool.id)
    switch (tool.status, JoinIndex.rank(tool.validity, at: event.time)) {
    case (.personalCloud, _): event.set(.toolStatus, "personal-cloud")
    case (.retired, _), (_, 1): event.set(.toolStatus, "retired")
    case (.approved, 0) where tool.approvedAt <= event.time: event.set(.toolStatus, "approved")
    default: event.set(.toolStatus, "proposed")
    }
  }

  private func joinSource(_ event: Event) {
    guard hasInfrastructure, let text = event.text(.sourceIP) else { return }
    let isRead = event.readAddress.text == text.address
    let read = isRead ? NetworkAddress(version4: event.readAddress.number) : NetworkAddress(text)
    guard let address = read else { return }
    if let row = best(address, at: event.time),
      index.systems[row].validity.contains(event.time)
    {
      return event.set(.sourceInfrastructure, "listed")
    }
    switch address.reach {
    case .inside: event.set(.sourceInfrastructure, "unlisted")
    case .external: event.set(.sourceInfrastructure, "external")
    case .local: break
    }
  }

  private func joinPerson(_ event: Event, _ site: Site, _ cache: JoinCache) -> Int? {
    guard hasPeople || hasContractors, let user = event.text(.userName), !user.isEmpty
    else { return nil }
    guard let row = principal(user, site, at: event.time, cache) else {
      // Without the people register nobody can be called a stranger.
      if hasPeople { event.set(.personKind, "unlisted") }
      return nil
    }
    let principal = index.tenures[row]
    event.set(.personID, principal.id)
    switch principal.kind {
    case .employee: event.set(.personKind, "employee")
    case .contractor: event.set(.personKind, "contractor")
    case .service: event.set(.personKind, "service")
    }
    let time = event.time
    let end = min(principal.end, principal.offboarded)
    if principal.offboarded < time || time >= principal.end {
      let isExpired = principal.kind == .contractor && principal.offboarded >= time
      event.set(.personStatus, isExpired ? "expired" : "offboarded")
      let (late, overflow) = time.subtractingReportingOverflow(end)
      event.set(
        .personExpiredSeconds, .integer(overflow ? .max : late.floorDivided(by: 1_000_000_000)))
    } else if time < principal.start {
      event.set(.personStatus, "not-started")
    } else {
      event.set(.personStatus, "active")
    }
    return row
  }

  private func principal(
    _ user: ByteView, _ site: Site, at time: Int64, _ cache: JoinCache
  ) -> Int? {
    let system = site.id ?? .empty
    // A system's id is never freed while the registers live, so its place tells it apart; it matters
    // only where accounts are registered for single systems.
    let scope = index.hasScopedAccounts ? UInt64(system.address) : 0
    guard let key = JoinCache.Key(user, scope: scope) else {
      return index.principal(user, system: system, at: time)
    }
    if let kept = cache.account(key) { return kept < 0 ? nil : Int(kept) }
    let row = index.principal(user, system: system, at: time)
    cache.keep(account: key, Int32(row ?? -1))
    return row
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
    return covers(patterns, row: site.row) || covers(patterns, row: site.declaredRow)
  }

  private func covers(_ patterns: Run<ByteView>, row: Int?) -> Bool {
    guard let row else { return false }
    let system = index.systems[row]
    if Pattern.anyFits(patterns, system.id) { return true }
    for place in 0..<system.names.count where Pattern.anyFits(patterns, system.names[place]) {
      return true
    }
    return false
  }

  private func joinApproval(_ event: Event, _ principal: JoinIndex.Principal, _ site: Site) {
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
