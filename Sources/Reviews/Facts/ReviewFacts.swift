/// Everything that the pages of a review need, as a plain value.
///
/// The command fills it after a run; nothing here knows inputs, detectors or clocks. Days are local
/// day numbers and times are local text, so that no rendering has to know a time zone.
public struct ReviewFacts: Hashable, Sendable {
  /// The organisation's name.
  public var organisation: String
  /// The month under review.
  public var month: Month
  /// The time zone in which days and times are given.
  public var zone: String
  /// The product and version that read the logs.
  public var generatedFrom: String
  /// The command line that makes these pages again.
  public var command: String
  /// One hash over the manifest, to be written beside a signature; may be empty.
  public var fingerprint: String
  /// Who prepares and who reviews.
  public var preparer, reviewer: Signatory
  /// The run's totals.
  public var ledger: Ledger
  /// The sources.
  public var sources: [Source]
  /// What else was not seen, one sentence each.
  public var notSeen: [String]
  /// Sources of which nothing was read in the month, or not all that was there, by name.
  public var unseenSources: [String] = []
  /// The registers' files.
  public var registers: [Register]
  /// What the register check complained about, one sentence each.
  public var registerProblems: [String]
  /// People by kind.
  public var people: [KindCount]
  /// The contractors whose engagement or activity touches the month.
  public var contractors: [Contractor]
  /// The accounts seen.
  public var accounts: Accounts
  /// The infrastructure seen.
  public var infrastructure: Infrastructure
  /// The approvals that touch the month.
  public var approvals: [Approval]
  /// The month's findings, in any order.
  public var findings: [Finding]
  /// Sign-ins by system; a row named `all` holds the totals.
  public var signIns: [SignIns]
  /// Every detector that was loaded.
  public var detectors: [Detector]
  /// When each detector was last shown to work, by detector and route; `nil` where that is not kept.
  public var proofs: [Proof]?
  /// The policy's values in force.
  public var policy: [PolicyEntry]
  /// Every file the review rests on.
  public var manifest: [ManifestEntry]

  /// How many of a hundred lines of a source the policy wants to be read.
  public var parsedPercentMin = 0.0
  /// The review of an earlier month; `nil` when none was given.
  public var previous: PreviousReview?
  /// How many rows each register had, and has.
  public var turnovers: [Turnover] = []
  /// Rows that began or ended in the month.
  public var movements: [Movement] = []
  /// What the checks of the registers came to.
  public var checks: [Check] = []
  /// What somebody vouches for.
  public var attestations: [Attestation] = []
  /// Incidents that were open in the month.
  public var incidents: [Incident] = []
  /// Every system with its accounts.
  public var access: [SystemAccess] = []
  /// How many successes belong to accounts beyond those that are told apart.
  public var accessOverflow = 0
  /// Who left, and when what was revoked.
  public var revocations: [Revocation] = []
  /// What contractors did on production databases.
  public var databaseUses: [Cleared] = []
  /// Accounts that did something as another, or as an administrator.
  public var privileged: [Privileged] = []
  /// Changes that the logs show.
  public var changes: [Change] = []
  /// The tools of the register, and what was used of them and of others.
  public var tools: [Tool] = [], toolUses: [ToolUse] = []
  /// What the internet reaches, and who handles data for us.
  public var exposed: [Exposed] = []
  /// Secrets by name, and who used them.
  public var secrets: [Secret] = [], secretUses: [SecretUse] = []
  /// What is backed up.
  public var backups: [Backup] = []
  /// Services that answered requests.
  public var services: [Service] = []
  /// Clients of the services.
  public var clients = Clients()
  /// Where people were, and where what they reached is; and which countries are agreed.
  public var places: [PlaceUse] = []
  /// Policies, vendors, risks, drills and people's requests.
  public var dues: [Due] = []
  /// What each approval cleared.
  public var cleared: [Cleared] = []
  /// What is not sent, and who wanted that.
  public var silences: [Silence] = []
  /// The dispositions that are about the month; `nil` without that register.
  public var dispositions: [DispositionRow]?
  /// What was sent of the findings; `nil` where nobody keeps that, and then why.
  public var delivery: Delivery?
  /// Why nothing is known of what was sent.
  public var deliveryNotRun = "scanned without outputs"
  /// Sign-ins by country, most first; and whether anything could know of countries.
  public var countries: [Country] = [], knowsCountries = false

  /// The parts, each optional where a log or a register may be silent.
  public init(
    organisation: String, month: Month, zone: String, generatedFrom: String,
    command: String =
      "", fingerprint: String = "", preparer: Signatory = Signatory(),
    reviewer: Signatory =
      Signatory(), ledger: Ledger = Ledger(), sources: [Source] = [], notSeen: [String] = [],
    registers: [Register] = [], registerProblems: [String] = [], people: [KindCount] = [],
    contractors: [Contractor] = [], accounts: Accounts = Accounts(),
    infrastructure:
      Infrastructure = Infrastructure(), approvals: [Approval] = [], findings: [Finding] = [],
    signIns: [SignIns] = [], detectors: [Detector] = [], proofs: [Proof]? = nil,
    policy: [PolicyEntry] = [],
    manifest:
      [ManifestEntry] = []
  ) {
    self.organisation = organisation
    self.month = month
    self.zone = zone
    self.generatedFrom = generatedFrom
    self.command = command
    self.fingerprint = fingerprint
    self.preparer = preparer
    self.reviewer = reviewer
    self.ledger = ledger
    self.sources = sources
    self.notSeen = notSeen
    self.registers = registers
    self.registerProblems = registerProblems
    self.people = people
    self.contractors = contractors
    self.accounts = accounts
    self.infrastructure = infrastructure
    self.approvals = approvals
    self.findings = findings
    self.signIns = signIns
    self.detectors = detectors
    self.proofs = proofs
    self.policy = policy
    self.manifest = manifest
  }
}
