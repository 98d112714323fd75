import Events
import Testing

@Suite struct FieldTests {
  @Test(arguments: [
    (Field.timestamp, "@timestamp"),
    (Field.eventCategory, "event.category"),
    (Field.eventAction, "event.action"),
    (Field.eventOutcome, "event.outcome"),
    (Field.eventReason, "event.reason"),
    (Field.eventCode, "event.code"),
    (Field.eventCount, "event.count"),
    (Field.eventID, "event.id"),
    (Field.eventDataset, "event.dataset"),
    (Field.userName, "user.name"),
    (Field.userID, "user.id"),
    (Field.userTargetName, "user.target.name"),
    (Field.userEffectiveName, "user.effective.name"),
    (Field.sourceIP, "source.ip"),
    (Field.sourceAddress, "source.address"),
    (Field.sourcePort, "source.port"),
    (Field.sourceDomain, "source.domain"),
    (Field.hostName, "host.name"),
    (Field.processName, "process.name"),
    (Field.processPID, "process.pid"),
    (Field.commandLine, "process.command_line"),
    (Field.workingDirectory, "process.working_directory"),
    (Field.requestMethod, "http.request.method"),
    (Field.statusCode, "http.response.status_code"),
    (Field.bodyBytes, "http.response.body.bytes"),
    (Field.referrer, "http.request.referrer"),
    (Field.urlOriginal, "url.original"),
    (Field.urlPath, "url.path"),
    (Field.urlQuery, "url.query"),
    (Field.urlDomain, "url.domain"),
    (Field.userAgent, "user_agent.original"),
    (Field.serviceName, "service.name"),
    (Field.message, "message"),
    (Field.syslogPriority, "log.syslog.priority"),
    (Field.syslogFacility, "log.syslog.facility.code"),
    (Field.syslogSeverity, "log.syslog.severity.code"),
    (Field.syslogMessageID, "log.syslog.msgid"),
    (Field.syslogVersion, "log.syslog.version"),
    (Field.structuredData, "log.syslog.structured_data"),
    (Field.authenticationMethod, "authentication.method"),
    (Field.authenticationMFA, "authentication.mfa"),
    (Field.keyFingerprint, "key.fingerprint"),
    (Field.sessionID, "session.id"),
    (Field.groupName, "group.name"),
    (Field.expiryFrom, "account.expiry.from"),
    (Field.expiryTo, "account.expiry.to"),
    (Field.cloudRegion, "cloud.region"),
    (Field.cloudAccount, "cloud.account.id"),
    (Field.userAdmin, "user.admin"),
    (Field.timestampInferred, "timestamp.inferred"),
    (Field.sourceCountry, "source.geo.country_iso_code"),
    (Field.sourceNetwork, "source.as.number"),
    (Field.sourceInfrastructure, "source.infrastructure"),
    (Field.personID, "person.id"),
    (Field.personKind, "person.kind"),
    (Field.personStatus, "person.status"),
    (Field.personExpiredSeconds, "person.expired_seconds"),
    (Field.systemID, "system.id"),
    (Field.systemName, "system.name"),
    (Field.systemEnvironment, "system.environment"),
    (Field.systemStatus, "system.status"),
    (Field.accessScope, "access.scope"),
    (Field.accessScopeReason, "access.scope_reason"),
    (Field.accessApproval, "access.approval"),
    (Field.toolID, "tool.id"),
    (Field.toolStatus, "tool.status"),
    (Field.loginFirstSeen, "login.first_seen"),
    (Field.loginSpeed, "login.speed_kmh"),
    (Field.loginDistance, "login.distance_km"),
    (Field.loginRisk, "login.risk"),
    (Field.logSource, "log.source"),
    (Field.errorMessage, "error.message"),
    (Field.eventDuration, "event.duration_ms"),
    (Field.containerName, "container.name"),
    (Field.podName, "orchestrator.resource.name"),
    (Field.destinationIP, "destination.ip"),
    (Field.destinationPort, "destination.port"),
    (Field.containerID, "container.id"),
    (Field.podNamespace, "orchestrator.namespace"),
    (Field.accessApprovalType, "access.approval_type"),
    (Field.accessApprovalLate, "access.approval_late"),
    (Field.accessException, "access.exception"),
    (Field.secretEnvironment, "secret.environment"),
    (Field.secretSystemKind, "secret.system_kind"),
    (Field.secretReader, "secret.reader"), (Field.taskID, "task.id"),
    (Field.webhookEndpoint, "webhook.endpoint"),
    (Field.accountExpiryStatus, "account.expiry.status"),
  ])
  func `a field constant has the index of its name`(_ field: Field, _ name: String) {
    #expect(FieldTable().name(field) == name)
    #expect(FieldTable()[name] == field)
  }

  @Test func `a new name gets the next index and keeps it`() {
    var table = FieldTable()
    let first = table.intern("eventName")
    #expect(first?.index == Field.knownNames.count)
    #expect(table.intern("eventName") == first)
  }

  @Test func `a full table refuses names instead of growing`() {
    var table = FieldTable()
    for number in 0..<2000 { _ = table.intern("key\(number)") }
    #expect(table.names.count == Event.fieldsMax)
    #expect(table.intern("one.more") == nil)
  }
}
