/// Where something stands in a register's file, counted from one.
public struct Place: Hashable, Sendable {
  /// The file as the user named it.
  public let file: String
  /// Line and column of the value.
  public let line, column: Int
}

/// From when until when a row holds, nanoseconds since 1970 UTC.
public struct Validity: Hashable, Sendable {
  /// The first nanosecond inside, and the first outside.
  public let start, end: Int64

  /// Whether a time lies inside.
  public func contains(_ time: Int64) -> Bool { time >= start && time < end }

  /// Whether two rows hold at the same time.
  public func overlaps(_ other: Validity) -> Bool {
    max(start, other.start) < min(end, other.end)
  }

  /// The time that lies in both.
  func clamped(start: Int64?, end: Int64?) -> Validity {
    Validity(start: max(self.start, start ?? .min), end: min(self.end, end ?? .max))
  }
}

/// An account name on one system, or on all of them.
public struct Account: Hashable, Sendable {
  /// The system's id, or `*`.
  public let system: String
  /// The name that logs show.
  public let name: String
}

/// An employee or a service account of the people register.
public struct Person: Sendable {
  /// What a row of the people register stands for.
  public enum Kind: String, Sendable, CaseIterable {
    /// Someone in employment.
    case employee
    /// An account that a program uses.
    case service
  }
  /// The register's id.
  public let id: String
  /// The name to show.
  public let name: String
  /// Employee or service.
  public let kind: Kind
  /// The employment as registered; both days are inclusive.
  public let start, end: CivilDay?
  /// When access should exist: employment within the row's own validity.
  public let validity: Validity
  /// Roles held during that time, such as `approver:contractor`.
  public let roles: [String]
  /// Account names.
  public let accounts: [Account]
  /// The person who answers for a service.
  public let owner: String?
  /// Agreed countries, and hours as written.
  public let countries, hours: [String]
  /// Addresses, and fingerprints of SSH keys.
  public let emails, keys: [String]
  /// The manager's id, and the job as the role matrix calls it.
  public let manager, jobRole: String?
  /// The highest tier of data that the person may see.
  public let clearance: DataTier?
  /// When the background was checked, and the confidentiality agreement signed.
  public let screenedOn, agreementOn: CivilDay?
  /// Access that was given, with its ticket.
  public let access: [AccessGrant]
  /// How the access ended; `nil` when nothing was written.
  public let offboarding: Offboarding?
  /// Where the row stands.
  public let place: Place
  let endPlace, ownerPlace, managerPlace, jobRolePlace: Place
}

/// One extension of a contractor's access, and whether it counts.
public struct Renewal: Sendable {
  /// The last day that it grants.
  public let until: CivilDay?
  /// The approver's id.
  public let approvedBy: String?
  /// When it was approved, as written and resolved.
  public let approvedAt: TimePoint?
  /// How and where the approval can be read, and where it was exported to.
  public let channel, reference, evidence: String?
  /// Why the renewal does not count, and what to do; `nil` when it does.
  public internal(set) var refusal: Refusal?
  /// Where it stands.
  public let place: Place

  /// Why something in a register does not count.
  public struct Refusal: Hashable, Sendable {
    /// What is wrong.
    public let reason: String
    /// What to change.
    public let fix: String
  }
  /// Whether the renewal extends the access.
  public var isValid: Bool { refusal == nil }
}

/// What a contractor may do; an absent part is not restricted.
public struct Scope: Sendable {
  /// Ids, names or patterns of systems.
  public let systems: [String]?
  /// Environments, or patterns of them.
  public let environments: [String]?
  /// Patterns of `event.action`.
  public let actions: [String]?
  /// Hours as written.
  public let hours: [String]?
  /// The zone of the hours when it is not the organisation's.
  public let timezone: String?
  /// ISO 3166 codes of countries.
  public let countries: [String]?
  /// Tiers of data that the contractor may see.
  public let dataTiers: [DataTier]?
  let windows: [HourWindow]?
  let systemsPlace: Place
}

/// The end of somebody's access as it was carried out.
public struct Offboarding: Sendable {
  /// When the work ended, if not with the last agreed day, and when that was made known.
  public let endedAt, noticeAt: TimePoint?
  /// When all access was gone.
  public let completedAt: TimePoint?
  /// Where that is recorded.
  public let reference: String?
  /// When access was revoked, by system.
  public let checklist: [Revocation]
  /// Where it was confirmed that no data stayed behind.
  public let dataConfirmation: String?
  /// Where it stands.
  public let place: Place
}

/// A row of the contractors register.
public struct Contractor: Sendable {
  /// The register's id.
  public let id: String
  /// The name to show.
  public let name: String
  /// Whom the contractor works for.
  public let company: String?
  /// Account names.
  public let accounts: [Account]
  /// The first day.
  public let start: CivilDay
  /// The last day as registered; `nil` when the register has none.
  public let registeredEnd: CivilDay?
  /// The last day that policy and valid renewals grant.
  public internal(set) var grantedEndDay: CivilDay
  /// The last day with access: the granted one, or the one on which the work ended sooner.
  public internal(set) var effectiveEndDay: CivilDay
  /// The first nanosecond without access, UTC.
  public internal(set) var effectiveEnd: Int64
  /// The first nanosecond without access if nothing was renewed.
  var firstEnd = Int64.max
  /// The row's own validity.
  public let validity: Validity
  /// Extensions, in order, with verdicts.
  public internal(set) var renewals: [Renewal]
  /// What was agreed; `nil` when nothing was.
  public let scope: Scope?
  /// Access that was given, with its ticket.
  public let granted: [AccessGrant]
  /// How the access ended; `nil` when nothing was written.
  public let offboarding: Offboarding?
  /// Addresses, and fingerprints of SSH keys.
  public let emails, keys: [String]
  /// When the background was checked, and the confidentiality agreement signed.
  public let screenedOn, agreementOn: CivilDay?
  /// The employee who answers for the contractor.
  public let owner: String?
  /// Where the row stands.
  public let place: Place
  let endPlace, ownerPlace: Place
}

