import Bytes

/// What is to be done with the values of lines of one shape: worked out once, when the shape is learned.
///
/// Which mapping takes a line, and which of its parts fills a field, depends on which keys are there;
/// and that is the shape.
struct JSONPlan {
  /// One value and where it goes.
  struct Step: BitwiseCopyable {
    enum Action: UInt8 {
      /// Into the slot as it is.
      case keep
      /// Into a field, in the field's own spelling.
      case write
      /// Into a field that holds a name, when it is one.
      case name
      /// Into a field that holds any text.
      case text
    }
    var action: Action
    var value: Int16
    var slot: Int16
  }

  /// The place of the mapping that takes the line, or -1.
  let mapping: Int
  let steps: [Step]
  /// Whether the mapping takes texts apart or has cases that may hold.
  let hasChoices: Bool
  /// Whether some field says how old something is.
  let hasAges: Bool
  /// What one look shows; `nil` when an event must be made.
  let glance: GlancePlan?
  /// Whether only the mapping of last resort takes the lines.
  let isUnmapped: Bool
  /// Whether the mapping writes a field that the record has or the mapping reads as a part: then what
  /// it does depends on the order, and all of it is done once the parts are in their slots.
  let appliesMapping: Bool

  /// The plan of a shape.
  ///
  /// - Parameters:
  ///   - slots: The slots of the shape's values, in order.
  ///   - mapping: The mapping that takes lines with these parts, and its place.
  ///   - needed: The fields that someone reads; `nil` for all of them.
  init(slots: [Int32], mapping: (place: Int, mapping: Mapping)?, needed: Set<Field>?) {
    self.mapping = mapping?.place ?? -1
    // Of a key that stands twice the last value counts.
    var places: [Int32: Int] = [:]
    for (place, slot) in slots.enumerated() where slot >= 0 { places[slot] = place }
    var steps: [Step] = []
    let chosen = mapping?.mapping
    let choices = chosen?.choiceParts ?? []
    let written = chosen?.writtenFields ?? []
    appliesMapping =
      written.contains { places[Int32($0.index)] != nil }
      || chosen?.parts.contains { written.contains($0.field) } ?? false
    hasAges = chosen?.hasAges { places[Int32($0.index)] != nil } ?? false
    guard !appliesMapping else {
      (hasChoices, glance, isUnmapped) = (false, nil, false)
      self.steps = places.sorted { $0.value < $1.value }.map { slot, place in
        Step(action: .keep, value: Int16(place), slot: Int16(slot))
      }
      return
    }
    // A text that no line of the shape has is never taken apart.
    hasChoices = chosen?.mayChoose { places[Int32($0.index)] != nil } ?? false
    isUnmapped = chosen?.dataset.equals("json") ?? false
    glance = chosen.flatMap { mapping in
      guard !mapping.mayChoose({ places[Int32($0.index)] != nil }) else { return nil }
      let readsTLS = needed?.contains(.tlsVersion) ?? true
      return GlancePlan(mapping) { assignment in
        assignment.field == .tlsVersion && !readsTLS
          ? nil : assignment.parts.lazy.compactMap { places[Int32($0.index)] }.first
      }
    }
    for (slot, place) in places.sorted(by: { $0.value < $1.value }) {
      let field = Field(index: Int(slot))
      guard needed?.contains(field) ?? true || choices.contains(field) else { continue }
      steps.append(Step(action: .keep, value: Int16(place), slot: Int16(slot)))
    }
    for assignment in chosen?.assignments ?? [] {
      guard let needed else {
        if let place = assignment.parts.lazy.compactMap({ places[Int32($0.index)] }).first {
          steps.append(JSONPlan.step(place, assignment.field))
        }
        continue
      }
      guard needed.contains(assignment.field) || Mapping.alwaysNeeded.contains(assignment.field),
        let place = assignment.parts.lazy.compactMap({ places[Int32($0.index)] }).first
      else { continue }
      steps.append(JSONPlan.step(place, assignment.field))
    }
    self.steps = steps
  }

  private static func step(_ place: Int, _ field: Field) -> Step {
    let action: Step.Action =
      switch field {
      case .userName, .userTargetName, .userEffectiveName, .referrer, .userAgent, .urlQuery,
        .hostName, .userID, .sessionID, .clientID:
        .name
      case .sourceIP, .sourceAddress, .statusCode, .bodyBytes, .sourcePort, .processPID,
        .urlDomain, .destinationPort, .eventDuration, .roleName, .tlsVersion, .toolName,
        .credentialID, .secretName, .imageName, .webhookEndpoint:
        .write
      default: .text
      }
    return Step(action: action, value: Int16(place), slot: Int16(field.index))
  }
}
