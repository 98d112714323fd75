import Events

/// Which fields a line has, and all that stands between their values, ready to be copied.
///
/// Lines of a log repeat a few shapes, so that the objects to open and to close are worked out once
/// for each. A shape lays itself out again in the memory that it has when it becomes another.
@safe final class EventShape {
  /// One value, and the text before it: `},"user":{"name":`.
  struct Part {
    var leaf: EventPlan.Leaf
    /// The field's place in the event.
    var slot: Int32
    /// Where the text stands.
    var text, count: Int32
  }

  /// How many bytes behind the text may be read though they mean nothing.
  private static let slack = 16

  /// How many parts there are; the last is the end of the line and has no value.
  private(set) var count = 0
  private let plan: EventPlan
  /// The fields that are there, one bit each.
  private let fields: UnsafeMutablePointer<UInt64>
  private let parts: UnsafeMutablePointer<Part>
  private let text: UnsafeMutablePointer<UInt8>
  private let textMax: Int
  private var textCount = 0

  /// The shape of a line without fields.
  init(_ plan: EventPlan) {
    self.plan = plan
    // All names at most, a separator before each, and what closes their objects.
    textMax = plan.text.count * 2 + plan.steps.count + 1
    // SAFETY: every word of what is allocated here is set before it is read.
    unsafe fields = .allocate(capacity: plan.slotWords)
    unsafe fields.initialize(repeating: 0, count: plan.slotWords)
    unsafe parts = .allocate(capacity: plan.steps.count + 1)
    unsafe text = .allocate(capacity: textMax + EventShape.slack)
    // What is copied too much is read too.
    unsafe text.initialize(repeating: 0, count: textMax + EventShape.slack)
    layOut()
  }

  deinit {
    unsafe fields.deallocate()
    unsafe parts.deallocate()
    unsafe text.deallocate()
  }

  /// One of the parts.
  @inline(__always) func part(_ place: Int) -> Part {
    precondition(UInt(bitPattern: place) < UInt(bitPattern: count), "no such part")
    // SAFETY: the line above keeps the place inside.
    return unsafe parts[place]
  }

  /// Writes the text before a part's value; there must be room for it.
  @inline(__always) func writeText(_ part: Part, _ pen: inout Pen) {
    // SAFETY: a part's text ends before the slack, and the slack was set.
    unsafe pen.copy(padded: text + Int(part.text), count: Int(part.count))
  }

  /// Whether the event has exactly these fields.
  @inline(__always) func fits(_ event: Event) -> Bool {
    for word in 0..<plan.slotWords {
      // SAFETY: there is a word for each that the plan has.
      guard unsafe fields[word] == event.slots(word) else { return false }
    }
    return true
  }

  /// Takes the shape of an event.
  func become(_ event: Event) {
    // SAFETY: there is a word for each that the plan has.
    for word in 0..<plan.slotWords { unsafe fields[word] = event.slots(word) }
    layOut()
  }

  // MARK: - Laying out

  /// What was laid out last.
  private struct Trail {
    /// The first of its names.
    var names = 0
    /// How many objects are open.
    var open = 0
    /// What comes before the next name.
    var separator = UInt8(ascii: "{")
  }

  private func layOut() {
    (count, textCount) = (0, 0)
    var trail = Trail()
    for (place, step) in plan.steps.enumerated() where isThere(step) {
      let isObject = plan.steps[place...Int(step.last)].dropFirst().contains(where: isThere)
      let start = textCount
      open(step, isObject: isObject, &trail)
      add(Part(leaf: step.leaf, slot: step.slot, text: Int32(start), count: 0))
    }
    let start = textCount
    for _ in 0..<trail.open { put(UInt8(ascii: "}")) }
    add(Part(leaf: .end, slot: 0, text: Int32(start), count: 0))
  }

  private func isThere(_ step: EventPlan.Step) -> Bool {
    guard step.leaf == .field || step.leaf == .number else { return true }
    // SAFETY: the plan has a word for each of its slots.
    return unsafe fields[Int(step.slot) >> 6] & (1 << UInt64(step.slot & 63)) != 0
  }

  /// Closes the objects that the step does not share with the one before, and opens its own.
  private func open(_ step: EventPlan.Step, isObject: Bool, _ trail: inout Trail) {
    let (names, depth) = (Int(step.names), Int(step.depth))
    var shared = 0
    while shared < min(depth, trail.open),
      plan.names[names + shared].branch == plan.names[trail.names + shared].branch
    {
      shared += 1
    }
    for _ in shared..<max(shared, trail.open) { put(UInt8(ascii: "}")) }
    put(trail.separator)
    let end = Int(isObject ? step.objectEnd : step.textEnd)
    for byte in plan.text[Int(plan.names[names + shared].text)..<end] { put(byte) }
    trail.names = names
    trail.open = depth + (isObject ? 1 : 0)
    trail.separator = UInt8(ascii: ",")
  }

  private func put(_ byte: UInt8) {
    precondition(textCount < textMax, "text longer than all names")
    // SAFETY: the line above keeps the byte inside.
    unsafe text[textCount] = byte
    textCount += 1
  }

  private func add(_ part: Part) {
    precondition(count <= plan.steps.count, "more parts than steps")
    var part = part
    part.count = Int32(textCount) - part.text
    // SAFETY: the line above keeps the part inside.
    unsafe (parts + count).initialize(to: part)
    count += 1
  }
}
