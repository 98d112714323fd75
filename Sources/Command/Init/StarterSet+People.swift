/// Who there is: employees, accounts of programs, contractors, and what each may do.
extension StarterSet {
  var people: String {
    """
    # Employees, and accounts that programs use. Rows are ended, never deleted: whoever left stays here with the last
    # day, so that the past can still be judged. All dates are inclusive.
    people:
      # Who approves contractors, tools and exceptions holds the role approver:contractor. Nobody approves themself.
      - id: p-001
        name: Dana Reyes
        kind: employee
        job_role: director
        emails: [dana@example.org]
        employment: {start: \(day(-1400))}
        roles: ["approver:contractor", "admin:gitlab"]
        # How logs call the person: "*" on every system, a system's id where the name differs there.
        accounts: {"*": [dana], gitlab: [dana.reyes]}
        countries: [NL]
        hours: "Mon-Fri 07:00-20:00"
        screened_on: \(day(-1420))
        nda_on: \(day(-1410))

      # security_lead is told of incidents; admin:SYSTEM may administer that system, deployer:ENVIRONMENT may deploy there.
      - id: p-002
        name: Tom Berg
        kind: employee
        job_role: operations
        emails: [tom@example.org]
        manager: p-001
        employment: {start: \(day(-900))}
        roles: [security_lead, "admin:web1", "admin:db1", "admin:stg1", "admin:gitlab", "deployer:production"]
        accounts: {"*": [tom], gitlab: [tom.berg]}
        # The fingerprints of the SSH keys that are this person's, as sshd logs them.
        keys: ["SHA256:4vJ0c1GzS8q2mXn5b7tYw9eRr3uKpLdHfAaQxZoEi6U"]
        countries: [NL, DE]
        screened_on: \(day(-920))
        nda_on: \(day(-910))

      - id: p-003
        name: Aya Mori
        kind: employee
        job_role: developer
        emails: [aya@example.org]
        manager: p-002
        employment: {start: \(day(-400))}
        accounts: {"*": [aya], gitlab: [aya.mori]}
        countries: [NL]
        screened_on: \(day(-420))
        nda_on: \(day(-410))

      # Left. What was granted, when each part was taken back, and the ticket that records it.
      - id: p-004
        name: Lee Moss
        kind: employee
        job_role: developer
        manager: p-002
        employment: {start: \(day(-700)), end: \(day(-45))}
        accounts: {"*": [lee], gitlab: [lee.moss]}
        screened_on: \(day(-720))
        nda_on: \(day(-710))
        access:
          - {system: gitlab, account: lee.moss, at: \(day(-700)), ticket: WP-101}
        offboarding:
          ended_at: \(at(-45, "17:00"))
          completed_at: \(at(-45, "17:30"))
          ref: WP-310
          checklist: {gitlab: \(at(-45, "17:10")), web1: \(at(-45, "17:20"))}
          data_confirmation: "<data-p-004@example.org>"

      # Accounts that no person types into. Each has an owner who answers for it.
      - {id: s-001, name: Operating system, kind: service, accounts: {"*": [root, postgres]}, owner: p-002}
      - {id: s-002, name: Deployment, kind: service, accounts: {"*": [deploy]}, owner: p-002}
      - {id: s-003, name: Nightly backup, kind: service, accounts: {"*": [backup]}, owner: p-002,
         keys: ["SHA256:1aWs3eDr5fTg7hYj9kUl0pOiBnMvCxZqAsDfGhJkLz2"]}

    """
  }

