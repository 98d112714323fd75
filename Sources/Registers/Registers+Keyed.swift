import Bytes
public import Events

/// What the registers say of an event by keys of its own: made only where somebody reads it.
extension Registers {
  /// Whether some event can get the field; a rule that needs another one never matches.
  public func canFill(_ field: Field) -> Bool {
    switch field {
    case .systemSecondFactor: index.hasSecondFactors
    case .targetPersonID, .targetPersonKind, .targetPersonStatus, .accountExpiryStatus:
      hasPeople || hasContractors
    case .accessAdmin: index.saysAdministrators
    case .accessDeployer: hasPeople || hasContractors || hasInfrastructure
    case .sourceEnvironment, .systemClassification, .systemSSO, .portStatus: hasInfrastructure
    case .systemInternetFacing: index.saysInternetFacing
    case .flowStatus: index.keyed.hasFlows
    case .roleStatus: index.keyed.hasRoles
    case .secretID, .secretClass, .secretStatus, .secretEnvironment, .secretSystemKind:
      !index.keyed.secrets.isEmpty
    case .secretReader: index.keyed.namesReaders
    case .backupID: !index.keyed.backups.isEmpty
    case .limitID: !index.keyed.limits.isEmpty
    case .taskID: index.hasTasks
    case .accessApproval, .accessApprovalType, .accessApprovalLate, .accessException: hasApprovals
    default: true
    }
  }

  /// Whether tools are listed by the programs that speak to them.
  public var listsAgents: Bool { index.keyed.hasAgents }

  /// Whether people are listed by their addresses.
  public var listsMails: Bool { index.hasMails }

  /// Sets what is read of what the event's keys lead to.
  func setKeyed(_ event: Event, _ site: Site, _ reads: JoinReads) {
    if !reads.isDisjoint(with: [.targetPerson, .role, .expiry]) { setTarget(event, site, reads) }
    if reads.contains(.sourceEnvironment) { setSourceEnvironment(event, site) }
    if reads.contains(.administrator) { setAdministrator(event, site) }
    if reads.contains(.deployer) { setDeployer(event, site) }
    if reads.contains(.secret) { setSecret(event, site) }
    if reads.contains(.backup), let job = event.text(.backupJob),
      let row = index.keyed.backup(job: job, at: event.time)
    {
      event.set(.backupID, index.keyed.backups[row].id)
    }
    if reads.contains(.limit) { setLimit(event) }
    if reads.contains(.systemFacts) { setFacts(event, site) }
    if reads.contains(.port) { setPort(event, site) }
    if reads.contains(.task), site.standing.isContractor { setTask(event, site) }
  }

  // MARK: - The target

  private func setTarget(_ event: Event, _ site: Site, _ reads: JoinReads) {
    guard hasPeople || hasContractors, let account = event.text(.userTargetName), !account.isEmpty
    else { return }
    let row = index.principal(account, system: site.id ?? .empty, at: event.time)
    if reads.contains(.targetPerson) {
      if let row {
        let (kind, status) = standing(ofPrincipal: row, at: event.time)
        event.set(.targetPersonID, index.tenures[row].id)
        if let word = Registers.word(kind) { event.set(.targetPersonKind, word) }
        if let word = Registers.word(status) { event.set(.targetPersonStatus, word) }
      } else if hasPeople {
        event.set(.targetPersonKind, "unlisted")
      }
    }
    if reads.contains(.expiry), let row { setExpiry(event, row) }
    guard reads.contains(.role), index.keyed.hasRoles, let role = event.text(.roleName) else {
      return
    }
    let job = row.flatMap { index.principals[$0].jobRole }
    let isListed =
      job.map { job in
        [site.id, site.name].contains { name in
          index.keyed.grants(role, job: job, system: name ?? .empty, at: event.time)
        }
      } ?? false
    event.set(.roleStatus, isListed ? "listed" : "unlisted")
  }

  /// Says whether an account now ends with the access, `late`, or never (`none`).
  ///
  /// Linux shuts an account at the beginning of the day that it is given.
  private func setExpiry(_ event: Event, _ row: Int) {
    guard let text = event.text(.expiryTo) else { return }
    let end = index.end(ofPrincipal: row, asOf: event.time)
    guard end < .max else { return event.set(.accountExpiryStatus, "within") }
    if text.isEmpty || text.equals("never") || text.equals("-1") {
      return event.set(.accountExpiryStatus, "none")
    }
    guard text.count == 10, let year = text.prefix(4).decimal, let month = text.slice(5, 7).decimal,
      let last = text.dropFirst(8).decimal,
      let day = CivilDay(year: Int(year), month: Int(month), day: Int(last))
    else { return }
    event.set(.accountExpiryStatus, index.zones[0].start(of: day) > end ? "late" : "within")
  }

  // MARK: - The person

  private func setAdministrator(_ event: Event, _ site: Site) {
    guard site.standing.personKind != .none, site.id != nil || site.name != nil else { return }
    event.set(.accessAdmin, holds(site) { covers($0.administers, site) } ? "listed" : "unlisted")
  }

  private func setDeployer(_ event: Event, _ site: Site) {
    guard site.standing.personKind != .none, site.environment != nil || site.standing.row >= 0
    else { return }
    let isListed = holds(site) { principal in
      if Pattern.anyFits(principal.deploysTo, site.environment) { return true }
      for row in [site.standing.row, site.standing.declared] where row >= 0 {
        guard let deployers = index.systems[Int(row)].deployers else { continue }
        for place in 0..<deployers.count where deployers[place].equals(principal.id) { return true }
      }
      return false
    }
    event.set(.accessDeployer, isListed ? "listed" : "unlisted")
  }

