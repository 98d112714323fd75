public import Bytes

/// One entry of the calendar: something begins to be expected, is near its end, or was done.
public struct CalendarEntry: Sendable {
  /// What happens.
  public enum Stage: Int, Sendable, CaseIterable {
    case open, warn, met

    /// The word for `event.action`.
    public var action: String { "obligation.\(self)" }
  }
  /// When, nanoseconds since 1970 UTC.
  public let time: Int64
  /// What happens.
  public let stage: Stage
  /// With what.
  public let obligation: Obligation
}

/// Reads a calendar from a moment on, entry by entry, in one order.
///
/// What was expected before that moment, is not due yet and was not done begins with it. Memory: what is open, and 16 bytes for each
/// entry that was told of what is open, so that registers that change while somebody reads are told once. Of
/// ``toldMax`` of those the rest is not remembered.
public struct CalendarCursor: Sendable {
  /// How many entries it is remembered of that they were told.
  public static let toldMax = 400_000
  /// How many entries one stretch between two events may have; of more the earliest are passed over.
  public static let stretchMax = 1_000_000

  private let calendar: Calendar
  /// Up to when everything was told; `Int64.min` before it began.
  public private(set) var toldUntil = Int64.min
  /// When it began.
  public private(set) var began = Int64.min
  /// Where it was put last.
  private var placedAt = Int64.min
  /// The next obligation in the order of their beginnings.
  private var nextOpening = 0
  /// What comes next of everything that is open, and of each month's duties; the least is first.
  private var heap: [Item] = []
  /// What was told of things that are open, and when those are due.
  private var told: [UInt64: Int64] = [:]
  private var sweepAt = 1024
  /// How many entries were not remembered.
  public private(set) var forgottenCount: UInt64 = 0

  private struct Item: Sendable {
    var time, due: Int64
    /// The place of an obligation, or behind those of a monthly duty.
    var place: Int
    var month: Int
    /// Which of the obligation's times comes next: 0 its beginning, then its reminders, then that it was done.
    var step: Int

    static func precedes(_ left: Item, _ right: Item) -> Bool {
      (left.time, left.due, left.place, left.month, left.step)
        < (right.time, right.due, right.place, right.month, right.step)
    }
  }

  /// A cursor that has not begun.
  public init(_ calendar: Calendar) { self.calendar = calendar }

  /// Whether it has begun.
  public var hasBegun: Bool { began != .min }

  /// Begins at a moment.
  public mutating func begin(at time: Int64) {
    guard !hasBegun else { return }
    (began, toldUntil) = (time, time)
    place(at: time)
  }

  /// The next entry up to a time, inclusive.
  public mutating func next(by time: Int64) -> CalendarEntry? {
    guard hasBegun else { return nil }
    while true {
      let opening =
        nextOpening < calendar.obligations.count ? calendar.obligations[nextOpening].opens : .max
      if opening <= time, opening <= heap.first?.time ?? .max {
        let obligation = calendar.obligations[nextOpening]
        push(
          Item(time: opening, due: obligation.due, place: nextOpening, month: 0, step: 0))
        nextOpening += 1
        continue
      }
      guard let item = heap.first, item.time <= time else {
        toldUntil = max(toldUntil, time)
        return nil
      }
      pop()
      if item.place >= calendar.obligations.count, item.step == 0 { pushMonth(after: item) }
      let obligation = obligation(of: item)
      pushStep(after: item, obligation)
      guard let entry = entry(item, obligation) else { continue }
      return entry
    }
  }

  /// The obligation of an item; one that is due again begins anew where its end was over before anybody looked.
  private func obligation(of item: Item) -> Obligation {
    guard item.place < calendar.obligations.count else {
      return calendar.monthly[item.place - calendar.obligations.count].obligation(in: item.month)
    }
    var obligation = calendar.obligations[item.place]
    if let period = obligation.period, item.due != obligation.due {
      let lead = obligation.warns.first.map { obligation.due - $0 }
      (obligation.opens, obligation.due) = (item.due - period, item.due)
      obligation.warns = lead.map { [item.due - $0] } ?? []
    }
    return obligation
  }

  private mutating func entry(_ item: Item, _ obligation: Obligation) -> CalendarEntry? {
    let stage: CalendarEntry.Stage =
      item.step == 0 ? .open : item.step <= obligation.warns.count ? .warn : .met
    if stage == .warn, obligation.isMet(before: item.time) { return nil }
    guard remember(item, obligation) else { return nil }
    return CalendarEntry(time: item.time, stage: stage, obligation: obligation)
  }

  /// Notes that an entry is told; false when it was.
  private mutating func remember(_ item: Item, _ obligation: Obligation) -> Bool {
    let key = key(of: item, obligation)
    guard told[key] == nil else { return false }
    if told.count >= sweepAt {
      let now = item.time
      told = told.filter { $0.value > now }
      sweepAt = max(1024, told.count * 2)
    }
    guard told.count < CalendarCursor.toldMax else {
      forgottenCount += 1
      return true
    }
    told[key] = obligation.period == nil ? obligation.due : .max
    return true
  }

