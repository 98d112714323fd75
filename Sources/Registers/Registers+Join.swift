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

  /// The system of an event, by everything that it is called.
  struct Site {
    let standing: Standing
    let id, name, environment: ByteView?
  }
}
