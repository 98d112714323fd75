import Documents

/// Ids that name rows of other registers, and names that only one row may have.
extension Lint {
  /// Reports a person's id that stands in no register.
  mutating func checkPerson(_ id: String, _ role: String, _ place: Place) {
    guard registers.hasPeople, peopleByID[id] == nil, contractorsByID[id] == nil else { return }
    report(
      place, "`\(id)`, \(role), is in no register", fix: "add the person, or correct the id")
  }

  /// Reports a system's id that neither infrastructure nor tools know.
  mutating func checkSystem(_ id: String, of what: String, _ place: Place) {
    guard registers.hasInfrastructure, !Pattern.isPattern(id), !systems.contains(id.lowercased())
    else { return }
    report(
      place, "\(what) names `\(id)`, which is no system or tool",
      fix: nearest(id.lowercased(), systems) ?? "add the system, or correct the id")
  }

  func nearest(_ name: String, _ known: Set<String>) -> String? {
    // Each suggestion looks at every name, and nobody reads more of them.
    guard problems.count < 20 else { return nil }
    return nearestName(to: name, among: known.sorted()).map { "did you mean `\($0)`?" }
  }

  /// What people, contractors, systems and approvals name in other registers.
  mutating func checkReferences() {
    let jobs = Set(registers.roles.map(\.jobRole))
    for person in registers.people {
      if let manager = person.manager {
        checkPerson(manager, "the manager of `\(person.id)`", person.managerPlace)
        if manager == person.id {
          report(
            person.managerPlace, "`\(person.id)` is their own manager", fix: "correct `manager`")
        }
      }
      if let job = person.jobRole, registers.present.contains(.roles), !jobs.contains(job) {
        report(
          person.jobRolePlace, "the job role `\(job)` of `\(person.id)` is not in the role matrix",
          fix: nearest(job, jobs) ?? "add it to the roles register")
      }
      check(grants: person.access, of: person.id)
      check(person.offboarding, of: person.id)
    }
    for contractor in registers.contractors {
      check(grants: contractor.granted, of: contractor.id)
      check(contractor.offboarding, of: contractor.id)
    }
    for system in registers.infrastructure {
      for deployer in system.deployers ?? [] {
        checkPerson(deployer, "who may deploy to `\(system.id)`", system.deployersPlace)
      }
    }
    let exceptions = registers.policy.integer("exception.days_max")
    for approval in registers.approvals {
      checkOwner(
        approval.owner, of: "`\(approval.id)`", validity: approval.validity, approval.ownerPlace)
      for system in approval.systems ?? [] {
        checkSystem(system, of: "the approval `\(approval.id)`", approval.systemsPlace)
      }
      if approval.kind == .tool, let tool = approval.subject, registers.hasTools,
        !toolIDs.contains(tool), peopleByID[tool] == nil, contractorsByID[tool] == nil
      {
        report(
          approval.subjectPlace, "the approval `\(approval.id)` is for `\(tool)`, which is no tool",
          fix: nearest(tool, toolIDs) ?? "correct `subject`")
      }
      if approval.kind == .exception, approval.control == nil {
        report(
          approval.place,
          "the exception `\(approval.id)` does not say from what, so it lifts no finding",
          fix: "name a row such as row-47, or a detector, in `control`", severity: .warning)
      }
      if approval.kind == .exception, let days = approval.days(in: registers.zone),
        days > exceptions
      {
        report(
          approval.place,
          "the exception `\(approval.id)` lasts \(days) days; at most \(exceptions) are allowed",
          fix: "shorten it, and approve it again when it ends")
      }
    }
  }

  private mutating func check(grants: [AccessGrant], of id: String) {
    for grant in grants where grant.system != "*" {
      checkSystem(grant.system, of: "the access of `\(id)`", grant.place)
    }
  }

  private mutating func check(_ offboarding: Offboarding?, of id: String) {
    guard let offboarding else { return }
    for revoked in offboarding.checklist {
      checkSystem(revoked.system, of: "the offboarding of `\(id)`", offboarding.place)
    }
    if let completed = offboarding.completedAt,
      let last = offboarding.checklist.filter({ $0.at.start > completed.latest })
        .max(by: { $0.at.start < $1.at.start })
    {
      report(
        offboarding.place,
        "the offboarding of `\(id)` was complete \(completed), but `\(last.system)` was revoked "
          + "\(last.at)", fix: "correct `completed_at`")
    }
  }
}

extension Approval {
  /// How many days it lasts, both ends counted; `nil` when it has no end or no beginning.
  func days(in zone: any CivilZone) -> Int? {
    guard let until, let start = from ?? approvedAt else { return nil }
    return zone.day(at: until.latest).number - zone.day(at: start.start).number + 1
  }
}
