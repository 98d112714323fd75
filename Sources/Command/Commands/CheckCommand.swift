import Detectors
import Registers
import ArgumentParser
import Documents

/// `rollcall check`: registers, detectors and configuration, without any logs.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check registers, detectors and configuration; no logs needed.",
    discussion: """
      Without --config and --registers the folder `registers` in this folder is checked. Ends with \
      2 when there is an error; a warning does not count. What the registers show that no policy allows \
      follows as notes, each with the row of the policy; with --strict one of them ends with 1.
      """)

  @OptionGroup var places: PlaceOptions
  @Option(
    name: [.customLong("at"), .customLong("as-of")],
    help: "Judge what is due as of this date instead of today.")
  var moment: String?
  @Flag(help: "End with 1 when a row of the policy is not kept.") var strict = false

  func run() async throws {
    var problems: [Problem] = []
    var isKept = true
    do {
      let workspace = try Workspace(places.places(logs: ["."]))
      let local = LocalTime(zone: workspace.zone)
      var now = Environment.now * 1_000_000_000
      if let moment {
        guard let instant = local.instant(moment) else {
          throw ValidationError("--at takes a date such as 2026-10-01, not `\(moment)`")
        }
        now = instant
      }
      problems =
        workspace.warnings + workspace.configuration.warnings + workspace.outputProblems
        + workspace.configuration.certificateProblems(at: Environment.now)
        + workspace.configuration.placeProblems
        + workspace.configuration.silences.compactMap { $0.warning(at: now / 1_000_000_000) }
        + workspace.registers.lint(asOf: now)
      report(problems)
      let registers = workspace.registers
      let checks = registers.present.isEmpty ? [] : registers.checks(at: now)
      isKept = checks.allSatisfy { $0.exceptions.allSatisfy(\.isWarning) }
      RegisterNotes(checks: checks).write()
      if registers.present.isEmpty {
        Console.error(
          "note: no registers here; name their folder with --registers, or use --config")
      }
      for line in unfedRules(workspace.rules) { Console.error(line) }
      let wanted = workspace.rules.rules.count + workspace.refusedRuleCount
      let filters = workspace.rules.filterCount
      let joined = filters - workspace.rules.refusedFilterCount
      Console.error(
        "checked \(registers.people.count) people · "
          + "\(counted(registers.contractors.count, "contractor")) · "
          + "\(counted(registers.infrastructure.count, "system")) · "
          + "\(counted(registers.tools.count, "tool")) · "
          + "\(counted(registers.approvals.count, "approval")) · "
          + "loaded \(workspace.rules.rules.count) of "
          + "\(wanted) rules · "
          + (filters > 0 ? "\(joined) of \(counted(filters, "filter")) · " : "")
          + count(problems))
    } catch let found as Problems {
      report(found.all)
      Console.error(count(found.all))
      throw ExitCode(2)
    } catch let problem as Problem {
      report([problem])
      throw ExitCode(2)
    }
    if problems.contains(where: { $0.severity == .error }) { throw ExitCode(2) }
    if strict, !isKept { throw Ending.findings }
  }

  /// Why rules that loaded can not find anything here, each reason once, the commonest first.
  private func unfedRules(_ rules: RuleSet) -> [String] {
    let reasons = Dictionary(grouping: rules.rules.compactMap(\.notReadable), by: \.self)
    return reasons.map { (reason: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
      .map { "note: \(counted($0.count, "rule")) can not fire here: \($0.reason)" }
  }

  private func report(_ problems: [Problem]) {
    for problem in problems { Console.out(Console.clean(problem.description) + "\n") }
  }

  private func count(_ problems: [Problem]) -> String {
    let errors = problems.count { $0.severity == .error }
    return "\(counted(errors, "error")) · \(counted(problems.count - errors, "warning"))"
  }
}
