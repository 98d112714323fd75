import ArgumentParser
import Documents
import Inputs
import Registers

/// `rollcall init`: a set of registers, policy and configuration to begin with.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a working set of registers, policy and configuration to begin with.",
    discussion: """
      Asks nothing. Writes rollcall.yaml, policy.yaml, a file for each register and a short log to try them \
      on, for an invented small company; the dates are counted from today. Change the rows to yours. No file that \
      is there is overwritten: when there are some, they are named and nothing is written.
      """)

  @Argument(help: "The folder; made when it is not there.") var folder = "."

  func run() throws {
    let today = CivilDay(number: Int(Environment.now / 86_400))
    let files = StarterSet(today: today).files
    try refuse(files)
    for file in files {
      let path = folder == "." ? file.name : "\(folder)/\(file.name)"
      if let problem = WholeFile.makeFolder(Paths.folder(of: path))
        ?? WholeFile.create(file.text, at: path)
      {
        throw Problem(
          file: path, line: 1, column: 1, message: "can not be written: \(problem)",
          fix: "name another folder")
      }
      Console.out(path + "\n")
    }
    let place = folder == "." ? "" : "cd \(folder) && "
    Console.error(
      "wrote \(counted(files.count, "file")); next: \(place)rollcall check --config rollcall.yaml, then "
        + "rollcall scan --config rollcall.yaml")
  }

  /// Says which files are there already; rows of an example do not belong among real ones either.
  private func refuse(_ files: [StarterSet.File]) throws {
    var there = files.map { "\(folder)/\($0.name)" }.filter(Environment.exists)
    let registers = "\(folder)/registers"
    if Environment.isFolder(registers) {
      there += try listFiles(registers, extensions: ["yaml", "yml", "csv"])
    }
    guard let first = there.first else { return }
    for path in there.distinct { Console.error("is there already: \(path)") }
    throw Problem(
      file: first, line: 1, column: 1,
      message:
        "\(counted(there.distinct.count, "file is", "files are")) there already, and nothing was written",
      fix: "name another folder, as in rollcall init example")
  }
}
