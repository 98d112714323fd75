import Bytes

/// How old what an event is about was by then.
///
/// A rule compares a field with a number or with another field, never one time with another and a span between
/// them. So a mapping says under `ages` which part of a record has the time at which something began, and which field
/// gets the whole seconds from then to the event.
extension Mapping {
  /// Sets the ages; the event's own time is known.
  func setAges(_ event: Event) {
    for age in ages {
      guard let part = age.source(in: event),
        let then = Mapping.time(of: event.value(slot: part.index), event)
      else { continue }
      let (span, overflow) = event.time.subtractingReportingOverflow(then)
      if !overflow { event.set(age.field, .integer(span.flooredSeconds)) }
    }
  }

  /// The fields that ages fill, whose numbers stand in no line.
  package var agedFields: [Field] { ages.map(\.field) }

  /// The time that a part of a record says, nanoseconds since 1970; one without a zone is UTC's.
  private static func time(of value: Value, _ event: Event) -> Int64? {
    let stamp: Stamp?
    switch value {
    case .text(let text): stamp = Timestamps.any(text) ?? Timestamps.twelveHours(text)
    case .integer(let number): stamp = Timestamps.any(event.scratch.decimal(number))
    case .number(_, let text): stamp = Timestamps.any(text)
    case .bool, .json, .null: stamp = nil
    }
    guard let stamp, stamp.hasYear else { return nil }
    return stamp.nanoseconds
  }
}
