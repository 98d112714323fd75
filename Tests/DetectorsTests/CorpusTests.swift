import Bytes
import Detectors
import Documents
import Events
import Glibc
import Testing

/// Rules of the public collection, when a copy stands beside the project.
@Suite struct CorpusTests {
  /// The folder of shared material: the environment's, else the one beside the package.
  private static var folder: String {
    if let path = unsafe getenv("ROLLCALL_SHARED") { return unsafe String(cString: path) }
    let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(package)/../shared"
  }

  private static func files(below folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var found: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      if name.hasSuffix(".yml") {
        found.append("\(folder)/\(name)")
      } else {
        found += files(below: "\(folder)/\(name)")
      }
    }
    return found.sorted()
  }

  private static func text(of file: String) -> String? {
    guard let stream = unsafe fopen(file, "r") else { return nil }
    defer { unsafe fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe fread($0.baseAddress, 1, $0.count, stream)
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The public rules, as far as they load; none without a copy of them.
  static func rules() throws -> (rules: RuleSet, problems: [Problem]) {
    var documents: [Document] = []
    for file in files(below: folder + "/corpus/sigma/rules") {
      if let text = text(of: file) { documents.append(try Document(file: file, text: text)) }
    }
    var fields = FieldTable()
    return RuleSet.load(
      documents: documents, fields: &fields, placeholders: { _ in nil }, policy: { _ in nil })
  }

  @Test func `every public rule loads, is read from some log, and matches what it asks for`() throws
  {
    let files = CorpusTests.files(below: CorpusTests.folder + "/corpus/sigma/rules")
    var documents: [Document] = []
    for file in files {
      guard let text = CorpusTests.text(of: file) else { continue }
      documents.append(try Document(file: file, text: text))
    }
    var fields = FieldTable()
    let (set, problems) = RuleSet.load(
      documents: documents, fields: &fields, placeholders: { _ in nil }, policy: { _ in nil })
    for problem in problems { Issue.record("\(problem)") }
    #expect(set.rules.count == documents.count)
    #expect(set.rules.compactMap(\.notReadable) == [])
    // Each rule is given an event that is made from its own words, and an empty one.
    let evaluator = Evaluator(set)
    let event = Event()
    var hitCount = 0
    for (index, rule) in set.rules.enumerated() {
      var wish = Wish()
      let isGranted = wish.grant(rule.expression)
      #expect(isGranted, "\(rule.file)")
      fill(event, line: wish.line, wish.samples)
      var hits: [Int] = []
      evaluator.evaluate(event) { hits.append($0) }
      if hits.contains(index) { hitCount += 1 } else { Issue.record("no hit: \(rule.file)") }
    }
    event.reset(line: ByteView("Nov  3 09:14:07 web1 sshd[1]: nothing to see"))
    event.set(.processName, "sshd")
    var missCount = set.rules.count
    evaluator.evaluate(event) { _ in missCount -= 1 }
    #expect(missCount == set.rules.count)
    print(
      "public rules: \(files.count) files, \(set.rules.count) loaded, \(hitCount) hit by an event of",
      "their own, \(fields.names.count) fields")
  }
}

/// An event that a rule asks for, put together from the rule's own words.
struct Wish {
  private(set) var line = ""
  private var texts: [Field: (whole: String?, head: String, middle: String, tail: String)] = [:]
  private var values: [Field: Sample] = [:]

  /// The fields that the event needs.
  var samples: [(Field, Sample)] {
    texts.map { ($0.key, .text($0.value.whole ?? $0.value.head + $0.value.middle + $0.value.tail)) }
      + values.map { ($0.key, $0.value) }
  }

  /// Adds what makes an expression true; false when that can not be worked out so plainly.
  mutating func grant(_ expression: Expression) -> Bool {
    switch expression {
    case .all(let parts):
      for part in parts where !grant(part) { return false }
      return true
    case .any(let parts):
      for part in parts {
        var copy = self
        if copy.grant(part) {
          self = copy
          return true
        }
      }
      return false
    case .not(let part):
      // What nobody asked for is not there; a field that must not be null has to be something.
      if case .test(let test) = part, case .null = test.matcher, let field = test.field {
        if texts[field] == nil { texts[field] = (nil, "", "x", "") }
      }
      return true
    case .test(let test): return grant(test)
    }
  }

  private mutating func grant(_ test: Detectors.Test) -> Bool {
    switch test.matcher {
    case .text(let text, _, _):
      guard let field = test.field else {
        line += " " + Wish.example(text.tokens)
        return true
      }
      var known = texts[field] ?? (nil, "", "", "")
      let example = Wish.example(text.tokens)
      switch (text.tokens.first == .anyRun, text.tokens.last == .anyRun) {
      case (false, false):
        guard known.whole == nil || known.whole == example else { return false }
        known.whole = example
      case (true, true): known.middle += example
      case (false, true): known.head = example
      case (true, false): known.tail = example
      }
      texts[field] = known
    case .exists:
      if let field = test.field, texts[field] == nil { texts[field] = (nil, "", "x", "") }
    case .null: if let field = test.field, texts[field] != nil { return false }
    case .compare(let comparison, let bound):
      guard let field = test.field else { return false }
      let shift = comparison == .gt ? 1.0 : comparison == .lt ? -1 : 0
      values[field] = .number("\(bound + shift)")
    case .expression(let expression):
      let example = Wish.example(expression.tree)
      if let field = test.field {
        texts[field] = (example, "", "", "")
      } else {
        line += " " + example
      }
    case .network(let block):
      guard let field = test.field else { return false }
      texts[field] = (String(block.description.prefix { $0 != "/" }), "", "", "")
    case .field, .time, .member: return false
    }
    return true
  }

  private static func example(_ tokens: [SigmaText.Token]) -> String {
    let bytes: [UInt8] = tokens.compactMap { token in
      switch token {
      case .byte(let byte): byte
      case .anyOne: UInt8(ascii: "x")
      case .anyRun: nil
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text in which an expression is found.
  private static func example(_ tree: RegularExpression.Tree) -> String {
    switch tree {
    case .set(let set):
      let usual = Array("ab1x/ .-".utf8) + Array(UInt8(0x21)...0x7e)
      let byte = usual.first { set.contains($0) } ?? UInt8(ascii: " ")
      return String(decoding: [byte], as: UTF8.self)
    case .sequence(let parts): return parts.map(example).joined()
    case .alternatives(let parts): return parts.first.map(example) ?? ""
    case .repetition(let part, let min, _):
      return (0..<min).map { _ in example(part) }.joined()
    case .assertion: return ""
    }
  }
}
