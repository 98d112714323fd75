/// What a control asks for, in few words of our own.
enum Controls {
  /// The frameworks, in the order of the control table.
  enum Framework: String, CaseIterable {
    case soc2 = "SOC 2, trust services criteria"
    case iso27001 = "ISO 27001:2022, Annex A"
    case policy = "Policy, row by row"
    case other = "Other controls"
  }

  /// The framework of a control id, and the id without its framework's name.
  static func split(_ id: String) -> (Framework, String) {
    if id.hasPrefix("ISO27001:") { return (.iso27001, String(id.dropFirst(9))) }
    if id.hasPrefix("SOC2:") { return (.soc2, String(id.dropFirst(5))) }
    if id.hasPrefix("row-") { return (.policy, id) }
    if soc2[id] != nil || id.hasPrefix("CC") { return (.soc2, id) }
    if id.hasPrefix("A."), iso27001[id] != nil { return (.iso27001, id) }
    return (.other, id)
  }

  /// What the control asks for, or an empty text for an id that is not in the lists.
  static func name(_ id: String) -> String {
    let (framework, short) = split(id)
    switch framework {
    case .soc2: return soc2[short] ?? ""
    case .iso27001: return iso27001[short] ?? ""
    case .policy: return Int(short.dropFirst(4)).flatMap { policyRow($0)?.title } ?? ""
    case .other: return ""
    }
  }

  /// A key that sorts controls by framework and then by the numbers in their ids.
  static func sortKey(_ id: String) -> [Int] {
    let (framework, short) = split(id)
    let place =
      switch framework {
      case .soc2: 0
      case .iso27001: 1
      case .policy: 2
      case .other: 3
      }
    var key = [place]
    var number: Int?
    for byte in short.utf8 {
      if (0x30...0x39).contains(byte) {
        number = min((number ?? 0) * 10 + Int(byte - 0x30), 1 << 40)
      } else {
        if let value = number { key.append(1000 + value) }
        number = nil
        key.append(Int(byte))
      }
    }
    if let value = number { key.append(1000 + value) }
    return key
  }

  /// SOC 2 trust services criteria.
  static let soc2: [String: String] = [
    "CC1.4": "People are fit for their tasks",
    "CC2.1": "Information that controls rest on is sound",
    "CC2.3": "Outside parties are told of what concerns them",
    "CC3.2": "Risks are identified and weighed",
    "CC4.1": "Controls are checked to be working",
    "CC5.2": "General controls over technology",
    "CC5.3": "Controls are put into policies and procedures",
    "CC6.1": "Logical access is protected",
    "CC6.2": "Users are registered before access and removed after",
    "CC6.3": "Access follows roles and least privilege",
    "CC6.4": "Physical access is restricted",
    "CC6.5": "Data is unreadable before an asset is given up",
    "CC6.6": "The boundary is guarded against outsiders",
    "CC6.7": "Data is protected while it moves",
    "CC6.8": "Unauthorised software is prevented or found",
    "CC7.1": "Changes in configuration and weaknesses are found",
    "CC7.2": "Systems are watched for anomalies",
    "CC7.3": "Security events are weighed",
    "CC7.4": "Incidents are answered",
    "CC7.5": "Operations recover after incidents",
    "CC8.1": "Changes are approved, tested and recorded",
    "CC9.2": "Vendors and partners are managed",
    "A1.1": "Capacity is watched",
    "A1.2": "Backups and recovery are in place",
    "A1.3": "Recovery is tested",
    "C1.1": "Confidential data is identified and kept",
    "C1.2": "Confidential data is disposed of",
    "P5.1": "People reach the data about themselves",
    "P8.1": "Questions and complaints about privacy are handled",
  ]

  /// ISO/IEC 27001:2022, Annex A.
  static let iso27001: [String: String] = [
    "A.5.1": "Policies of information security",
    "A.5.2": "Security roles and responsibilities",
    "A.5.3": "Duties are kept apart",
    "A.5.7": "Knowledge of threats",
    "A.5.9": "Inventory of assets",
    "A.5.10": "Acceptable use",
    "A.5.11": "Assets are handed back",
    "A.5.12": "Data carries its class",
    "A.5.14": "Transfer of information",
    "A.5.15": "Rules for access",
    "A.5.16": "Identities and their life cycle",
    "A.5.17": "Passwords, keys and other secrets",
    "A.5.18": "Access rights: granted, reviewed, removed",
    "A.5.19": "Security with suppliers",
    "A.5.20": "Security in supplier agreements",
    "A.5.21": "Security in the supply chain",
    "A.5.22": "Suppliers are monitored and reviewed",
    "A.5.23": "Use of cloud services",
    "A.5.24": "Incidents are prepared for",
    "A.5.25": "Events are assessed",
    "A.5.26": "Incidents are answered",
    "A.5.27": "Incidents are learnt from",
    "A.5.28": "Evidence is collected",
    "A.5.30": "Systems are ready to be recovered",
    "A.5.33": "Records are protected",
    "A.5.34": "Privacy and personal data",
    "A.5.35": "Independent review",
    "A.5.36": "Own rules are complied with",
    "A.6.1": "Screening",
    "A.6.5": "Duties after employment ends",
    "A.6.6": "Confidentiality agreements",
    "A.6.7": "Remote working",
    "A.8.1": "End-user devices",
    "A.8.2": "Privileged access",
    "A.8.3": "Access to information is restricted",
    "A.8.4": "Access to source code",
    "A.8.5": "Secure sign-in",
    "A.8.6": "Capacity is managed",
    "A.8.7": "Protection against malware",
    "A.8.8": "Technical weaknesses",
    "A.8.9": "Configuration",
    "A.8.12": "Leaks of data are prevented",
    "A.8.13": "Backups",
    "A.8.15": "Logging",
    "A.8.16": "Monitoring",
    "A.8.17": "Clocks agree",
    "A.8.18": "Privileged utilities",
    "A.8.19": "Installing software",
    "A.8.20": "Networks are secured",
    "A.8.21": "Network services are secured",
    "A.8.22": "Networks are segregated",
    "A.8.23": "Web filtering",
    "A.8.24": "Cryptography",
    "A.8.26": "Applications are made secure",
    "A.8.30": "Development by others",
    "A.8.31": "Environments are kept apart",
    "A.8.32": "Changes",
    "A.8.33": "Data that is used for tests",
    "A.8.34": "Systems are safe while audited",
  ]
}