/// A row of the infrastructure register: a host, a network, a cluster or a bucket.
public struct System: Sendable {
  /// The register's id.
  public let id: String
  /// What it is, in the company's own word.
  public let kind: String
  /// Host names and domains, or patterns of them.
  public let names: [String]
  /// Addresses and networks, as written.
  public let addresses: [String]
  /// The part of the house it serves: `production`, `staging` or the like.
  public let environment: String?
  /// The person who answers for it.
  public let owner: String?
  /// Whether it can be reached from the internet.
  public let isInternetFacing: Bool
  /// Whether nobody may sign in without a second factor, and whether all sign-ins must come
  /// through single sign-on.
  public let needsSecondFactor, needsSingleSignOn: Bool
  /// Ports that may be open; `nil` when nothing was agreed.
  public let allowedPorts: [PortRange]?
  /// The highest tier of data on it.
  public let classification: DataTier?
  /// The provider's region, and the country, where it stands.
  public let region, country: String?
  /// The name of the source whose log shows its use.
  public let auditSource: String?
  /// How long a recovery may take.
  public let recoverySeconds: Int?
  /// Where the recovery is described, and how much depends on the system.
  public let runbook, criticality: String?
  /// The company's own words for it.
  public let tags: [String]
  /// Ids of those who may deploy to it; `nil` when nothing was agreed.
  public let deployers: [String]?
  /// What the service promises.
  public let serviceLevel: ServiceLevel?
  /// When the entry was last looked at.
  public let reviewedOn: CivilDay?
  /// When it existed.
  public let validity: Validity
  /// Where the row stands.
  public let place: Place
  let ownerPlace, deployersPlace: Place
  let prefixes: [NetworkPrefix]
}

/// A row of the tools register.
public struct Tool: Sendable {
  /// What the register says about a tool.
  public enum Status: String, Sendable, CaseIterable {
    /// May be used from its approval on.
    case approved
    /// Asked for, not allowed yet.
    case proposed
    /// Was allowed once.
    case retired
    /// A private cloud that company data must not reach.
    case personalCloud = "personal-cloud"
  }
  /// The register's id.
  public let id: String
  /// The name to show.
  public let name: String
  /// Domains, or patterns of them.
  public let domains: [String]
  /// The status as registered.
  public let status: Status
  /// Who brought it in, and when.
  public let introducedBy, introducedOn: String?
  /// The approval: by whom, when, how and where it can be read.
  public let approvedBy: String?
  /// When it was approved, as written and resolved.
  public let approvedAt: TimePoint?
  /// How and where the approval can be read, and where it was exported to.
  public let channel, reference, evidence: String?
  /// The person who answers for it.
  public let owner: String?
  /// The vendor's questionnaire and the justification, as references.
  public let questionnaire, justification: String?
  /// When the questionnaire was complete.
  public let questionnaireOn: CivilDay?
  /// Who makes or runs it.
  public let vendor: String?
  /// How logs name it: clients at our sign-on, apps, images, services of a cloud, programs.
  public let oauthClients, apps, images, eventSources, userAgents: [String]
  /// Whether it handles personal data, and can be reached from the internet; `nil` when not said.
  public let handlesPersonalData, isInternetFacing: Bool?
  /// Where the privacy impact was assessed, and the data-sharing agreement is.
  public let privacyAssessment, agreement: String?
  /// When the row holds; after its end the tool is retired.
  public let validity: Validity
  /// Where the row stands.
  public let place: Place
  let ownerPlace, approvalPlace: Place
}

/// A row of the approvals register.
public struct Approval: Sendable {
  /// What was approved.
  public enum Kind: String, Sendable, CaseIterable {
    case scope, tool, renewal, exception
    /// Credentials of a production database.
    case productionDatabase = "prod_db"
  }
  /// The register's id.
  public let id: String
  /// What was approved.
  public let kind: Kind
  /// For whom or what: an id of another register.
  public let subject: String?
  /// The systems and environments it covers, as ids, names or patterns; absent means any.
  public let systems, environments: [String]?
  /// From when until when, as written and resolved; both are inclusive.
  public let from, until: TimePoint?
  /// The approver's id.
  public let approvedBy: String?
  /// When it was approved, as written and resolved.
  public let approvedAt: TimePoint?
  /// How and where the approval can be read, and where it was exported to.
  public let channel, reference, evidence: String?
  /// Why it is needed, who answers for it, what it is an exception from, and what must hold meanwhile.
  public let reason, owner, control, conditions: String?
  /// Why it clears nothing, and what to do; `nil` when it counts.
  public internal(set) var refusal: Renewal.Refusal?
  /// The row's own validity.
  public let validity: Validity
  /// Where the row stands.
  public let place: Place
  let ownerPlace, subjectPlace, systemsPlace: Place
}
