import Bytes

/// Writes a record's value into a common field in the field's own spelling.
enum FieldWriter {
  /// Writes `value`; an absent spelling (`-`, `--`, nothing, null) leaves the field out.
  ///
  /// Of a list of texts the first one counts where the field has one value only: `"sourceIPs":["10.0.0.4"]`.
  static func write(_ value: Value, to field: Field, of event: Event) {
    var value = value
    if case .json(let json) = value, isSingle(field), let first = json.firstText {
      value = .text(first)
    }
    switch field {
    case .sourceIP, .sourceAddress:
      guard case .text(let text) = value, !text.isAbsent else { return }
      // Some proxies put the whole list that was passed on here.
      let isList = text.firstOffset(of: UInt8(ascii: ",")) != nil
      PeerName.set(isList ? text.origin ?? text : text, on: event)
    case .statusCode, .bodyBytes, .sourcePort, .processPID:
      writeNumber(value, to: field, of: event)
    case .destinationPort, .eventDuration, .roleName, .tlsVersion, .webhookEndpoint:
      writeSpelled(value, to: field, of: event)
    case .urlDomain:
      if case .text(let text) = value, !text.isAbsent { event.set(field, text.withoutPort) }
    case .userName, .userTargetName, .userEffectiveName, .referrer, .userAgent, .urlQuery:
      if case .text(let text) = value {
        if !text.isAbsent { event.set(field, text) }
      } else if case .integer = value {
        writeText(value, to: field, of: event)
      }
    case .hostName, .userID, .sessionID, .clientID:
      writeText(value, to: field, of: event)
    default:
      if case .null = value { return }
      event.set(field, value)
    }
  }

  /// Whether a field can not hold a list.
  private static func isSingle(_ field: Field) -> Bool {
    switch field {
    case .sourceIP, .sourceAddress, .urlDomain, .userName, .userTargetName, .userEffectiveName,
      .referrer, .userAgent, .hostName, .userID, .clientID, .toolName, .roleName, .credentialID,
      .secretName,
      .imageName, .webhookEndpoint:
      true
    default: false
    }
  }

  private static func writeNumber(_ value: Value, to field: Field, of event: Event) {
    switch value {
    case .integer: event.set(field, value)
    case .text(let text):
      if let number = text.decimal, number <= Int64.max {
        event.set(field, .integer(Int64(number)))
      }
    default: break
    }
  }

  /// Writes what logs spell in ways of their own.
  private static func writeSpelled(_ value: Value, to field: Field, of event: Event) {
    switch (field, value) {
    case (.tlsVersion, .text(let text)):
      if let version = TLSVersion.named(text) { event.set(field, version) }
    case (.tlsVersion, .integer(let number)):
      event.set(field, TLSVersion.number(UInt64(clamping: number)))
    case (.destinationPort, .json(let list)):
      let port = list.integer(behind: "\"nodePort\":") ?? list.integer(behind: "\"fromPort\":")
      if let port = port ?? list.integer(behind: "\"port\":") { event.set(field, .integer(port)) }
    case (.destinationPort, _): writeNumber(value, to: field, of: event)
    case (.eventDuration, .text(let text)):
      if let milliseconds = text.clockMilliseconds { event.set(field, .integer(milliseconds)) }
    case (.roleName, .text(let text)):
      if let name = text.roleName { event.set(field, name) }
    case (.webhookEndpoint, .text(let text)):
      if !text.isAbsent { event.set(field, text.addressedHost ?? text) }
    case (.webhookEndpoint, _): writeText(value, to: field, of: event)
    case (_, .null): return
    default: event.set(field, value)
    }
  }

  private static func writeText(_ value: Value, to field: Field, of event: Event) {
    switch value {
    case .text(let text): if !text.isAbsent { event.set(field, text) }
    case .integer(let number): event.set(field, event.scratch.decimal(number))
    case .number(_, let text): event.set(field, text)
    case .bool(let flag): event.set(field, flag ? ByteView("true") : ByteView("false"))
    case .json, .null: break
    }
  }
}

extension ByteView {
  /// The first element of a JSON array when that is a text without escapes; anything else is none.
  var firstText: ByteView? {
    guard !isEmpty, self[0] == UInt8(ascii: "[") else { return nil }
    var start = 1
    while start < count, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    guard start < count, self[start] == UInt8(ascii: "\""),
      let end = firstOffset(of: UInt8(ascii: "\""), from: start + 1)
    else { return nil }
    let text = slice(start + 1, end)
    return text.firstOffset(of: UInt8(ascii: "\\")) == nil ? text : nil
  }

  /// The whole number that follows a text, after blanks.
  fileprivate func integer(behind name: StaticString) -> Int64? {
    guard var start = firstOffset(of: name).map({ $0 + name.utf8CodeUnitCount }) else { return nil }
    while start < count, self[start] == 0x20 { start += 1 }
    var end = start
    while end < count, self[end].isDigit { end += 1 }
    return slice(start, end).decimal.flatMap { Int64(exactly: $0) }
  }

  /// The milliseconds of `h:mm:ss` or `h:mm:ss.mmm`.
  var clockMilliseconds: Int64? {
    guard let first = firstOffset(of: UInt8(ascii: ":")), count >= first + 6,
      self[first + 3] == UInt8(ascii: ":"), let hours = prefix(first).decimal, hours < 1 << 32,
      let minutes = slice(first + 1, first + 3).decimal,
      let seconds = slice(first + 4, first + 6).decimal
    else { return nil }
    let fraction = count == first + 10 ? slice(first + 7, count).decimal : 0
    return (Int64(hours) * 3600 + Int64(minutes * 60 + seconds)) * 1000 + Int64(fraction ?? 0)
  }

  /// A role's own name: of an ARN what stands behind the last stroke, of the JSON that describes it the member `name`.
  fileprivate var roleName: ByteView? {
    if isAbsent { return nil }
    if hasPrefix("arn:") {
      return lastOffset(of: UInt8(ascii: "/")).map { dropFirst($0 + 1) } ?? self
    }
    guard self[0] == UInt8(ascii: "[") || self[0] == UInt8(ascii: "{") else { return self }
    guard let start = firstOffset(of: "\"name\":\"").map({ $0 + 8 }),
      let end = firstOffset(of: UInt8(ascii: "\""), from: start)
    else { return nil }
    return slice(start, end)
  }

  /// The host of a web address, without its port and whoever signs in there; `nil` of any other text.
  fileprivate var addressedHost: ByteView? {
    guard let scheme = firstOffset(of: "://") else { return nil }
    let rest = dropFirst(scheme + 3)
    var end = 0
    while end < rest.count, rest[end] != UInt8(ascii: "/"), rest[end] != UInt8(ascii: "?") {
      end += 1
    }
    let place = rest.prefix(end)
    return place.dropFirst((place.lastOffset(of: UInt8(ascii: "@")) ?? -1) + 1).withoutPort
  }

  /// Whether the text is how logs spell "nobody" or "nothing".
  var isAbsent: Bool { isEmpty || equals("-") || equals("--") }

  /// A host without the port that may follow it; an IPv6 address needs its brackets for one.
  var withoutPort: ByteView {
    var digits = count
    while digits > 0, self[digits - 1].isDigit { digits -= 1 }
    guard digits > 1, digits < count, self[digits - 1] == UInt8(ascii: ":") else { return self }
    let host = prefix(digits - 1)
    let isBracketed = host[host.count - 1] == UInt8(ascii: "]")
    return isBracketed || host.firstOffset(of: UInt8(ascii: ":")) == nil ? host : self
  }
}
