/// What is known of how fields are filled, for whoever asks whether a rule can ever find anything.
extension Field {
  /// Common fields that nothing in the program fills by itself: only a mapping can.
  package static let filledByMappingsAlone: Set<Field> = Set(
    [
      "event.id", "log.syslog.facility.code", "log.syslog.severity.code", "log.syslog.version",
      "authentication.mfa", "cloud.region", "cloud.account.id", "user.admin", "error.message",
      "user.target.email", "user.email", "process.executable", "process.parent.executable",
      "process.parent.command_line", "file.path", "destination.domain",
    ].compactMap { name in Field.knownNames.firstIndex(of: name).map(Field.init) })

  /// All values of fields that have few; whatever fills one of these takes it from here.
  package static let closedValues: [Field: [String]] = [
    .eventAction: Actions.all,
    .personKind: ["employee", "contractor", "service", "unlisted"],
    .personStatus: ["active", "not-started", "expired", "offboarded"],
    .systemStatus: ["listed", "unlisted", "retired"],
    .accessScope: ["inside", "outside", "unscoped"],
    .accessScopeReason: ["system", "environment", "hours", "country", "action"],
    .toolStatus: ["approved", "proposed", "retired", "unlisted", "personal-cloud"],
    .sourceInfrastructure: ["listed", "unlisted", "external"],
    .targetPersonKind: ["employee", "contractor", "service", "unlisted"],
    .targetPersonStatus: ["active", "not-started", "expired", "offboarded"],
    .accountExpiryStatus: ["within", "late", "none"],
    .flowStatus: ["same", "allowed", "forbidden"],
    .accessAdmin: ["listed", "unlisted"],
    .accessDeployer: ["listed", "unlisted"],
    .roleStatus: ["listed", "unlisted"],
    .portStatus: ["listed", "unlisted"],
    .secretClass: ["sensitive_key", "service_token", "other"],
    .secretStatus: ["active", "expired", "revoked", "unlisted"],
    .secretReader: ["listed", "unlisted"],
    .systemClassification: ["public", "internal", "confidential", "restricted"],
  ]

  /// Fields that mappings fill as they find them, and that are one value all the same.
  private static let writtenSingle: Set<Field> = [
    .sourceIP, .sourceAddress, .statusCode, .bodyBytes, .sourcePort, .processPID, .urlDomain,
    .userName, .userTargetName, .userEffectiveName, .referrer, .userAgent, .urlQuery, .hostName,
    .userID, .sessionID, .clientID, .webhookEndpoint,
  ]

  /// Whether the field never is a list of several values.
  ///
  /// - Parameter copied: The fields that some mapping fills with what it finds, which may be a list.
  package func isSingle(copied: Set<Field>) -> Bool {
    guard index < Field.knownNames.count, self != .loginFirstSeen, self != .loginRiskParts,
      self != .accessApprovalType, self != .accessException
    else { return false }
    return Field.writtenSingle.contains(self) || !copied.contains(self)
  }
}

extension Mapping {
  /// Every field that the mapping may write, and every part of a record that it keeps under its own name.
  package var filledFields: Set<Field> { writtenFields.union(parts.map(\.field)) }

  /// The fields that get what a part of the record holds.
  package var copiedFields: Set<Field> {
    Set((assignments + cases.flatMap(\.assignments)).map(\.field))
  }
}
