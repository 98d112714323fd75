/// What `%policy.NAME%` in a detector stands for: an entry as it is, or what follows from entries.
extension Policy {
  /// A text that follows from entries, under a name of its own.
  private static let derived:
    [(name: String, entries: [String], text: @Sendable (Policy) -> String)] = [
      ("slo.fast_share", ["slo.budget", "slo.fast_factor"], { $0.share("slo.fast_factor") }),
      ("slo.slow_share", ["slo.budget", "slo.slow_factor"], { $0.share("slo.slow_factor") }),
      (
        "backup.retention_seconds", ["backup.retention"],
        { "\($0.seconds("backup.retention"))" }
      ),
      ("tls.versions_old", ["tls.version_min"], { $0.oldVersions }),
      ("port.ranges_beyond", ["port.public"], { $0.portRangesBeyond }),
    ]

  /// The entries that a placeholder's text follows from.
  package static func entries(behind name: String) -> [String] {
    derived.first { $0.name == name }?.entries ?? [name]
  }

  /// What a placeholder stands for, a list's values parted by a comma and a blank; `nil` when there is none of that name.
  public func placeholder(_ name: String) -> String? {
    if let derived = Policy.derived.first(where: { $0.name == name }) { return derived.text(self) }
    guard let entry = self[name] else { return nil }
    // A list of nothing is told as `none`, which no detector must take for a value.
    return entry.sort == .list && texts(name).isEmpty ? "" : entry.value
  }

  /// The share of failures that uses up the budget so many times as fast as the objective allows.
  ///
  /// Written with nine digits behind the point, so that the product of two decimals is the decimal that it says.
  private func share(_ factor: String) -> String {
    // More than a thousand million is as good as never, and fits.
    let share = min(1e9, decimal("slo.budget") * decimal(factor))
    let billionths = Int((share * 1e9).rounded())
    let digits = String(billionths % 1_000_000_000)
    return "\(billionths / 1_000_000_000)." + String(repeating: "0", count: 9 - digits.count)
      + digits
  }

  /// The versions of TLS, as `tls.version` spells them, that are older than the policy takes.
  private var oldVersions: String {
    let least = decimal("tls.version_min")
    let versions: [(Double, String)] = [
      (0.2, "SSLv2"), (0.3, "SSLv3"), (1.0, "1.0"), (1.1, "1.1"), (1.2, "1.2"), (1.3, "1.3"),
    ]
    return versions.filter { $0.0 < least }.map(\.1).joined(separator: ", ")
  }

  /// A pattern of every range of ports that is more than one of the public ports.
  ///
  /// The ends are written as CloudTrail does: `22, "toPort": 22`. It wants no digit behind it.
  private var portRangesBeyond: String {
    let ports = texts("port.public").sorted()
    let beyond = "-1|" + Policy.pattern(ofNumbersBeyond: ports)
    return
      (ports.map { #"\#($0), ?"toPort": ?(?:\#(Policy.pattern(ofNumbersBeyond: [$0])))"# } + [
        beyond
      ])
      .joined(separator: "|")
  }

  /// A regular expression of every whole number that is none of these; it wants no digit behind it.
  ///
  /// It goes through the digits that numbers begin with: where no number goes on with a digit, any others may follow.
  ///
  /// - Parameters:
  ///   - numbers: Digits, without a zero in front.
  ///   - beginning: What the numbers begin with, which the expression leaves out.
  static func pattern(ofNumbersBeyond numbers: [String], after beginning: String = "") -> String {
    var (free, parts) = ("", [String]())
    for digit in "0123456789" {
      let longer = beginning + String(digit)
      let known = numbers.filter { $0.hasPrefix(longer) }
      guard !known.isEmpty else {
        free.append(digit)
        continue
      }
      let rest = pattern(ofNumbersBeyond: known, after: longer)
      parts.append("\(digit)(?:\(rest))\(known.contains(longer) ? "" : "?")")
    }
    if !free.isEmpty { parts.insert("[\(free)]\\d*", at: 0) }
    return parts.joined(separator: "|")
  }
}
