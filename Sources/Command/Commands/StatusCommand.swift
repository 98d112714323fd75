import Alerts
import ArgumentParser
import Bytes
import Storage

/// `rollcall status`: what `watch` has done so far.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far watch has come, and what it has found.")

  @OptionGroup var places: PlaceOptions
  @OptionGroup var storePlace: StoreOptions
  @Option(help: "How many of the latest findings to show.") var findings = 5

  func run() throws {
    let (store, zone) = try storePlace.open(of: places)
    let summary = try store.summary(latest: max(0, findings))
    if !store.isWritten {
      Console.error(
        "no `rollcall watch` is running on this store; this is how the last one left it")
    }
    let local = LocalTime(zone: zone.zone)
    var lines: [String] = []
    let width = max(6, summary.sources.map(\.name.count).max() ?? 0)
    let heading = "LATEST EVENT (\(zone.name))"
    let timeWidth = max(20, heading.count)
    lines.append(
      "\(pad("SOURCE", width))  \(pad(heading, timeWidth))  \(right("LINES"))  "
        + "\(right("PARSED"))  \(right("REJECTED"))")
    for source in summary.sources {
      let time = source.followed > 0 ? local.text(source.followed) : "nothing yet"
      lines.append(
        "\(pad(source.name, width))  \(pad(time, timeWidth))  "
          + "\(right("\(source.lines)"))  \(right("\(source.parsed)"))  "
          + right("\(source.rejected)")
          + (source.note.isEmpty ? "" : "  \(source.note)"))
    }
    func count(_ state: String) -> Int { summary.deliveries[state] ?? 0 }
    lines += [
      "",
      "\(counted(summary.findings, "finding")), \(summary.unsent) of them not told of · messages: "
        + "\(count("sent")) delivered · \(count("pending")) waiting · "
        + counted(count("dead"), "dead letter")
        + (summary.gathered == 0
          ? ""
          : " · " + counted(summary.gathered, "finding waits", "findings wait") + " for others"),
    ]
    for finding in summary.latest {
      lines.append(
        "\(pad(finding.level, 13)) \(local.text(finding.end))  \(finding.message)"
          + (finding.unsent.map { "  (not told: \($0))" } ?? ""))
    }
    Console.out(lines.map { TerminalText.clean($0) + "\n" }.joined())
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func right(_ text: String) -> String {
    String(repeating: " ", count: max(0, 9 - text.count)) + text
  }
}
