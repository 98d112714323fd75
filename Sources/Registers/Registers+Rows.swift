/// The rows of the registers that say what has to be done, and what was.
extension Registers {
  /// Companies that handle our data or our customers' data.
  public var subprocessors: [Subprocessor] { duties.subprocessors }
  /// Keys, tokens and passwords by name.
  public var secrets: [Secret] { duties.secrets }
  /// What is backed up, and restores that were tried.
  public var backups: [Backup] { duties.backups }
  /// What each client may use, and what was promised to it.
  public var limits: [Limit] { duties.limits }
  /// The role matrix.
  public var roles: [JobRole] { duties.roles }
  /// Which environments may talk to which others.
  public var flows: [Flow] { duties.flows }
  /// The company's policy documents.
  public var policies: [PolicyDocument] { duties.policies }
  /// Access reviews.
  public var reviews: [AccessReview] { duties.reviews }
  /// Controls that no log can show, and who vouches for them.
  public var attestations: [Attestation] { duties.attestations }
  /// Incidents and how they were handled.
  public var incidents: [Incident] { duties.incidents }
  /// The risk register.
  public var risks: [Risk] { duties.risks }
  /// Requests of people about their own data.
  public var requests: [DataRequest] { duties.requests }
  /// Exercises.
  public var drills: [Drill] { duties.drills }
  /// What findings turned out to be.
  public var dispositions: [Disposition] { duties.dispositions }
  /// Work that was planned.
  public var tasks: [PlannedTask] { duties.tasks }

  /// The rows of one register, in the order of the files.
  public func rows(of kind: RegisterKind) -> [any RegisterRow] {
    switch kind {
    case .people: people
    case .contractors: contractors
    case .infrastructure: infrastructure
    case .tools: tools
    case .approvals: approvals
    case .subprocessors: subprocessors
    case .secrets: secrets
    case .backups: backups
    case .limits: limits
    case .roles: roles
    case .flows: flows
    case .policies: policies
    case .reviews: reviews
    case .attestations: attestations
    case .incidents: incidents
    case .risks: risks
    case .requests: requests
    case .drills: drills
    case .dispositions: dispositions
    case .tasks: tasks
    }
  }
}
