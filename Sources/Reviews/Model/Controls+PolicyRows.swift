extension Controls {
  /// One row of the organisation's own policies.
  struct PolicyRow {
    /// What can show that the row holds.
    enum Proof {
      /// Events in logs.
      case log
      /// The registers, checked as of the month's end.
      case register
      /// Another system's export, which nothing reads yet.
      case export
      /// Somebody who vouches for it.
      case attestation
    }

    /// The number by which everything cites the row, and what it asks for, in our words.
    let number: Int, title: String
    let proof: Proof
    /// What a proof would be drawn from, where that is not obvious.
    let needs: String

    init(_ number: Int, _ proof: Proof, _ title: String, needs: String = "") {
      (self.number, self.proof, self.title, self.needs) = (number, proof, title, needs)
    }

    /// `row-7`.
    var id: String { "row-\(number)" }

    /// The document that the row is from.
    var document: String {
      switch number {
      case ...23: "Contractor policy"
      case ...46, 101...128: "Control list"
      default: "Governance overview"
      }
    }

    /// Why nothing was tested for the row, when no detector, check or record is about it.
    var notRunReason: String {
      switch proof {
      case .log:
        needs.isEmpty ? "no detector is loaded for it" : "no source declared: it takes \(needs)"
      case .register: "no register declared that shows it"
      case .export: "no source declared: it takes \(needs)"
      case .attestation: "no record in the attestations register"
      }
    }
  }

  /// The row of a number, or `nil`.
  static func policyRow(_ number: Int) -> PolicyRow? {
    policyRows.indices.contains(number - 1) ? policyRows[number - 1] : nil
  }

  /// All rows: the contractor policy, the control list, the governance overview, and what is attested.
  static let policyRows: [PolicyRow] = [
    PolicyRow(1, .log, "Everyone outside the core team with access is known by name"),
    PolicyRow(2, .register, "A vendor questionnaire is complete before a tool is introduced"),
    PolicyRow(
      3, .register, "A tool has written approval, by message or mail, before its first use"),
    PolicyRow(4, .register, "An approved tool is listed with who introduced it and when"),
    PolicyRow(5, .register, "A tool's business reason stands in a task"),
    PolicyRow(6, .log, "Tools without approval are not used, not even for a while"),
    PolicyRow(7, .log, "Contractors have the least access that their task needs"),
    PolicyRow(
      8, .register, "Contractor accounts expire: at most six weeks unless renewed in writing"),
    PolicyRow(9, .log, "No contractor access is used after it has ended"),
    PolicyRow(10, .log, "Contractors reach production databases only with written approval"),
    PolicyRow(11, .log, "Contractors do not use personal cloud accounts for work"),
    PolicyRow(12, .register, "Access to every system is reviewed each month"),
    PolicyRow(13, .log, "Contractors' infrastructure changes are tracked in a task"),
    PolicyRow(14, .log, "Nothing is changed outside the agreed scope without prior approval"),
    PolicyRow(15, .log, "Unexpected infrastructure and access is looked for each month"),
    PolicyRow(16, .log, "Tools reachable from the internet are listed as subprocessors"),
    PolicyRow(17, .log, "All access is revoked within 24 hours of the end"),
    PolicyRow(18, .register, "What a leaver owned is reviewed and archived"),
    PolicyRow(19, .attestation, "No data stays in personal accounts after the end"),
    PolicyRow(20, .log, "Tools that a leaver introduced are retired or handed over"),
    PolicyRow(21, .register, "Completed offboarding is recorded in a task"),
    PolicyRow(22, .register, "Approvals come from the one who may give them, before the use"),
    PolicyRow(23, .register, "Policies are reviewed on time"),
    PolicyRow(
      24, .log, "Someone independent approves a change before production",
      needs: "merge requests with their approvals"),
    PolicyRow(25, .log, "Production data stays out of development and test"),
    PolicyRow(26, .log, "Environments are kept apart"),
    PolicyRow(
      27, .log, "Configurations follow a managed baseline",
      needs: "changes of configuration in logs"),
    PolicyRow(28, .log, "Restoring a backup is tested at least once a year"),
    PolicyRow(
      29, .log, "Internal controls are monitored all the time", needs: "detectors that run"),
    PolicyRow(
      30, .log, "Customer data is kept and removed as agreed",
      needs: "the log of the jobs that remove data"),
    PolicyRow(
      31, .export, "Weaknesses are scanned for and fixed in time",
      needs: "the results of a vulnerability scan"),
    PolicyRow(32, .log, "Network traffic is monitored", needs: "firewall or flow logs"),
    PolicyRow(33, .log, "Logging works, and tampering with it is noticed"),
    PolicyRow(34, .log, "Those concerned are alerted without delay"),
    PolicyRow(35, .log, "Only the ports that are needed are open"),
    PolicyRow(36, .log, "Data is encrypted while it moves"),
    PolicyRow(37, .log, "Privileges in use are the least needed"),
    PolicyRow(38, .log, "Strong passwords and a second factor"),
    PolicyRow(39, .log, "Administration of production is restricted"),
    PolicyRow(40, .register, "Assets have owners and are reviewed once a year"),
    PolicyRow(
      41, .register, "Access to servers, databases and applications is reviewed on schedule"),
    PolicyRow(42, .log, "Access is removed when employment ends"),
    PolicyRow(43, .export, "Endpoints are protected", needs: "a report of the endpoints' state"),
    PolicyRow(44, .register, "Incidents are tracked until resolved"),
    PolicyRow(45, .register, "Assets, vendors and risks are reviewed on schedule"),
    PolicyRow(46, .attestation, "Controls without logs are attested"),
    PolicyRow(47, .log, "Attempts at unauthorised access are noticed"),
    PolicyRow(48, .log, "Scraping is noticed"),
    PolicyRow(49, .log, "Denial of service is noticed", needs: "access logs with a baseline"),
    PolicyRow(50, .log, "Clients stay within their API limits"),
    PolicyRow(
      51, .export, "Clients stay within their storage quotas", needs: "an export of storage in use"),
    PolicyRow(52, .log, "Webhooks are sent no more often than agreed"),
    PolicyRow(
      53, .log, "Breaches of limits are acted upon, step by step", needs: "a register of cases"),
    PolicyRow(54, .log, "Roles are defined, and only defined roles are granted"),
    PolicyRow(55, .log, "Accounts are created on request, by those who may"),
    PolicyRow(56, .log, "Every system in scope writes an audit log"),
    PolicyRow(57, .log, "Sessions end in time, and privileged work asks again"),
    PolicyRow(58, .register, "Data and systems carry a classification"),
    PolicyRow(59, .log, "Confidential data is not shared beyond its circle"),
    PolicyRow(60, .log, "Exceptions end when they should, and are used for what they are for"),
    PolicyRow(61, .log, "Data is deleted for good", needs: "the log of deletion jobs"),
    PolicyRow(62, .register, "Incidents are answered within the time of their severity"),
    PolicyRow(63, .register, "Every incident has an owner, and the roles have holders"),
    PolicyRow(64, .register, "Those concerned are told of incidents in time"),
    PolicyRow(
      65, .log, "Evidence of incidents is kept unchanged",
      needs: "the evidence bundles of incidents"),
    PolicyRow(66, .register, "Grave incidents are analysed afterwards"),
    PolicyRow(67, .log, "Anomalies raise alerts"),
    PolicyRow(68, .log, "Backups run as often as agreed, and succeed"),
    PolicyRow(69, .log, "Backups go where they should, and can not be changed there"),
    PolicyRow(70, .log, "Backups are kept as long as agreed"),
    PolicyRow(71, .log, "Restores finish within the agreed time", needs: "the log of restores"),
    PolicyRow(72, .register, "Requests of people about their data are answered in time"),
    PolicyRow(73, .register, "Privacy is assessed before personal data goes to a tool"),
    PolicyRow(74, .log, "Data stays in the agreed countries"),
    PolicyRow(75, .attestation, "Clauses without logs are attested"),
    PolicyRow(
      76, .export, "Code is analysed before it is deployed", needs: "the jobs of the pipelines"),
    PolicyRow(
      77, .export, "Weaknesses are patched by their severity, and clients told",
      needs: "the results of a vulnerability scan"),
    PolicyRow(
      78, .log, "Each component has a recovery time, a runbook and a drill",
      needs: "runbooks and drills by component"),
    PolicyRow(79, .log, "Virtual machines are snapshotted"),
    PolicyRow(80, .register, "Recovery and incident drills take place twice a year"),
    PolicyRow(
      81, .export, "Everybody is trained each quarter", needs: "an export of the training system"),
    PolicyRow(82, .log, "OAuth clients follow the standard"),
    PolicyRow(83, .log, "People sign in through single sign-on"),
    PolicyRow(84, .register, "Integrations and their vendors are reviewed and approved"),
    PolicyRow(85, .log, "Secrets are only in their store, never in logs"),
    PolicyRow(86, .log, "Secrets are rotated in time"),
    PolicyRow(
      87, .log, "Keys and tokens are one person's each, and not used once they are revoked"),
    PolicyRow(88, .log, "Access to secrets is watched"),
    PolicyRow(
      89, .export, "Commits and artifacts are signed", needs: "the signature state of commits"),
    PolicyRow(90, .log, "Secrets are injected into pipelines, never written down"),
    PolicyRow(91, .log, "Only those listed deploy"),
    PolicyRow(
      92, .export, "A deployment can be traced back to its build",
      needs: "pipelines, image digests and deployments in one export"),
    PolicyRow(93, .log, "Containers are confined"),
    PolicyRow(
      94, .export, "Images are scanned and come from listed bases",
      needs: "the results of an image scan"),
    PolicyRow(95, .log, "Containers do not run as root"),
    PolicyRow(
      96, .export, "Containers and images are not too old", needs: "a list of running containers"),
    PolicyRow(97, .log, "Services are available, fast and correct as promised"),
    PolicyRow(98, .log, "Clients can see how their service does", needs: "the client's dashboard"),
    PolicyRow(99, .register, "Promises can differ by client"),
    PolicyRow(100, .register, "Policies are reviewed each year and after significant changes"),
    PolicyRow(101, .attestation, "Secure development policy"),
    PolicyRow(102, .attestation, "Change management policy"),
    PolicyRow(103, .attestation, "Business continuity and recovery policy"),
    PolicyRow(104, .attestation, "Disciplinary action is documented"),
    PolicyRow(105, .attestation, "New people are screened and sign a confidentiality agreement"),
    PolicyRow(106, .attestation, "The security programme is reviewed"),
    PolicyRow(107, .attestation, "Cyber insurance is in force"),
    PolicyRow(108, .attestation, "Everybody accepts the policies"),
    PolicyRow(109, .attestation, "Code of conduct"),
    PolicyRow(110, .attestation, "Information security policy"),
    PolicyRow(111, .attestation, "Security roles and responsibilities are written down"),
    PolicyRow(112, .attestation, "Internal control policy"),
    PolicyRow(113, .attestation, "Organisation chart"),
    PolicyRow(114, .attestation, "An independent adviser or security team is heard"),
    PolicyRow(115, .attestation, "Data retention and disposal policy"),
    PolicyRow(116, .attestation, "Data classification policy"),
    PolicyRow(117, .attestation, "A third party tests for weaknesses"),
    PolicyRow(118, .attestation, "Incident response plan"),
    PolicyRow(119, .attestation, "Risks are assessed, fraud among them"),
    PolicyRow(120, .attestation, "Risk assessment and treatment policy"),
    PolicyRow(121, .attestation, "Vendor risk management policy"),
    PolicyRow(122, .attestation, "The risk register is kept"),
    PolicyRow(123, .attestation, "Network security policy"),
    PolicyRow(124, .attestation, "Encryption and key management policy"),
    PolicyRow(125, .attestation, "Access control and termination policy"),
    PolicyRow(126, .attestation, "Customers are told what they have to know"),
    PolicyRow(127, .attestation, "There is a confidential way to report"),
    PolicyRow(128, .attestation, "The services are described in public"),
    PolicyRow(129, .attestation, "There is a way to report abuse and weaknesses"),
    PolicyRow(130, .attestation, "Security lead, operations, legal and client contact are named"),
    PolicyRow(131, .attestation, "What the client backs up itself is agreed"),
    PolicyRow(132, .attestation, "Consent can be given and taken back"),
    PolicyRow(133, .attestation, "Continuity scenarios are written down"),
    PolicyRow(134, .attestation, "Ways to communicate in a crisis are tried"),
    PolicyRow(135, .attestation, "Data sharing is agreed with each partner"),
    PolicyRow(136, .attestation, "Developers go through the secrets checklist"),
    PolicyRow(137, .attestation, "How data is deleted is certified"),
    PolicyRow(138, .attestation, "Each client's service levels are agreed in writing"),
  ]
}
