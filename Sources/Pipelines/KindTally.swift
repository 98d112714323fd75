import Bytes
import Detectors
public import Events

/// Counts events by the words that rules ask for first: the action, with the category and with the dataset.
///
/// Only words that a rule or the closed list of actions names have a number, so that no log can use them up.
struct KindTally {
  private var actions = WordTable()
  private var words: [WordTable]
  /// The actions, those that are too long for a table of words last.
  let actionNames: [String]
  private let longActions: [ByteView]
  private let shortCount: Int
  private let wordNames: [[String]]
  /// By field, word and action.
  private var counts: [[UInt64]]

  static let fields: [Field] = [.eventCategory, .eventDataset]

  init(_ rules: RuleSet) {
    let short = Actions.all.filter { $0.utf8.count <= 16 }
    var known = WordTable()
    for action in short { action.withView { _ = known.number(of: $0) } }
    actions = known
    actionNames = short + Actions.all.filter { $0.utf8.count > 16 }
    longActions = actionNames.dropFirst(short.count).map { ByteView(immortal: $0) }
    shortCount = short.count
    (words, counts) = ([], [])
    var all: [[String]] = []
    for field in KindTally.fields {
      var table = WordTable()
      let named = Set(rules.rules.flatMap { $0.words(of: field) ?? [] }).sorted()
        .filter { $0.utf8.count <= 16 }.prefix(WordTable.limit)
      for word in named { word.withView { _ = table.number(of: $0) } }
      all.append(Array(named))
      words.append(table)
      counts.append(Array(repeating: 0, count: (named.count + 1) * 64))
    }
    wordNames = all
  }

  /// Counts an event, whose action's number is given back; 0 for an action that is not in the list.
  @inline(__always) mutating func add(_ event: Event) -> Int {
    var action = 0
    if let text = event.text(.eventAction) {
      action = text.count <= 16 ? Int(actions.number(of: text)) : number(ofLong: text)
      if text.count <= 16, action > shortCount { action = 0 }
    }
    for place in 0..<2 {
      var word = 0
      if let text = event.text(KindTally.fields[place]) {
        word = Int(words[place].number(of: text))
        if word > wordNames[place].count { word = 0 }
      }
      counts[place][word * 64 + action] &+= 1
    }
    return action
  }

  private func number(ofLong text: ByteView) -> Int {
    for (place, action) in longActions.enumerated() where text.equals(action) {
      return shortCount + place + 1
    }
    return 0
  }

  /// The counts by words.
  var kinds: [Tallies.Kind: UInt64] {
    var result: [Tallies.Kind: UInt64] = [:]
    for (place, field) in KindTally.fields.enumerated() {
      for (number, count) in counts[place].enumerated() where count > 0 {
        let (word, action) = (number / 64, number % 64)
        let kind = Tallies.Kind(
          field: field, word: word == 0 ? "" : wordNames[place][word - 1],
          action: action == 0 ? "" : actionNames[action - 1])
        result[kind] = count
      }
    }
    return result
  }
}

extension Tallies {
  /// How many events a rule that asks for these words could have matched; `nil` stands for any.
  public func count(
    of words: Set<String>?, in field: Field, actions: Set<String>?
  ) -> UInt64 {
    kinds.reduce(0) { sum, entry in
      guard entry.key.field == field, words?.contains(entry.key.word) ?? true,
        actions?.contains(entry.key.action) ?? true
      else { return sum }
      return sum + entry.value
    }
  }
}
