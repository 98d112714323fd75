/// The keys of the registers that say who and what should be there.
extension RegisterKeys {
  /// What every register has: an id, a name, from when until when the row holds, and remarks.
  static func row(id isRequired: Bool = true, _ keys: [RegisterKey]) -> RegisterKeys {
    RegisterKeys(
      [
        RegisterKey("id", .text, "How other rows call this one.", isRequired: isRequired),
        RegisterKey("name", .text, "The name to show."),
      ] + keys + [
        RegisterKey("valid_from", .point, "When the row began to hold; absent means always."),
        RegisterKey(
          "valid_to", .point, "The last day on which it held; rows are ended, not deleted."),
        RegisterKey("ref", .text, "Where this can be read: a ticket, a message, a document."),
        RegisterKey("notes", .text, "Anything else; nothing reads it."),
      ])
  }

  private static let notes = RegisterKey("notes", .text, "Anything else; nothing reads it.")

  private static let grant = RegisterKeys([
    RegisterKey("system", .text, "The id of the system.", isRequired: true),
    RegisterKey("account", .text, "The account's name there."),
    RegisterKey("role", .text, "The role that the account has there."),
    RegisterKey("at", .point, "When access was given."),
    RegisterKey("ticket", .text, "The ticket that asked for it."),
    notes,
  ])

  private static let offboarding = RegisterKeys([
    RegisterKey("ended_at", .point, "When the work ended, if not with the last agreed day."),
    RegisterKey("notice_at", .point, "When the end was made known."),
    RegisterKey("completed_at", .point, "When all access was gone."),
    RegisterKey("ref", .text, "The ticket that records it."),
    RegisterKey("checklist", .times, "When access was revoked, by system."),
    RegisterKey(
      "data_confirmation", .text, "Where it was confirmed that no data stayed behind."),
    notes,
  ])

  static let people = row([
    RegisterKey(
      "kind", .word(words(Person.Kind.self)), "Someone in employment, or a program's account."),
    RegisterKey(
      "employment",
      .mapping(
        RegisterKeys([
          RegisterKey("start", .day, "The first day."),
          RegisterKey("end", .day, "The last day, inclusive."),
          RegisterKey("type", .text, "The sort of employment, in the company's own word."),
        ])), "From when until when the person works here."),
    RegisterKey("roles", .texts, "Roles such as `approver:contractor` or `admin:gitlab`."),
    RegisterKey("accounts", .names, "How systems call the person; `*` means every system."),
    RegisterKey(
      "emails", .texts,
      "Addresses of the person; who is known by nothing else is found by one that nobody shares."),
    RegisterKey("keys", .texts, "Fingerprints of SSH keys, as logs show them: `SHA256:…`."),
    RegisterKey("manager", .text, "The id of the person's manager."),
    RegisterKey("job_role", .text, "The job, as the role matrix calls it."),
    RegisterKey(
      "clearance", .word(words(DataTier.self)), "The highest tier of data that the person may see."),
    RegisterKey("screened_on", .day, "When the background was checked."),
    RegisterKey("nda_on", .day, "When the confidentiality agreement was signed."),
    RegisterKey("access", .rows(grant), "Access that was given, with its ticket."),
    RegisterKey("offboarding", .mapping(offboarding), "How the access ended."),
    RegisterKey("countries", .texts, "Countries that the person works from, as ISO 3166 codes."),
    RegisterKey("hours", .hours, "Agreed hours, such as `Mon-Fri 08:00-19:00`."),
    RegisterKey("owner", .text, "Who answers for a service account."),
  ])

  static let contractors = row([
    RegisterKey("company", .text, "Whom the contractor works for."),
    RegisterKey("accounts", .names, "How systems call the contractor; `*` means every system."),
    RegisterKey("emails", .texts, "Addresses of the contractor, as of people."),
    RegisterKey("keys", .texts, "Fingerprints of SSH keys, as logs show them: `SHA256:…`."),
    RegisterKey(
      "engagement",
      .mapping(
        RegisterKeys([
          RegisterKey("start", .day, "The first day.", isRequired: true),
          RegisterKey("end", .day, "The last day, inclusive."),
        ])), "From when until when the work was agreed.", isRequired: true),
    RegisterKey(
      "renewals",
      .rows(
        RegisterKeys([
          RegisterKey("until", .day, "The last day that the renewal grants."),
          RegisterKey("approved_by", .text, "The id of the person who approved it."),
          RegisterKey("approved_at", .point, "When it was approved."),
          RegisterKey("channel", .text, "How it was approved: `email`, `matrix`."),
          RegisterKey("ref", .text, "The message or ticket."),
          RegisterKey("evidence", .text, "Where the message was exported to."),
          notes,
        ])), "Extensions, in order."),
    RegisterKey(
      "scope",
      .mapping(
        RegisterKeys([
          RegisterKey("systems", .texts, "Systems: ids, names or patterns."),
          RegisterKey("environments", .texts, "Environments, or patterns of them."),
          RegisterKey("actions", .texts, "Patterns of `event.action`."),
          RegisterKey("hours", .hours, "Agreed hours, such as `Mon-Fri 08:00-19:00`."),
          RegisterKey("timezone", .text, "The zone of the hours, if not the organisation's."),
          RegisterKey("countries", .texts, "Countries, as ISO 3166 codes."),
          RegisterKey("data_tiers", .texts, "Tiers of data that the contractor may see."),
          notes,
        ])), "What the contractor may do; an absent part is not restricted."),
    RegisterKey("granted", .rows(grant), "Access that was given, with its ticket."),
    RegisterKey("offboarding", .mapping(offboarding), "How the access ended."),
    RegisterKey("screened_on", .day, "When the background was checked."),
    RegisterKey("nda_on", .day, "When the confidentiality agreement was signed."),
    RegisterKey("owner", .text, "The employee who answers for the contractor."),
  ])

