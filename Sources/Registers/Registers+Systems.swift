import Bytes
import Events

/// Which system an event is about, and how that stands.
extension Registers {
  @inline(__always) func findSystem(
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
  func find(_ name: ByteView, at time: Int64) -> Int32 {
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

  func setSystem(_ site: Site, _ event: Event) {
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

  func best(_ name: ByteView, at time: Int64) -> Int? {
    index.systemNames.best(name) { JoinIndex.rank(index.systems[$0].validity, at: time) }
  }

  func best(_ address: NetworkAddress, at time: Int64) -> Int? {
    index.networks.best(address) { JoinIndex.rank(index.systems[$0].validity, at: time) }
  }

  func best(_ matches: NameTable.Matches, at time: Int64) -> Int? {
    var best: (row: Int, rank: Int)?
    for place in 0..<matches.count {
      let rank = JoinIndex.rank(index.systems[matches[place]].validity, at: time)
      if rank < best?.rank ?? .max { best = (matches[place], rank) }
    }
    return best?.row
  }

  /// A domain without a port or the brackets of an address.
  func plain(_ domain: ByteView) -> ByteView? {
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
}
