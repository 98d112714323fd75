import Bytes
import Documents
import Events
import Testing

/// What a log may not say of itself.
@Suite struct ReservedFieldTests {
  private func problems(_ field: String) throws -> [Problem] {
    var table = FieldTable()
    let document = try Document(
      file: "m.yaml",
      text: """
        mapping: m
        format: json
        fields: {"@timestamp": time, \(field): x}
        """)
    return MappingLoader.load(document, table: &table).problems
  }

  @Test(arguments: [
    "person.id", "person.status", "system.id", "system.status", "access.scope", "access.approval",
    "tool.status", "source.infrastructure", "source.geo.country_iso_code", "login.risk",
    "login.first_seen", "timestamp.inferred", "target.person.id", "secret.status", "flow.status",
    "access.exception",
    "account.expiry.status",
  ])
  func `a mapping that fills what the registers say is refused in place`(_ field: String) throws {
    let found = try problems(field)
    #expect(found.count == 1)
    #expect(found.first?.line == 3)
    #expect(found.first?.message.contains("`\(field)`") == true)
  }

  @Test(arguments: ["user.name", "host.name", "source.ip", "event.action", "message"])
  func `a mapping fills what a log knows`(_ field: String) throws {
    #expect(try problems(field).isEmpty)
  }
}
