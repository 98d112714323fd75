import Bytes
import Detectors
import Events

/// Makes events that a rule matches, and events that it nearly matches.
struct EventMaker {
  /// What one field must hold.
  private struct Demand {
    var begin: [UInt8] = []
    var middle: [[UInt8]] = []
    var end: [UInt8] = []
    var whole: [UInt8]?
    var isNull = false

    mutating func add(_ parts: [[UInt8]], startsOpen: Bool, endsOpen: Bool) {
      var parts = parts[...]
      if !startsOpen, !endsOpen, parts.count == 1 { whole = parts.removeFirst() }
      if !startsOpen, !parts.isEmpty { begin = parts.removeFirst() }
      if !endsOpen, !parts.isEmpty { end = parts.removeLast() }
      middle += parts
    }
  }

  /// A field's text, or the line's when there is no field.
  struct Piece {
    var field: Field?
    var text: [UInt8]
  }

  var random: SplitMix64
  private var demands: [Int: Demand] = [:]
  private static let line = -1

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Texts of fields with which the expression holds, as far as this simple maker can tell.
  mutating func hit(_ expression: Expression) -> [Piece] {
    demands = [:]
    ask(expression, true)
    return demands.sorted { $0.key < $1.key }.compactMap { index, demand in
      if demand.isNull { return nil }
      var text = demand.whole
      if text == nil {
        var parts = demand.middle
        if !demand.begin.isEmpty { parts.insert(demand.begin, at: 0) }
        if !demand.end.isEmpty { parts.append(demand.end) }
        let filler = random.pick([" ", "--", "", "é"])
        text = Array(parts.joined(separator: filler.utf8))
      }
      return Piece(field: index < 0 ? nil : Field(index: index), text: text ?? [])
    }
  }

  /// The same with one thing about it changed.
  mutating func nearMiss(_ pieces: [Piece]) -> [Piece] {
    var pieces = pieces
    guard !pieces.isEmpty else { return pieces }
    let place = random.below(pieces.count)
    guard !pieces[place].text.isEmpty else { return pieces }
    let at = random.below(pieces[place].text.count)
    switch random.below(5) {
    case 0: pieces.remove(at: place)
    case 1: pieces[place].text.remove(at: at)
    case 2: pieces[place].text.insert(UInt8(ascii: "x"), at: at)
    case 3: pieces[place].text.removeLast()
    default: pieces[place].text[at] ^= 1
    }
    return pieces
  }

  /// Puts the pieces into an event: some stand in the line as they are, some were made for it, some
  /// are elements of an array or numbers.
  mutating func fill(_ event: Event, _ pieces: [Piece]) {
    event.reset(line: .empty)
    var line = Array("begin ".utf8)
    var places: [(Field, Range<Int>)] = []
    var others: [Piece] = []
    for piece in pieces {
      guard let field = piece.field, random.chance(50) else {
        others.append(piece)
        if piece.field == nil { line += piece.text + Array(" ".utf8) }
        continue
      }
      places.append((field, line.count..<(line.count + piece.text.count)))
      line += piece.text + Array(random.pick(["\" ", "", " "]).utf8)
    }
    event.line = event.scratch.copy(bytes: line)
    for (field, range) in places {
      event.set(field, event.line.slice(range.lowerBound, range.upperBound))
    }
    for piece in others {
      guard let field = piece.field else { continue }
      let text = String(decoding: piece.text, as: UTF8.self)
      if let whole = Int64(text), random.chance(50) {
        event.set(field, .integer(whole))
      } else if let number = Double(text), number.isFinite, random.chance(30) {
        event.set(field, .number(number, text: event.scratch.copy(bytes: piece.text)))
      } else if random.chance(20), Array(text.utf8) == piece.text {
        let escaped = text.unicodeScalars.map { scalar -> String in
          switch scalar {
          case "\"", "\\": "\\\(scalar)"
          case "/" where random.chance(50): "\\/"
          case "\u{0}"..<"\u{20}":
            "\\u00" + (scalar.value < 16 ? "0" : "")
              + String(scalar.value, radix: 16)
          default: "\(scalar)"
          }
        }
        event.set(
          field, .json(event.scratch.copy(bytes: Array("[7, \"\(escaped.joined())\", []]".utf8))))
      } else {
        event.set(field, event.scratch.copy(bytes: piece.text))
      }
    }
  }

