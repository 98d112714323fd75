public import Bytes
public import Events

/// Exceptions that lift what a detector would say: those that name it, or a row of the policy that it watches.
///
/// They are asked for when there is something to say, so a line costs no more for them.
extension Registers {
  /// What each exception is from, as `control` says, in the order of the register.
  public var liftedControls: [String] {
    (0..<index.lifts.count).map { index.lifts[$0].control.string }
  }

  /// The fields that hold the ids of rows that an exception can be for, as far as some exception is for such a row.
  public var liftedSubjects: Set<Field> {
    let subjects = Set((0..<index.lifts.count).map { index.lifts[$0].subject.string })
    guard !subjects.isEmpty else { return [] }
    var fields: Set<Field> = []
    func add(_ ids: [String], _ field: Field) {
      if ids.contains(where: subjects.contains) { fields.insert(field) }
    }
    add(people.map(\.id) + contractors.map(\.id), .targetPersonID)
    add(secrets.map(\.id), .secretID)
    add(backups.map(\.id), .backupID)
    add(limits.map(\.id), .limitID)
    return fields
  }

  /// The id of the first of some exceptions that holds for an event; `nil` when none does.
  ///
  /// - Parameters:
  ///   - places: Which exceptions may, by their places in ``liftedControls``.
  ///   - standing: Where the event stands; `nil` for what the registers say by themselves.
  ///   - time: As of when; an exception that was given after it lifts nothing.
  public func exception(
    among places: [Int], for event: Event, _ standing: Standing?, source: SourceContext,
    at time: Int64
  ) -> ByteView? {
    let standing = standing ?? Standing()
    let site = Site(
      standing: standing, id: systemID(standing, event.time, source) ?? event.text(.systemID),
      name: systemName(standing, event) ?? event.text(.systemName),
      environment: environment(standing, event.time, source) ?? event.text(.systemEnvironment))
    for place in places {
      let lift = index.lifts[place]
      guard lift.clearance.holds(at: time), isAbout(lift.subject, event, site) else { continue }
      if let systems = lift.clearance.systems, !covers(systems, site) { continue }
      if let environments = lift.clearance.environments,
        !Pattern.anyFits(environments, site.environment)
      {
        continue
      }
      return lift.clearance.id
    }
    return nil
  }

  /// Whether an event is about a row: somebody's or something's, done from it, or due of it.
  private func isAbout(_ subject: ByteView, _ event: Event, _ site: Site) -> Bool {
    if site.id?.equals(subject) ?? false || site.name?.equals(subject) ?? false { return true }
    for field: Field in [
      .personID, .targetPersonID, .toolID, .secretID, .backupID, .limitID,
    ] {
      if event.text(field)?.equals(subject) ?? false { return true }
    }
    // What is due of a row may be one of several: `c-007/gitlab`.
    if let due = event.text(.obligationID), due.hasPrefix(subject),
      due.count == subject.count || due[subject.count] == UInt8(ascii: "/")
    {
      return true
    }
    for row in [site.standing.row, site.standing.declared] where row >= 0 {
      if index.systems[Int(row)].id.equals(subject) { return true }
    }
    guard let address = event.text(.sourceIP).flatMap({ NetworkAddress($0) }),
      let row = index.networks.best(
        address,
        rank: { row in
          JoinIndex.rank(index.systems[row].validity, at: event.time)
        })
    else { return false }
    return index.systems[row].id.equals(subject)
  }
}
