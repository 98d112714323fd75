import Alerts
import Detectors
import Foundation
import Testing

@Suite struct OCSFTests {
  private func object(_ finding: Finding) throws -> [String: Any] {
    let bytes = OCSF.detectionFinding(finding, version: "0.1.0")
    #expect(!bytes.contains(0x0A) && !bytes.contains(0x0D))
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func `a finding is written byte for byte as the schema asks`() {
    let uid = String(repeating: "ab", count: 32)
    let golden = """
      {"activity_id":1,"activity_name":"Create","category_uid":2,"category_name":"Findings",\
      "class_uid":2004,"class_name":"Detection Finding","type_uid":200401,\
      "type_name":"Detection Finding: Create","severity_id":5,"severity":"Critical",\
      "status_id":1,"status":"New","is_alert":true,"time":1795277050500,\
      "start_time":1795277040500,"end_time":1795277050500,\
      "message":"Contractor kim connected to db1 after access had ended.",\
      "metadata":{"version":"1.8.0","product":{"name":"Rollcall","vendor_name":"Rollcall",\
      "version":"0.1.0"},"uid":"\(uid)"},\
      "finding_info":{"uid":"\(uid)","title":"Contractor access after expiry",\
      "analytic":{"type_id":1,"type":"Rule","uid":"contractor-expired",\
      "name":"Contractor access after expiry"},\
      "attacks":[{"technique":{"uid":"T1078"}},\
      {"technique":{"uid":"T1110"},"sub_technique":{"uid":"T1110.003"}},\
      {"tactic":{"uid":"TA0006"}}],"created_time":1795277050500,\
      "first_seen_time":1795277040500,"last_seen_time":1795277050500,"related_events_count":3,\
      "data_sources":["db1.log"]},\
      "evidences":[{"user":{"name":"kim","uid":"c-007"},\
      "src_endpoint":{"ip":"203.0.113.7","port":51002,"location":{"country":"NL"},\
      "autonomous_system":{"number":64500}},\
      "device":{"hostname":"db1","type_id":0,"type":"Unknown"},\
      "data":{"source":"db1.log","line":102,"offset":9876,\
      "sha256":"\(String(repeating: "cd", count: 32))","time":1795277050500,\
      "raw":"connection authorized: user=kim database=prod",\
      "fields":{"access.scope":"outside","login.first_seen":["agent","country"]}}}],\
      "observables":[\
      {"name":"evidences[0].user.name","type_id":4,"type":"User Name","value":"kim"},\
      {"name":"evidences[0].src_endpoint.ip","type_id":2,"type":"IP Address",\
      "value":"203.0.113.7"},\
      {"name":"evidences[0].src_endpoint.location.country","type_id":14,"type":"Country",\
      "value":"NL"},\
      {"name":"evidences[0].device.hostname","type_id":1,"type":"Hostname","value":"db1"}],\
      "unmapped":{"controls":["CC6.1","ISO27001:A.5.20","row-7"],"subject":"kim","count":3}}
      """
    let bytes = OCSF.detectionFinding(Sample.contractor, version: "0.1.0")
    #expect(String(decoding: bytes, as: UTF8.self) == golden)
  }

  @Test(arguments: Level.allCases)
  func `every level has the required attributes`(_ level: Level) throws {
    let object = try object(Sample.finding(level: level, evidence: []))
    #expect(object["severity_id"] as? Int == level.rawValue)
    for name in [
      "activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata",
      "finding_info",
    ] {
      #expect(object[name] != nil, "\(name) is required")
    }
    let metadata = try #require(object["metadata"] as? [String: Any])
    #expect(metadata["version"] as? String == "1.8.0")
    #expect((metadata["product"] as? [String: String])?["name"] == "Rollcall")
    #expect(((object["finding_info"] as? [String: Any])?["uid"] as? String)?.isEmpty == false)
  }

  @Test func `what is absent is left out`() throws {
    let line = Sample.line(fields: [])
    let bare = Sample.finding(evidence: [line])
    let evidence = try #require((try object(bare)["evidences"] as? [[String: Any]])?.first)
    #expect(Set(evidence.keys) == ["data"])
    #expect(try object(bare)["observables"] == nil)
    #expect(try object(Sample.finding(evidence: []))["evidences"] == nil)
  }

  @Test func `a host name in place of an address is not called an address`() throws {
    let line = Sample.line(fields: [.init("source.ip", "evil.example"), .init("source.port", "x")])
    let evidence = try #require(
      (try object(Sample.finding(evidence: [line]))["evidences"] as? [[String: Any]])?.first)
    let source = try #require(evidence["src_endpoint"] as? [String: Any])
    #expect(source["ip"] == nil && source["port"] == nil)
    #expect(source["hostname"] as? String == "evil.example")
    let fields = (evidence["data"] as? [String: Any])?["fields"] as? [String: String]
    #expect(fields == ["source.port": "x"])
  }

