/// Something that should have happened by a time, as a row of a register says it.
///
/// Identity is the kind and the id; of one with another `due` the register has changed its mind.
public struct Obligation: Sendable {
  /// What is expected; the words are those of `obligation.kind`.
  public enum Kind: String, Sendable, CaseIterable {
    /// A contractor's access ends unless it is renewed.
    case accessEnding = "access-ending"
    /// Access is taken back after its end.
    case offboarding
    case rotation, backup, snapshot
    case restoreTest = "restore-test"
    case accessReview = "access-review"
    case policyReview = "policy-review"
    case vendorReview = "vendor-review"
    case riskReview = "risk-review"
    case inventoryReview = "inventory-review"
    case attestation, exception
    /// The clocks of an incident.
    case incidentAcknowledge = "incident-ack"
    case incidentContain = "incident-contain"
    case incidentResolve = "incident-resolve"
    case rca, notification
    /// A data-subject request is answered.
    case request
    case drill
  }

  /// What is expected.
  public let kind: Kind
  /// The row's id, and the part of the row where there are several: `c-007/gitlab`.
  public let id: String
  /// The register, the file's name without its folders, and the row's id.
  public let register, file, row: String
  /// From when on it is expected, nanoseconds since 1970 UTC; `Int64.min` when nobody knows.
  public var opens: Int64
  /// The first nanosecond that is too late.
  public var due: Int64
  /// When to remind of it, in rising order.
  public var warns: [Int64] = []
  /// When the register says that it was done.
  public var met: Int64?
  /// After being met it is due again so much later, nanoseconds; `nil` for what is due once.
  public var period: Int64?
  /// The id of whoever answers for it.
  public var owner: String?
  /// What is expected, in words.
  public var note = ""
  /// Whom it concerns: the row's id and what sort of row that is.
  public var person, personKind: String?
  /// The account and the system that it concerns.
  public var account, system: String?
  /// The job that it concerns, as logs name it.
  public var job: String?

  /// Whether the register says that it was done before an instant.
  func isMet(before time: Int64) -> Bool { met.map { $0 < time } ?? false }
}
