import Bytes
import Foundation
import Glibc
import Inputs
import Testing

/// A log in a folder, followed.
private final class Follower {
  let folder: TemporaryFolder
  private(set) var reader: TailReader
  /// Every line that was handed out, in order.
  private(set) var lines: [String] = []
  private var chunk = Chunk()
  private let name: String

  init(
    _ folder: TemporaryFolder, name: String = "app.log", lineBytesMax: Int = 1 << 20,
    placesMax: Int = 4096
  ) {
    (self.folder, self.name, self.lineBytesMax) = (folder, name, lineBytesMax)
    self.placesMax = placesMax
    let clock = Clock()
    reader = TailReader(
      name: name, chunkBytes: 256, lineBytesMax: lineBytesMax, patience: 3,
      placesMax: placesMax, clock: { clock.now })
    self.clock = clock
  }

  private let lineBytesMax, placesMax: Int

  /// Ends, does something while nobody watches, and goes on with another reader.
  func restart(_ meanwhile: () throws -> Void = {}) throws {
    read()
    let position = reader.position()
    try meanwhile()
    let clock = clock
    reader = TailReader(
      name: name, chunkBytes: 256, lineBytesMax: lineBytesMax, patience: 3,
      placesMax: placesMax, clock: { clock.now })
    try reader.resume(at: position)
  }

  private final class Clock { var now = 0.0 }
  private let clock: Clock
  private(set) var oversized = 0
  /// The next line's number, which must be the last one's successor.
  private var number: UInt64 = 1
  private var offset: UInt64 = 0

  func wait(_ seconds: Double) { clock.now += seconds }

  /// Looks for files.
  func look() {
    let found = discover(["\(folder.path)/\(name)", "\(folder.path)/\(name).*"])
    for stream in found.streams { reader.offer(stream.files) }
  }

  /// Reads all that is there.
  func read() {
    while reader.next(into: chunk) {
      for line in chunk.oversized {
        #expect(line.lineNumber == number)
        number += 1
        offset += line.byteCount
        oversized += 1
      }
      if chunk.bytes.isEmpty { continue }
      #expect(chunk.firstLineNumber == number && chunk.streamOffset == offset)
      offset += UInt64(chunk.bytes.count)
      let text = String(decoding: chunk.bytes.copy(), as: UTF8.self)
      let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
      let whole = text.hasSuffix("\n") ? parts.dropLast() : parts[...]
      lines += whole.map(String.init)
      number += UInt64(whole.count)
      #expect(chunk.lineCount == whole.count)
    }
  }

  /// Looks, reads, lets time pass, and does so again.
  func settle() {
    for _ in 0..<3 {
      look()
      read()
      wait(5)
    }
  }
}

extension TemporaryFolder {
  fileprivate func append(_ name: String, _ text: String) throws {
    let file = "\(path)/\(name)"
    if !FileManager.default.fileExists(atPath: file) { try write(name, "") }
    let handle = try #require(FileHandle(forWritingAtPath: file))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  fileprivate func rename(_ name: String, _ other: String) throws {
    let moved = unsafe Glibc.rename("\(path)/\(name)", "\(path)/\(other)")
    #expect(moved == 0)
  }

  fileprivate func copy(_ name: String, _ other: String) throws {
    try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(path)/\(other)")
  }

  fileprivate func truncate(_ name: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: "\(path)/\(name)"))
    try handle.truncate(atOffset: 0)
    try handle.close()
  }

  fileprivate func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }

  fileprivate func compress(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    try write(name + ".gz", try gzipped(bytes))
    try remove(name)
  }
}

/// Every way in which logs are rotated: each line once, in order.
@Suite struct TailReaderTests {
  private func text(_ range: ClosedRange<Int>) -> String {
    range.map { "line \($0) of a log that somebody writes\n" }.joined()
  }
  private func lines(_ range: ClosedRange<Int>) -> [String] {
    range.map { "line \($0) of a log that somebody writes" }
  }

