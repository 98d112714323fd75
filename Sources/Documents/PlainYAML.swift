// The parser that Yams itself drives; its events are read here without the tree that Yams makes.
internal import CYaml

/// Reads ordinary YAML straight from the parser's events.
///
/// Registers have a hundred thousand values, and the way through a tree of `Yams.Node` costs several
/// times what the parser does. Whatever is out of the ordinary (a mistake, an anchor, an alias, a key
/// twice, a key that is no text, too many levels) makes this reader give up: the caller then reads
/// the text again through Yams, whose answers and messages count.
@safe struct PlainYAML: ~Copyable {
  // The parser keeps a pointer to itself, so it must not move.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private var budget = Document.nodesMax

  private init() {
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe yaml_parser_initialize(parser)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
  }

  /// The documents of a text, or `nil` when it is not ordinary.
  static func documents(_ text: String) -> [Node]? {
    var text = text
    return text.withUTF8 { bytes in
      var reader = PlainYAML()
      // SAFETY: the bytes stay while the closure runs, and the reader does not leave it.
      unsafe yaml_parser_set_input_string(reader.parser, bytes.baseAddress, bytes.count)
      return reader.documents()
    }
  }

  private mutating func documents() -> [Node]? {
    var nodes: [Node] = []
    while let event = unsafe Event(parser) {
      switch event.type {
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      case YAML_STREAM_END_EVENT: return nodes
      default:
        guard let node = node(event, depth: 0) else { return nil }
        nodes.append(node)
      }
    }
    return nil
  }

  private mutating func node(_ event: borrowing Event, depth: Int) -> Node? {
    budget -= 1
    guard depth < Document.depthMax, budget > 0, !event.hasAnchor else { return nil }
    switch event.type {
    case YAML_SCALAR_EVENT:
      return Node(event.scalar, line: event.line, column: event.column)
    case YAML_SEQUENCE_START_EVENT:
      var nodes: [Node] = []
      while let next = unsafe Event(parser) {
        if next.type == YAML_SEQUENCE_END_EVENT {
          return Node(.list(nodes), line: event.line, column: event.column)
        }
        guard let node = node(next, depth: depth + 1) else { return nil }
        nodes.append(node)
      }
      return nil
    case YAML_MAPPING_START_EVENT:
      guard let entries = entries(depth: depth) else { return nil }
      return Node(.map(entries), line: event.line, column: event.column)
    default:
      return nil
    }
  }

  private mutating func entries(depth: Int) -> [Node.Entry]? {
    var entries: [Node.Entry] = []
    entries.reserveCapacity(4)
    while let key = unsafe Event(parser) {
      if key.type == YAML_MAPPING_END_EVENT { return hasTwins(entries) ? nil : entries }
      guard key.type == YAML_SCALAR_EVENT, !key.hasAnchor, let next = unsafe Event(parser),
        let value = node(next, depth: depth + 1)
      else { return nil }
      entries.append(
        Node.Entry(key: key.text, line: key.line, column: key.column, value: value))
    }
    return nil
  }

  /// Whether a key stands twice.
  private func hasTwins(_ entries: [Node.Entry]) -> Bool {
    guard entries.count > 16 else {
      for (place, entry) in entries.enumerated() {
        for other in 0..<place where entries[other].key == entry.key { return true }
      }
      return false
    }
    return Set(entries.lazy.map(\.key)).count < entries.count
  }

  /// One event of the parser.
  @safe private struct Event: ~Copyable {
    private var event = unsafe yaml_event_t()

    /// The next event, or `nil` when the text is not YAML.
    @unsafe init?(_ parser: UnsafeMutablePointer<yaml_parser_t>) {
      guard unsafe yaml_parser_parse(parser, &event) == 1 else { return nil }
    }

    deinit {
      var event = unsafe event
      unsafe yaml_event_delete(&event)
    }

    var type: yaml_event_type_t { unsafe event.type }
    var line: Int { unsafe Int(event.start_mark.line) + 1 }
    var column: Int { unsafe Int(event.start_mark.column) + 1 }

    /// Whether others may refer to the value.
    var hasAnchor: Bool {
      // SAFETY: each part of the union is read for events of its own type.
      switch type {
      case YAML_SCALAR_EVENT: unsafe event.data.scalar.anchor != nil
      case YAML_SEQUENCE_START_EVENT: unsafe event.data.sequence_start.anchor != nil
      case YAML_MAPPING_START_EVENT: unsafe event.data.mapping_start.anchor != nil
      default: false
      }
    }

    private var bytes: UnsafeBufferPointer<UInt8> {
      // SAFETY: only asked of scalars, whose bytes live as long as the event.
      unsafe UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
    }

    /// A scalar's text.
    var text: String { unsafe String(decoding: bytes, as: UTF8.self) }

    /// A scalar's value.
    var scalar: Node.Content {
      let style = unsafe event.data.scalar.style
      let isPlain = style == YAML_PLAIN_SCALAR_STYLE || style == YAML_ANY_SCALAR_STYLE
      let text = text
      if isPlain, text.utf8.count <= 4, ["", "~", "null", "Null", "NULL"].contains(text) {
        return .null
      }
      return .scalar(text, isPlain: isPlain)
    }
  }
}
