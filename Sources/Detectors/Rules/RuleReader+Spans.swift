import Documents

/// Reading what our correlations say of the time between events: how long a group goes on, how long it pauses, what
/// must have come before.
extension RuleReader {
  /// The keys of that.
  static let spanKeys = ["lasts", "pause", "begins-with", "unless-preceded-by"]

  /// Reads those keys; references go into `draft`.
  mutating func readSpan(
    _ node: Node, into correlation: inout Correlation, _ draft: inout RuleDraft
  ) {
    draft.preceding = references(node["unless-preceded-by"])
    draft.beginning = references(node["begins-with"])
    correlation.lastsSeconds = node["lasts"].flatMap { seconds($0) }
    correlation.pauseSeconds = node["pause"].flatMap { seconds($0) }
    let isPlain =
      correlation.kind == .eventCount && correlation.leakSeconds == nil
      && correlation.medianGapSeconds == nil
    if let entry = node["unless-preceded-by"],
      !isPlain || correlation.needed != 1 || !draft.cancelling.isEmpty
    {
      report(
        entry, "`unless-preceded-by` looks back from one event",
        fix: "use `type: event_count` with a `timespan` and `condition: {gte: 1}`")
    }
    guard let entry = node["lasts"] ?? node["pause"] else {
      if let entry = node["begins-with"] {
        report(entry, "`begins-with` belongs to `lasts` and `pause`")
      }
      return
    }
    if node["lasts"] != nil, let pause = node["pause"] {
      report(pause, "`lasts` and `pause` are two questions", fix: "write two correlations")
    }
    if !isPlain || !draft.following.isEmpty || !draft.preceding.isEmpty {
      report(
        entry, "`lasts` and `pause` belong to `event_count` with a `timespan` alone",
        fix: "the timespan is the silence after which a group is forgotten")
    }
    if let pause = correlation.pauseSeconds, pause >= correlation.timespanSeconds {
      report(
        entry, "a group is forgotten before it has paused so long",
        fix: "make `timespan` longer than `pause`")
    }
  }
}
