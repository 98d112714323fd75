/// The keys of the registers that say what has to be done, and what was.
extension RegisterKeys {
  private static let owner = RegisterKey("owner", .text, "The id of the person who answers for it.")

  static let subprocessors = row([
    RegisterKey("purpose", .text, "What it does for us."),
    RegisterKey("countries", .texts, "Where it handles data, as ISO 3166 codes."),
    RegisterKey("data", .texts, "What data it handles; `personal` says that it is about people."),
    RegisterKey("agreement", .text, "Where the agreement on data processing is."),
    RegisterKey("privacy_assessment", .text, "Where the privacy impact was assessed."),
    RegisterKey("listed_url", .text, "Where customers can see that we use it."),
    RegisterKey("reviewed_on", .day, "When it was last reviewed."),
    RegisterKey("tool", .text, "The id of the tool that it stands behind."),
    owner,
  ])

  static let secrets = row([
    RegisterKey(
      "class", .word(words(Secret.Class.self)), "What it opens, which says how often it changes."),
    RegisterKey("store", .text, "Where it is kept."),
    RegisterKey("names", .texts, "Its names in logs, or patterns of them."),
    RegisterKey("keys", .texts, "Key ids and fingerprints, as logs show them."),
    owner,
    RegisterKey("last_rotated", .point, "When it was last changed."),
    RegisterKey("max_age", .duration, "How old it may grow, if not what the policy says."),
    RegisterKey("expires_on", .point, "When it stops working by itself."),
    RegisterKey("revoked_at", .point, "When it was revoked; use after that is a finding."),
    RegisterKey("environment", .text, "The environment that it opens."),
    RegisterKey("system", .text, "The id of the system that it opens."),
    RegisterKey("data_tier", .word(words(DataTier.self)), "The highest tier of data behind it."),
    RegisterKey("readers", .texts, "Ids of those who may read it."),
  ])

  static let backups = row([
    RegisterKey("systems", .texts, "Ids of the systems that it saves."),
    RegisterKey("jobs", .texts, "Names of the jobs, as logs show them."),
    RegisterKey("interval", .duration, "How often it runs."),
    RegisterKey("targets", .texts, "Where it is written to; other places are findings."),
    RegisterKey("retention", .duration, "How long a copy is kept at least."),
    RegisterKey("last_success", .point, "When it last succeeded."),
    RegisterKey(
      "restore_tests",
      .rows(
        RegisterKeys([
          RegisterKey("at", .point, "When the restore was tried.", isRequired: true),
          RegisterKey("environment", .text, "Where to; never production."),
          RegisterKey("result", .word(words(TestResult.self)), "Whether the data was complete."),
          RegisterKey("duration", .duration, "How long it took."),
          RegisterKey("ref", .text, "Where it is recorded."),
          RegisterKey("notes", .text, "Anything else; nothing reads it."),
        ])), "Restores that were tried."),
    owner,
  ])

  static let limits = row([
    RegisterKey(
      "clients", .texts,
      "Ids, hashes of keys, addresses or networks of clients; absent means all others."),
    RegisterKey("requests", .integer, "Requests that a client may make."),
    RegisterKey("per", .duration, "The time that `requests` counts over."),
    RegisterKey("storage_bytes", .integer, "Bytes that a client may store."),
    RegisterKey("webhooks_per_hour", .integer, "Webhooks that an endpoint may get in an hour."),
    RegisterKey(
      "endpoints", .texts, "Ids of hooks, or hosts, that this is for; absent means all others."),
    RegisterKey("availability", .decimal, "Per cent of minutes promised to be good."),
    RegisterKey("latency_ms", .integer, "Milliseconds promised for 95 of 100 requests."),
    RegisterKey("error_rate", .decimal, "Per cent of requests that may fail."),
    owner,
  ])

  static let roles = row(
    id: false,
    [
      RegisterKey("job_role", .text, "The job, as the people register calls it.", isRequired: true),
      RegisterKey("grants", .names, "The roles that it brings, by system."),
    ])

  static let flows = row(
    id: false,
    [
      RegisterKey("from", .text, "The environment that begins the traffic.", isRequired: true),
      RegisterKey("to", .text, "The environment that it goes to.", isRequired: true),
      RegisterKey("why", .text, "What it is for."),
      owner,
    ])

  static let policies = row([
    RegisterKey("title", .text, "The document's title."),
    RegisterKey("url", .text, "Where it can be read."),
    RegisterKey("version", .text, "Which version is in force."),
    RegisterKey("reviewed_on", .day, "When it was last reviewed."),
    owner,
  ])

