import Yams

/// One YAML file: its name, its text's documents, and helpers that report problems in place.
public struct Document: Sendable {
  /// The file as the user named it, for messages.
  public let file: String
  /// The documents of the file; a file may hold several, parted by `---`.
  public let roots: [Node]

  /// How deep values may nest, and how many there may be: an anchor that names itself again and
  /// again must not fill the memory.
  static let (depthMax, nodesMax) = (64, 4_000_000)

  /// Reads YAML text.
  ///
  /// - Parameters:
  ///   - file: The name for messages.
  ///   - text: The file's content.
  /// - Throws: ``Problem`` with the line and column of the first mistake.
  public init(file: String, text: String) throws(Problem) {
    if let roots = PlainYAML.documents(text) {
      self.init(file: file, roots: roots)
    } else {
      try self.init(file: file, throughTree: text)
    }
  }

  init(file: String, roots: [Node]) { (self.file, self.roots) = (file, roots) }

  /// Reads YAML text through Yams' tree, which knows anchors and says what is wrong.
  package init(file: String, throughTree text: String) throws(Problem) {
    self.file = file
    do {
      var nodes: [Node] = []
      var budget = Document.nodesMax
      // No tags are resolved: what a plain word means is for its reader to say.
      let parser = try Yams.Parser(yaml: text, resolver: .basic)
      while let root = try parser.nextRoot() {
        nodes.append(try Document.convert(root, file: file, depth: 0, budget: &budget))
      }
      roots = nodes
    } catch let problem as Problem {
      throw problem
    } catch let error as YamlError {
      throw Document.problem(error, file: file)
    } catch {
      throw Problem(file: file, line: 1, column: 1, message: "not YAML: \(error)")
    }
  }

  private static func problem(_ error: YamlError, file: String) -> Problem {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let about = context.map { "\($0.text) " } ?? ""
      return Problem(
        file: file, line: mark.line, column: mark.column, message: "not YAML: \(about)\(problem)",
        fix: "check quotes, indentation and brackets here")
    case .duplicatedKeysInMapping(let duplicates, let context):
      return Problem(
        file: file, line: context.mark.line, column: context.mark.column,
        message: "the key \(duplicates.map { "\($0)" }.joined(separator: ", ")) stands twice",
        fix: "keep one of them")
    default:
      return Problem(file: file, line: 1, column: 1, message: "not YAML: \(error)")
    }
  }

  private static func convert(
    _ node: Yams.Node, file: String, depth: Int, budget: inout Int
  ) throws(Problem) -> Node {
    let (line, column) = (node.mark?.line ?? 1, node.mark?.column ?? 1)
    budget -= 1
    guard depth < depthMax, budget > 0 else {
      throw Problem(
        file: file, line: line, column: column,
        message: "more than \(depthMax) levels or \(nodesMax) values",
        fix: "split the file, or remove anchors that repeat themselves")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
        return Node(.null, line: line, column: column)
      }
      return Node(.scalar(scalar.string, isPlain: isPlain), line: line, column: column)
    case .sequence(let sequence):
      var nodes: [Node] = []
      nodes.reserveCapacity(sequence.count)
      for child in sequence {
        nodes.append(try convert(child, file: file, depth: depth + 1, budget: &budget))
      }
      return Node(.list(nodes), line: line, column: column)
    case .mapping(let mapping):
      var entries: [Node.Entry] = []
      entries.reserveCapacity(mapping.count)
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          throw Problem(
            file: file, line: line, column: column, message: "a key must be plain text")
        }
        entries.append(
          Node.Entry(
            key: name.string, line: key.mark?.line ?? line, column: key.mark?.column ?? column,
            value: try convert(value, file: file, depth: depth + 1, budget: &budget)))
      }
      return Node(.map(entries), line: line, column: column)
    case .alias:
      throw Problem(file: file, line: line, column: column, message: "an alias without its anchor")
    }
  }

  /// The file without some of its documents.
  package func leavingOut(_ isLeftOut: (Node) -> Bool) -> Document {
    Document(file: file, roots: roots.filter { !isLeftOut($0) })
  }

  /// A problem at a value of this file.
  public func problem(
    _ node: Node, _ message: String, fix: String = "", severity: Problem.Severity = .error
  ) -> Problem {
    Problem(
      file: file, line: node.line, column: node.column, message: message, fix: fix,
      severity: severity)
  }

  /// A problem for every key of `node` that is not in `known`, with the nearest right one.
  public func unknownKeys(in node: Node, known: [String]) -> [Problem] {
    (node.entries ?? []).filter { !known.contains($0.key) }.map { entry in
      let nearest = nearestName(to: entry.key, among: known)
      return Problem(
        file: file, line: entry.line, column: entry.column, message: "unknown key `\(entry.key)`",
        fix: nearest.map { "did you mean `\($0)`?" }
          ?? "known here: \(known.joined(separator: ", "))")
    }
  }
}

/// The name among `known` that is nearest to `name`, when one is near enough to be meant.
///
/// - Complexity: O(*n m*) per candidate (edit distance).
public func nearestName(to name: String, among known: [String]) -> String? {
  let limit = max(2, name.count / 3)
  let (count, letters) = (min(64, name.utf8.count), letterSet(name))
  let near = known.compactMap { other -> (name: String, distance: Int)? in
    // Most names are told apart by their length, or by letters that only one of them has.
    let others = letterSet(other)
    guard abs(min(64, other.utf8.count) - count) <= limit,
      max((letters & ~others).nonzeroBitCount, (others & ~letters).nonzeroBitCount) <= limit
    else { return nil }
    return (other, editDistance(name, other))
  }
  guard let best = near.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
    return nil
  }
  return best.name
}

/// Which bytes a name has, by their last six bits.
private func letterSet(_ name: String) -> UInt64 {
  name.utf8.prefix(64).reduce(0) { $0 | 1 << UInt64($1 & 63) }
}

/// How many bytes must be added, taken away or changed to make one name of the other.
package func editDistance(_ first: String, _ second: String) -> Int {
  let (left, right) = (Array(first.utf8.prefix(64)), Array(second.utf8.prefix(64)))
  var row = Array(0...right.count)
  for (i, byte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let cost = min(diagonal + (byte == other ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      (diagonal, row[j + 1]) = (row[j + 1], cost)
    }
  }
  return row[right.count]
}