  static let infrastructure = row([
    RegisterKey("kind", .text, "What it is: host, network, service, cluster, database, bucket."),
    RegisterKey("names", .texts, "Host names and domains, or patterns of them."),
    RegisterKey("addresses", .texts, "Addresses and networks."),
    RegisterKey(
      "environment", .text, "The part of the house that it serves, such as `production`."),
    RegisterKey("owner", .text, "The id of the person who answers for it."),
    RegisterKey("internet_facing", .bool, "Whether it can be reached from the internet."),
    RegisterKey("allowed_ports", .texts, "Ports that may be open: `443`, `8000-8100`, `udp/53`."),
    RegisterKey("classification", .word(words(DataTier.self)), "The highest tier of data on it."),
    RegisterKey("region", .text, "The provider's region, such as `eu-central-1`."),
    RegisterKey("country", .text, "Where it stands, as an ISO 3166 code."),
    RegisterKey("mfa_required", .bool, "Whether nobody may sign in without a second factor."),
    RegisterKey("sso_required", .bool, "Whether sign-ins must come through single sign-on."),
    RegisterKey("audit_source", .text, "The name of the source whose log shows its use."),
    RegisterKey("rto", .duration, "How long a recovery may take."),
    RegisterKey("runbook", .text, "Where the recovery is described."),
    RegisterKey("criticality", .text, "How much depends on it."),
    RegisterKey("tags", .texts, "The company's own words for it."),
    RegisterKey("deploys_by", .texts, "Ids of those who may deploy to it."),
    RegisterKey(
      "slo",
      .mapping(
        RegisterKeys([
          RegisterKey("availability", .decimal, "Per cent of minutes that must be good."),
          RegisterKey("error_rate", .decimal, "Per cent of requests that may fail."),
          RegisterKey("latency_ms", .integer, "Milliseconds that 95 of 100 requests must keep."),
        ])), "What the service promises."),
    RegisterKey("reviewed_on", .day, "When the entry was last looked at."),
  ])

  static let tools = row([
    RegisterKey("vendor", .text, "Who makes or runs it."),
    RegisterKey("domains", .texts, "Domains, or patterns of them."),
    RegisterKey("oauth_clients", .texts, "Ids of clients at our sign-on."),
    RegisterKey("apps", .texts, "Names of apps inside of other tools."),
    RegisterKey("images", .texts, "Container images, or patterns of them."),
    RegisterKey("event_sources", .texts, "Services of a cloud, such as `s3.amazonaws.com`."),
    RegisterKey("user_agents", .texts, "Programs as requests name them, or patterns of them."),
    RegisterKey(
      "status", .word(words(Tool.Status.self)), "Whether it may be used.", isRequired: true),
    RegisterKey("introduced_by", .text, "The id of who brought it in."),
    RegisterKey("introduced_on", .day, "When it was brought in."),
    RegisterKey("justification", .text, "The ticket that says what it is needed for."),
    RegisterKey(
      "questionnaire",
      .textOrMapping(
        RegisterKeys([
          RegisterKey("ref", .text, "Where the answers are."),
          RegisterKey("completed_on", .day, "When they were complete."),
        ])), "The vendor's questionnaire."),
    RegisterKey(
      "approval",
      .mapping(
        RegisterKeys([
          RegisterKey("by", .text, "The id of the person who approved it."),
          RegisterKey("at", .point, "When it was approved."),
          RegisterKey("channel", .text, "How it was approved: `email`, `matrix`."),
          RegisterKey("ref", .text, "The message or ticket."),
          RegisterKey("evidence", .text, "Where the message was exported to."),
          notes,
        ])), "The approval that came before the first use."),
    RegisterKey("personal_data", .bool, "Whether it handles personal data."),
    RegisterKey("privacy_assessment", .text, "Where the privacy impact was assessed."),
    RegisterKey("agreement", .text, "Where the data-sharing agreement is."),
    RegisterKey("internet_facing", .bool, "Whether it can be reached from the internet."),
    RegisterKey("owner", .text, "The id of the person who answers for it."),
  ])

  static let approvals = row([
    RegisterKey("type", .word(words(Approval.Kind.self)), "What was approved.", isRequired: true),
    RegisterKey("subject", .text, "For whom or what: an id of another register."),
    RegisterKey("systems", .texts, "Systems that it covers; absent means any."),
    RegisterKey("environments", .texts, "Environments that it covers; absent means any."),
    RegisterKey("from", .point, "When it begins to hold."),
    RegisterKey("until", .point, "When it ends, inclusive."),
    RegisterKey("approved_by", .text, "The id of the person who approved it."),
    RegisterKey("approved_at", .point, "When it was approved."),
    RegisterKey("channel", .text, "How it was approved: `email`, `matrix`."),
    RegisterKey("evidence", .text, "Where the message was exported to."),
    RegisterKey("reason", .text, "Why it is needed."),
    RegisterKey("owner", .text, "The id of the person who answers for it."),
    RegisterKey("control", .text, "The control or detector that an exception is from."),
    RegisterKey("conditions", .text, "What must hold meanwhile."),
  ])
}
