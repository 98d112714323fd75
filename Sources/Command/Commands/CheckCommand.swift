import Detectors
import Registers
import ArgumentParser
import Documents

/// `rollcall check`: registers, detectors and configuration, without any logs.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check registers, detectors and configuration; no logs needed.")

  @OptionGroup var places: PlaceOptions
  @Option(help: "Judge what is due as of this date instead of today.") var asOf: String?

  func run() async throws {
    var problems: [Problem] = []
    do {
      let workspace = try Workspace(places.places(logs: ["."]))
      let local = LocalTime(zone: workspace.zone)
      var now = Environment.now * 1_000_000_000
      if let asOf {
        guard let instant = local.instant(asOf) else {
          throw ValidationError("`\(asOf)` is not a date such as 2026-10-01")
        }
        now = instant
      }
      problems = workspace.warnings + workspace.registers.lint(asOf: now)
      report(problems)
      let registers = workspace.registers
      let wanted = workspace.rules.rules.count + workspace.refusedRuleCount
      Console.error(
        "checked \(registers.people.count) people · \(registers.contractors.count) contractors · "
          + "\(registers.infrastructure.count) systems · \(registers.tools.count) tools · "
          + "\(registers.approvals.count) approvals · loaded \(workspace.rules.rules.count) of "
          + "\(wanted) rules · \(count(problems))")
    } catch let found as Problems {
      report(found.all)
      Console.error(count(found.all))
      throw ExitCode(2)
    } catch let problem as Problem {
      report([problem])
      throw ExitCode(2)
    }
    if problems.contains(where: { $0.severity == .error }) { throw ExitCode(2) }
  }

  private func report(_ problems: [Problem]) {
    for problem in problems { Console.out(Console.clean(problem.description) + "\n") }
  }

  private func count(_ problems: [Problem]) -> String {
    let errors = problems.count { $0.severity == .error }
    return "\(errors) error\(errors == 1 ? "" : "s") · \(problems.count - errors) warnings"
  }
}
