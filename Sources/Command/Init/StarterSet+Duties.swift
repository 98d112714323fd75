/// What must be done again and again, and what was done.
extension StarterSet {
  var secrets: String {
    """
    # Secrets by name, never their values. `max_age` is how long one may live before it is rotated.
    secrets:
      - {id: k-db, name: Database password of the application, class: sensitive_key, store: vault,
         names: ["app/production/database"], owner: p-002, system: db1, environment: production, data_tier: confidential,
         last_rotated: \(day(-30)), max_age: 90d, readers: [s-002]}
      - {id: k-deploy, name: Token that deploys, class: service_token, store: gitlab, names: [DEPLOY_TOKEN], owner: p-002,
         environment: production, last_rotated: \(day(-20)), max_age: 90d, expires_on: \(day(70)), readers: [s-002]}
      - {id: k-tom, name: SSH key of Tom, class: other, store: laptop, keys: ["SHA256:4vJ0c1GzS8q2mXn5b7tYw9eRr3uKpLdHfAaQxZoEi6U"],
         owner: p-002, last_rotated: \(day(-100)), max_age: 365d}

    """
  }

  var backups: String {
    """
    # What is copied how often, and when it was last proved that a copy can be used. `jobs` are the names that logs
    # show. A restore test goes to an environment that is not production, at least once a year.
    backups:
      - id: b-db1
        name: Nightly copy of the database and the application
        systems: [db1, web1]
        jobs: [backup-db1, backup-web1]
        interval: 24h
        targets: [hosting-storage]
        retention: 30d
        last_success: \(at(0, "00:00"))
        restore_tests:
          - {at: \(day(-90)), environment: staging, result: passed, duration: 40m, ref: WP-260}
      - id: b-gitlab
        name: Nightly copy of GitLab
        systems: [gitlab]
        jobs: [backup-gitlab]
        interval: 24h
        targets: [hosting-storage]
        retention: 14d
        last_success: \(at(0, "00:00"))
        restore_tests:
          - {at: \(day(-70)), environment: staging, result: passed, duration: 1h, ref: WP-271}

    """
  }

  var policies: String {
    """
    # The company's own rules: where each stands, and when somebody last read it with a critical eye.
    policies:
      - {id: pol-access, title: Access and contractors, url: "https://wiki.example.org/access", version: "3", reviewed_on: \(day(-120)), owner: p-001}
      - {id: pol-incident, title: Incidents, url: "https://wiki.example.org/incidents", version: "2", reviewed_on: \(day(-100)), owner: p-002}
      - {id: pol-privacy, title: Privacy, url: "https://wiki.example.org/privacy", version: "2", reviewed_on: \(day(-80)), owner: p-001}

    """
  }

  var attestations: String {
    """
    # What no log can show, and somebody answers for: done on which day, until when it holds, and where it can be read.
    # policy.yaml's attestation.clauses says which clauses need one.
    attestations:
      - {id: at-development, clause: row-101, statement: "The secure development policy is in force", owner: p-002,
         performed_on: \(day(-40)), next_due: \(day(325)), link: "https://wiki.example.org/attest/development", signed_by: p-001}
      - {id: at-screening, clause: row-105, statement: "Everybody was screened and signed before the first day", owner: p-001,
         performed_on: \(day(-60)), next_due: \(day(305)), link: "https://wiki.example.org/attest/screening", signed_by: p-001}
      - {id: at-incidents, clause: row-118, statement: "The incident response plan was read and tried", owner: p-002,
         performed_on: \(day(-110)), next_due: \(day(255)), link: "https://wiki.example.org/attest/incidents", signed_by: p-001}
      # Stands for a look at each row of infrastructure.yaml; `reviewed_on` in a row is the same for that row.
      - {id: at-inventory, clause: row-40, statement: "The whole inventory was looked through", owner: p-002,
         performed_on: \(day(-20)), next_due: \(day(345)), link: "https://wiki.example.org/attest/inventory", signed_by: p-001}

    """
  }

  var incidents: String {
    """
    # Incidents, from the first sign to what was learned.
    incidents:
      - id: i-001
        title: Sign-ins tried by a list of names
        severity: medium
        owner: p-002
        detected_at: \(at(-35, "09:12"))
        acknowledged_at: \(at(-35, "09:20"))
        contained_at: \(at(-35, "10:05"))
        resolved_at: \(at(-35, "16:40"))
        notified: {internal: \(at(-35, "09:30")), client: \(at(-35, "14:00"))}
        rca: "https://wiki.example.org/incidents/i-001"
        findings: [login-password-spray]

    """
  }

  var risks: String {
    """
    # What could go wrong, who watches it, and what is done about it.
    risks:
      - {id: risk-001, title: One person knows how to restore the database, owner: p-001, reviewed_on: \(day(-50)),
         treatment: "A second person does the next restore test"}
      - {id: risk-002, title: The hosting company fails, owner: p-002, reviewed_on: \(day(-50)),
         treatment: "Copies go to a second company each night"}

    """
  }

  var requests: String {
    """
    # Requests of people about their own data, and when they were answered.
    requests:
      - {id: dsr-001, kind: access, received_at: \(day(-30)), verified_at: \(day(-29)), answered_at: \(day(-21)), ref: WP-290}

    """
  }

  var drills: String {
    """
    # Emergencies that were practised.
    drills:
      - {id: d-001, kind: recovery, systems: [db1, web1], performed_on: \(day(-70)), result: passed, owner: p-002, ref: WP-272,
         notes: "Service back after 2 h 10 min"}
      - {id: d-002, kind: tabletop, performed_on: \(day(-110)), result: passed, owner: p-001, ref: WP-250,
         notes: "The list of phone numbers was old"}

    """
  }

  var dispositions: String {
    """
    # What findings turned out to be. `finding` is the identity that the review and `rollcall alerts` show, or its first eight
    # letters or more; `disposition` is true-positive, benign (it was right, and as it should be), false-positive or duplicate.
    dispositions:
      - {finding: "5d1f0c9a7be2", disposition: benign, by: p-002, at: \(day(-34)), ref: WP-281,
         why: "The list of names was the test that the hosting company had announced"}

    """
  }

  var tasks: String {
    """
    # Work that was planned, as `rollcall registers import openproject` makes it of work packages. What a contractor changes from
    # `from` to `until` belongs to the task, if it was written before; other changes name a ticket themselves, or are findings.
    tasks:
      - {id: WP-310, name: "Move the shop's job queue to stg1", assignee: c-001, systems: [stg1], from: \(day(-6)), until: \(day(8)),
         created_at: \(at(-7, "11:20")), created_by: p-002, ref: "https://projects.example.org/work_packages/310"}

    """
  }
}