  @Test func `what is appended comes, and a line waits for its end`() throws {
    let log = Follower(try TemporaryFolder())
    log.settle()
    #expect(log.lines.isEmpty)
    try log.folder.append("app.log", text(1...20) + "line 21 of a log")
    log.settle()
    #expect(log.lines == lines(1...20))
    try log.folder.append("app.log", " that somebody writes\n")
    log.settle()
    #expect(log.lines == lines(1...21))
  }

  @Test func `a start reads the rotated parts first`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log.2", text(1...10))
    try log.folder.compress("app.log.2")
    try log.folder.append("app.log.1", text(11...20))
    try log.folder.append("app.log", text(21...30))
    log.settle()
    #expect(log.lines == lines(1...30))
  }

  @Test func `rename and create: the old file is read to its end, also what comes late`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...10))
    log.settle()
    try log.folder.rename("app.log", "app.log.1")
    // The writer has not opened the new file yet.
    try log.folder.append("app.log.1", text(11...12))
    try log.folder.append("app.log", text(15...16))
    log.look()
    log.read()
    #expect(log.lines == lines(1...12))
    try log.folder.append("app.log.1", text(13...14))
    log.read()
    log.settle()
    #expect(log.lines == lines(1...16))
    // A writer that never opens the new file is still heard.
    try log.folder.append("app.log.1", text(17...17))
    log.settle()
    #expect(log.lines == lines(1...17))
  }

  @Test func `rename, create and compress: the archive is not read again`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...30))
    log.settle()
    try log.folder.rename("app.log", "app.log.1")
    try log.folder.append("app.log", text(31...33))
    log.settle()
    try log.folder.compress("app.log.1")
    log.settle()
    try log.folder.rename("app.log.1.gz", "app.log.2.gz")
    log.settle()
    #expect(log.lines == lines(1...33))
  }

  @Test func `two rotations between looks`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...5))
    log.settle()
    try log.folder.append("app.log", text(6...7))
    try log.folder.rename("app.log", "app.log.1")
    try log.folder.append("app.log", text(8...12))
    try log.folder.rename("app.log.1", "app.log.2")
    try log.folder.rename("app.log", "app.log.1")
    try log.folder.append("app.log", text(13...14))
    try log.folder.compress("app.log.2")
    log.settle()
    #expect(log.lines == lines(1...14))
  }

  @Test func `a file that is being compressed is there twice, and read once`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log.1", text(1...40))
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: log.folder.path + "/app.log.1")))
    // The archive is not finished yet.
    let archive = try gzipped(bytes)
    try log.folder.write("app.log.1.gz", archive.dropLast(20))
    try log.folder.append("app.log", text(41...50))
    log.look()
    log.read()
    log.settle()
    try log.folder.write("app.log.1.gz", archive)
    try log.folder.remove("app.log.1")
    log.settle()
    #expect(log.lines == lines(1...50))
    // Gone between the look and its turn: the archive has it.
    let other = Follower(try TemporaryFolder())
    try other.folder.append("app.log.1", text(1...40))
    try other.folder.append("app.log", text(41...50))
    other.look()
    try other.folder.compress("app.log.1")
    other.read()
    other.settle()
    #expect(other.lines == lines(1...50))
  }

  @Test func `copy and truncate: what was not read yet comes from the copy`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...10) + "line 11 of a")
    log.settle()
    try log.folder.append("app.log", " log that somebody writes\n" + text(12...14))
    try log.folder.copy("app.log", "app.log.1")
    try log.folder.truncate("app.log")
    try log.folder.append("app.log", text(15...16))
    log.settle()
    #expect(log.lines == lines(1...16))
    // The next time the copy is seen before the original is cut.
    try log.folder.append("app.log", text(17...18))
    try log.folder.remove("app.log.1")
    try log.folder.copy("app.log", "app.log.1")
    log.look()
    log.read()
    try log.folder.append("app.log", text(19...19))
    log.read()
    try log.folder.truncate("app.log")
    log.settle()
    try log.folder.append("app.log", text(20...21))
    log.settle()
    #expect(log.lines == lines(1...21))
    #expect(log.reader.bytesBehind == 0)
  }

  @Test func `a file that was cut, and one that was written anew and is longer, are told`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...10))
    log.settle()
    try log.folder.truncate("app.log")
    try log.folder.append("app.log", text(11...12))
    log.settle()
    #expect(log.lines == lines(1...12))
    #expect(log.reader.notes.count == 1)
    try log.folder.truncate("app.log")
    try log.folder.append("app.log", text(13...40))
    log.settle()
    #expect(log.lines == lines(1...40))
    #expect(log.reader.notes.count == 2)
  }

  @Test func `a file that is deleted is read to its end, and the next one from its beginning`()
    throws
  {
    let log = Follower(try TemporaryFolder())
    for round in 0..<6 {
      // The same place on disk is likely to serve again.
      try log.folder.append("app.log", text(round * 10 + 1...round * 10 + 5))
      log.settle()
      try log.folder.append("app.log", text(round * 10 + 6...round * 10 + 10))
      try log.folder.remove("app.log")
    }
    log.settle()
    #expect(log.lines == lines(1...60))
  }

  @Test func `a link that is switched leads to the next file`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("one", text(1...5))
    try log.folder.link("app.log", to: "\(log.folder.path)/one")
    log.settle()
    try log.folder.append("two", text(6...9))
    try log.folder.remove("app.log")
    try log.folder.link("app.log", to: "\(log.folder.path)/two")
    log.settle()
    #expect(log.lines == lines(1...9))
  }

  @Test func `a line that is too long is counted, and zeros do not stop anything`() throws {
    let log = Follower(try TemporaryFolder(), lineBytesMax: 1000)
    try log.folder.append("app.log", text(1...2) + String(repeating: "x", count: 5000))
    log.settle()
    try log.folder.append("app.log", String(repeating: "y", count: 5000) + "\n" + text(3...3))
    log.settle()
    #expect(log.lines == lines(1...3) && log.oversized == 1)
    try log.folder.append(
      "app.log", String(repeating: "\0", count: 100_000) + "\n" + text(4...5))
    log.settle()
    #expect(log.lines == lines(1...5) && log.oversized == 2)
  }

  @Test func `another reader goes on in the file, whatever became of it meanwhile`() throws {
    let log = Follower(try TemporaryFolder())
    let folder = log.folder
    try folder.append("app.log", text(1...5) + "line 6 of a")
    log.settle()
    try log.restart { try folder.append("app.log", " log that somebody writes\n" + text(7...8)) }
    log.settle()
    #expect(log.lines == lines(1...8))
    // Nothing happened.
    try log.restart()
    log.settle()
    #expect(log.lines == lines(1...8))
    // Renamed, and written to a little longer.
    try log.restart {
      try folder.rename("app.log", "app.log.1")
      try folder.append("app.log.1", text(9...9))
      try folder.append("app.log", text(10...12))
    }
    log.settle()
    #expect(log.lines == lines(1...12))
    // Compressed: the place is counted in what it unpacks to.
    try log.restart {
      try folder.append("app.log", text(13...14))
      try folder.remove("app.log.1")
      try folder.rename("app.log", "app.log.1")
      try folder.compress("app.log.1")
      try folder.append("app.log", text(15...15))
    }
    log.settle()
    #expect(log.lines == lines(1...15))
    // Copied and cut.
    try log.restart {
      try folder.append("app.log", text(16...17))
      try folder.remove("app.log.1.gz")
      try folder.copy("app.log", "app.log.1")
      try folder.truncate("app.log")
      try folder.append("app.log", text(18...30))
    }
    log.settle()
    #expect(log.lines == lines(1...30))
    // Gone, and another one in its place on disk.
    try log.restart {
      try folder.remove("app.log")
      try folder.append("app.log", text(31...60))
    }
    log.settle()
    #expect(log.lines == lines(1...60))
    #expect(log.reader.notes.isEmpty)
  }

  @Test func `a place beyond the end of the file is told, and the file read from its beginning`()
    throws
  {
    let log = Follower(try TemporaryFolder())
    let long = String(repeating: "x", count: 2000) + "\n"
    try log.folder.append("app.log", long + text(1...5))
    log.settle()
    try log.restart {
      try log.folder.truncate("app.log")
      try log.folder.append("app.log", long)
    }
    log.settle()
    #expect(log.lines.count == 7)
    #expect(log.reader.notes.count == 1)
    #expect(log.reader.notes.first?.contains("ends before the place that was read to") == true)
  }

  @Test func `another file at the same place on disk is read from its beginning`() throws {
    // A file system gives a place on disk again: shorter than what was read, as long, and longer.
    for count in [3, 10, 30] {
      let log = Follower(try TemporaryFolder())
      try log.folder.append("app.log", text(1...10))
      log.settle()
      try log.restart {
        try log.folder.truncate("app.log")
        try log.folder.append("app.log", text(11...10 + count))
      }
      log.settle()
      #expect(log.lines == lines(1...10 + count))
      try log.folder.truncate("app.log")
      try log.folder.append("app.log", text(101...100 + count))
      log.settle()
      #expect(log.lines == lines(1...10 + count) + lines(101...100 + count))
    }
  }

  @Test func `no file that is gone stays open`() throws {
    let log = Follower(try TemporaryFolder())
    func openFiles() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(name)")
        return target?.hasPrefix(log.folder.path + "/app.log") == true
      }
    }
    for round in 0..<40 {
      try log.folder.append("app.log", text(round * 2 + 1...round * 2 + 2))
      log.settle()
      if round % 2 == 0 {
        try log.folder.remove("app.log")
      } else {
        try log.folder.rename("app.log", "app.log.1")
        log.look()
        try log.folder.remove("app.log.1")
      }
    }
    log.settle()
    #expect(log.lines == lines(1...80))
    #expect(try openFiles() <= 1)
  }

  @Test func `zeros that a cut leaves in front of the next line cost neither it nor any time`()
    throws
  {
    // Longer and shorter than a line may be; the writer goes on where it was.
    for size in [5000, 300_000_000] {
      let log = Follower(try TemporaryFolder())
      try log.folder.append("app.log", text(1...10))
      log.settle()
      try log.folder.copy("app.log", "app.log.1")
      try log.folder.truncate("app.log")
      let handle = try #require(FileHandle(forWritingAtPath: log.folder.path + "/app.log"))
      try handle.seek(toOffset: UInt64(size))
      try handle.write(contentsOf: Data(text(11...12).utf8))
      let clock = ContinuousClock.now
      log.settle()
      #expect(log.lines == lines(1...12) && log.oversized == 0)
      try handle.write(contentsOf: Data(text(13...13).utf8))
      log.settle()
      #expect(ContinuousClock.now - clock < .seconds(20))
      #expect(log.lines == lines(1...13))
      #expect(
        log.reader.notes.contains {
          $0.hasSuffix("\(size) zeros in front of its first line are passed over")
        })
      try handle.close()
      try log.restart()
      log.settle()
      #expect(log.lines == lines(1...13))
    }
  }

  @Test func `what was read is not read again, however many files there are and however long ago`()
    throws
  {
    // More files than places on disk are remembered of those that are gone, and than beginnings.
    let log = Follower(try TemporaryFolder(), placesMax: 100)
    let names = (0..<300).map { "app.log.\(300 - $0)" }
    for (number, name) in names.enumerated() {
      let file = try log.folder.write(name, text(number...number))
      // Long finished, so that nobody waits for more.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: file)
    }
    log.settle()
    #expect(log.lines == lines(0...299))
    log.settle()
    try log.restart()
    log.settle()
    #expect(log.lines.count == 300)
    // Later than any rotation does it, old parts are compressed; and a new one comes.
    for name in names.prefix(20) { try log.folder.compress(name) }
    log.settle()
    log.wait(400 * 86_400)
    try log.folder.append("app.log", text(300...301))
    log.settle()
    #expect(log.lines == lines(0...301))
    #expect(log.reader.notes.isEmpty)
  }

  @Test func `bytes that are no position are refused`() throws {
    let log = Follower(try TemporaryFolder())
    try log.folder.append("app.log", text(1...40))
    log.settle()
    let position = log.reader.position()
    for count in 0..<position.count {
      #expect(throws: SnapshotError.self) {
        try TailReader(name: "x", chunkBytes: 64, lineBytesMax: 64, clock: { 0 }).resume(
          at: Array(position[..<count]))
      }
    }
  }

  /// A writer and a rotation that do anything at any time, against a reader that looks at any time, and in every
  /// third history is another one now and then.
  @Test(arguments: 0..<90)
  func `whatever happens, each line comes once, in order where that is known`(_ seed: Int) throws {
    let log = Follower(try TemporaryFolder())
    var random = Random(seed: UInt64(seed))
    var written = 0
    var half = false
    let copies = seed % 2 == 1
    func shift() throws {
      for number in [3, 2, 1] {
        for ending in ["", ".gz"] {
          let name = "app.log.\(number)\(ending)"
          guard FileManager.default.fileExists(atPath: "\(log.folder.path)/\(name)") else {
            continue
          }
          // Only what was surely read goes away.
          if number == 3 {
            try log.folder.remove(name)
          } else {
            try log.folder.rename(name, "app.log.\(number + 1)\(ending)")
          }
        }
      }
    }
    for _ in 0..<120 {
      switch random.next() % 10 {
      case 0...3:
        var new = half ? " of a log that somebody writes\n" : ""
        half = false
        for _ in 0..<(random.next() % 12) {
          written += 1
          new += "line \(written) of a log that somebody writes\n"
        }
        if random.next() % 3 == 0 {
          written += 1
          new += "line \(written)"
          half = true
        }
        if !new.isEmpty { try log.folder.append("app.log", new) }
      case 4 where !half && FileManager.default.fileExists(atPath: "\(log.folder.path)/app.log"):
        log.settle()
        try shift()
        if copies {
          written += 1
          try log.folder.append("app.log", "line \(written) of a log that somebody writes\n")
          try log.folder.copy("app.log", "app.log.1")
          if random.next() % 2 == 0 { log.look() }
          if random.next() % 2 == 0 { log.read() }
          try log.folder.truncate("app.log")
        } else {
          try log.folder.rename("app.log", "app.log.1")
          if random.next() % 2 == 0 {
            written += 1
            try log.folder.append("app.log.1", "line \(written) of a log that somebody writes\n")
          }
        }
      case 5 where FileManager.default.fileExists(atPath: "\(log.folder.path)/app.log.2"):
        log.settle()
        try log.folder.compress("app.log.2")
      case 6, 7: log.look()
      case 8 where seed % 3 == 0: try log.restart()
      case 8: log.read()
      default: log.wait(Double(random.next() % 3))
      }
    }
    if half { try log.folder.append("app.log", " of a log that somebody writes\n") }
    log.settle()
    log.settle()
    #expect(log.lines.count == written, "seed \(seed)")
    #expect(Set(log.lines).count == written, "seed \(seed)")
    // A file that was filled and cut between two reads was seen by nobody; its copy comes when it is found.
    if written > 0, !copies {
      let wanted = lines(1...written)
      let place = zip(log.lines, wanted).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        place == nil,
        "seed \(seed): \(log.lines[max(0, (place?.offset ?? 2) - 2)...].prefix(6))")
    }
  }
}
