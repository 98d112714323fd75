import Foundation
import Testing

/// `rollcall watch` as the time of something comes that nobody did: the real program, by the real clock.
@Suite(.serialized) struct DueWatchTests {
  /// An instant so many seconds from now.
  private func instant(_ seconds: Double) -> String {
    let format = ISO8601DateFormatter()
    return format.string(from: Date(timeIntervalSinceNow: seconds))
  }

  /// Registers with incidents that must be acknowledged so many seconds from now: a critical one has a quarter of an hour.
  private func incidents(_ due: [(id: String, at: String)]) -> String {
    "incidents:\n"
      + due.map {
        "  - {id: \($0.id), title: Leak, severity: critical, detected_at: \"\($0.at)\"}\n"
      }.joined()
  }

  private func acknowledgements(_ place: WatchTests.Place) -> [String] {
    place.messages.map(\.text).filter { $0.contains("acknowledged") }
      .map { String($0.prefix(while: { $0 != "," }).prefix(60)) }
  }

  @Test func `a due time that passes while the logs say nothing is told within seconds, once`()
    throws
  {
    let place = try WatchTests.Place("registers: registers")
    try place.scratch.write(
      "registers/incidents.yaml", incidents([("i-1", instant(20 - 900)), ("i-2", instant(3600))]))
    try place.start()
    try place.wait("the due time") { self.acknowledgements(place).count == 1 }
    #expect(place.messages.contains { $0.text.contains("i-1") })
    #expect(!place.messages.contains { $0.text.contains("i-2") })
    // Another start, and the same registers read again, know of it.
    place.signal(SIGHUP)
    try place.wait("the registers to be read again") {
      try place.errors.contains("reloaded the settings")
    }
    place.stop()
    try place.start()
    sleep(5)
    #expect(acknowledgements(place).count == 1)
    place.stop()
  }

  @Test func `killed around the due time, it is told all the same, and under one identity`() throws
  {
    let place = try WatchTests.Place("registers: registers")
    let due = Date(timeIntervalSinceNow: 22)
    try place.scratch.write(
      "registers/incidents.yaml",
      incidents((1...4).map { ("i-\($0)", instant(18 + Double($0) - 900)) }))
    while Date() < due.addingTimeInterval(8) {
      try place.start()
      try place.fail("203.0.113.\(Int.random(in: 1...200))", 1)
      usleep(UInt32.random(in: 900_000...2_500_000))
      place.stop(SIGKILL)
    }
    try place.start()
    try place.wait("all of them") {
      Set(place.messages.filter { $0.text.contains("acknowledged") }.map(\.uid)).count == 4
    }
    sleep(2)
    let told = place.messages.filter { $0.text.contains("acknowledged") }
    #expect(Set(told.map(\.uid)).count == 4)
    place.stop()
  }

  @Test func `what the register says was done by then is not told, after a reload`() throws {
    let place = try WatchTests.Place("registers: registers")
    let detected = instant(25 - 900)
    try place.scratch.write("registers/incidents.yaml", incidents([("i-1", detected)]))
    try place.start()
    try place.wait("the start") { try place.errors.contains("watching") }
    try place.scratch.write(
      "registers/incidents.yaml",
      incidents([("i-1", detected)]).replacingOccurrences(
        of: "severity", with: "acknowledged_at: \"\(instant(-60))\", severity"))
    place.signal(SIGHUP)
    try place.wait("the registers to be read again") {
      try place.errors.contains("reloaded the settings")
    }
    sleep(28)
    #expect(acknowledgements(place).isEmpty)
    place.stop()
  }
}