  /// What stands for an entry among those that were told.
  private func key(of item: Item, _ obligation: Obligation) -> UInt64 {
    var hash = obligation.kind.rawValue.withView(ByteHash.hash)
    var parts = [obligation.due, Int64(item.step)]
    if let period = obligation.period {
      // When it is due next, the logs say; here it is another when the row says another last time.
      parts = [calendar.obligations[item.place].opens, period, Int64(item.step)]
    }
    hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ obligation.id.withView(ByteHash.hash)
    for part in parts { hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: part) }
    return hash
  }

  /// Puts the cursor to a moment: what is open then comes at once, what opens later in its time.
  private mutating func place(at time: Int64) {
    (heap, nextOpening, placedAt) = ([], 0, time)
    while nextOpening < calendar.obligations.count,
      calendar.obligations[nextOpening].opens <= time
    {
      let obligation = calendar.obligations[nextOpening]
      if obligation.due > time {
        if !obligation.isMet(before: time) {
          push(Item(time: time, due: obligation.due, place: nextOpening, month: 0, step: 0))
        }
      } else if let period = obligation.period, !obligation.isMet(before: time) {
        push(
          Item(
            time: time, due: saturatingSum(time, period), place: nextOpening, month: 0, step: 0))
      }
      nextOpening += 1
    }
    for (number, duty) in calendar.monthly.enumerated() {
      // The month before this one may not be due yet.
      var month = max(duty.first, duty.month(of: time) - 2)
      while month <= duty.last, duty.start(of: month) <= time {
        let obligation = duty.obligation(in: month)
        if obligation.due > time, !obligation.isMet(before: time) {
          push(
            Item(
              time: time, due: obligation.due, place: calendar.obligations.count + number,
              month: month, step: 0))
        }
        month += 1
      }
      pushMonth(month, of: number)
    }
  }

  /// Queues the month behind one that begins.
  private mutating func pushMonth(after item: Item) {
    let number = item.place - calendar.obligations.count
    let duty = calendar.monthly[number]
    // What was open when the cursor was put here did not begin then.
    guard item.time == duty.start(of: item.month), item.time > placedAt else { return }
    pushMonth(item.month + 1, of: number)
  }

  private mutating func pushMonth(_ month: Int, of number: Int) {
    let duty = calendar.monthly[number]
    guard month <= duty.last, month < 9999 * 12 else { return }
    let start = duty.start(of: month)
    guard start > toldUntil, start < .max else { return }
    push(
      Item(
        time: start, due: duty.due(of: month), place: calendar.obligations.count + number,
        month: month, step: 0))
  }

  /// Queues what comes next of an obligation, if anything does.
  private mutating func pushStep(after item: Item, _ obligation: Obligation) {
    var next = item
    next.step += 1
    // Of reminders whose time is over only the last is given.
    while next.step < obligation.warns.count, obligation.warns[next.step] <= item.time {
      next.step += 1
    }
    if next.step <= obligation.warns.count {
      next.time = max(item.time, obligation.warns[next.step - 1])
      if next.time < obligation.due, !obligation.isMet(before: next.time) { return push(next) }
      next.step = obligation.warns.count + 1
    }
    // What was done too late changes nothing any more.
    guard next.step == obligation.warns.count + 1, let met = obligation.met, met >= item.time,
      met < obligation.due || obligation.period != nil
    else { return }
    next.time = met
    push(next)
  }
}

extension CalendarCursor {
  private mutating func push(_ item: Item) {
    heap.append(item)
    var place = heap.count - 1
    while place > 0, Item.precedes(heap[place], heap[(place - 1) / 2]) {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var place = 0
    while true {
      let (left, right) = (2 * place + 1, 2 * place + 2)
      var least = place
      if left < heap.count, Item.precedes(heap[left], heap[least]) { least = left }
      if right < heap.count, Item.precedes(heap[right], heap[least]) { least = right }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }

  /// Passes over everything up to a moment, but for what is open then.
  public mutating func skip(to time: Int64) {
    guard hasBegun, time > toldUntil else { return }
    toldUntil = time
    place(at: time)
  }

  /// Writes how far it has come, and what was told of things that are open.
  public func write(to writer: inout SnapshotWriter) {
    writer.put(began)
    writer.put(toldUntil)
    writer.put(forgottenCount)
    writer.put(told.filter { $0.value > toldUntil }.sorted { $0.key < $1.key }) { entry, writer in
      writer.put(entry.key)
      writer.put(entry.value)
    }
  }

  /// Goes on where another cursor, perhaps over other registers, has come to.
  public mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    began = try reader.number()
    toldUntil = try reader.number()
    forgottenCount = try reader.number()
    for _ in 0..<(try reader.count()) {
      let key: UInt64 = try reader.number()
      told[key] = try reader.number()
    }
    sweepAt = max(1024, told.count * 2)
    guard hasBegun else { return }
    place(at: toldUntil)
    // Of rows that are gone, or say otherwise by now, nothing is told again.
    var recurring: Set<UInt64> = []
    for (place, obligation) in calendar.obligations.enumerated() where obligation.period != nil {
      for step in 0...obligation.warns.count + 1 {
        recurring.insert(
          key(of: Item(time: 0, due: 0, place: place, month: 0, step: step), obligation))
      }
    }
    told = told.filter { $0.value < .max || recurring.contains($0.key) }
  }
}

/// The sum, held at the ends of what 64 bits can say.
func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? (right < 0 ? .min : .max) : sum
}
