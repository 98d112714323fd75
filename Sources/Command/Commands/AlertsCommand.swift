import Alerts
import ArgumentParser
import Bytes
import Detectors
import Inputs
import Storage

/// `rollcall alerts`: what became of the messages.
struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "List messages and what became of them; send dead letters again.",
    subcommands: [List.self, Show.self, Resend.self, Test.self], defaultSubcommand: List.self)

  /// Lists messages.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List messages, the latest first.")

    @OptionGroup var places: PlaceOptions
    @OptionGroup var storePlace: StoreOptions
    @Option(help: "Only those that are sent, pending or dead.") var only: String?
    @Flag(help: "List the findings that nobody is told of instead, and why.") var unsent = false
    @Option(help: "How many at most.") var limit = 50

    func validate() throws {
      if let only, !["sent", "pending", "dead"].contains(only) {
        throw ValidationError("--only takes sent, pending or dead, not `\(only)`")
      }
      if only != nil, unsent {
        throw ValidationError("--only is about messages, --unsent about findings without any")
      }
    }

    func run() throws {
      let (store, zone) = try storePlace.open(of: places)
      let local = LocalTime(zone: zone.zone)
      if unsent { return try listUnsent(store, zone) }
      let deliveries = try store.deliveries(state: only, limit: max(0, limit))
      if !deliveries.isEmpty { Console.out("MESSAGES, the latest first (\(zone.name))\n") }
      let rows = deliveries.map { delivery in
        var fate = counted(delivery.attempts, "attempt")
        if !delivery.answer.isEmpty {
          fate += delivery.attempts == 0 ? "; " : ", the last one "
          fate += delivery.answer
        }
        if delivery.state == "pending" {
          fate +=
            delivery.isHeld
            ? "; waits for an earlier one about its subject"
            : "; next at \(local.text(delivery.due * 1_000_000_000))"
        }
        return [
          String(delivery.uid.prefix(12)), delivery.state, delivery.route, delivery.level, fate,
          delivery.message,
        ]
      }
      Columns.write(rows)
      if deliveries.isEmpty { Console.error("no messages") }
    }

    private func listUnsent(_ store: Store, _ zone: NamedZone) throws {
      let local = LocalTime(zone: zone.zone)
      let findings = try store.unsent(limit: max(0, limit))
      if !findings.isEmpty { Console.out("NOT TOLD OF, the latest first (\(zone.name))\n") }
      Columns.write(
        findings.map {
          [
            String($0.uid.prefix(12)), $0.level, local.text($0.end),
            "\($0.message)  (\($0.unsent ?? ""))",
          ]
        })
      if findings.isEmpty { Console.error("somebody is told of every finding") }
    }
  }

  /// Makes dead letters due again.
  struct Resend: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make dead letters due again; a running watch sends them.")

    @Argument(help: "The beginning of a finding's or a message's identity, or `all`.") var uid:
      String
    @OptionGroup var places: PlaceOptions
    @OptionGroup var storePlace: StoreOptions

    func run() throws {
      let configuration = try places.readConfiguration(sends: false)
      let store = try Store(reading: storePlace.path(configuration))
      let (due, refused) = try store.resend(
        uid == "all" ? "" : uid, to: Routes.names(configuration), now: Environment.now)
      for (route, count) in refused.sorted(by: { $0.key < $1.key }) {
        Console.error(
          counted(count, "message stays dead: its", "messages stay dead: their")
            + " route `\(route)` is not in the configuration; "
            + (places.config == nil
              ? "name the one that has it: --config FILE" : "give an output this name"))
      }
      Console.error(counted(due, "message is", "messages are") + " due again")
      if due == 0 { throw Ending.inputs }
    }
  }

  /// Sends a marked finding down every route.
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send a finding that is marked as a test down every route, once.")

    @OptionGroup var places: PlaceOptions

    func run() throws {
      guard let file = places.config else {
        throw ValidationError("name the configuration whose outputs to test: --config FILE")
      }
      let configuration = try Configuration(
        file: file, text: try readText(file), environment: Environment.all)
      let targets = try Routes.targets(configuration)
      guard !targets.isEmpty else {
        throw Refusal("the configuration has no outputs")
      }
      let now = Environment.now
      let finding = Finding(
        uid: "test_\(now)", detector: "rollcall-test", title: "Test of the route",
        level: .informational, message: "This is a test of Rollcall's route; nothing happened.",
        subject: "test", controls: [], techniques: [], start: now * 1_000_000_000,
        end: now * 1_000_000_000, count: 1, evidence: [])
      var failed = false
      for target in targets {
        let message = WebhookMessage(
          uid: finding.uid, body: target.body.bytes(finding, version: Rollcall.version))
        let (outcome, answer) = Postman.send(message, to: target.way)
        if outcome != .accepted { failed = true }
        Console.out(TerminalText.clean("\(target.name): \(answer)") + "\n")
      }
      if failed { throw Ending.inputs }
    }
  }
}
