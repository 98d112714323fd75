import Documents

/// The services of a CycloneDX bill of materials: each is a tool that is proposed, for no file approves anything.
///
/// A service across a trust boundary (`x-trust-boundary`) that data is named for is a subprocessor as well.
extension RegisterImport {
  private static let personal: Set<String> = ["pii", "personal", "personal data", "gdpr"]

  mutating func readCycloneDX(_ file: String, _ text: String) throws(Problem) {
    let root = try Document(file: file, json: text).roots[0]
    guard root["bomFormat"]?.text == "CycloneDX" else {
      throw Problem(
        file: file, line: root.line, column: root.column,
        message: "no bill of materials of CycloneDX",
        fix: "export it as CycloneDX JSON; `bomFormat` says so")
    }
    try readServices(root["services"]?.list ?? [], file, under: nil)
  }

  private mutating func readServices(
    _ services: [Node], _ file: String, under parent: String?
  ) throws(Problem) {
    for service in services {
      let place = Place(file: file, line: service.line, column: service.column)
      try begin(place)
      guard let name = service["name"]?.text.nonEmpty else {
        skip("a service without a name", place)
        continue
      }
      let parts = [service["group"]?.text.nonEmpty ?? parent, name].compactMap(\.self)
      let id = ImportedID.slug(parts.joined(separator: "-"))
      add(RegisterImport.rows(of: service, id: id, name: name, place))
      // Services may be made of services.
      try readServices(service["services"]?.list ?? [], file, under: name)
    }
  }

  private static func rows(
    of service: Node, id: String, name: String, _ place: Place
  ) -> [ImportedRow] {
    let vendor = service["provider"]?["name"]?.text.nonEmpty
    let crosses = service["x-trust-boundary"]?.text == "true"
    let data = (service["data"]?.list ?? []).compactMap { $0["classification"]?.text.nonEmpty }
    let isPersonal = data.contains { personal.contains($0.lowercased()) }
    var tool = ImportedRow(.tools, id: id, place: place)
    tool.set("name", name)
    tool.set("vendor", vendor)
    tool.set("domains", (service["endpoints"]?.list ?? []).compactMap { $0.text.flatMap(host) })
    tool.set("status", "proposed")
    tool.set("personal_data", isTrue: isPersonal)
    tool.set(
      "notes", service["authenticated"]?.text == "false" ? "Used without authentication" : nil)
    guard crosses, !data.isEmpty else { return [tool] }
    var processor = ImportedRow(.subprocessors, id: "sp-" + id, place: place)
    processor.set("name", vendor ?? name)
    processor.set("tool", id)
    processor.set("purpose", service["description"]?.text)
    processor.set(
      "data", isPersonal ? ["personal"] + data.filter { !personal.contains($0.lowercased()) } : data
    )
    return [tool, processor]
  }

  /// The host of a web address.
  static func host(_ address: String) -> String? {
    guard let scheme = address.firstRange(of: "://") else { return nil }
    var rest = address[scheme.upperBound...]
    if let end = rest.firstIndex(where: { "/?#".contains($0) }) { rest = rest[..<end] }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    if !rest.hasPrefix("["), let colon = rest.lastIndex(of: ":") { rest = rest[..<colon] }
    let host = rest.lowercased()
    let isName = host.utf8.allSatisfy {
      $0.isASCIILetter || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x2E
    }
    return host.isEmpty || !isName ? nil : host
  }
}
