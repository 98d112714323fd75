import Detectors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One line of proof, its fields sorted into the schema's attributes.
///
/// A field that fits no attribute, or whose value an attribute would not take, stays under its own
/// name in `data.fields`: nothing is lost and nothing is said twice.
struct EvidenceObject {
  /// The evidence itself.
  let evidence: Evidence
  /// `user.name`, `person.id` and `user.email`.
  let userName, userID, userEmail: String?
  /// `source.ip`, as an address or, where the log had a name in its place, as that name.
  let sourceAddress, sourceName: String?
  /// `source.port`, only together with an address or a name; likewise country and network.
  let sourcePort: UInt16?
  let sourceCountry: String?
  let sourceNetwork: UInt32?
  /// `host.name`.
  let hostName: String?
  /// The other fields, those of one name together, sorted by name.
  let others: [(name: String, values: [String])]

  init(_ evidence: Evidence) {
    var fields = Fields(rest: evidence.fields)
    self.evidence = evidence
    userName = fields.take("user.name")
    userID = fields.take("person.id")
    userEmail = fields.take("user.email")
    sourceAddress = fields.take("source.ip") { isAddress($0) ? $0 : nil }
    sourceName = sourceAddress == nil ? fields.take("source.ip") : nil
    let hasSource = sourceAddress != nil || sourceName != nil
    sourcePort = hasSource ? fields.take("source.port") { UInt16($0) } : nil
    sourceCountry =
      hasSource ? fields.take("source.geo.country_iso_code") { $0.utf8.count == 2 ? $0 : nil } : nil
    sourceNetwork = hasSource ? fields.take("source.as.number") { UInt32($0) } : nil
    hostName = fields.take("host.name")
    others = fields.grouped
  }

  /// The fields not yet given to an attribute.
  private struct Fields {
    var rest: [Evidence.Pair]

    mutating func take(_ name: String) -> String? { take(name) { $0 } }

    /// Takes the first field of that name if `convert` accepts its value.
    mutating func take<Value>(_ name: String, _ convert: (String) -> Value?) -> Value? {
      guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
      guard !rest[index].value.isEmpty, let value = convert(rest[index].value) else { return nil }
      rest.remove(at: index)
      return value
    }

    var grouped: [(name: String, values: [String])] {
      let groups = Dictionary(grouping: rest, by: \.name)
      return groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.value)) }
    }
  }
}

/// Whether the text is an IPv4 or IPv6 address.
private func isAddress(_ text: String) -> Bool {
  var bytes: [16 of UInt8] = .init(repeating: 0)
  // SAFETY: sixteen bytes hold the binary form of either family.
  return unsafe inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1
}

extension JSONWriter {
  /// Writes one element of `evidences`.
  mutating func write(_ object: EvidenceObject) {
    self.object { json in
      if object.userName != nil || object.userID != nil || object.userEmail != nil {
        json.object("user") { json in
          json.member("name", ifPresent: object.userName)
          json.member("uid", ifPresent: object.userID)
          json.member("email_addr", ifPresent: object.userEmail)
        }
      }
      json.writeSource(of: object)
      if let hostName = object.hostName {
        json.object("device") { json in
          json.member("hostname", hostName)
          json.member("type_id", 0)
          json.member("type", "Unknown")
        }
      }
      json.writeLine(of: object)
    }
  }

  private mutating func writeSource(of object: EvidenceObject) {
    guard object.sourceAddress != nil || object.sourceName != nil else { return }
    self.object("src_endpoint") { json in
      json.member("ip", ifPresent: object.sourceAddress)
      json.member("hostname", ifPresent: object.sourceName)
      if let port = object.sourcePort { json.member("port", port) }
      if let country = object.sourceCountry {
        json.object("location") { $0.member("country", country) }
      }
      if let network = object.sourceNetwork {
        json.object("autonomous_system") { $0.member("number", network) }
      }
    }
  }

  private mutating func writeLine(of object: EvidenceObject) {
    self.object("data") { json in
      json.member("source", object.evidence.source)
      json.member("line", object.evidence.line)
      json.member("offset", object.evidence.offset)
      json.member("sha256", object.evidence.sha256)
      json.member("time", OCSF.milliseconds(object.evidence.time))
      json.member("raw", object.evidence.raw)
      guard !object.others.isEmpty else { return }
      json.object("fields") { json in
        for (name, values) in object.others {
          if values.count == 1 {
            json.member(name, values[0])
          } else {
            json.member(name, values)
          }
        }
      }
    }
  }

  /// Writes `observables`: what an analyst searches for, each value once, with its first place.
  mutating func writeObservables(of objects: [EvidenceObject]) {
    var observables: [Observable] = []
    for (index, object) in objects.enumerated() {
      let place = "evidences[\(index)]"
      observables += [
        Observable("\(place).user.name", 4, "User Name", object.userName),
        Observable("\(place).user.email_addr", 5, "Email Address", object.userEmail),
        Observable("\(place).src_endpoint.ip", 2, "IP Address", object.sourceAddress),
        Observable("\(place).src_endpoint.hostname", 1, "Hostname", object.sourceName),
        Observable("\(place).src_endpoint.location.country", 14, "Country", object.sourceCountry),
        Observable("\(place).device.hostname", 1, "Hostname", object.hostName),
      ].compactMap { $0 }
    }
    observables = observables.removingDuplicates()
    guard !observables.isEmpty else { return }
    array("observables") { json in
      for observable in observables {
        json.object { json in
          json.member("name", observable.name)
          json.member("type_id", observable.kind)
          json.member("type", observable.caption)
          json.member("value", observable.value)
        }
      }
    }
  }
}

/// A value worth searching for; two of one kind and value are the same, wherever they stand.
private struct Observable: Hashable {
  let name, caption, value: String
  let kind: Int

  init?(_ name: String, _ kind: Int, _ caption: String, _ value: String?) {
    guard let value else { return nil }
    (self.name, self.kind, self.caption, self.value) = (name, kind, caption, value)
  }

  static func == (left: Observable, right: Observable) -> Bool {
    left.kind == right.kind && left.value == right.value
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(value)
  }
}