  /// Whether the event's person has access at all, and a claim holds of them.
  private func holds(_ site: Site, _ claim: (JoinIndex.Principal) -> Bool) -> Bool {
    guard site.standing.person >= 0, site.standing.personStatus == .active else { return false }
    return claim(index.principals[Int(site.standing.person)])
  }

  /// Names the task in whose time a contractor's change falls; of several the one that began last.
  ///
  /// A task that was written after the change, is somebody else's or for other systems is none of it.
  private func setTask(_ event: Event, _ site: Site) {
    let tasks = index.principals[Int(site.standing.person)].tasks
    guard !tasks.isEmpty, let action = event.text(.eventAction), !Registers.isUse(action) else {
      return
    }
    let time = event.time
    // As tasks stand in the order of their beginnings, those that began by now come first.
    var (low, high) = (0, tasks.count)
    while low < high {
      let middle = (low + high) / 2
      if tasks[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    while low > 0, tasks[low - 1].reach > time {
      low -= 1
      let task = tasks[low]
      guard time < task.end, task.createdAt <= time,
        task.systems.map({ covers($0, site) }) ?? true
      else { continue }
      return event.set(.taskID, task.id)
    }
  }

  /// Whether an action changes nothing, so that no task is looked for.
  private static func isUse(_ action: ByteView) -> Bool {
    action.hasPrefix("http.") || action.hasPrefix("auth.log") || action.hasPrefix("session.")
      || action.equals("db.connect") || action.equals("db.query") || action.equals("file.read")
      || action.equals("vcs.fetch") || action.equals("secret.read")
  }

  // MARK: - Secrets

  /// Sets what is known of the key that an event was made with, or of the secret that it is about.
  ///
  /// An event may have both: then a key that should be gone comes first, and the secret otherwise.
  private func setSecret(_ event: Event, _ site: Site) {
    let (keyed, time) = (index.keyed, event.time)
    var (row, isUnlisted): (Int?, Bool) = (nil, false)
    if let key = event.text(.credentialID) {
      row = keyed.secret(key: key, at: time)
      isUnlisted = keyed.hasCredentials
    } else if let key = event.text(.keyFingerprint) {
      row = keyed.secret(key: key, at: time)
      isUnlisted = keyed.hasFingerprints
    }
    let isGone = row.map { !keyed.secrets[$0].isActive(at: time) } ?? false
    if !isGone, let name = event.text(.secretName) {
      row = keyed.secret(named: name, at: time)
      isUnlisted = keyed.hasSecretNames
    }
    guard let row else {
      if isUnlisted { event.set(.secretStatus, "unlisted") }
      return
    }
    let secret = keyed.secrets[row]
    if let kind = secret.kind {
      event.set(.secretID, secret.id)
      event.set(.secretClass, kind)
      if let environment = secret.environment { event.set(.secretEnvironment, environment) }
      if let kind = secret.systemKind { event.set(.secretSystemKind, kind) }
      if let readers = secret.readers {
        let person = personID(site.standing)
        let isListed = (0..<readers.count).contains { person?.equals(readers[$0]) ?? false }
        event.set(.secretReader, isListed ? "listed" : "unlisted")
      }
    } else if personID(site.standing)?.equals(secret.id) != true {
      // Somebody's own key, under another name.
      return event.set(.secretStatus, "unlisted")
    }
    if time >= secret.revoked {
      event.set(.secretStatus, "revoked")
    } else {
      event.set(.secretStatus, secret.isActive(at: time) ? "active" : "expired")
    }
  }

  // MARK: - Limits, systems

  private func setLimit(_ event: Event) {
    guard !index.keyed.limits.isEmpty else { return }
    let client = event.text(.webhookEndpoint) ?? event.text(.clientID)
    let address = event.text(.sourceIP).flatMap { NetworkAddress($0) }
    guard client != nil || address != nil,
      let row = index.keyed.limit(client: client, address: address, at: event.time)
    else { return }
    event.set(.limitID, index.keyed.limits[row].id)
  }

  private func setSourceEnvironment(_ event: Event, _ site: Site) {
    let number = Int(site.standing.sourceEnvironment)
    guard number > 0, number <= index.environments.entries.count else { return }
    event.set(.sourceEnvironment, index.environmentNames[number - 1])
  }

  /// The row by the system's name, else the declared one, if it holds at the time.
  private func row(_ site: Site, at time: Int64) -> JoinIndex.SystemRow? {
    for row in [site.standing.row, site.standing.declared] where row >= 0 {
      let system = index.systems[Int(row)]
      if system.validity.contains(time) { return system }
    }
    return nil
  }

  private func setFacts(_ event: Event, _ site: Site) {
    guard let system = row(site, at: event.time) else { return }
    if let tier = system.classification { event.set(.systemClassification, tier) }
    if system.needsSingleSignOn { event.set(.systemSSO, "true") }
  }

  private func setPort(_ event: Event, _ site: Site) {
    guard let ports = row(site, at: event.time)?.ports, let port = number(event[.destinationPort])
    else { return }
    var isListed = false
    for place in 0..<ports.count where ports[place].first <= port && port <= ports[place].last {
      isListed = true
    }
    event.set(.portStatus, isListed ? "listed" : "unlisted")
  }

  private func number(_ value: Value?) -> Int64? {
    switch value {
    case .integer(let number): number
    case .text(let text): text.decimal.flatMap { Int64(exactly: $0) }
    default: nil
    }
  }
}
