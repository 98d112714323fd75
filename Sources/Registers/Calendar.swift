/// What the registers expect, by time: a stream of entries that is made as it is read.
///
/// What a row says once is kept as an ``Obligation``; what comes back each month is made for the month that is asked for
/// (``MonthlyDuty``), so that the memory depends on the rows alone and not on the span. What is due again some time after it was
/// done stands as one obligation with a `period`: whoever follows the logs knows when that was.
public struct Calendar: Sendable {
  /// Obligations of rows, by the time from which on they are expected.
  let obligations: [Obligation]
  /// Those that come back each month.
  let monthly: [MonthlyDuty]
  private let places: [Key: [Int]]
  /// The duties of each month, by system.
  private let monthlyPlaces: [String: [Int]]

  /// What makes an obligation the one it is.
  struct Key: Hashable {
    let kind: Obligation.Kind
    let id: String
  }

  /// The calendar of registers, as their policy has it.
  public init(_ registers: Registers) {
    var draft = CalendarDraft(registers)
    draft.addAll()
    self.init(draft.obligations, monthly: draft.monthly)
  }

  /// A calendar of nothing.
  public static let empty = Calendar([])

  init(_ drafted: [Obligation], monthly: [MonthlyDuty] = []) {
    // Nothing is expected that is over, or was done, before it begins.
    let kept = drafted.filter {
      $0.due > $0.opens && ($0.period ?? 1) > 0 && !$0.isMet(before: $0.opens)
    }
    // Their places are put in order, since there may be many and each is large.
    obligations = kept.indices.sorted { left, right in
      if kept[left].opens != kept[right].opens { return kept[left].opens < kept[right].opens }
      if kept[left].due != kept[right].due { return kept[left].due < kept[right].due }
      return (kept[left].kind.rawValue, kept[left].id) < (kept[right].kind.rawValue, kept[right].id)
    }.map { kept[$0] }
    self.monthly = monthly
    var places: [Key: [Int]] = [:]
    for (place, obligation) in obligations.enumerated() {
      places[Key(kind: obligation.kind, id: obligation.id), default: []].append(place)
    }
    self.places = places
    monthlyPlaces = Dictionary(grouping: monthly.indices) { monthly[$0].system }
  }

  /// Whether nothing is expected of anybody.
  public var isEmpty: Bool { obligations.isEmpty && monthly.isEmpty }

  /// Whether the registers still expect something, and do not say that it was done before an instant.
  ///
  /// - Parameter due: When it was due as it was told; a row may say otherwise by now.
  /// - Complexity: O(1), or in the number of times that it was done, where the registers list those.
  public func stands(kind: String, id: String, due: Int64, at time: Int64) -> Bool {
    guard let kind = Obligation.Kind(rawValue: kind) else { return false }
    if let known = places[Key(kind: kind, id: id)] {
      return known.contains { place in
        let obligation = obligations[place]
        return (obligation.period != nil || Calendar.isSame(obligation.due, due))
          && !obligation.isMet(before: time)
      }
    }
    guard let slash = id.lastIndex(of: "/"),
      let month = CivilMonth(String(id[slash...].dropFirst()))
    else { return false }
    return monthlyPlaces[String(id[..<slash])]?.contains { place in
      guard monthly[place].kind == kind, monthly[place].asks(for: month.number) else {
        return false
      }
      let obligation = monthly[place].obligation(in: month.number)
      return Calendar.isSame(obligation.due, due) && !obligation.isMet(before: time)
    } ?? false
  }

  /// Whether two instants are the same second, which is what is written down of them.
  private static func isSame(_ left: Int64, _ right: Int64) -> Bool {
    left.floorDivided(by: 1_000_000_000) == right.floorDivided(by: 1_000_000_000)
  }
}

/// Something that is expected of one system each month, such as a review of who may enter it.
struct MonthlyDuty: Sendable {
  let kind: Obligation.Kind
  let register, file, row: String
  /// The system's id.
  let system: String
  let owner: String?
  /// The first and the last month, as the numbers of ``CivilMonth``.
  let first, last: Int
  /// When it was done, by month.
  let done: [Int: Int64]
  /// What says when it is due.
  let registers: Registers
  private var zone: any CivilZone { registers.zone }

  /// When a month begins.
  func start(of month: Int) -> Int64 { zone.start(of: CivilMonth(number: month).first) }

  /// When what a month asks for is due.
  func due(of month: Int) -> Int64 {
    zone.end(of: registers.accessReviewDue(for: CivilMonth(number: month)))
  }

  /// The month of an instant.
  func month(of time: Int64) -> Int { CivilMonth(containing: zone.day(at: time)).number }

  /// What one month asks for.
  func obligation(in month: Int) -> Obligation {
    let name = CivilMonth(number: month).description
    var obligation = Obligation(
      kind: kind, id: "\(system)/\(name)", register: register, file: file, row: row,
      opens: start(of: month), due: due(of: month))
    obligation.met = done[month]
    obligation.owner = owner
    obligation.system = system
    obligation.note = "who may enter \(system) is reviewed for \(name)"
    return obligation
  }

  /// Whether a month asks for it.
  func asks(for month: Int) -> Bool { first <= month && month <= last }
}