  @Test func `an observable that repeats is listed once, at its first place`() throws {
    let object = try object(Sample.finding(evidence: [Sample.line(), Sample.line()]))
    let names = (object["observables"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names?.count == 4)
    #expect(names?.allSatisfy { $0.hasPrefix("evidences[0].") } == true)
  }

  @Test func `every observable names an attribute that is there and has its value`() throws {
    let object = try object(Sample.contractor)
    let evidence = try #require((object["evidences"] as? [[String: Any]])?.first)
    for observable in try #require(object["observables"] as? [[String: Any]]) {
      let name = try #require(observable["name"] as? String)
      let path = name.split(separator: ".").dropFirst()
      let value = path.reduce(evidence as Any?) { ($0 as? [String: Any])?[String($1)] }
      #expect(value as? String == observable["value"] as? String, "\(name)")
    }
  }

  @Test func `a time before 1970 rounds towards the past`() throws {
    let object = try object(Sample.finding(end: -1))
    #expect(object["time"] as? Int == -1)
  }

  @Test(arguments: [
    "", "\"\\/", "\u{0}\u{1}\u{1f}\u{7f}\u{9b}31m", "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "\u{2028}\u{2029}\u{202e}gpj.exe\u{2066}", "日本語 🧑‍🚀 e\u{301}", "\r\n\t",
    "\u{fffd}\u{10ffff}", #"","severity_id":0,"x":""#,
  ])
  func `hostile text comes back as it went in`(_ text: String) throws {
    let line = Sample.line(
      raw: text, fields: [.init("user.name", "u" + text), .init("x" + text, text)])
    let finding = Sample.finding(message: text, subject: text, evidence: [line])
    let object = try object(finding)
    #expect(object["message"] as? String == text)
    #expect(object["severity_id"] as? Int == 5)
    let evidence = try #require((object["evidences"] as? [[String: Any]])?.first)
    let data = try #require(evidence["data"] as? [String: Any])
    #expect(data["raw"] as? String == text)
    #expect(data["fields"] as? [String: String] == ["x" + text: text])
    #expect((evidence["user"] as? [String: String])?["name"] == "u" + text)
    // Nothing that acts on a terminal leaves as itself.
    let bytes = OCSF.detectionFinding(finding, version: "0.1.0")
    #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    #expect(!String(decoding: bytes, as: UTF8.self).unicodeScalars.contains("\u{202e}"))
  }
}

@Suite struct JSONWriterTests {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    body(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test func `commas stand between, never before or after`() {
    let written = text { json in
      json.object { json in
        json.array("empty") { _ in }
        json.object("none") { _ in }
        json.member("texts", ["a", "b"])
        json.array("mixed") { json in
          json.value(1)
          json.null()
          json.value(true)
          json.encoded(Array("{}".utf8))
          json.object { $0.member("n", -1) }
        }
        json.member("last", 0.5)
      }
    }
    #expect(
      written == #"{"empty":[],"none":{},"texts":["a","b"],"mixed":[1,null,true,{},{"n":-1}],"#
        + #""last":0.5}"#)
  }

  @Test(arguments: [
    (0.1, "0.1"), (1e300, "1e+300"), (-0.0, "-0.0"), (.leastNonzeroMagnitude, "5e-324"),
    (.nan, "null"), (.infinity, "null"),
  ])
  func `a number is the shortest that reads back, or null`(_ number: Double, _ expected: String) {
    #expect(text { $0.value(number) } == expected)
  }

  @Test func `the largest whole numbers are exact`() {
    #expect(text { $0.value(UInt64.max) } == "18446744073709551615")
    #expect(text { $0.value(Int64.min) } == "-9223372036854775808")
  }
}
