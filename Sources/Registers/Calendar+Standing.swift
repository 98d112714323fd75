extension Calendar {
  /// How many months back a monthly duty is looked for that was not done.
  private static let monthsBack = 2

  /// What the registers expect as of a time: what is open, and what is over and was not done, by when it is due.
  ///
  /// An end of access that has passed is left out: then nothing is expected any more.
  public func standing(at time: Int64) -> [Obligation] {
    var found = obligations.filter {
      $0.opens <= time && !$0.isMet(before: time) && ($0.due > time || $0.kind != .accessEnding)
    }
    for duty in monthly {
      let month = duty.month(of: time)
      for month in max(duty.first, month - Calendar.monthsBack)...max(month, duty.first)
      where duty.asks(for: month) {
        let obligation = duty.obligation(in: month)
        if obligation.opens <= time, !obligation.isMet(before: time) { found.append(obligation) }
      }
    }
    return found.sorted { ($0.due, $0.kind.rawValue, $0.id) < ($1.due, $1.kind.rawValue, $1.id) }
  }
}
