import Registers

/// What the checks over the registers found, as `check` prints it.
struct RegisterNotes {
  let checks: [RegisterCheck]

  /// One line for each exception, by the policy's rows, and a summary on standard error.
  func write() {
    for check in checks {
      for exception in check.exceptions {
        let place = exception.place
        Console.out(
          Console.clean(
            "\(place.file):\(place.line):\(place.column): note: \(check.row) \(check.id): "
              + exception.message + (exception.fix.isEmpty ? "" : "; " + exception.fix)) + "\n")
      }
    }
    guard !checks.isEmpty else { return }
    let ran = checks.filter { $0.notRun == nil }
    let warned = ran.flatMap(\.exceptions).count { $0.isWarning }
    let broken = ran.flatMap(\.exceptions).count - warned
    Console.error(
      "policy: \(counted(ran.count, "check")) of \(checks.count) ran · "
        + "\(ran.count { $0.exceptions.isEmpty }) without exception · "
        + "\(counted(broken, "exception")) · \(warned) soon due · "
        + "\(ran.flatMap(\.excused).count) allowed by approvals")
    let missing = Dictionary(grouping: checks.compactMap(\.notRun), by: \.self)
      .map { (reason: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    guard !missing.isEmpty else { return }
    let reasons = missing.map { "\($0.reason) (\($0.count))" }.joined(separator: ", ")
    Console.error("note: \(counted(checks.count - ran.count, "check")) not run: \(reasons)")
  }
}
