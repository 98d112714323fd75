import Documents
import Inputs

/// What the configuration names and nobody finds.
extension Configuration {
  /// Folders and files that are not there, each where it is named: nothing is wrong as long as they come.
  var placeProblems: [Problem] {
    sources.compactMap(placeProblem) + [stateProblem].compactMap(\.self)
  }

  private func placeProblem(_ source: Source) -> Problem? {
    guard let place = source.place else { return nil }
    if let listen = source.listen {
      guard let address = SyslogListener.Address(listen), address.kind == .unix else { return nil }
      let folder = Paths.folder(of: address.host)
      guard !Environment.isFolder(folder) else { return nil }
      return place.saying(
        "nobody can listen in \(folder): there is no such folder", fix: "make it")
    }
    if let folder = source.journal?.directory {
      guard !Environment.isFolder(folder) else { return nil }
      return place.saying("there is no folder \(folder)", fix: "check the name")
    }
    guard let path = source.path, path != "-", !Environment.exists(path) else { return nil }
    let found = discover([path])
    guard found.streams.isEmpty else { return nil }
    let isPattern = path.contains { "*?[".contains($0) }
    let folder = Paths.folder(of: path)
    if !isPattern, !Environment.isFolder(folder) {
      return place.saying(
        "there is no folder \(folder), so nothing is read for \(source.name)",
        fix: "check the name, or make it")
    }
    return place.saying(
      isPattern
        ? "nothing matches \(path), so nothing is read for \(source.name)"
        : "there is no file \(path), so nothing is read for \(source.name)",
      fix: "check the name; once it is there it is followed")
  }

  private var stateProblem: Problem? {
    guard let state, let place = statePlace else { return nil }
    let folder = Paths.folder(of: state)
    guard !Environment.isFolder(folder) else { return nil }
    return place.saying(
      "there is no folder \(folder) for what is remembered",
      fix: "check the name; `rollcall watch` makes it where it may")
  }
}

extension Problem {
  /// The same place with something to say of it.
  fileprivate func saying(_ message: String, fix: String) -> Problem {
    Problem(file: file, line: line, column: column, message: message, fix: fix, severity: .warning)
  }
}
