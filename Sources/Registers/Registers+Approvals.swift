import Bytes
import Events

/// What was approved, and what was excepted, as of an event.
extension Registers {
  /// Sets which approvals and exceptions hold for an event: those of its person, its system and its tool.
  ///
  /// One that was given after the event holds for nothing; it is only named.
  func setApprovals(_ event: Event, _ site: Site) {
    var found = Found()
    if site.standing.person >= 0 {
      let approvals = index.principals[Int(site.standing.person)].approvals
      for place in 0..<approvals.count {
        judge(approvals[place], event, site, &found, isTheirs: true)
      }
    }
    for row in [site.standing.row, site.standing.declared] where row >= 0 {
      let exceptions = index.systems[Int(row)].exceptions
      for place in 0..<exceptions.count {
        judge(exceptions[place], event, site, &found, isTheirs: false)
      }
      // The declared row may be the one that the name led to.
      if site.standing.row == site.standing.declared { break }
    }
    if site.standing.tool >= 0 {
      let exceptions = index.tools[Int(site.standing.tool)].exceptions
      for place in 0..<exceptions.count {
        judge(exceptions[place], event, site, &found, isTheirs: false)
      }
    }
    if let id = found.approval { event.set(.accessApproval, id) }
    if found.kinds > 0 { event.set(.accessApprovalType, index.kindTexts[found.kinds]) }
    if let id = found.lateForData, found.kinds >> Approval.Kind.productionDatabase.bit & 1 == 0,
      isAboutData(event)
    {
      event.set(.accessApprovalLate, id)
    } else if let id = found.late, found.approval == nil,
      !event.has(.accessScope, equalTo: "inside")
    {
      event.set(.accessApprovalLate, id)
    }
    setExceptions(found, event)
  }

  /// What holds of all that was approved.
  private struct Found {
    /// The first that clears what is outside a scope.
    var approval: ByteView?
    /// The first that was given too late, for a scope and for databases.
    var late, lateForData: ByteView?
    /// Bits of the kinds that hold.
    var kinds = 0
    /// What is excepted: the first, quoted, and a list once there are more.
    var control, quoted, list: ByteView?
  }

  private func judge(
    _ approval: JoinIndex.Clearance, _ event: Event, _ site: Site, _ found: inout Found,
    isTheirs: Bool
  ) {
    let time = event.time
    guard approval.start <= time, time < approval.end else { return }
    if let systems = approval.systems, !covers(systems, site) { return }
    if let environments = approval.environments,
      !Pattern.anyFits(environments, site.environment)
    {
      return
    }
    // An exception that says from what lifts that alone, and one for a system is nobody's scope.
    let isForScope =
      isTheirs
      && (approval.kind == .scope || approval.kind == .exception && approval.control == nil)
    guard approval.approvedAt <= time else {
      if isForScope {
        if found.late == nil { found.late = approval.id }
      } else if approval.kind == .productionDatabase, found.lateForData == nil {
        found.lateForData = approval.id
      }
      return
    }
    found.kinds |= 1 << approval.kind.bit
    if isForScope, found.approval == nil { found.approval = approval.id }
    guard approval.kind == .exception else { return }
    let control = approval.control ?? ByteView("any")
    guard let first = found.control, let quoted = found.quoted else {
      (found.control, found.quoted) = (control, approval.quotedControl)
      return
    }
    guard !first.equals(control) else { return }
    found.list = Registers.list(
      found.list.map { $0.prefix($0.count - 1) } ?? quoted, approval.quotedControl,
      isBegun: found.list != nil, event.scratch)
  }

  /// A list in brackets with one text more.
  private static func list(
    _ before: ByteView, _ next: ByteView, isBegun: Bool, _ scratch: Scratch
  ) -> ByteView {
    unsafe scratch.write(capacity: before.count + next.count + 3) { room in
      var count = 0
      func put(_ byte: UInt8) {
        // SAFETY: the room is as large as both texts, the brackets and the comma.
        unsafe room[count] = byte
        count += 1
      }
      if !isBegun { put(UInt8(ascii: "[")) }
      for place in 0..<before.count { put(before[place]) }
      put(UInt8(ascii: ","))
      for place in 0..<next.count { put(next[place]) }
      put(UInt8(ascii: "]"))
      return count
    }
  }

  /// Whether an event is about a database or a secret, which an approval for databases is for.
  private func isAboutData(_ event: Event) -> Bool {
    if let action = event.text(.eventAction), action.hasPrefix("db.") || action.hasPrefix("secret.")
    {
      return true
    }
    guard let service = event.text(.serviceName) else { return false }
    return service.equals("postgresql") || service.equals("mongodb") || service.equals("mysql")
      || service.equals("mariadb")
  }

  private func setExceptions(_ found: Found, _ event: Event) {
    if let list = found.list {
      event.set(.accessException, .json(list))
    } else if let control = found.control {
      event.set(.accessException, control)
    }
  }
}

extension Approval.Kind {
  /// The kind's place among all of them.
  var bit: Int {
    switch self {
    case .scope: 0
    case .tool: 1
    case .renewal: 2
    case .exception: 3
    case .productionDatabase: 4
    }
  }
}
