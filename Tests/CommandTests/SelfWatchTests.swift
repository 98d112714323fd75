import Foundation
import Testing

/// What is wrong with watching itself is found like anything else, and stands in the review.
@Suite(.serialized) struct SelfWatchTests {
  @Test func `a field that never appears and a clock that differs are told, and reviewed`() throws {
    let place = try WatchTests.Place()
    try place.scratch.write(
      "rollcall.yaml",
      """
      detectors: [rules]
      state: state/rollcall.db
      sources:
        - {name: hosts, path: logs/auth.log}
      outputs:
        - {name: archive, file: found.jsonl}
      """)
    try place.scratch.write(
      "rules/rules.yaml",
      """
      title: Misspelt
      id: misspelt
      level: high
      logsource: {category: authentication}
      detection: {selection: {user.nmae: root}, condition: selection}
      ---
      title: Well spelt
      id: well-spelt
      level: high
      logsource: {category: authentication}
      detection: {selection: {user.name: nobody-at-all}, condition: selection}
      ---
      title: Perhaps
      id: perhaps
      level: high
      logsource: {category: authentication}
      detection: {selection: {user.name: nobody-at-all}, other: {user.nmae: x}, condition: selection or other}
      """)
    func say(_ count: Int, ago: TimeInterval) throws {
      let stamp = (Date() - ago).ISO8601Format()
      let line =
        "\(stamp) gw1 sshd[7]: Failed password for dana from 203.0.113.7 port 4022 ssh2\n"
      let handle = try #require(FileHandle(forWritingAtPath: place.log))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(String(repeating: line, count: count).utf8))
      try handle.close()
    }
    try say(10, ago: 7000)
    // A day is two seconds.
    try place.start("--haste", "43200")
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    for _ in 0..<15 {
      try say(100, ago: 7000)
      usleep(100_000)
    }
    func told(_ text: String) -> [String] {
      place.messages.map(\.text).filter { $0.contains(text) }
    }
    try place.wait("the clock") { !told("behind this machine's clock").isEmpty }
    try place.wait("the field") {
      try say(1, ago: 7000)
      return !told("misspelt can not find anything").isEmpty
    }
    #expect(
      told("misspelt") == [
        "misspelt can not find anything: no line of the last day has `user.nmae`; check the name, or follow a log that has it"
      ])
    #expect(told("behind this")[0].hasPrefix("hosts: its newest events are 116 min behind"))
    #expect(told("spelt can not find").count == 1 && told("perhaps").isEmpty)
    #expect(place.stop() == 0)
    let month = String("\(Date().ISO8601Format())".prefix(7))
    let folder = place.scratch.path + "/review"
    let run = try Program.run("review", "--month", month, "--config", place.config, "--out", folder)
    #expect(run.code == 0, "\(run.errors)")
    let json = try JSONSerialization.jsonObject(
      with: Data(try place.scratch.read("review/review.json")))
    let lists = try #require((json as? [String: Any])?["lists"] as? [String: Any])
    let unseen = try #require(lists["not-seen"] as? [String])
    #expect(unseen.contains { $0.contains("misspelt can not find anything") })
    #expect(unseen.contains { $0.contains("behind this machine's clock") })
  }

  @Test func `lines that an earlier run counted say nothing about a field`() throws {
    let place = try WatchTests.Place()
    try place.scratch.write(
      "rollcall.yaml",
      """
      detectors: [rules]
      state: state/rollcall.db
      sources:
        - {name: hosts, path: logs/auth.log}
        - {name: other, path: logs/other.log}
      outputs:
        - {name: archive, file: found.jsonl}
      """)
    try place.scratch.write(
      "rules/rules.yaml",
      """
      title: Misspelt
      id: misspelt
      level: high
      logsource: {category: authentication}
      detection: {selection: {user.nmae: root}, condition: selection}
      """)
    let line =
      "\(Date().ISO8601Format()) gw1 sshd[7]: Failed password for dana from 203.0.113.7 port 4022 ssh2\n"
    let other = place.scratch.path + "/logs/other.log"
    try place.scratch.write("logs/other.log", String(repeating: line, count: 2000))
    try place.start("--haste", "60")
    try place.wait("all lines") { try place.status().contains(" 2000 ") }
    #expect(place.stop() == 0)
    // The log is away at the next start, and comes back with a line more.
    try FileManager.default.moveItem(atPath: other, toPath: place.scratch.path + "/aside")
    try place.fail("203.0.113.8", 10)
    try place.start("--haste", "43200")
    try place.wait("the start") {
      try place.errors.components(separatedBy: "all that the logs hold was read").count == 3
    }
    try FileManager.default.moveItem(atPath: place.scratch.path + "/aside", toPath: other)
    let handle = try #require(FileHandle(forWritingAtPath: other))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(line.utf8))
    try handle.close()
    try place.wait("one line more") { try place.status().contains(" 2001 ") }
    usleep(2_500_000)
    try place.fail("203.0.113.8", 1)
    try place.wait("the last line") { try place.status().contains(" 11         11 ") }
    #expect(!place.messages.contains { $0.text.contains("can not find anything") })
    #expect(place.stop() == 0)
  }
}
