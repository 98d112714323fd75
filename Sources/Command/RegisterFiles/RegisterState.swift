import Documents
import Inputs

/// The registers as a folder has them, or as a revision of git had them.
struct RegisterState {
  /// How a person named it.
  let name: String
  /// The files' names and texts.
  let files: [(file: String, text: String)]

  /// How many bytes a file of a revision may have, and a list of them.
  private static let bytesMax = 16 << 20

  /// The registers of a folder, or, where there is no such folder, of a revision.
  ///
  /// - Parameters:
  ///   - name: A folder, or a commit as git names it.
  ///   - folder: Where in the revision's tree the registers are: a folder that is there today.
  /// - Throws: ``Problem`` or ``InputError`` when neither can be read.
  init(_ name: String, folder: String) throws {
    self.name = name
    guard !Environment.isFolder(name) else {
      files = try listFiles(name, extensions: ["yaml", "yml", "csv"]).map {
        ($0, try readText($0))
      }
      try refuseNothing(in: name)
      return
    }
    guard Environment.isFolder(folder) else {
      throw Problem(
        file: name, line: 1, column: 1,
        message:
          "no folder is called so, and there is no folder `\(folder)` whose past could be asked for",
        fix: "name two folders, or the registers' folder with --registers")
    }
    let commit = try RegisterState.commit(name, in: folder)
    files = try RegisterState.files(of: commit, called: name, in: folder)
    try refuseNothing(in: "\(name):\(folder)")
  }

  private func refuseNothing(in place: String) throws {
    guard files.isEmpty else { return }
    throw Problem(
      file: place, line: 1, column: 1, message: "no register in this folder",
      fix: "name the folder that holds people.yaml and the others")
  }

  /// The commit that a name stands for.
  private static func commit(_ name: String, in folder: String) throws -> String {
    // What begins with a dash would be an option.
    guard !name.hasPrefix("-"), !name.isEmpty else { throw unknown(name, "") }
    let run = try git(["rev-parse", "--verify", "--quiet", name + "^{commit}"], in: folder)
    let text = String(decoding: run.output, as: UTF8.self)
    let commit = text.split(separator: "\n").first.map(String.init) ?? ""
    guard run.code == 0, commit.count >= 40, commit.allSatisfy(\.isHexDigit) else {
      throw unknown(name, run.complaints)
    }
    return commit
  }

  private static func unknown(_ name: String, _ complaint: String) -> Problem {
    let reason = complaint.split(separator: "\n").first.map { " (git: \($0))" } ?? ""
    return Problem(
      file: name, line: 1, column: 1, message: "neither a folder nor a revision of git\(reason)",
      fix: "name a folder, or a commit such as HEAD~1, a branch or a tag")
  }

  /// The registers' files of a commit; git lists and names them as seen from the folder.
  private static func files(
    of commit: String, called name: String, in folder: String
  ) throws -> [(file: String, text: String)] {
    let list = try git(["ls-tree", "-z", commit, "--", "./"], in: folder)
    guard list.code == 0 else { throw unknown(name, list.complaints) }
    var files: [(file: String, text: String)] = []
    for entry in list.output.split(separator: 0) {
      // `100644 blob HASH<tab>NAME`; folders and links are no registers.
      guard let tab = entry.firstIndex(of: 0x09),
        let path = String(validating: entry[(tab + 1)...], as: UTF8.self)
      else { continue }
      let words = String(decoding: entry[..<tab], as: UTF8.self).split(separator: " ")
      let isRegister = [".yaml", ".yml", ".csv"].contains { path.lowercased().hasSuffix($0) }
      guard words.count == 3, words[0].hasPrefix("100"), isRegister, !path.hasPrefix(".") else {
        continue
      }
      let blob = try git(["cat-file", "blob", String(words[2])], in: folder)
      let file = "\(name):\(path)"
      guard blob.code == 0, let text = String(validating: blob.output, as: UTF8.self) else {
        throw Problem(
          file: file, line: 1, column: 1, message: "can not be read as UTF-8 text",
          fix: "compare with another revision")
      }
      files.append((file, text))
    }
    return files.sorted { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }
  }

  /// Asks git, which is started without a shell.
  private static func git(_ words: [String], in folder: String) throws -> ProgramOutput {
    do {
      return try ProgramOutput(["git", "-C", folder] + words, limit: bytesMax)
    } catch {
      throw Problem(
        file: folder, line: 1, column: 1, message: "git can not be asked: \(error)",
        fix: "install git, or name two folders")
    }
  }
}
