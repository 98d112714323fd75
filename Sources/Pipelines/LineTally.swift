import Bytes
import Detectors
import Events
import Registers

/// What one worker counts of every line, for the review.
struct LineTally {
  private var populations = Tallies.Populations()
  private var people = NameTally()
  private var systems = NameTally()
  private var networks = CachedNetwork()
  private var uses: [Tallies.Use: Tallies.Seen] = [:]
  private var kinds: KindTally
  /// What an action is to the tables, by its number.
  private let sorts: [ActionSort]
  private var tables = Tallies.Table.allCases.map { TextTally(rowsMax: $0.rowsMax) }
  private var services = ServiceCounter()

  init(_ rules: RuleSet) {
    kinds = KindTally(rules)
    sorts = [ActionSort()] + kinds.actionNames.map(ActionSort.init)
  }

  /// The counts by name.
  var tallies: Tallies {
    var tallies = Tallies()
    tallies.populations = populations
    tallies.people = people.byName
    tallies.systems = systems.byName
    tallies.networks = networks.tally.byName
    tallies.uses = uses
    tallies.kinds = kinds.kinds
    tallies.services = ServiceTally(services.counted)
    tallies.take(tables)
    return tallies
  }

  /// When an event was, and on which local day.
  struct Moment {
    /// Nanoseconds since 1970 UTC; the day's number, and when it began.
    let time: Int64, day: Int, dayStart: Int64
  }

  /// Adds an event that met the registers.
  @inline(__always) mutating func add(
    _ event: Event, _ registers: Registers, _ keys: KeyMemo, countsNetworks: Bool, at moment: Moment
  ) {
    let time = moment.time
    populations.events += 1
    if event.has(.systemName) { populations.systems += 1 }
    let sort = sorts[kinds.add(event)]
    if sort.isSignIn { populations.signIns += 1 }
    let system = event.text(.systemID)
    if let system { systems.add(system, at: time) }
    if countsNetworks, event.has(.sourceInfrastructure, equalTo: "listed") {
      networks.add(event.text(.sourceIP), registers, at: time)
    }
    if countsNetworks { addToTables(event, system, sort, keys, moment) }
    guard let kind = event.text(.personKind) else { return }
    populations.persons += 1
    guard event.has(.eventOutcome, equalTo: "success") else { return }
    if let person = event.text(.personID) { people.add(person, at: time) }
    if countsNetworks { addAccess(event, system, kind, sort, keys, time) }
    if kind.equals("contractor") { countUse(event, time) }
  }

  private mutating func countUse(_ event: Event, _ time: Int64) {
    populations.contractors += 1
    func text(_ field: Field) -> String { event.text(field)?.string ?? "" }
    let use = Tallies.Use(
      person: text(.personID), system: event.has(.systemID) ? text(.systemID) : text(.systemName),
      environment: text(.systemEnvironment), scope: text(.accessScope),
      reason: text(.accessScopeReason), approval: text(.accessApproval))
    uses[use, default: Tallies.Seen()].add(time)
    if uses.count > Tallies.usesMax * 2 { uses = Tallies.bounded(uses) }
  }
}

/// What an action is to the review.
private struct ActionSort {
  /// How often an account signed in, ran a command as another, changed something, or did anything else.
  var use = 3
  var isSignIn = false, isChange = false, isSecret = false, isBackup = false, isSecondStep = false

  init() {}

  init(_ action: String) {
    isSignIn = action == "auth.login"
    isSecondStep = action == "auth.mfa.step"
    isSecret = action.hasPrefix("secret.")
    isBackup = action.hasPrefix("backup.")
    let changes = [
      "change.", "deploy.", "image.", "account.", "role.", "group.", "auth.mfa.remove",
      "auth.token.", "auth.key.", "net.", "log.", "db.restore", "backup.delete", "share.",
    ]
    isChange = changes.contains { action.hasPrefix($0) }
    let signIns = ["auth.login", "session.start", "db.connect"]
    use =
      signIns.contains(action) ? 0 : action.hasPrefix("privilege.") ? 1 : isChange ? 2 : 3
  }
}

extension LineTally {
  /// What tells the parts of a key apart that are not there.
  private static let none = StateKey(high: 0, low: 1)

  /// Where an event happened: the registered system, else the name it was looked up by, else the log.
  private func place(_ event: Event, _ system: ByteView?) -> ByteView? {
    system ?? event.text(.systemName) ?? event.text(.logSource)
  }

  /// A success of somebody: whose it was and where, and from which country.
  @inline(__always) private mutating func addAccess(
    _ event: Event, _ system: ByteView?, _ kind: ByteView, _ sort: ActionSort, _ keys: KeyMemo,
    _ time: Int64
  ) {
    let place = place(event, system)
    let person = event.text(.personID)
    if let account = event.text(.userName) {
      let key = (place.map { keys.key(of: $0) } ?? LineTally.none)
        .combined(with: keys.key(of: account), 1)
        .combined(with: keys.key(of: person ?? kind), 2)
      tables[Tallies.Table.access.rawValue].add(
        key, sort.use, at: time, isSecond: person == nil
      ) {
        [place?.string ?? "", account.string, person?.string ?? "", kind.string]
      }
    }
    if event.has(.accessApproval), !event.has(.accessScope, equalTo: "inside") {
      add(
        .cleared, event.text(.accessApproval), person ?? event.text(.userName), place,
        event.text(.accessScopeReason), keyed: keys, at: time)
    }
    if event.has(.sourceCountry) || event.has(.cloudRegion) {
      add(
        .places, event.text(.sourceCountry), event.text(.cloudRegion), system, keyed: keys, at: time
      )
    }
  }

