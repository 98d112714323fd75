/// The registers that there are, by the key at the top of their file.
public enum RegisterKind: String, CaseIterable, Sendable {
  case people, contractors, infrastructure, tools, approvals
  case subprocessors, secrets, backups, limits, roles, flows, policies, reviews, attestations
  case incidents, risks, requests, drills, dispositions, tasks

  /// What one row stands for, as messages call it.
  var rowName: String {
    switch self {
    case .people: "a person"
    case .contractors: "a contractor"
    case .infrastructure: "a system"
    case .tools: "a tool"
    case .approvals: "an approval"
    case .subprocessors: "a subprocessor"
    case .secrets: "a secret"
    case .backups: "a backup"
    case .limits: "a limit"
    case .roles: "a job role"
    case .flows: "a flow"
    case .policies: "a policy"
    case .reviews: "a review"
    case .attestations: "an attestation"
    case .incidents: "an incident"
    case .risks: "a risk"
    case .requests: "a request"
    case .drills: "a drill"
    case .dispositions: "a disposition"
    case .tasks: "a task"
    }
  }

  /// What the register is for, in one sentence.
  public var summary: String {
    switch self {
    case .people: "Employees and service accounts: who works here, and how systems call them."
    case .contractors: "People who work here for a limited time, and what was agreed with them."
    case .infrastructure: "Hosts, networks, services and domains that there should be."
    case .tools: "Software and services in use, with the approval that came first."
    case .approvals: "Written approvals and exceptions; one counts from the moment it was given."
    case .subprocessors: "Companies that handle our data or our customers' data."
    case .secrets: "Keys, tokens and passwords by name and place; never their values."
    case .backups: "What is backed up, how often and where to, and when a restore was tried."
    case .limits: "What each client may use, and what was promised to it."
    case .roles: "The role matrix: which roles on which systems a job brings with it."
    case .flows: "Which environments may talk to which others, and why."
    case .policies: "The company's policy documents and their last reviews."
    case .reviews: "Access reviews: one for a system and a month, with its decisions."
    case .attestations: "Controls that no log can show: who vouches for them, and until when."
    case .incidents: "Incidents and how they were handled."
    case .risks: "The risk register."
    case .requests: "Requests of people about their own data."
    case .drills: "Exercises: recovery, tabletop and the like."
    case .dispositions: "What findings turned out to be, and who decided that."
    case .tasks: "Work that was planned: who does it, and in which days; changes belong to it."
    }
  }

  /// The keys of a row.
  public var keys: RegisterKeys {
    switch self {
    case .people: .people
    case .contractors: .contractors
    case .infrastructure: .infrastructure
    case .tools: .tools
    case .approvals: .approvals
    case .subprocessors: .subprocessors
    case .secrets: .secrets
    case .backups: .backups
    case .limits: .limits
    case .roles: .roles
    case .flows: .flows
    case .policies: .policies
    case .reviews: .reviews
    case .attestations: .attestations
    case .incidents: .incidents
    case .risks: .risks
    case .requests: .requests
    case .drills: .drills
    case .dispositions: .dispositions
    case .tasks: .tasks
    }
  }
}
