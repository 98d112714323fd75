extension Draft {
  /// Changes and deployments, and how many of them name a ticket or fall into a task.
  var changeBlocks: [Review.Block] {
    let deployments = facts.changes.filter(\.isDeployment)
    let others = facts.changes.filter { !$0.isDeployment }
    return [
      .prose(linkedSentence),
      .table(changeTable("deployments", "Deployments", deployments)),
      .table(changeTable("changes", "Other changes", others)),
      .table(
        findingTable(
          "change-findings", "Findings on changes",
          citing: ["row-13", "row-14", "row-24", "row-27", "row-55", "row-76", "row-91", "row-92"])),
    ]
  }

  private var linkedSentence: String {
    let all = facts.changes.reduce(0) { $0 + $1.done }
    guard all > 0 else {
      return "No change was seen: 0 of \(grouped(facts.ledger.parsed)) events checked."
    }
    let linked = facts.changes.filter { !$0.ticket.isEmpty }.reduce(0) { $0 + $1.done }
    let tracked = facts.changes.filter { $0.ticket.isEmpty && !$0.task.isEmpty }
      .reduce(0) { $0 + $1.done }
    return "\(counted(all, "change", "changes")) succeeded; \(grouped(linked)) of them, "
      + "\(percentText(linked, of: all)), name a ticket"
      + (tracked > 0 ? ", and a task covers \(grouped(tracked)) more." : ".")
  }

  private func changeTable(
    _ id: String, _ title: String, _ changes: [ReviewFacts.Change]
  ) -> Review.Table {
    Review.Table(
      id: id, title: title,
      columns: [
        .words("system", "System"), .words("account", "Account"), .words("person", "Person"),
        .words("action", "Action"), .words("target", "Target"), .words("ticket", "Ticket"),
        .words("task", "Task"), .words("first", "First"), .words("last", "Last"),
        .numbers("done", "Done"),
        .numbers("failed", "Failed"),
      ],
      rows: changes.map {
        [
          .name($0.system), .name($0.account), .name($0.person), .code($0.action), .name($0.target),
          .name($0.ticket), .name($0.task), .words($0.first), .words($0.last), .number($0.done),
          .number($0.failed),
        ]
      },
      completeness: completeness(
        changes.reduce(0) { $0 + $1.done + $1.failed }, of: facts.ledger.parsed, lines: "events"))
  }
}

extension ReviewFacts.Change {
  fileprivate var isDeployment: Bool { action == "deploy.run" || action == "image.run" }
}
