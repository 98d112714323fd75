/// Who and what shows up in the generated logs, and the registers that list it.
enum Cast {
  static let people = [
    "anna", "bram", "carla", "daan", "elif", "fien", "gijs", "hanna", "ivan", "jana", "koen",
    "lotte", "mila", "noud", "olga", "pavel", "quinn", "rosa", "sam", "teun", "uma", "vera",
    "wout", "yara",
  ]
  /// Contractors whose engagement ended the day before the logs begin.
  static let expired = ["temp1", "temp2", "temp3", "temp4", "temp5", "temp6", "temp7", "temp8"]
  /// Names that guessers try: fewer than make a spray.
  static let guessed = ["root", "admin", "oracle"]
  static let hosts = ["web1", "web2", "db1", "db2", "gw1", "build1", "mail1", "backup1"]

  /// The host that a person always signs in to.
  static func host(ofPerson index: Int) -> String { hosts[index % hosts.count] }
  /// The register id of an expired contractor.
  static func id(ofExpired index: Int) -> String { "c-00\(index + 1)" }

  /// An address that nobody of the company has: one of the 131,072 set aside for benchmarks.
  static func stranger(_ number: Int) -> String {
    let low = number % 131_072
    return "198.\(18 + low >> 16).\(low >> 8 & 255).\(low & 255)"
  }

  /// The attacker of an episode; different ones until 500 episodes have passed.
  static func attacker(_ episode: Int) -> String {
    episode % 500 < 250
      ? "203.0.113.\(1 + episode % 250)" : "198.51.100.\(1 + episode % 250)"
  }

  /// The people by name; a larger crowd stands in ``Crowd/register`` instead.
  static func peopleRegister(_ crowd: Crowd) -> String {
    var lines = ["people:"]
    for (index, name) in people.enumerated() where index == 0 || crowd.isNamed {
      let id = "p-\(100 + index)"
      lines.append(
        "  - {id: \(id), name: \(name.capitalized), kind: employee, employment: {start: 2024-02-01},"
          + " accounts: {\"*\": [\(name)]}}")
    }
    lines.append(
      "  - {id: s-001, name: Operating system, kind: service, accounts: {\"*\": [root, backup]},"
        + " owner: p-100}")
    return lines.joined(separator: "\n") + "\n"
  }

  static var contractorsRegister: String {
    var lines = ["contractors:"]
    for (index, name) in expired.enumerated() {
      lines.append(
        "  - {id: \(id(ofExpired: index)), name: \(name.capitalized), company: Example Works,"
          + " accounts: {\"*\": [\(name)]}, engagement: {start: 2026-09-01, end: 2026-09-30}}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func infrastructureRegister(_ crowd: Crowd) -> String {
    var lines = ["infrastructure:"]
    for (index, name) in hosts.enumerated() {
      lines.append(
        "  - {id: \(name), kind: host, names: [\(name), \(name).example.org],"
          + " addresses: [10.0.0.\(10 + index)], environment: production, owner: p-100,"
          + " valid_from: 2024-01-01}")
    }
    if !crowd.isNamed {
      lines.append(
        "  - {id: staff, kind: network, addresses: [100.64.0.0/10], environment: corporate,"
          + " owner: p-100, valid_from: 2024-01-01}")
    }
    lines.append(
      "  - {id: www, kind: service, names: [www, www.example.org], environment: production,"
        + " owner: p-100, valid_from: 2024-01-01}")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
