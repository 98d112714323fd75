import Detectors
import Documents
import Events
import Pipelines

/// Knows what can fill a field: the program itself, a mapping, a join, or a record's own keys.
struct FieldSources {
  private let table: FieldTable
  /// The fields that some mapping fills, and those that it fills with whatever it finds.
  private let mapped, copied: Set<Field>
  /// The fields that lines of tests had.
  private let seen: Set<Field>

  init(_ workspace: Workspace, seen: Set<Field>) {
    (table, self.seen) = (workspace.table, seen)
    mapped = workspace.mappings.reduce(into: []) { $0.formUnion($1.filledFields) }
    copied = workspace.mappings.reduce(into: []) { $0.formUnion($1.copiedFields) }
  }

  /// Whether something that is loaded fills the field, or a line of a test had it.
  func isFilled(_ field: Field) -> Bool {
    if mapped.contains(field) || seen.contains(field) { return true }
    return field.index < Field.knownNames.count && !Field.filledByMappingsAlone.contains(field)
  }

  /// Whether nothing ever can: a common name that no mapping fills.
  ///
  /// Any other name may be a record's own key.
  func isHopeless(_ field: Field) -> Bool {
    field.index < Field.knownNames.count && !isFilled(field)
  }

  /// The filled field that a name was probably meant to be.
  ///
  /// - Complexity: As many comparisons as there are fields; ask once for each.
  func nearest(to field: Field) -> String? {
    let name = table.name(field)
    let plain = FieldSources.plain(name)
    let others = table.names.indices.map { Field(index: $0) }.filter { $0 != field && isFilled($0) }
      .map(table.name)
    if let same = others.first(where: { FieldSources.plain($0) == plain }) { return same }
    // The common names come first, and win where two are as near.
    return nearestName(to: name, among: others)
  }

  /// Whether a name is so like a common one that it is probably a slip; of a product's own names nobody knows
  /// how alike they are.
  func isSlip(_ name: String, of other: String) -> Bool {
    guard Field.knownNames.contains(other) else { return false }
    return FieldSources.plain(name) == FieldSources.plain(other)
      || (name.utf8.count > 5 && editDistance(name, other) <= 2)
  }

  /// `sourceIP`, `source_ip` and `source.ip` alike.
  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  /// What is known of values, for ``RuleSense``.
  var knowledge: RuleSense.Knowledge {
    RuleSense.Knowledge(
      isFilled: { !isHopeless($0) },
      values: { field in
        // What a mapping copies from a log may be anything.
        copied.contains(field) ? nil : Field.closedValues[field]
      },
      isSingle: { $0.isSingle(copied: copied) }, name: { table.name($0) })
  }
}
