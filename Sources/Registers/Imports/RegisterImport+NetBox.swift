import Documents

/// NetBox's tables of devices, virtual machines, prefixes and addresses, as its lists export them.
///
/// The columns say which table it is. NetBox has no environment of its own: a column `environment` (a custom field is
/// `cf_environment`) is taken, nothing is guessed.
extension RegisterImport {
  mutating func readNetBox(_ file: String, _ text: String) throws(Problem) {
    let table = try ImportedTable(file: file, text: text)
    if table.has("prefix") {
      for record in table.records { try readPrefix(record) }
    } else if table.has("name"), table.has("device_type", "manufacturer", "type", "rack") {
      for record in table.records { try readMachine(record, kind: "host", what: "device") }
    } else if table.has("name"), table.has("cluster", "vcpus", "memory") {
      for record in table.records { try readMachine(record, kind: "vm", what: "virtual machine") }
    } else if table.has("address", "ip_address") {
      try readAddresses(table)
    } else {
      throw Problem(
        file: file, line: 1, column: 1,
        message: "no table of NetBox's devices, virtual machines, prefixes or addresses",
        fix: "export the list as CSV with its columns' names in the first line")
    }
  }

  private mutating func readMachine(
    _ record: ImportedTable.Record, kind: String, what: String
  ) throws(Problem) {
    try begin(record.place)
    guard let name = record["name"] else { return skip("a \(what) without a name", record.place) }
    let status = record["status"]?.lowercased() ?? "active"
    if status == "planned" || status == "inventory" {
      return skip("\(status): not in use", record.place)
    }
    var addresses: [String] = []
    for text in [
      record["primary_ip4", "ipv4_address", "primary_ip", "ip_address", "primary_ip_address"],
      record["primary_ip6", "ipv6_address"],
    ].compactMap(\.self) {
      guard let address = RegisterImport.address(text) else {
        return skip("`\(text.prefix(60))` is no address", record.place)
      }
      addresses.append(address)
    }
    var row = ImportedRow(.infrastructure, id: ImportedID.slug(name), place: record.place)
    row.set("name", name)
    row.set("kind", kind)
    row.set("names", [name.lowercased()])
    row.set("addresses", addresses)
    row.set("environment", RegisterImport.environment(record))
    row.set("region", record["region", "site"])
    row.set("tags", RegisterImport.tags(record))
    add([row])
  }

  private mutating func readPrefix(_ record: ImportedTable.Record) throws(Problem) {
    try begin(record.place)
    guard let text = record["prefix"] else { return skip("no prefix", record.place) }
    // What a container holds is in rows of its own; the whole of it would list what nobody uses.
    if record["status"]?.lowercased() == "container" {
      return skip("a container: what is in it stands for itself", record.place)
    }
    guard text.contains("/"), NetworkPrefix(text) != nil else {
      return skip("`\(text.prefix(60))` is no network", record.place)
    }
    var row = ImportedRow(
      .infrastructure, id: "net-" + ImportedID.slug(text.replacingSlash), place: record.place)
    row.set("name", record["description"])
    row.set("kind", "network")
    row.set("addresses", [text.lowercased()])
    row.set("environment", RegisterImport.environment(record))
    row.set("region", record["region", "site", "scope"])
    row.set("tags", RegisterImport.tags(record))
    add([row])
  }

  /// Addresses of one machine are one row, under the machine's name.
  private mutating func readAddresses(_ table: ImportedTable) throws(Problem) {
    var groups: [String: [(record: ImportedTable.Record, address: String)]] = [:]
    var order: [String] = []
    for record in table.records {
      try begin(record.place)
      guard let text = record["address", "ip_address"], let address = RegisterImport.address(text)
      else {
        skip("no address", record.place)
        continue
      }
      let owner = record["device", "virtual_machine", "parent", "assigned_object_parent"]
      let name = owner ?? record["dns_name"] ?? "ip-" + address
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append((record, address))
    }
    for name in order {
      guard let group = groups[name], let first = group.first else { continue }
      let record = first.record
      var row = ImportedRow(.infrastructure, id: ImportedID.slug(name), place: record.place)
      let owner = record["device", "virtual_machine", "parent", "assigned_object_parent"]
      row.set("name", owner ?? record["dns_name"])
      row.set("kind", "host")
      row.set(
        "names",
        (owner.map { [$0.lowercased()] } ?? [])
          + group.compactMap { $0.record["dns_name"]?.lowercased() })
      row.set("addresses", group.map(\.address))
      row.set("environment", RegisterImport.environment(record))
      row.set("tags", RegisterImport.tags(record))
      add([row], of: group.map(\.record.place))
    }
  }

  private static func environment(_ record: ImportedTable.Record) -> String? {
    record["environment", "cf_environment", "env", "cf_env"]?.lowercased()
  }

  private static func tags(_ record: ImportedTable.Record) -> [String] {
    var tags = (record["tags"] ?? "").split(separator: ",").map { String($0).trimmedBlanks }
    for (name, column) in [("role", "role"), ("role", "device_role"), ("tenant", "tenant")] {
      if let value = record[column] { tags.append("\(name):\(value)") }
    }
    return tags
  }

  /// An address without the length of its network, which NetBox writes behind each.
  private static func address(_ text: String) -> String? {
    let bare = text.split(separator: "/", maxSplits: 1).first.map(String.init) ?? ""
    guard !bare.isEmpty, NetworkPrefix(bare) != nil else { return nil }
    return bare.lowercased()
  }
}

extension String {
  /// The text with dashes for slashes, which ids do not have.
  fileprivate var replacingSlash: String { String(map { $0 == "/" ? "-" : $0 }) }
}
