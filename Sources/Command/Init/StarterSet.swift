import Registers

/// The files that `rollcall init` writes: a small company that could be anybody's, with every register filled.
///
/// All dates are counted from one day, so that the set is right on the day that it is written: the contractor is
/// here, the approvals hold, what is due was done. A year later `check` still passes; it warns of what has come due
/// since, which is what it is for.
struct StarterSet {
  /// The day that all dates are counted from.
  let today: CivilDay

  /// One file, its path from the folder of the configuration.
  struct File {
    let name, text: String
  }

  /// All files, in the order in which they are best read.
  var files: [File] {
    [
      File(name: "rollcall.yaml", text: configuration),
      File(name: "policy.yaml", text: policy),
      File(name: "registers/people.yaml", text: people),
      File(name: "registers/contractors.yaml", text: contractors),
      File(name: "registers/infrastructure.yaml", text: infrastructure),
      File(name: "registers/tools.yaml", text: tools),
      File(name: "registers/subprocessors.yaml", text: subprocessors),
      File(name: "registers/approvals.yaml", text: approvals),
      File(name: "registers/roles.yaml", text: roles),
      File(name: "registers/flows.yaml", text: flows),
      File(name: "registers/secrets.yaml", text: secrets),
      File(name: "registers/backups.yaml", text: backups),
      File(name: "registers/limits.yaml", text: limits),
      File(name: "registers/policies.yaml", text: policies),
      File(name: "registers/reviews.yaml", text: reviews),
      File(name: "registers/attestations.yaml", text: attestations),
      File(name: "registers/incidents.yaml", text: incidents),
      File(name: "registers/risks.yaml", text: risks),
      File(name: "registers/requests.yaml", text: requests),
      File(name: "registers/drills.yaml", text: drills),
      File(name: "registers/dispositions.yaml", text: dispositions),
      File(name: "registers/tasks.yaml", text: tasks),
      File(name: "logs/example.log", text: log),
    ]
  }

  /// The day that is so many days from today.
  func day(_ days: Int) -> String { today.advanced(by: days).description }

  /// An instant of that day, UTC: `10:00`.
  func at(_ days: Int, _ time: String) -> String { "\(day(days))T\(time):00Z" }

  /// How many days ago the last working day was.
  var workingDay: Int {
    var days = -1
    while today.advanced(by: days).weekday > 4 { days -= 1 }
    return days
  }

  /// The last month whose access reviews are due by now, `YYYY-MM`, and how many days ago the next began.
  var reviewedMonth: (name: String, days: Int) {
    var days = 1 - dayOfMonth(0)
    // Until the due day the last month's reviews may still be open.
    if dayOfMonth(0) <= 5 { days -= dayOfMonth(days - 1) }
    return (String(day(days - 1).prefix(7)), days)
  }

  private func dayOfMonth(_ days: Int) -> Int { Int(day(days).suffix(2)) ?? 1 }
}
