import Foundation
import Logging
import Testing

@testable import Command

/// What `watch` says of itself, line by line.
@Suite struct OwnLogTests {
  private let fields = [("source", "hosts"), ("note", "a \"b\"\nc=d \\")]

  @Test func `a person gets the sentence alone`() {
    #expect(
      OwnLogFormat.text.line("route soc: closed", level: .error, fields, time: "T")
        == "route soc: closed")
  }

  @Test func `logfmt quotes what would not stand alone`() {
    #expect(
      OwnLogFormat.logfmt.line("route soc: closed", level: .error, fields, time: "T")
        == #"time=T level=error message="route soc: closed" note="a \"b\"\nc=d \\" source=hosts"#)
    #expect(
      OwnLogFormat.logfmt.line("", level: .info, [], time: "T") == #"time=T level=info message="""#)
  }

  @Test func `json is an object that says the same`() throws {
    let line = OwnLogFormat.json.line("route soc: closed", level: .error, fields, time: "T")
    let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
    #expect(
      json == [
        "time": "T", "level": "error", "message": "route soc: closed", "source": "hosts",
        "note": "a \"b\"\nc=d \\",
      ])
  }

  @Test func `the program's lines are what its own parser reads`() throws {
    let place = try WatchTests.Place()
    try place.start("--log", "logfmt")
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    #expect(place.stop() == 0)
    try place.scratch.write("own.log", try place.errors)
    let run = try Program.run("parse", place.scratch.path + "/own.log")
    #expect(run.ledger.contains("rejected 0"))
    #expect(run.lines.count >= 2 && run.lines.allSatisfy { $0.contains("\"@timestamp\"") })
  }
}
