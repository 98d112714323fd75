/// A row of the subprocessors register.
public struct Subprocessor: RegisterRow {
  /// The register's id, and the name to show.
  public let id, name: String
  /// What it does for us.
  public let purpose: String?
  /// Where it handles data, and what data.
  public let countries, data: [String]
  /// Where the agreement, the privacy assessment and the public entry are.
  public let agreement, privacyAssessment, listedURL: String?
  /// When it was last reviewed.
  public let reviewedOn: CivilDay?
  /// The tool that it stands behind, and who answers for it.
  public let tool, owner: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, toolPlace: Place
}

/// A row of the secrets register: a key, a token or a password by name, never by value.
public struct Secret: RegisterRow {
  /// What a secret opens, which says how often it changes.
  public enum Class: String, CaseIterable, Sendable {
    case sensitiveKey = "sensitive_key"
    case serviceToken = "service_token"
    case other
  }
  /// The register's id, and the name to show.
  public let id, name: String
  /// What it opens.
  public let `class`: Class
  /// Where it is kept.
  public let store: String?
  /// Its names in logs, and key ids and fingerprints.
  public let names, keys: [String]
  /// The person who answers for it.
  public let owner: String?
  /// When it was last changed, stops working, and was revoked.
  public let lastRotated, expiresOn, revokedAt: TimePoint?
  /// How old it may grow, if not what the policy says.
  public let maxAgeSeconds: Int?
  /// The environment and the system that it opens.
  public let environment, system: String?
  /// The highest tier of data behind it.
  public let dataTier: DataTier?
  /// Ids of those who may read it; `nil` when nothing was agreed.
  public let readers: [String]?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, systemPlace, readersPlace: Place
}

/// A row of the backups register.
public struct Backup: RegisterRow {
  /// A restore that was tried.
  public struct RestoreTest: Sendable {
    /// When.
    public let at: TimePoint
    /// Where to.
    public let environment: String?
    /// Whether the data was complete.
    public let result: TestResult?
    /// How long it took.
    public let durationSeconds: Int?
    /// Where it is recorded.
    public let reference: String?
    /// Where it stands.
    public let place: Place
  }
  /// The register's id, and the name to show.
  public let id, name: String
  /// Ids of the systems that it saves, and names of its jobs in logs.
  public let systems, jobs: [String]
  /// How often it runs, and how long a copy is kept at least.
  public let intervalSeconds, retentionSeconds: Int?
  /// Where it is written to; `nil` when nothing was agreed.
  public let targets: [String]?
  /// When it last succeeded.
  public let lastSuccess: TimePoint?
  /// Restores that were tried, in the order of the file.
  public let restoreTests: [RestoreTest]
  /// The person who answers for it.
  public let owner: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, systemsPlace: Place
}

/// A row of the limits register.
public struct Limit: RegisterRow {
  /// The register's id, and the name to show.
  public let id, name: String
  /// Ids or networks of clients; `nil` means all that no other row names, unless it names ``endpoints``.
  public let clients: [String]?
  /// Hooks, and hosts that deliveries go to, which ``webhooksPerHour`` is for; `nil` means all that no other row names.
  public let endpoints: [String]?
  /// Whether it is for all clients and endpoints that no other row names.
  public var isForAll: Bool { clients == nil && endpoints == nil }
  /// Requests that a client may make in ``perSeconds``.
  public let requests: Int?
  /// The time that ``requests`` counts over.
  public let perSeconds: Int?
  /// Bytes that a client may store, and webhooks that an endpoint may get in an hour.
  public let storageBytes, webhooksPerHour: Int?
  /// What was promised.
  public let serviceLevel: ServiceLevel
  /// The person who answers for it, and where the promise is signed.
  public let owner, reference: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace: Place
}

/// A row of the role matrix.
public struct JobRole: RegisterRow {
  /// One role on one system.
  public struct Grant: Hashable, Sendable {
    /// The system's id, or `*`.
    public let system: String
    /// The role there.
    public let role: String
  }
  /// The register's id; the job when it has none.
  public let id: String
  /// The job, as the people register calls it.
  public let jobRole: String
  /// What it brings.
  public let grants: [Grant]
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let grantsPlace: Place
}

/// A row of the flows register: an environment that may talk to another.
public struct Flow: RegisterRow {
  /// The register's id; `from>to` when it has none.
  public let id: String
  /// The two environments.
  public let from, to: String
  /// What it is for, and who answers for it.
  public let why, owner: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, fromPlace, toPlace: Place
}

/// A row of the policies register.
public struct PolicyDocument: RegisterRow {
  /// The register's id, and the title to show.
  public let id, title: String
  /// Where it can be read, and in which version.
  public let url, version: String?
  /// When it was last reviewed.
  public let reviewedOn: CivilDay?
  /// The person who answers for it.
  public let owner: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace: Place
}