  // MARK: What an expression asks for

  private mutating func ask(_ expression: Expression, _ wanted: Bool) {
    switch (expression, wanted) {
    case (.not(let part), _): ask(part, !wanted)
    case (.all(let parts), true), (.any(let parts), false):
      for part in parts { ask(part, wanted) }
    case (.all(let parts), false), (.any(let parts), true):
      guard !parts.isEmpty else { return }
      ask(random.pick(parts), wanted)
    case (.test(let test), true): ask(test)
    case (.test(let test), false):
      guard case .null = test.matcher, let field = test.field else { return }
      demands[field.index, default: Demand()].middle.append(Array("there".utf8))
    }
  }

  private mutating func ask(_ test: Test) {
    let index = test.field?.index ?? EventMaker.line
    var demand = demands[index] ?? Demand()
    switch test.matcher {
    case .null: demand.isNull = true
    case .field(let other, _, _):
      let text = Array("same\(random.below(3))".utf8)
      demand.whole = text
      demands[other.index, default: Demand()].whole = random.chance(80) ? text : Array("x".utf8)
    case .time(let part, _, let bound):
      let value = bound + random.below(3) - 1
      let two = { (number: Int) in String(number / 10 % 10) + String(number % 10) }
      demand.whole = Array(
        """
        \(part == .year ? value : 2026)-\(two(part == .month ? max(1, min(12, value)) : 11))-\
        \(two(part == .day ? max(1, min(28, value)) : 3))T\(two(part == .hour ? max(0, min(23, value)) : 9)):\
        \(two(part == .minute ? max(0, min(59, value)) : 14)):07Z
        """.utf8)
    case .exists: if demand.whole == nil { demand.middle.append(Array("there".utf8)) }
    case .network(let block): demand.whole = Array("\(block.base)".utf8)
    // Rules of the tests ask for these elsewhere.
    case .member: break
    case .compare(let comparison, let bound):
      let shift = comparison == .gt || comparison == .gte ? 1.0 : -1.0
      let value = bound + shift
      demand.whole = Array((value == value.rounded() ? "\(Int64(value))" : "\(value)").utf8)
    case .expression(let expression):
      demand.add([text(of: expression.tree)], startsOpen: true, endsOpen: true)
    case .text(let text, let isCased, _):
      var parts: [[UInt8]] = [[]]
      for token in text.tokens {
        switch token {
        case .byte(let byte):
          let isSwapped = !isCased && byte.asciiLowered &- 0x61 < 26 && random.chance(20)
          parts[parts.count - 1].append(isSwapped ? byte ^ 0x20 : byte)
        case .anyOne: parts[parts.count - 1].append(UInt8(ascii: "q"))
        case .anyRun: parts.append([])
        }
      }
      demand.add(
        parts.filter { !$0.isEmpty || text.tokens.isEmpty },
        startsOpen: text.tokens.first == .anyRun, endsOpen: text.tokens.last == .anyRun)
    }
    demands[index] = demand
  }

  private mutating func text(of tree: RegularExpression.Tree) -> [UInt8] {
    switch tree {
    case .set(let set):
      let bytes = (UInt8(0x20)...0x7E).filter { set.contains($0) }
      return [bytes.isEmpty ? 0x0A : random.pick(bytes)]
    case .sequence(let parts): return parts.flatMap { text(of: $0) }
    case .alternatives(let parts): return parts.isEmpty ? [] : text(of: random.pick(parts))
    case .assertion: return []
    case .repetition(let part, let min, let max):
      let most = Swift.min(max ?? min + 2, min + 2)
      return (0..<(min + random.below(most - min + 1))).flatMap { _ in text(of: part) }
    }
  }
}

extension Scratch {
  func copy(bytes: [UInt8]) -> ByteView { bytes.withView { copy($0) } }
}
