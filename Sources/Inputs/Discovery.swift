#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Finds the streams that `paths` lead to.
///
/// - Parameters:
///   - paths: Files, folders (walked to their leaves), patterns for which no file has the literal
///     name, or `-` for standard input.
///   - excluding: Folders that are left out of walks, such as the registers' own.
///   - comparing: Whether a file beside its compressed copy is read through, to leave the copy out when it holds the
///     same lines.
/// - Returns: The streams in the order of their names, and what was left out. The order of `paths`
///   and of the folders' own lists does not matter to either.
public func discover(
  _ paths: [String], excluding: [String] = [], comparing: Bool = false
) -> (streams: [LogStream], problems: [InputProblem]) {
  discover(
    paths.map { RawPath($0) }, excluding: excluding.map { RawPath($0) }, comparing: comparing)
}

/// Finds the streams that `paths` lead to; for paths that need not be text.
public func discover(
  _ paths: [RawPath], excluding: [RawPath] = [], comparing: Bool = false
) -> (streams: [LogStream], problems: [InputProblem]) {
  var discovery = Discovery(excluding: excluding)
  discovery.comparesTwins = comparing
  for path in Set(paths).sorted() { discovery.visit(argument: path) }
  return (discovery.streams(), discovery.problems)
}

/// One round of discovery.
private struct Discovery {
  /// One file that holds lines, before it is sorted into a stream.
  struct Found {
    let file: LogFile
    /// Where the argument that led to it begins to name the stream.
    let nameDepth: Int
    let folder: FileIdentity?
  }

  let excluded: Set<FileIdentity>
  /// Whether a file and its compressed copy are held against each other.
  var comparesTwins = false
  var problems: [InputProblem] = []
  var found: [Found] = []
  var seenFiles: [FileIdentity: RawPath] = [:]
  var seenFolders: Set<FileIdentity> = []

  init(excluding: [RawPath]) {
    excluded = Set(excluding.compactMap { FileStatus($0)?.identity })
  }

  // MARK: - Walking

  /// Takes one argument as the user gave it.
  mutating func visit(argument: RawPath) {
    if argument.bytes == [0x2D] { return visitStandardInput() }
    if let status = FileStatus(argument) { return visit(argument: argument, status) }
    let number = errno
    let matches = expand(argument)
    guard !matches.isEmpty else {
      let isPattern = argument.bytes.contains { [0x2A, 0x3F, 0x5B].contains($0) }
      if isPattern {
        return leaveOut(
          argument, .missing, "nothing matches this pattern", "check the name, or quote it")
      }
      let error = InputError.system(number, path: argument.description, verb: "open")
      return leaveOut(argument, error.reason, error.message, error.fix)
    }
    for match in matches {
      guard let status = FileStatus(match) else {
        leaveOut(match, .missing, "a link that leads nowhere", "remove the link")
        continue
      }
      visit(argument: match, status)
    }
  }

  private mutating func visit(argument: RawPath, _ status: FileStatus) {
    switch status.kind {
    case .regular, .pipe: take(argument, status, nameDepth: argument.components.count - 1)
    case .folder:
      let folder = argument.withoutTrailingSlash
      walk(folder, status, nameDepth: folder.components.count)
    case .other:
      leaveOut(
        argument, .specialFile, "a device or socket, not a file",
        "name a file, a folder, or - for standard input")
    }
  }

  private mutating func visitStandardInput() {
    let status = FileStatus(descriptor: 0)
    let file = LogFile(
      path: RawPath("-"), size: 0, modified: 0, isGzip: false, gzipTime: 0, nameDate: nil,
      device: status?.identity.device ?? 0, inode: status?.identity.inode ?? 0, isPipe: true)
    found.append(Found(file: file, nameDepth: 0, folder: nil))
  }

