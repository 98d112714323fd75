import Bytes
import Detectors
import Events

/// For each mapping, what tells of a line that no open rule matches it; belongs to one worker.
///
/// A filter is made when the first line of its mapping is looked at: most logs have one mapping.
struct LineFilters {
  private enum Entry {
    case unknown
    /// There is no telling.
    case useless
    /// `isOfSource`: the source's name, which every event has, holds words of a rule itself.
    case ready(LineFilter, isOfSource: Bool)
  }

  private let setup: PipelineSetup
  private var entries: [Entry]
  private var source = ByteView.empty
  private let words: ChunkWords

  /// - Parameter words: What is known of the words in lines; the filters add their own.
  init(_ setup: PipelineSetup, _ words: ChunkWords) {
    (self.setup, self.words) = (setup, words)
    // Access logs come last.
    entries = Array(repeating: .unknown, count: setup.mappingCount + 1)
  }

  /// Says whose lines come.
  mutating func begin(_ source: ByteView) {
    self.source = source
    for place in entries.indices {
      guard case .ready(let filter, _) = entries[place] else { continue }
      entries[place] = .ready(filter, isOfSource: filter.mayMatch(source))
    }
  }

  /// Whether some open rule may match a line that a mapping takes.
  @inline(__always) mutating func mayMatch(_ line: ByteView, mapping: Int) -> Bool {
    let mapping = mapping == Glance.accessMapping ? entries.count - 1 : mapping
    if case .unknown = entries[mapping] { make(mapping) }
    guard case .ready(let filter, let isOfSource) = entries[mapping] else { return true }
    return isOfSource
      || words.mayStand(in: line, of: .filters, countingEscapes: true) && filter.mayMatch(line)
  }

  @inline(never) private mutating func make(_ mapping: Int) {
    let isAccess = mapping == entries.count - 1
    guard let filter = setup.lineFilter(mapping: isAccess ? nil : mapping) else {
      entries[mapping] = .useless
      return
    }
    words.add(filter.words, for: .filters)
    entries[mapping] = .ready(filter, isOfSource: filter.mayMatch(source))
  }
}
