import Bytes
import Documents
import Events

/// Reading one key of a selection: its field, its modifiers, and its values.
extension RuleReader {
  /// One key of a selection: a field, its modifiers, and the values.
  mutating func readItem(_ entry: Node.Entry) -> Expression {
    let pieces = entry.key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let name = pieces[0]
    guard let form = readForm(entry, pieces) else { return .any([]) }
    var field: Field?
    if name.isEmpty {
      guard pieces.count > 1 else {
        report(entry, "the key is empty")
        return .any([])
      }
      switch form.kind {
      case .text where !form.begins && !form.ends, .expression: break
      case .text:
        let name = form.begins ? "startswith" : "endswith"
        report(
          entry, "keywords can not take `\(name)`: they are looked for anywhere",
          fix: "name a field, or remove it")
        return .any([])
      default:
        report(entry, "keywords can not take `\(pieces[1])`", fix: "name a field")
        return .any([])
      }
    } else {
      field = self.field(name, at: Node(.null, line: entry.line, column: entry.column))
      if field == nil { return .any([]) }
    }
    if case .list(let values) = entry.value.content, values.isEmpty {
      report(
        entry.value, "the list of values is empty",
        fix: "write null for an absent field, '' for an empty one")
    }
    if form.isAll, entry.value.list == nil {
      report(entry, "`all` needs a list of values", fix: "remove `all`")
    }
    var parts: [Expression] = []
    for node in entry.value.list ?? [entry.value] {
      let isAlone = entry.value.list == nil
      guard let values = readValues(node, form, isAlone: isAlone) else { continue }
      var tests: [Expression] = []
      for value in values {
        for matcher in matchers(value, node, form, isKeyword: field == nil) {
          let test = test(field, matcher, named: name, at: entry)
          tests.append(form.asksForAbsence(value.text) ? .not(test) : test)
        }
      }
      // What one value stands for are alternatives, also where all values must hold.
      if form.isAll {
        parts.append(tests.count == 1 ? tests[0] : .any(tests))
      } else {
        parts += tests
      }
    }
    let item: Expression = parts.count == 1 ? parts[0] : form.isAll ? .all(parts) : .any(parts)
    return form.isNegated ? .not(item) : item
  }

  /// A test of a field, and of the members of objects in a list where its path leads through one.
  private mutating func test(
    _ field: Field?, _ matcher: Matcher, named name: String, at entry: Node.Entry
  ) -> Expression {
    let plain = Expression.test(Test(field: field, matcher: matcher))
    let place = Node(.null, line: entry.line, column: entry.column)
    guard field != nil,
      let inside = FieldNames.list(in: FieldNames.name(name, in: source), of: source),
      let list = self.field(inside.list, at: place)
    else { return plain }
    func member(_ matcher: Matcher) -> Expression {
      .test(Test(field: list, matcher: .member(path: inside.path, matcher)))
    }
    switch matcher {
    case .null: return .all([plain, .not(member(.exists))])
    case .field: return plain
    default: return .any([plain, member(matcher)])
    }
  }

  private mutating func readForm(_ entry: Node.Entry, _ pieces: [String]) -> ItemForm? {
    var form = ItemForm()
    var shift = pieces[0].count + 1
    for (place, piece) in pieces.enumerated().dropFirst() {
      let isFirst = place == 1 || (place == 2 && form.expands)
      do {
        try form.take(piece, isFirst: isFirst, isLast: place == pieces.count - 1)
      } catch {
        report(entry, error.message, fix: error.fix, shift: shift)
        return nil
      }
      shift += piece.count + 1
    }
    return form
  }

  /// A value as written, or one of those that its placeholders stand for; `nil` text is null.
  private struct Value {
    var text: String?
    var isPlain: Bool
  }

  private mutating func readValues(_ node: Node, _ form: ItemForm, isAlone: Bool) -> [Value]? {
    switch node.content {
    case .null:
      guard isAlone else {
        report(node, "null can not stand in a list of values", fix: "use a selection of its own")
        return nil
      }
      return [Value(text: nil, isPlain: true)]
    case .scalar(let written, _):
      if form.expands, let list = policyList(written) {
        return list.map { Value(text: $0, isPlain: false) }
      }
      let (text, isPlain) = scalar(node) ?? (written, false)
      guard form.expands else { return [Value(text: text, isPlain: isPlain)] }
      return expanded(text, node)?.map { Value(text: $0, isPlain: isPlain && text != $0) }
    case .list, .map:
      report(node, "a value is text, a number or null")
      return nil
    }
  }

  /// The texts that result when each `%name%` is replaced by each of its values.
  private mutating func expanded(_ text: String, _ node: Node) -> [String]? {
    var results = [""]
    var rest = text[...]
    while let start = rest.firstIndex(of: "%") {
      let after = rest[rest.index(after: start)...]
      guard let end = after.firstIndex(of: "%") else { break }
      let name = String(after[..<end])
      guard !name.isEmpty, !name.contains(" ") else {
        // A lone sign stands for itself.
        let head = rest[...start]
        results = results.map { $0 + head }
        rest = after
        continue
      }
      guard let values = placeholders(name) else {
        let nearest = nearestName(to: name, among: placeholderNames)
        report(
          node, "the placeholder `%\(name)%` has no values",
          fix: nearest.map { "did you mean `%\($0)%`?" }
            ?? (placeholderNames.isEmpty
              ? ""
              : "list them under `placeholders: {\(name): […]}` in the configuration; known: "
                + placeholderNames.joined(separator: ", ")))
        return nil
      }
      guard results.count * max(1, values.count) <= RuleReader.expansionMax else {
        report(node, "the placeholders stand for more than \(RuleReader.expansionMax) values")
        return nil
      }
      let before = rest[..<start]
      results = results.flatMap { head in values.map { head + before + $0 } }
      rest = after[after.index(after: end)...]
    }
    return results.map { $0 + rest }
  }