  var contractors: String {
    """
    # People from outside. Access ends with the engagement, and after policy.yaml's contractor.days_max at the latest,
    # unless a renewal says otherwise: in writing, by somebody with the role approver:contractor, before the lapse.
    contractors:
      - id: c-001
        name: Kim Osei
        company: Osei Consulting
        accounts: {"*": [kim]}
        keys: ["SHA256:9bQx2LrT0yVn4sWc7dKe1fGh5jMp8uAaZzYyXxWwVv0"]
        owner: p-002
        screened_on: \(day(-35))
        nda_on: \(day(-29))
        engagement: {start: \(day(-28)), end: \(day(6))}
        renewals:
          # `ref` is the message itself: a Message-ID of a mail, or the id of a Matrix event.
          - {until: \(day(40)), approved_by: p-001, approved_at: \(at(-2, "10:00")), channel: email,
             ref: "<renewal-c-001@example.org>"}
        # What was agreed. Anything else that succeeds is a finding, unless an approval covers it.
        scope:
          systems: [gitlab, stg1]
          environments: [staging, production]
          actions: ["auth.*", "session.*", "vcs.*", "http.*"]
          hours: "Mon-Fri 08:00-19:00"
          countries: [NL, GH]
          data_tiers: [internal]
        granted:
          - {system: gitlab, account: kim, at: \(day(-28)), ticket: WP-287}
          - {system: stg1, account: kim, at: \(day(-28)), ticket: WP-288}

      # Done and gone: every access taken back within policy.yaml's offboarding.hours of the last one.
      - id: c-002
        name: Noor Haddad
        company: Haddad Interfaces
        accounts: {"*": [noor]}
        owner: p-002
        screened_on: \(day(-90))
        nda_on: \(day(-85))
        engagement: {start: \(day(-80)), end: \(day(-50))}
        scope: {systems: [gitlab], environments: [production], hours: "Mon-Fri 08:00-19:00"}
        granted:
          - {system: gitlab, account: noor, at: \(day(-80)), ticket: WP-240}
        offboarding:
          ended_at: \(at(-50, "17:00"))
          completed_at: \(at(-50, "18:00"))
          ref: WP-305
          checklist: {gitlab: \(at(-50, "17:30"))}
          data_confirmation: "<data-c-002@example.org>"

    """
  }

  var approvals: String {
    """
    # Approvals and exceptions, each for a while. One counts from the moment it was given: it never clears what
    # happened before. `until` is the last day, at most policy.yaml's approval.days_max after the first.
    approvals:
      # A contractor on a system outside the agreed scope. The example's log has Kim on db1 without one; to see an
      # approval clear that, let this one begin, and be given, the day before.
      - {id: a-001, type: scope, subject: c-001, systems: [db1], environments: [production],
         from: \(day(1)), until: \(day(3)), approved_by: p-001, approved_at: \(at(-1, "15:00")), channel: email,
         ref: "<db1-c-001@example.org>", reason: "Help with the index that slows the reports"}
      # An exception from a rule: who owns it, what it is from, and on which conditions.
      - {id: a-002, type: exception, subject: stg1, control: row-25, owner: p-002,
         reason: "A copy of production orders, names removed, to find a rounding error",
         conditions: "Deleted when the ticket closes", from: \(day(-5)), until: \(day(25)),
         approved_by: p-001, approved_at: \(at(-5, "09:00")), channel: email, ref: "<orders-stg1@example.org>"}

    """
  }

  var roles: String {
    """
    # Which roles a job brings on each system. A grant that stands in no row of the job is a finding.
    roles:
      - {id: r-director, job_role: director, grants: {gitlab: [admin, owner]}}
      - {id: r-operations, job_role: operations,
         grants: {gitlab: [admin, owner, maintainer], web1: [admin, sudo], db1: [admin, sudo], stg1: [admin, sudo]}}
      - {id: r-developer, job_role: developer, grants: {gitlab: [developer], stg1: [user]}}

    """
  }

  var reviews: String {
    """
    # Who looked at the accounts of a system, for which month, and what was decided of each. The reviewer is an
    # approver:contractor; the review of a month is due on policy.yaml's review.due_day of the next. Of the reviewer's own
    # account somebody else decides.
    reviews:
    \(["gitlab", "nextcloud", "web1", "db1", "stg1"].map(review).joined(separator: "\n"))

    """
  }

  private func review(_ system: String) -> String {
    let (month, begin) = reviewedMonth
    let head = """
        - id: ar-\(month)-\(system)
          system: \(system)
          month: \(month)
          reviewed_by: p-001
          reviewed_at: \(at(begin, "00:30"))
          ref: "<access-\(month)-\(system)@example.org>"
      """
    guard system == "gitlab" else { return head }
    return head + "\n" + """
          accounts: 4
          decisions:
            - {account: dana.reyes, decision: keep, at: \(at(begin, "00:20")), by: p-002}
            - {account: tom.berg, decision: keep, at: \(at(begin, "00:20")), by: p-001}
            - {account: aya.mori, decision: modify, at: \(at(begin, "00:25")), by: p-001, ticket: WP-312}
            - {account: kim, decision: keep, at: \(at(begin, "00:25")), by: p-001}
      """
  }
}
