import Documents

/// Which detector files a detector's tests need: its own, those that its correlations lead to, and all that hold filters.
///
/// A test judges one detector, so that the others need not be compiled for it.
struct NeededDetectors {
  /// The documents that one rule needs.
  struct Choice {
    /// In the order in which they were read.
    var documents: [Document] = []
    /// The files of those that are not there for their filters alone.
    var files: Set<String> = []
  }

  private let documents: [Document]
  /// The places of the documents that hold filters, which may be joined to any rule.
  private let filtering: Set<Int>
  /// By id and name of a rule, the place of its document; the first has it.
  private var homes: [String: Int] = [:]
  /// By place, the places of the documents that its correlations name.
  private var named: [Set<Int>] = []

  init(_ documents: [Document]) {
    self.documents = documents
    filtering = Set(
      documents.indices.filter { documents[$0].roots.contains { $0["filter"] != nil } })
    for (place, document) in documents.enumerated() {
      for root in document.roots {
        for name in [root["id"]?.text, root["name"]?.text].compactMap(\.self)
        where homes[name] == nil {
          homes[name] = place
        }
      }
    }
    named = documents.map { document in
      var found: Set<Int> = []
      for root in document.roots { gather(root["correlation"], &found) }
      return found
    }
  }

  /// What a rule needs.
  ///
  /// - Parameter rule: The rule's id.
  func choice(of rule: String) -> Choice {
    let own = reach(of: homes[rule].map { [$0] } ?? [])
    let all = own.union(reach(of: filtering))
    return Choice(
      documents: all.sorted().map { documents[$0] }, files: Set(own.map { documents[$0].file }))
  }

  /// The documents of these places, and all that they are built on.
  private func reach(of places: Set<Int>) -> Set<Int> {
    var (found, open) = (Set<Int>(), Array(places))
    while let place = open.popLast() {
      if found.insert(place).inserted { open += named[place].subtracting(found) }
    }
    return found
  }

  /// Every rule that a correlation may mean by one of its words.
  private func gather(_ node: Node?, _ found: inout Set<Int>) {
    guard let node else { return }
    if let word = node.text, let place = homes[word] { found.insert(place) }
    for child in node.list ?? [] { gather(child, &found) }
    for entry in node.entries ?? [] {
      if let place = homes[entry.key] { found.insert(place) }
      gather(entry.value, &found)
    }
  }
}