  static let reviews = row(
    id: false,
    [
      RegisterKey("system", .text, "The id of the system or tool.", isRequired: true),
      RegisterKey("month", .month, "The month that it is about, `YYYY-MM`.", isRequired: true),
      RegisterKey("started_at", .point, "When the review began."),
      RegisterKey("reviewed_by", .text, "The id of the person who signed it."),
      RegisterKey("reviewed_at", .point, "When it was signed."),
      RegisterKey("accounts", .integer, "How many accounts there were."),
      RegisterKey(
        "decisions",
        .rows(
          RegisterKeys([
            RegisterKey("account", .text, "The account's name.", isRequired: true),
            RegisterKey("decision", .word(words(AccessReview.Verdict.self)), "What was decided."),
            RegisterKey("at", .point, "When it was decided."),
            RegisterKey("by", .text, "The id of who decided it."),
            RegisterKey("ticket", .text, "The ticket that carries it out."),
            RegisterKey("removed_at", .point, "When a revoked access was seen to be gone."),
            RegisterKey("notes", .text, "Anything else; nothing reads it."),
          ])), "One decision for each account."),
    ])

  static let attestations = row(
    id: false,
    [
      RegisterKey("clause", .text, "The row of the policy, such as `row-101`.", isRequired: true),
      RegisterKey("statement", .text, "What is vouched for."),
      owner,
      RegisterKey("performed_on", .day, "When it was last done."),
      RegisterKey("next_due", .day, "When it has to be done again."),
      RegisterKey("link", .text, "The document, minutes or report."),
      RegisterKey("signed_by", .text, "The id of who signed it."),
    ])

  static let incidents = row([
    RegisterKey("title", .text, "What happened, in a line."),
    RegisterKey("kind", .text, "What sort of incident; `vulnerability` for a weakness of ours."),
    RegisterKey(
      "severity", .word(words(Incident.Severity.self)), "How bad it is.", isRequired: true),
    RegisterKey("detected_at", .point, "When it was noticed.", isRequired: true),
    RegisterKey("acknowledged_at", .point, "When somebody took it on."),
    RegisterKey("contained_at", .point, "When it could spread no more."),
    RegisterKey("resolved_at", .point, "When it was over."),
    RegisterKey("client_affected", .bool, "Whether a client must be told."),
    RegisterKey("personal_data", .bool, "Whether personal data was touched."),
    RegisterKey(
      "notified",
      .mapping(
        RegisterKeys([
          RegisterKey("internal", .point, "When those inside were told."),
          RegisterKey("client", .point, "When the clients were told."),
          RegisterKey("regulator", .point, "When the regulator was told."),
        ])), "Who was told, and when."),
    owner,
    RegisterKey("rca", .text, "Where the analysis of its cause is."),
    RegisterKey("findings", .texts, "Ids of the findings that it is about."),
  ])

  static let risks = row([
    RegisterKey("title", .text, "What may happen."),
    owner,
    RegisterKey("reviewed_on", .day, "When it was last judged."),
    RegisterKey("treatment", .text, "What is done about it."),
  ])

  static let requests = row([
    RegisterKey(
      "kind", .word(words(DataRequest.Kind.self)), "What was asked for.", isRequired: true),
    RegisterKey("received_at", .point, "When it came.", isRequired: true),
    RegisterKey("verified_at", .point, "When it was clear who asked."),
    RegisterKey("answered_at", .point, "When it was answered."),
    owner,
  ])

  static let drills = row([
    RegisterKey("kind", .word(words(Drill.Kind.self)), "What was exercised.", isRequired: true),
    RegisterKey("systems", .texts, "Ids of the systems that were recovered."),
    RegisterKey("performed_on", .day, "When it was."),
    RegisterKey("result", .word(words(TestResult.self)), "Whether it went as planned."),
    owner,
  ])

  static let dispositions = row(
    id: false,
    [
      RegisterKey(
        "finding", .text, "The finding's identity, or its first eight letters or more.",
        isRequired: true),
      RegisterKey(
        "disposition", .word(words(Disposition.Outcome.self)), "What it turned out to be.",
        isRequired: true),
      RegisterKey("by", .text, "The id of the person who decided it.", isRequired: true),
      RegisterKey("at", .point, "When it was decided.", isRequired: true),
      RegisterKey("why", .text, "What shows it, in a sentence."),
    ])

  static let tasks = row([
    RegisterKey(
      "assignee", .text, "Who does it: an id, an account or a name of one person or contractor.",
      isRequired: true),
    RegisterKey(
      "from", .point, "The first day, or the moment at which it begins.", isRequired: true),
    RegisterKey("until", .point, "The last day, inclusive, or the moment.", isRequired: true),
    RegisterKey("systems", .texts, "Ids, names or patterns of systems; absent means any."),
    RegisterKey(
      "created_at", .point, "When it was written; it counts for changes from then on.",
      isRequired: true),
    RegisterKey("created_by", .text, "Who wrote it, as `assignee` is written."),
  ])
}
