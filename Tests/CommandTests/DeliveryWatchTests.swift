import Foundation
import Testing

/// Files that a service delivers whole, while `watch` runs.
@Suite(.serialized) struct DeliveryWatchTests {
  private func document(_ user: String, _ records: Int) -> String {
    let time = Date().ISO8601Format()
    let record = """
      {"eventVersion":"1.08","userIdentity":{"type":"IAMUser","userName":"\(user)"},"eventTime":"\(time)",
      "eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"eu-west-1",
      "sourceIPAddress":"203.0.113.9","responseElements":{"ConsoleLogin":"Failure"},"eventType":"AwsConsoleSignIn"}
      """
    return "{\"Records\":[" + Array(repeating: record, count: records).joined(separator: ",") + "]}"
  }

  /// A place whose only source is a folder of delivered files.
  private func cloud() throws -> WatchTests.Place {
    let place = try WatchTests.Place()
    try place.scratch.write(
      "rollcall.yaml",
      """
      state: state/rollcall.db
      sources:
        - {name: cloud, path: "logs/cloud/*"}
      outputs:
        - {name: archive, file: found.jsonl}
      """)
    return place
  }

  @Test func `names that look like the pieces of a split file are files`() throws {
    let place = try cloud()
    for (name, records) in [("part-aaaa.json", 12), ("part-bbbb.json", 2), ("part-cccc.json", 1)] {
      try place.scratch.write("logs/cloud/\(name)", document("dana", records))
    }
    _ = try Program.run(
      ["-f", place.scratch.path + "/logs/cloud/part-bbbb.json"], of: "/usr/bin/gzip")
    try place.start()
    try place.wait("all records") { try place.status().contains("       15         15          0") }
    #expect(place.stop() == 0)
    let status = try Program.run("status", "--config", place.config)
    #expect(status.errors.contains("no `rollcall watch` is running"))
  }

  @Test func `each delivered file is read once, whatever becomes of it`() throws {
    let place = try cloud()
    let haste = ["--haste", "60"]
    try place.scratch.write("logs/cloud/a.json", document("dana", 12))
    try place.start(haste[0], haste[1])
    try place.wait("the first file") {
      try place.status().contains("       12         12          0")
    }
    try place.wait("its finding") { place.messages.count == 1 }
    // Written in two goes, which is one document when it is read.
    let second = document("kim", 3)
    let cut = second.index(second.startIndex, offsetBy: 200)
    try place.scratch.write("logs/cloud/b.json", String(second[..<cut]))
    usleep(300_000)
    let handle = try #require(
      FileHandle(forWritingAtPath: place.scratch.path + "/logs/cloud/b.json"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(second[cut...].utf8))
    try handle.close()
    try place.wait("the second file") {
      try place.status().contains("       15         15          0")
    }
    usleep(1_500_000)
    place.stop(SIGKILL)
    // Compressed meanwhile, and another one delivered.
    _ = try Program.run(["-f", place.scratch.path + "/logs/cloud/a.json"], of: "/usr/bin/gzip")
    try place.scratch.write("logs/cloud/c.json", document("lee", 2))
    try place.start(haste[0], haste[1])
    try place.wait("the third file") {
      try place.status().contains("       17         17          0")
    }
    // What is added to a file that was read is said, not read.
    let more = try #require(
      FileHandle(forWritingAtPath: place.scratch.path + "/logs/cloud/c.json"))
    try more.seekToEnd()
    try more.write(contentsOf: Data(document("noor", 1).utf8))
    try more.close()
    try place.wait("a note") { try place.errors.contains("c.json: was changed after it was read") }
    #expect(try place.status().contains("       17         17          0"))
    #expect(place.stop() == 0)
    #expect(Set(place.messages.map(\.uid)).count == place.messages.count)
  }
}
