import Bytes
import Events

/// Which tool an event shows the use of, and how that stands.
extension Registers {
  func isTool(_ domain: ByteView, _ time: Int64, _ cache: JoinCache) -> Bool {
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

  func findTool(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
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
    if !facts.isProxy, tool.isListed(at: facts.time) { standing.add(.isInternetFacing) }
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

  func setTool(_ standing: Standing, _ event: Event) {
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
}
