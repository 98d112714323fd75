import Bytes
import Detectors
import Events

/// What four words of an event say of the rules of ``ActionGates``: which fields it must have for some rule to match.
///
/// Lines of one program have few different actions, outcomes, datasets and codes, and most rules want a code or a field
/// that a line lacks; so most lines need not be asked about more. Bounded: ``slotCount`` profiles, by place, of which a
/// new one takes the place of another. Belongs to one worker.
final class GateProfiles {
  private static let slotCount = 256
  /// The fields whose words make a profile.
  private static let words: Set<Field> = [.eventAction, .eventOutcome, .eventDataset, .eventCode]
  /// Fields that say little when they are there: too many lines have them.
  private static let usual: Set<Field> = words.union([
    .eventCategory, .eventReason, .userName, .hostName, .sourceIP, .sourceAddress, .processName,
    .statusCode, .requestMethod, .urlOriginal, .urlPath, .userAgent,
  ])

  private struct Slot: BitwiseCopyable {
    var code: UInt32 = .max
    var dataset = ShortText(), event = ShortText()
    /// Whether a rule may match whatever fields there are.
    var isAny = false
    /// Bits of the first fields, of which the event must have one for a rule to match.
    var fields: SIMD4<UInt64> = .zero
  }

  private var slots = [Slot](repeating: Slot(), count: slotCount)
  /// What the rules ask of the words alone.
  private let rules: Evaluator
  /// By rule, a field that every match has; `nil` when all that it needs is usual.
  private let rarest: [Field?]

  /// - Parameter asked: What is asked of an event, by rule.
  init(_ asked: [Expression?]) {
    rules = Evaluator(
      CompiledRules(asked.map { $0?.weakened { !GateProfiles.words.contains($0) } }))
    rarest = asked.map { expression in
      expression?.presentFields.filter { !GateProfiles.usual.contains($0) }
        .max { $0.index < $1.index }
    }
  }

  /// Whether some rule may match the event.
  ///
  /// - Parameter code: Tells its action and outcome.
  @inline(__always) func mayMatch(_ event: Event, code: UInt32) -> Bool {
    guard let dataset = GateProfiles.word(.eventDataset, of: event),
      let name = GateProfiles.word(.eventCode, of: event)
    else { return true }
    let hash = dataset.hash ^ name.hash &* 3 ^ UInt64(code) &* 0x9E37_79B9_7F4A_7C15
    let place = Int(truncatingIfNeeded: hash >> 40) & (GateProfiles.slotCount - 1)
    if slots[place].code != code || slots[place].dataset != dataset || slots[place].event != name {
      make(event, code, dataset, name, at: place)
    }
    let fields = slots[place].fields
    let present = SIMD4(event.slots(0), event.slots(1), event.slots(2), event.slots(3)) & fields
    return slots[place].isAny || present != .zero
  }

  /// A field's word, empty when it is absent; `nil` when it makes no profile.
  @inline(__always) private static func word(_ field: Field, of event: Event) -> ShortText? {
    guard event.has(field) else { return ShortText() }
    return event.text(field).flatMap { ShortText($0) }
  }

  @inline(never) private func make(
    _ event: Event, _ code: UInt32, _ dataset: ShortText, _ name: ShortText,
    at place: Int
  ) {
    var slot = Slot(code: code, dataset: dataset, event: name)
    rules.evaluate(event) { rule in
      if let field = rarest[rule], field.index < 256 {
        slot.fields[field.index >> 6] |= 1 << UInt64(field.index & 63)
      } else {
        slot.isAny = true
      }
    }
    slots[place] = slot
  }
}