/// A row of the reviews register: one system's accounts in one month.
public struct AccessReview: RegisterRow {
  /// What was decided about an account.
  public enum Verdict: String, CaseIterable, Sendable { case keep, modify, revoke }
  /// One account's decision.
  public struct Decision: Sendable {
    /// The account's name.
    public let account: String
    /// What was decided.
    public let verdict: Verdict?
    /// When.
    public let at: TimePoint?
    /// By whom, and the ticket that carries it out.
    public let by, ticket: String?
    /// When a revoked access was seen to be gone.
    public let removedAt: TimePoint?
    /// Where it stands.
    public let place: Place
  }
  /// The register's id; `system/month` when it has none.
  public let id: String
  /// The system's or tool's id.
  public let system: String
  /// The month that it is about.
  public let month: CivilMonth
  /// When it began, and when it was signed.
  public let startedAt, reviewedAt: TimePoint?
  /// The person who signed it, and where that can be read.
  public let reviewedBy, reference: String?
  /// How many accounts there were; the decisions, when nothing else was said.
  public let accounts: Int?
  /// The decisions, in the order of the file.
  public let decisions: [Decision]
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let systemPlace, reviewerPlace: Place
}

/// A row of the attestations register.
public struct Attestation: RegisterRow {
  /// The register's id; the clause when it has none.
  public let id: String
  /// The row of the policy, such as `row-101`.
  public let clause: String
  /// What is vouched for, by whom, the proof, and the signature.
  public let statement, owner, link, signedBy: String?
  /// When it was last done, and has to be done again.
  public let performedOn, nextDue: CivilDay?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, signerPlace, clausePlace: Place
}

/// A row of the incidents register.
public struct Incident: RegisterRow {
  /// How bad an incident is, worst first.
  public enum Severity: String, CaseIterable, Sendable { case critical, high, medium, low }
  /// The register's id, and the title to show.
  public let id, title: String
  /// What sort of incident, in the company's own word.
  public let kind: String?
  /// How bad it is.
  public let severity: Severity
  /// When it was noticed.
  public let detectedAt: TimePoint
  /// When somebody took it on, it could spread no more, and it was over.
  public let acknowledgedAt, containedAt, resolvedAt: TimePoint?
  /// Whether a client must be told, and whether personal data was touched.
  public let affectsClients, touchesPersonalData: Bool
  /// When those inside, the clients and the regulator were told.
  public let notifiedInternal, notifiedClient, notifiedRegulator: TimePoint?
  /// The person who answers for it, and where the analysis of its cause is.
  public let owner, analysis: String?
  /// Ids of the findings that it is about.
  public let findings: [String]
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace: Place
}

/// A row of the risk register.
public struct Risk: RegisterRow {
  /// The register's id, and the title to show.
  public let id, title: String
  /// The person who answers for it, and what is done about it.
  public let owner, treatment: String?
  /// When it was last judged.
  public let reviewedOn: CivilDay?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace: Place
}

/// A row of the requests register: somebody asks about their own data.
public struct DataRequest: RegisterRow {
  /// What was asked for.
  public enum Kind: String, CaseIterable, Sendable {
    case access, rectification, erasure, objection, portability, restriction
  }
  /// The register's id.
  public let id: String
  /// What was asked for.
  public let kind: Kind
  /// When it came.
  public let receivedAt: TimePoint
  /// When it was clear who asked, and when it was answered.
  public let verifiedAt, answeredAt: TimePoint?
  /// The person who answers for it.
  public let owner: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace: Place
}

/// A row of the dispositions register: what a finding turned out to be.
public struct Disposition: RegisterRow {
  /// What a finding turned out to be.
  public enum Outcome: String, CaseIterable, Sendable {
    case truePositive = "true-positive"
    case benign
    case falsePositive = "false-positive"
    case duplicate
  }
  /// The register's id; the finding and the day when it has none.
  public let id: String
  /// The finding's identity, or how it begins.
  public let finding: String
  /// What it turned out to be.
  public let outcome: Outcome
  /// Who decided it.
  public let by: String
  /// When.
  public let at: TimePoint
  /// What shows it, and where that can be read.
  public let why, reference: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let findingPlace, deciderPlace, timePlace: Place

  /// How many letters of an identity tell findings apart.
  package static let lettersMin = 8
}

/// A row of the drills register.
public struct Drill: RegisterRow {
  /// What was exercised.
  public enum Kind: String, CaseIterable, Sendable {
    case recovery, tabletop, communication, phishing
  }
  /// The register's id.
  public let id: String
  /// What was exercised.
  public let kind: Kind
  /// Ids of the systems that were recovered.
  public let systems: [String]
  /// When it was.
  public let performedOn: CivilDay?
  /// Whether it went as planned.
  public let result: TestResult?
  /// The person who answers for it, and where it is recorded.
  public let owner, reference: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let ownerPlace, systemsPlace: Place
}

/// A row of the tasks register: work that was planned, in which changes are expected.
public struct PlannedTask: RegisterRow {
  /// The register's id, and the name to show.
  public let id, name: String
  /// Who does it, as the row calls them.
  public let assignee: String
  /// From when until when; both are inclusive.
  public let from, until: TimePoint
  /// Ids, names or patterns of systems; `nil` means any.
  public let systems: [String]?
  /// When it was written; it counts for nothing before.
  public let createdAt: TimePoint
  /// Who wrote it, as the row calls them.
  public let createdBy: String?
  /// When the row holds, and where it stands.
  public let validity: Validity, place: Place
  let assigneePlace, systemsPlace, writerPlace: Place
}
