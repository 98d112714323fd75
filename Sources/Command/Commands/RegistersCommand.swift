import ArgumentParser

/// `rollcall registers`: what can be done with the registers themselves.
struct RegistersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registers",
    abstract: "Compare registers, and make them of other systems' exports.",
    subcommands: [Diff.self, Import.self])
}