  /// Takes what is in `folder`, and in the folders below it.
  private mutating func walk(_ folder: RawPath, _ status: FileStatus, nameDepth: Int) {
    // The pending folders stand in a list of their own, so that depth can not exhaust the stack.
    var pending = [(folder, status)]
    while let (folder, status) = pending.popLast() {
      if excluded.contains(status.identity) {
        leaveOut(folder, .excluded, "holds the program's own settings", isNote: true)
        continue
      }
      guard seenFolders.insert(status.identity).inserted else {
        leaveOut(folder, .folderLoop, "this folder was reached before", isNote: true)
        continue
      }
      guard let names = namesInFolder(folder) else {
        let error = InputError.system(errno, path: folder.description, verb: "list the folder")
        leaveOut(folder, error.reason, error.message, error.fix)
        continue
      }
      let pieces = PieceSets(names)
      var below: [(RawPath, FileStatus)] = []
      for name in names {
        let path = folder.appending(name)
        if name.first == 0x2E {
          leaveOut(path, .hidden, "its name begins with a dot", isNote: true)
          continue
        }
        guard let status = FileStatus(path) else {
          let error = InputError.system(errno, path: path.description, verb: "open")
          leaveOut(path, error.reason, error.message, error.fix)
          continue
        }
        switch status.kind {
        case .folder: below.append((path, status))
        case .pipe, .other:
          leaveOut(path, .specialFile, "a pipe, device or socket", isNote: true)
        case .regular:
          let rotation = RotationName(name, pieces: pieces)
          // A piece's suffix may spell an ending, as `split` comes to `db` and `go`.
          if isNotALog(rotation.stem) || (rotation.piece.isEmpty && isNotALog(name)) {
            leaveOut(
              path, .notALog, "logs have other endings", "name the file itself to read it",
              isNote: true)
          } else {
            take(path, status, nameDepth: nameDepth)
          }
        }
      }
      pending += below.reversed()
    }
  }

  /// Takes one file, unless it was seen or can not be one.
  private mutating func take(_ path: RawPath, _ status: FileStatus, nameDepth: Int) {
    if let first = seenFiles[status.identity] {
      if first != path { leaveOut(path, .seenTwice, "the same file as \(first)", isNote: true) }
      return
    }
    seenFiles[status.identity] = path
    let isPipe = status.kind == .pipe
    var beginning: [UInt8] = []
    if !isPipe {
      guard let bytes = readBeginning(path) else {
        let error = InputError.system(errno, path: path.description, verb: "read")
        return leaveOut(path, error.reason, error.message, error.fix)
      }
      beginning = bytes
    }
    if let tool = unpacker(of: beginning) {
      return leaveOut(path, .packed, "not plain text and not gzip", "unpack it with \(tool) first")
    }
    let isGzip = beginning.starts(with: [0x1F, 0x8B])
    let time = isGzip && beginning.count >= 8 ? beginning[4..<8] : []
    let file = LogFile(
      path: path, size: isPipe ? 0 : status.size, modified: status.modified, isGzip: isGzip,
      gzipTime: time.reversed().reduce(0) { $0 << 8 | UInt32($1) },
      nameDate: dateInName(path.lastComponent), device: status.identity.device,
      inode: status.identity.inode, isPipe: isPipe)
    let folder = FileStatus(path.parent)?.identity
    found.append(Found(file: file, nameDepth: nameDepth, folder: folder))
  }

  private mutating func leaveOut(
    _ path: RawPath, _ reason: InputReason, _ message: String, _ fix: String = "",
    isNote: Bool = false
  ) {
    problems.append(
      InputProblem(
        path: path.description, reason: reason, message: message, fix: fix, isNote: isNote))
  }

  // MARK: - Sorting into streams

  /// A set of files with one stem in one folder.
  private struct Group {
    var members: [(rotation: RotationName, found: Found)] = []
    /// The folder as it was spelled first, and what the files' names share.
    var stem = RawPath("")
    /// The path that the streams's name is an ending of.
    var path: [[UInt8]] = []
    /// How many of the path's components the name has.
    var depth = 1

    var name: String {
      let components = path.suffix(depth).map { displayText($0[...]) }
      return components.joined(separator: "/")
    }
  }