  /// What a value asks for: alternatives, none when it was refused.
  private mutating func matchers(
    _ value: Value, _ node: Node, _ form: ItemForm, isKeyword: Bool
  ) -> [Matcher] {
    guard let text = value.text else {
      guard case .text = form.kind, form.isWhole, !form.isCased, !isKeyword else {
        report(node, "null can not take this modifier", fix: "write `field: null`")
        return []
      }
      return [.null]
    }
    switch form.kind {
    case .exists:
      guard RuleReader.truth(text) != nil else {
        report(node, "`exists` is true or false, not `\(text)`")
        return []
      }
      return [.exists]
    case .text: return textMatchers(text, value.isPlain, node, form, isKeyword: isKeyword)
    case .expression: return expressions(text, node, form)
    case .network:
      guard let block = text.withView({ Network($0) }) else {
        report(node, "`\(text)` is no network", fix: "write it as `192.0.2.0/24`")
        return []
      }
      return [.network(block)]
    case .compare(let comparison):
      guard let number = text.withView({ $0.number }) else {
        report(node, "`\(text)` is no number")
        return []
      }
      return [.compare(comparison, number)]
    case .time(let part, let comparison):
      guard let number = Int(text), (0...9999).contains(number) else {
        report(node, "`\(text)` is no \(part)", fix: "write a whole number")
        return []
      }
      return [.time(part, comparison, number)]
    case .reference:
      guard let name = SigmaText(text).literal.map({ String(decoding: $0, as: UTF8.self) }),
        !name.isEmpty
      else {
        report(node, "the name of a field has no wildcards")
        return []
      }
      guard let other = field(name, at: node) else { return [] }
      let relation: FieldRelation =
        form.contains ? .contains : form.begins ? .begins : form.ends ? .ends : .equal
      return [.field(other, relation, name: name)]
    }
  }

  private mutating func textMatchers(
    _ text: String, _ isPlain: Bool, _ node: Node, _ form: ItemForm, isKeyword: Bool
  ) -> [Matcher] {
    var texts = [SigmaText(text)]
    for encoding in form.encodings {
      var next: [SigmaText] = []
      for text in texts {
        guard let encoded = text.encoded(encoding), !encoded.contains(where: \.tokens.isEmpty)
        else {
          refuse(text, encoding, node)
          return []
        }
        next += encoded
      }
      guard next.count <= RuleReader.expansionMax else {
        report(node, "the value stands for more than \(RuleReader.expansionMax) texts")
        return []
      }
      texts = next
    }
    let isLoose = form.contains || isKeyword
    let number = form.isWhole && !isKeyword && isPlain ? text.withView { $0.number } : nil
    return texts.flatMap { text in
      matchers(
        text.anchored(start: !(isLoose || form.ends), end: !(isLoose || form.begins)),
        isCased: form.isCased, number: number, node)
    }
  }

  private mutating func refuse(_ text: SigmaText, _ encoding: TextEncoding, _ node: Node) {
    if encoding == .windash {
      report(
        node, "`windash` stands for at most \(SigmaText.dashesMax) dashes of one value",
        fix: "split the value into several under `contains|all`")
    } else if text.literal == nil {
      report(
        node, "`\(encoding.rawValue)` can not encode wildcards",
        fix: "escape them as `\\*` and `\\?`, or remove them")
    } else {
      report(node, "the text is too short for `\(encoding.rawValue)`", fix: "write a longer one")
    }
  }

  /// A text as one question, or as several when letters beyond ASCII have several cases.
  mutating func matchers(
    _ text: SigmaText, isCased: Bool, number: Double?, _ node: Node
  ) -> [Matcher] {
    guard !isCased, text.hasForeignCase else {
      return [.text(text, isCased: isCased, number: number)]
    }
    if let texts = text.foldedForeign {
      return texts.map { .text($0, isCased: false, number: nil) }
    }
    do {
      return [.expression(try RegularExpression(folding: text))]
    } catch {
      report(node, "the text is too long: \(error.message)", fix: "shorten it, or use `cased`")
      return []
    }
  }

  private mutating func expressions(
    _ text: String, _ node: Node, _ form: ItemForm
  ) -> [Matcher] {
    // A search finds a match anywhere, which is all that `contains` asks for.
    let pattern = form.begins ? "\\A(?:\(text))" : form.ends ? "(?:\(text))\\z" : text
    do {
      return [.expression(try RegularExpression(pattern, form.flags))]
    } catch {
      if error.isUnsupported, !isReadable {
        hasUnsupported = true
        return []
      }
      let shift = form.begins ? 5 : form.ends ? 3 : 0
      report(
        node, "in the expression, at byte \(max(0, error.offset - shift)): \(error.message)")
      return []
    }
  }

  /// A YAML boolean.
  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes": true
    case "false", "no": false
    default: nil
    }
  }
}
