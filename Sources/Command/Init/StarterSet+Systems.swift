/// What there is: systems, tools, who else has the data, and what may talk to what.
extension StarterSet {
  var infrastructure: String {
    """
    # What should be there: hosts, services and domains by name, networks by range. A name in a log that stands
    # in no row is a finding, and so is one whose row has ended (valid_to).
    infrastructure:
      - id: web1
        kind: host
        names: [web1, web1.example.org, app.example.org]
        addresses: [10.0.0.11]
        environment: production
        owner: p-002
        criticality: high
        classification: confidential
        country: NL
        region: eu-west
        internet_facing: true
        allowed_ports: [22, 80, 443]
        # Within how long it must be back, and where it is written how.
        rto: 4h
        runbook: "https://wiki.example.org/runbooks/web1"
        # The name of a source in rollcall.yaml whose log shows who uses it.
        audit_source: example
        # What the service promises; the review holds the access log against it.
        slo: {availability: 99.9, error_rate: 1, latency_ms: 800}
        valid_from: \(day(-900))

      - id: db1
        kind: host
        names: [db1, db1.example.org]
        addresses: [10.0.0.21]
        environment: production
        owner: p-002
        criticality: high
        classification: confidential
        country: NL
        region: eu-west
        allowed_ports: [22, 5432]
        rto: 4h
        runbook: "https://wiki.example.org/runbooks/db1"
        audit_source: example
        valid_from: \(day(-900))

      - {id: stg1, kind: host, names: [stg1, staging.example.org], addresses: [10.0.1.11], environment: staging,
         owner: p-002, criticality: low, classification: internal, country: NL, allowed_ports: [22, 443],
         audit_source: example, valid_from: \(day(-600))}

      # mfa_required: a sign-in here without a second factor is a finding.
      - {id: gitlab, kind: service, names: [gitlab, git.example.org], addresses: [10.0.0.12], environment: production,
         owner: p-002, criticality: high, classification: confidential, country: NL, internet_facing: true,
         mfa_required: true, allowed_ports: [22, 443], deploys_by: [p-002, s-002],
         audit_source: example, valid_from: \(day(-900))}

      - {id: office, kind: network, addresses: [192.0.2.0/24], environment: corporate, owner: p-001}
      - {id: servers, kind: network, addresses: [10.0.0.0/24], environment: production, owner: p-002}
      - {id: staging, kind: network, addresses: [10.0.1.0/24], environment: staging, owner: p-002}

    """
  }

  var tools: String {
    """
    # Tools and services in use. Before the first use: a questionnaire of the vendor, a written approval by an
    # approver:contractor, who brought it in and when, and the ticket that says why.
    tools:
      - id: gitlab
        name: GitLab
        vendor: GitLab Inc.
        domains: [git.example.org]
        status: approved
        owner: p-002
        internet_facing: true
        personal_data: true
        privacy_assessment: PIA-001
        questionnaire: {ref: Q-001, completed_on: \(day(-905))}
        justification: WP-012
        introduced_by: p-002
        introduced_on: \(day(-900))
        approval: {by: p-001, at: \(day(-902)), channel: email, ref: "<gitlab@example.org>"}

      # How else logs show a tool: OAuth clients, apps, images, event sources of a cloud, user agents.
      - id: nextcloud
        name: Nextcloud
        vendor: Nextcloud GmbH
        domains: [cloud.example.org]
        oauth_clients: [nextcloud]
        user_agents: ["mirall/*"]
        status: approved
        owner: p-002
        internet_facing: true
        personal_data: true
        privacy_assessment: PIA-002
        questionnaire: {ref: Q-002, completed_on: \(day(-402))}
        justification: WP-055
        introduced_by: p-003
        introduced_on: \(day(-390))
        approval: {by: p-001, at: \(day(-395)), channel: matrix, ref: "$nextcloud:example.org"}

      # Asked for, not approved yet: any use of it is a finding.
      - {id: error-tracker, name: Error tracker, vendor: Example Errors, domains: [errors.example.com], status: proposed,
         owner: p-003, introduced_by: p-003, introduced_on: \(day(-6)), justification: WP-320}

      # Clouds that company data must not reach.
      - {id: dropbox, name: Dropbox, domains: [dropbox.com, "*.dropbox.com"], status: personal-cloud}
      - {id: google-drive, name: Google Drive, domains: [drive.google.com], status: personal-cloud}

    """
  }

  var subprocessors: String {
    """
    # Who processes data for you, where, and on what terms. What can be reached from the internet, and what keeps personal
    # data outside, belongs here; `listed_url` is where customers can read of it.
    subprocessors:
      - {id: sp-hosting, name: Example Hosting, purpose: "Servers and their backups", countries: [NL], data: [customer, operational],
         agreement: DPA-001, listed_url: "https://www.example.org/subprocessors", reviewed_on: \(day(-60))}
      - {id: sp-gitlab, name: GitLab, tool: gitlab, purpose: "Source code and issues", countries: [NL], data: [internal],
         agreement: DPA-002, listed_url: "https://www.example.org/subprocessors", reviewed_on: \(day(-60))}
      - {id: sp-nextcloud, name: Nextcloud, tool: nextcloud, purpose: "Files of projects", countries: [DE], data: [customer],
         agreement: DPA-003, listed_url: "https://www.example.org/subprocessors", reviewed_on: \(day(-60))}

    """
  }

  var flows: String {
    """
    # Which environments may talk to which others; within one everything may. Any other connection is a finding.
    flows:
      - {id: f-office-production, from: corporate, to: production, why: "People administer servers from the office"}
      - {id: f-office-staging, from: corporate, to: staging, why: "Developers try things out"}

    """
  }

  var limits: String {
    """
    # What clients may use. The row without `clients` holds for all that no other row names.
    limits:
      - {id: l-default, name: Everybody, requests: 600, per: 1m, webhooks_per_hour: 1000, storage_bytes: 10000000000,
         availability: 99.5, latency_ms: 1000, error_rate: 1}
      # A client is an id that your API's log has for it, a key's hash, an address or a network; say all of them.
      - {id: l-partner, name: A partner's import, clients: [partner-import, 198.51.100.0/28], requests: 3000, per: 1m,
         ref: "Annex 2 of contract K-014, signed"}
      # Where web hooks are delivered to: the hook's id in the log that tells of it, or the host.
      - {id: l-partner-hooks, name: A partner's hooks, endpoints: [hooks.partner.example], webhooks_per_hour: 200,
         ref: "Annex 2 of contract K-014, signed"}

    """
  }
}
