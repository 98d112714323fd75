import Bytes
import Foundation
import Inputs

/// CloudTrail records: whatever is in them must be in the event.
enum CloudSuites {
  /// The differences between a record, read by Foundation, and our event of it.
  static func differences(_ record: [String: Any], _ reading: Reading) -> [String] {
    if let reason = reading.rejection { return ["rejected: \(reason)"] }
    var differences: [String] = []
    func compare(_ name: String, _ found: String?, _ wanted: String?) {
      if found != wanted {
        differences.append("\(name) \(found ?? "none"), not \(wanted ?? "none")")
      }
    }
    func text(_ path: String...) -> String? {
      var value: Any? = record
      for key in path { value = (value as? [String: Any])?[key] }
      let found = value as? String
      return found == "" || found == "-" ? nil : found
    }
    compare("eventName", reading["eventName"], record["eventName"] as? String)
    compare("service.name", reading["service.name"], text("eventSource"))
    compare("cloud.region", reading["cloud.region"], text("awsRegion"))
    compare("user_agent", reading["user_agent.original"], text("userAgent"))
    compare("event.reason", reading["event.reason"], text("errorCode"))
    compare(
      "user.name", reading["user.name"],
      text("userIdentity", "userName")
        ?? text("userIdentity", "sessionContext", "sessionIssuer", "userName")
        ?? text("userIdentity", "principalId"))
    compare("source.address", reading["source.address"], text("sourceIPAddress"))
    // The name of a service is no address.
    let address = text("sourceIPAddress") ?? ""
    var (four, six) = (in_addr(), in6_addr())
    let isAddress =
      unsafe inet_pton(AF_INET, address, &four) == 1
      || inet_pton(AF_INET6, address, &six) == 1
    compare("source.ip", reading["source.ip"], isAddress ? address : nil)
    if let time = text("eventTime"), Clock.nanoseconds(time, zone: .gmt) != reading.time {
      differences.append("time \(reading.time), not \(time)")
    }
    return differences
  }

  static func judge(_ lines: [(id: String, line: [UInt8])], _ outcome: inout Outcome) throws {
    let path = try NormalisePath(anchor: 1_798_761_500)
    for (id, line) in lines {
      guard let record = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] else {
        outcome.wrong.append((id, "no object"))
        continue
      }
      let missing = ["eventVersion", "eventSource", "eventName", "eventTime"].filter {
        record[$0] == nil
      }
      guard missing.isEmpty else {
        outcome.skip("abridged: no \(missing.joined(separator: ", "))")
        continue
      }
      guard record["eventTime"] as? String != "redacted" else {
        outcome.skip("abridged: the time is blacked out")
        continue
      }
      outcome.judge(id, differences(record, path.read(line)))
    }
  }

  static let all = [
    ConformanceSuite(
      "panther: CloudTrail events", 206, 0, 24,
      run: {
        var outcome = Outcome()
        let cases = try Corpus.cases("panther/aws_cloudtrail_rules.jsonl")
        try judge(cases.map { ($0.id, $0.line) }, &outcome)
        return outcome
      }),
    ConformanceSuite(
      "invictus: CloudTrail records", 1448, 0, 0,
      run: {
        var outcome = Outcome()
        let lines = try Corpus.lines("cloudtrail-invictus/records.jsonl.gz")
        try judge(lines.enumerated().map { ("record#\($0 + 1)", $1) }, &outcome)
        return outcome
      }),
    ConformanceSuite(
      "invictus: a delivery file", 4, 0, 0,
      run: {
        var outcome = Outcome()
        var bytes = try Corpus.bytes("cloudtrail-invictus/one-delivery-file.json")
        let parts = DeliveryFile.splitRecords(&bytes)
        let lines = bytes[parts.records].split(separator: 0x0A).map { Array($0) }
        outcome.fact("list", parts.isWhole, true)
        let document = try Corpus.document("cloudtrail-invictus/one-delivery-file.json")
        let records = (document as? [String: Any])?["Records"] as? [Any] ?? []
        outcome.fact("count", lines.count, records.count)
        try judge(lines.enumerated().map { ("delivered#\($0 + 1)", $1) }, &outcome)
        return outcome
      }),
  ]
}
