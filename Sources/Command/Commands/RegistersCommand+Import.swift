import ArgumentParser
import Documents
import Inputs
import Registers

extension RegistersCommand {
  /// Makes rows of registers of what another system exports.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Make rows of registers of what another system exports.",
      discussion: """
        KIND is one of \(RegisterImport.Source.allCases.map(\.rawValue).joined(separator: ", ")). \
        Prints the rows as YAML, or, with --into, appends those that are new to the registers of a folder: rows that are there \
        stay as they are, and where the import says otherwise it is told. Every record that is no row is named with \
        its reason. What a register wants and the file does not say (a scope, an approval) is left to `rollcall check` to ask for.
        """)

    @Argument(help: "What wrote the file.") var kind: String
    @Argument(help: "The file.") var file: String
    @Option(help: "Append new rows to the registers of this folder.") var into: String?
    @Option(
      help: "The id of the system whose accounts these are, for gitlab-users and nextcloud-users.")
    var system: String?
    /// How many skipped records are named one by one.
    @Option(help: "How many skipped records and differences are named.") var limit = 20

    func validate() throws {
      guard RegisterImport.Source(rawValue: kind) == nil else { return }
      let names = RegisterImport.Source.allCases.map(\.rawValue)
      let near = nearestName(to: kind, among: names)
      throw ValidationError(
        "nothing is known to read `\(kind)`; "
          + (near.map { "did you mean `\($0)`?" } ?? "one of \(names.joined(separator: ", "))"))
    }

    func run() throws {
      guard let source = RegisterImport.Source(rawValue: kind) else { return }
      if let system, source.system == nil {
        throw ValidationError(
          "--system \(system) says whose accounts these are; \(kind) has those of every system")
      }
      let result = try RegisterImport(
        source, file: file, text: try readText(file, limit: 64 << 20), system: system)
      for skipped in result.skipped.prefix(max(0, limit)) {
        let place = skipped.place
        Console.error("skipped: \(place.file):\(place.line):\(place.column): \(skipped.reason)")
      }
      tellRest(result.skipped.count, "skipped record")
      if let into {
        try merge(result, source, into)
      } else {
        Console.out(result.yaml)
      }
      Console.error(
        "read \(result.read) = imported \(result.imported) + skipped \(result.skipped.count)")
      if result.read == 0 { Console.error("note: the file has no record") }
    }

    private func tellRest(_ count: Int, _ noun: String) {
      let rest = count - max(0, limit)
      if rest > 0 { Console.error("… and \(counted(rest, noun)) more; --limit \(count) names all") }
    }

    private func merge(
      _ result: RegisterImport, _ source: RegisterImport.Source, _ folder: String
    ) throws {
      let files =
        Environment.isFolder(folder)
        ? try listFiles(folder, extensions: ["yaml", "yml", "csv"]).map { ($0, try readText($0)) }
        : []
      let merge = try RegisterMerge(result.rows, into: files, folder: folder, source: source)
      if let problem = WholeFile.makeFolder(folder) { throw unwritable(folder, problem) }
      for file in merge.files {
        let problem =
          file.isNew
          ? WholeFile.create(file.text, at: file.file) : WholeFile.replace(file.text, at: file.file)
        if let problem { throw unwritable(file.file, problem) }
      }
      for row in merge.added { Console.out("added \(row.register.rawValue) \(row.id)\n") }
      let different = merge.known.filter { $0.account != nil || !$0.differences.isEmpty }
      for known in different.prefix(max(0, limit)) { tell(known) }
      tellRest(different.count, "difference")
      let counts = [
        "\(counted(merge.added.count, "row")) added",
        "\(merge.known.count - different.count) there already and alike",
        "\(different.count) there already and otherwise, left as they are",
      ]
      Console.error("\(folder): " + counts.joined(separator: " · "))
    }

    private func tell(_ known: RegisterMerge.Known) {
      let place = "\(known.place.file):\(known.place.line):\(known.place.column)"
      if let account = known.account {
        return Console.error(
          "\(place): `\(account.name)` on \(account.system == "*" ? "every system" : account.system) is `\(known.id)` here, "
            + "so `\(known.row.id)` was not added")
      }
      for change in known.differences {
        Console.error(
          "\(place): `\(known.id)` stays: \(change.key) is \(change.old ?? "absent"), the import says "
            + "\(change.new ?? "absent")")
      }
    }

    private func unwritable(_ path: String, _ problem: String) -> Problem {
      Problem(
        file: path, line: 1, column: 1, message: "can not be written: \(problem)",
        fix: "name another folder with --into")
    }
  }
}
