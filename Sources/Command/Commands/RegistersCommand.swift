import ArgumentParser
import Documents
import Registers

/// `rollcall registers`: what can be done with the registers themselves.
struct RegistersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registers",
    abstract: "Compare registers, import them, and tell editors their form.",
    subcommands: [SchemaCommand.self, Diff.self, Import.self])

  /// `rollcall registers schema`: what an editor completes and checks registers with.
  struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema",
      abstract: "Write JSON Schemas of the registers and of policy.yaml, for editors.",
      discussion: """
        Begin a register with `# yaml-language-server: $schema=schema/people.json` and an editor that knows \
        YAML's language server says what may stand where. `registers.json` is for a file with several \
        registers.
        """)

    @Option(help: "The folder to write into.") var out = "schema"
    @Option(help: "Print the first line of this register's CSV file instead, such as people.")
    var columns: String?

    func run() throws {
      if let columns {
        guard let kind = RegisterKind(rawValue: columns) else {
          let names = RegisterKind.allCases.map(\.rawValue)
          throw ValidationError(
            "there is no register `\(columns)`; "
              + (nearestName(to: columns, among: names).map { "did you mean `\($0)`?" }
                ?? "there are \(names.joined(separator: ", "))"))
        }
        return Console.out(kind.columns.joined(separator: ",") + "\n")
      }
      var files = RegisterKind.allCases.map { (name: $0.rawValue, schema: $0.schema) }
      files.append(("registers", RegisterKind.schemaOfAll))
      files.append(("policy", Policy.schema))
      try OutputFolder.write(
        files.map { (name: "\($0.name).json", text: $0.schema.json) }, to: out, flag: "--out")
      Console.error("schema: \(files.count) files in \(out)")
    }
  }
}