  /// What makes files one set: their folder, whatever its name, and what their names share.
  private struct GroupKey: Hashable {
    let folder: FileIdentity?
    let stem: [UInt8]
  }

  /// The streams that the files found make up, in the order of their names.
  mutating func streams() -> [LogStream] {
    var groups: [Group] = []
    var indices: [GroupKey: Int] = [:]
    let byFolder = Dictionary(grouping: found) { $0.folder }
    let pieces = byFolder.mapValues { PieceSets($0.map { [UInt8]($0.file.path.lastComponent) }) }
    for entry in found.sorted(by: { $0.file.path < $1.file.path }) {
      let name = [UInt8](entry.file.path.lastComponent)
      let rotation = RotationName(name, pieces: pieces[entry.folder] ?? PieceSets([]))
      let key = GroupKey(folder: entry.folder, stem: rotation.stem)
      let index = indices[key] ?? groups.endIndex
      if index == groups.endIndex {
        indices[key] = index
        let folders = entry.file.path.parent.components.map { [UInt8]($0) }
        let isInput = entry.file.isStandardInput
        let path = isInput ? [[UInt8]("stdin".utf8)] : folders + [rotation.stem]
        let stem = entry.file.path.parent.appending(rotation.stem[...])
        groups.append(
          Group(
            stem: isInput ? entry.file.path : stem, path: path,
            depth: max(1, path.count - entry.nameDepth)))
      }
      groups[index].members.append((rotation, entry))
    }
    return named(groups).map { group, name in
      LogStream(name: name, files: inTimeOrder(group.members), stem: group.stem)
    }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The files of one set, oldest first.
  private mutating func inTimeOrder(
    _ members: [(rotation: RotationName, found: Found)]
  ) -> [LogFile] {
    let ordered = members.sorted { left, right in
      if left.rotation.precedes(right.rotation) { return true }
      if right.rotation.precedes(left.rotation) { return false }
      return left.found.file.path < right.found.file.path
    }
    var files = ordered.map(\.found.file)
    var twins: Set<RawPath> = []
    for (index, (left, right)) in zip(ordered, ordered.dropFirst()).enumerated() {
      files[index].isContinued = left.rotation.isPieceBefore(right.rotation)
      let isTwin = left.rotation.isTwin(of: right.rotation)
      guard isTwin, left.rotation.saysGzip != right.rotation.saysGzip else { continue }
      let (one, other) = (left.found.file, right.found.file)
      if comparesTwins, one.isGzip != other.isGzip {
        let (archive, plain) = one.isGzip ? (one, other) : (other, one)
        if CompressedTwin.isSame(archive, plain) {
          leaveOut(
            archive.path, .compressedTwin, "holds the same lines as \(plain.path), which is read",
            isNote: true)
          twins.insert(archive.path)
          continue
        }
      }
      leaveOut(
        right.found.file.path, .compressedTwin,
        "\(left.found.file.path) may hold the same lines, and both are read",
        "remove one of the two", isNote: true)
    }
    return twins.isEmpty ? files : files.filter { !twins.contains($0.path) }
  }

  /// The groups with names of which no two are equal.
  private func named(_ groups: [Group]) -> [(Group, String)] {
    var groups = groups
    while true {
      let equals = Dictionary(grouping: groups.indices) { groups[$0].name }
      let growing = equals.values.filter { $0.count > 1 }.joined()
        .filter { groups[$0].depth < groups[$0].path.count }
      if growing.isEmpty { break }
      for index in growing { groups[index].depth += 1 }
    }
    // What is still equal leads through different folders with one spelling, such as `..`.
    var uses: [String: Int] = [:]
    let taken = Set(groups.map(\.name))
    return groups.map { group in
      var name = group.name
      uses[name, default: 0] += 1
      if var number = uses[name], number > 1 {
        while taken.contains("\(name)#\(number)") { number += 1 }
        name += "#\(number)"
      }
      return (group, name)
    }
  }
}
