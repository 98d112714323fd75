import Alerts
import ArgumentParser
import Bytes
import Storage

extension AlertsCommand {
  /// Shows what became of one finding.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show one finding's messages: every attempt, every answer, and how each ended.")

    @Argument(help: "The beginning of a finding's identity, or of a message's.") var uid: String
    @OptionGroup var places: PlaceOptions
    @OptionGroup var storePlace: StoreOptions

    func run() throws {
      let (store, zone) = try storePlace.open(of: places)
      let limit = 10
      var found = try store.findings(beginningWith: uid, limit: limit)
      // A whole identity is meant, even where others begin with it.
      if let exact = found.first(where: { $0.uid == uid }) { found = [exact] }
      guard found.count <= 1 else {
        throw ValidationError(
          "\(found.count == limit ? "\(limit) or more" : "\(found.count)") findings begin with "
            + "`\(uid)`: give more of it")
      }
      if let finding = found.first {
        return show(try store.ledger(of: finding), zone)
      }
      let told = try store.findings(ofMessage: uid, limit: FindingGroup.listedMax)
      guard !told.isEmpty else {
        Console.error("no finding and no message begins with `\(uid)`")
        throw Ending.inputs
      }
      for finding in told { show(try store.ledger(of: finding), zone) }
    }

    private func show(_ ledger: StoredLedger, _ zone: NamedZone) {
      let local = LocalTime(zone: zone.zone)
      func time(_ seconds: Int64) -> String { local.text(seconds * 1_000_000_000) }
      let finding = ledger.finding
      var lines = [
        "\(finding.uid)",
        "  \(finding.level)  \(finding.detector)  \(finding.subject)  "
          + "\(local.text(finding.start)) to \(local.text(finding.end)) \(zone.name)  "
          + counted(finding.count, "event"),
        "  \(finding.message)",
      ]
      if let why = finding.unsent { lines.append("  nobody was told: \(why)") }
      for wait in ledger.waiting {
        lines.append("  \(wait.route): waits for others of its group until \(time(wait.due))")
      }
      for message in ledger.messages {
        let delivery = message.delivery
        let others = message.findings == 1 ? "" : ", with \(counted(message.findings - 1, "other"))"
        var next = ""
        if delivery.state == "pending" {
          next =
            delivery.isHeld
            ? ", waits for an earlier one about its subject" : ", next at \(time(delivery.due))"
        }
        lines.append("  \(delivery.route): \(delivery.state)\(next)  \(delivery.uid)\(others)")
        for attempt in message.attempts {
          lines.append("    \(time(attempt.at))  \(attempt.answer)")
        }
      }
      Console.out(lines.map { TerminalText.clean($0) + "\n" }.joined())
    }
  }
}
