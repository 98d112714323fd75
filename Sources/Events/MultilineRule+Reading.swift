public import Documents

extension MultilineRule {
  /// The words between angle brackets.
  private static let marks: [(word: String, mark: Mark)] = [
    ("<time>", .time), ("<indented>", .indented), ("<trace>", .trace),
  ]

  /// Reads what a configuration or a mapping says under `multiline`: the name of a shipped rule, or
  /// `begins` and `continues` with patterns in which `*` stands for anything, and `<time>`,
  /// `<indented>` or `<trace>`.
  ///
  /// - Parameter problems: Gets what is wrong, with its place and the fix.
  /// - Returns: The rule, or `nil` for `none` and for mistakes.
  public static func read(
    _ node: Node, in document: Document, problems: inout [Problem]
  ) -> MultilineRule? {
    let names = shipped.map(\.name)
    if let word = node.text {
      if word == "none" { return nil }
      if let rule = named(word) { return rule }
      let near = nearestName(to: word, among: names + ["none"])
      problems.append(
        document.problem(
          node, "no rule for records of many lines is called `\(word)`",
          fix: near.map { "did you mean `\($0)`?" }
            ?? "known: \(names.joined(separator: ", ")); or say what a record `begins` with"))
      return nil
    }
    problems += document.unknownKeys(in: node, known: ["begins", "continues"])
    let begins = marks(node["begins"], document, &problems)
    let continues = marks(node["continues"], document, &problems)
    guard !begins.isEmpty || !continues.isEmpty else {
      problems.append(
        document.problem(
          node, "a rule needs to know a record's first line",
          fix: "add `begins: <time>`, or name a rule: \(names.joined(separator: ", "))"))
      return nil
    }
    return MultilineRule(begins: begins, continues: continues)
  }

  private static func marks(
    _ node: Node?, _ document: Document, _ problems: inout [Problem]
  ) -> [Mark] {
    guard let node else { return [] }
    return (node.list ?? [node]).compactMap { item in
      guard let text = item.text, !text.isEmpty else {
        problems.append(document.problem(item, "a pattern is text", fix: "write it in quotes"))
        return nil
      }
      if let known = marks.first(where: { $0.word == text }) { return known.mark }
      if text.hasPrefix("<"), text.hasSuffix(">"), !text.contains("*") {
        let near = nearestName(to: text, among: marks.map(\.word))
        problems.append(
          document.problem(
            item, "nothing is called `\(text)`",
            fix: near.map { "did you mean `\($0)`?" }
              ?? "known: \(marks.map(\.word).joined(separator: ", "))"))
        return nil
      }
      return .pattern(text)
    }
  }
}