  /// What is counted of every event, whoever caused it.
  @inline(__always) private mutating func addToTables(
    _ event: Event, _ system: ByteView?, _ sort: ActionSort, _ keys: KeyMemo, _ moment: Moment
  ) {
    if case .integer(let status)? = event[.statusCode] {
      addRequest(event, system, status, keys, moment)
    }
    if sort.isChange || sort.isSecret || sort.isBackup || sort.isSecondStep
      || event.has(.toolStatus) || event.has(.secretName)
    {
      addRare(event, system, sort, keys, moment)
    }
  }

  @inline(__always) private mutating func addRequest(
    _ event: Event, _ system: ByteView?, _ status: Int64, _ keys: KeyMemo, _ moment: Moment
  ) {
    guard let service = system ?? event.text(.logSource) else { return }
    var taken: Int64?
    switch event[.eventDuration] {
    case .integer(let milliseconds)?:
      if milliseconds >= 0, milliseconds < 1_000_000_000_000 { taken = milliseconds * 1000 }
    case .number(let milliseconds, _)?:
      if milliseconds >= 0, milliseconds < 1e12 { taken = Int64(milliseconds * 1000) }
    default: break
    }
    services.add(
      service, day: moment.day, minute: Int((moment.time - moment.dayStart) / 60_000_000_000),
      failed: status >= 500 && status < 600, microseconds: taken)
    guard let client = event.text(.clientID) ?? event.text(.sourceIP) else { return }
    let sort = status == 429 ? 1 : status >= 500 ? 3 : status >= 400 ? 2 : 0
    let key = keys.key(of: service).combined(with: keys.key(of: client), 1)
    tables[Tallies.Table.clients.rawValue].add(key, sort, at: moment.time, isSecond: true) {
      [service.string, client.string]
    }
    guard sort == 1 else { return }
    tables[Tallies.Table.clients.rawValue].add(
      key.combined(with: LineTally.none, 2), sort, at: moment.time, number: 1
    ) { [service.string, client.string] }
  }

  @inline(never) private mutating func addRare(
    _ event: Event, _ system: ByteView?, _ sort: ActionSort, _ keys: KeyMemo, _ moment: Moment
  ) {
    let place = place(event, system)
    let account = event.text(.userName)
    let action = event.text(.eventAction)
    let failed = event.has(.eventOutcome, equalTo: "failure") ? 1 : 0
    if sort.isChange {
      let target =
        event.text(.userTargetName) ?? event.text(.roleName) ?? event.text(.imageName)
        ?? event.text(.podName) ?? event.text(.groupName)
      add(
        .changes, place, account, event.text(.personID), action, event.text(.ticketID), target,
        event.text(.taskID), keyed: keys, failed, at: moment.time)
    }
    if sort.isSecret || event.has(.secretName) {
      let secret =
        event.text(.secretID) ?? event.text(.secretName) ?? event.text(.credentialID)
      add(
        .secrets, secret, account, event.text(.personID), action, keyed: keys, failed,
        at: moment.time)
    }
    if sort.isSecondStep {
      // As sign-ins are told apart by system.
      let system =
        system ?? event.text(.systemName) ?? event.text(.hostName) ?? event.text(.urlDomain)
      add(.factors, system, nil, nil, keyed: keys, failed, at: moment.time)
    }
    if sort.isBackup {
      add(
        .backups, event.text(.backupID) ?? event.text(.backupJob), place, action,
        event.text(.eventOutcome), keyed: keys, failed, at: moment.time, number: moment.day)
    }
    if event.has(.toolStatus) {
      let tool = event.text(.toolID) ?? event.text(.toolName) ?? event.text(.urlDomain)
      add(
        .tools, tool, event.text(.toolStatus), event.text(.personID) ?? account, keyed: keys,
        failed,
        at: moment.time)
    }
  }

  /// Counts an event in a table with as many texts as the table has.
  private mutating func add(
    _ table: Tallies.Table, _ first: ByteView?, _ second: ByteView?, _ third: ByteView?,
    _ fourth: ByteView? = nil, _ fifth: ByteView? = nil, _ sixth: ByteView? = nil,
    _ seventh: ByteView? = nil, keyed keys: KeyMemo, _ sort: Int = 0, at time: Int64,
    number: Int = 0
  ) {
    func part(_ text: ByteView?) -> StateKey {
      text.map { keys.key(of: $0) } ?? LineTally.none
    }
    var key = part(first).combined(with: part(second), 1).combined(with: part(third), 2)
    key = key.combined(with: part(fourth), 3).combined(with: part(fifth), 4)
    key = key.combined(with: part(sixth), UInt64(truncatingIfNeeded: number))
    if let seventh { key = key.combined(with: part(seventh), 5) }
    tables[table.rawValue].add(key, sort, at: time, number: number) {
      [first, second, third, fourth, fifth, sixth, seventh].prefix(table.textCount).map {
        $0?.string ?? ""
      }
    }
  }
}
