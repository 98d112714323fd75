import ArgumentParser
import Registers

extension RegistersCommand {
  /// Says who and what was added, changed, ended or deleted between two states of the registers.
  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Say who and what was added, changed, ended or deleted between two states.",
      discussion: """
        A and B are folders with registers, or revisions of git (HEAD~1, a branch, a tag, a commit); a name that is \
        both is the folder. Of a revision the registers are read where --registers is today. Without B, A is compared with \
        that folder as it is: `rollcall registers diff HEAD` shows what is not committed yet. Ends with 0 whatever \
        is different, with 2 when a state can not be read.
        """)

    @Argument(help: "The state before.") var before: String
    @Argument(help: "The state after; the folder of --registers unless given.") var after: String?
    @Option(help: "The folder of the registers, for what it was in a revision.")
    var registers = "registers"
    @Option(help: "What to print: table or jsonl (one object for each row).")
    var output: ScanCommand.Output = .table

    func run() throws {
      let old = try RegisterState(before, folder: registers)
      let new = try RegisterState(after ?? registers, folder: registers)
      let changes = try RegisterChanges(from: old.files, to: new.files)
      ChangesPaper(output: output).write(changes)
      Console.error("\(old.name) to \(new.name): \(ChangesPaper.totals(changes))")
    }
  }
}
