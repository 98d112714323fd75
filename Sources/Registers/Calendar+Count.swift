extension Calendar {
  /// How much is expected at some time of a span: open before its end, and due after its beginning.
  ///
  /// - Parameter kinds: Of which kinds; `nil` for any.
  public func count(of kinds: Set<String>?, in span: Range<Int64>) -> Int {
    func isAsked(_ kind: Obligation.Kind) -> Bool { kinds?.contains(kind.rawValue) ?? true }
    func touches(_ opens: Int64, _ due: Int64) -> Bool {
      opens < span.upperBound && due > span.lowerBound
    }
    let once = obligations.count {
      isAsked($0.kind)
        && (touches($0.opens, $0.due) || ($0.period != nil && $0.opens < span.upperBound))
    }
    return monthly.reduce(once) { sum, duty in
      guard isAsked(duty.kind) else { return sum }
      let last = min(duty.last, duty.month(of: span.upperBound - 1))
      let first = max(duty.first, duty.month(of: span.lowerBound) - 1)
      guard first <= last else { return sum }
      return sum + (first...last).count { touches(duty.start(of: $0), duty.due(of: $0)) }
    }
  }
}
