import Bytes
import Foundation
import Inputs
import Synchronization
import Testing

/// What a spool keeps, and what it says of what it can not.
@Suite struct SpoolTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/spool.log" }

  init() throws { folder = try TemporaryFolder() }

  private var text: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  private func size(_ name: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: name)
    return attributes?[.size] as? Int
  }

  /// A disk that takes so many bytes more.
  private final class Disk: Sendable {
    let room: Mutex<Int>
    init(_ bytes: Int) { room = Mutex(bytes) }
    @Sendable func write(_ bytes: [UInt8], _ descriptor: Int32) -> Int {
      let count = room.withLock { room in
        defer { room -= min(room, bytes.count) }
        return min(room, bytes.count)
      }
      let written = writeAll(Array(bytes.prefix(count)), to: descriptor)
      if count < bytes.count { errno = ENOSPC }
      return written
    }
  }

  @Test func `a disk that fills in the middle of a message leaves whole messages only`() {
    let disk = Disk(15)
    let spool = Spool(path, write: disk.write)
    #expect(spool.append(Array("one\n".utf8), count: 1))
    // Four bytes are there, eleven go on: the second and a part of the third.
    #expect(!spool.append(Array("second\nthe third\nfourth\n".utf8), count: 3))
    #expect(text == "one\nsecond\n")
    #expect(spool.kept == 2 && spool.losses.count == 2)
    #expect(spool.losses.reason.contains("No space left"), "\(spool.losses.reason)")
    disk.room.withLock { $0 = 100 }
    #expect(spool.append(Array("fifth\n".utf8), count: 1))
    #expect(text == "one\nsecond\nfifth\n")
    #expect(spool.kept == 3)
    // What can be asked for again is not lost.
    disk.room.withLock { $0 = 3 }
    #expect(!spool.append(Array("sixth\n".utf8), count: 1, canAsk: true))
    #expect(spool.losses.count == 2 && text == "one\nsecond\nfifth\n")
  }

  @Test func `a follower that saw the part that was taken out goes on behind the whole ones`()
    throws
  {
    let reader = TailReader(
      name: "spool", chunkBytes: 1 << 20, lineBytesMax: 1 << 20, patience: -1, clock: { 0 })
    let chunk = Chunk()
    var got = ""
    let path = path
    func look() {
      for stream in discover([path]).streams { reader.offer(stream.files) }
      while reader.next(into: chunk) { got += chunk.bytes.string }
    }
    try "a line of some length\nthe next\n".write(toFile: path, atomically: false, encoding: .utf8)
    look()
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("half of a mess".utf8))
    look()
    try handle.truncate(atOffset: 31)
    look()
    try handle.write(contentsOf: Data("another\n".utf8))
    look()
    // Cut and written on between two looks, longer than what was there.
    try handle.write(contentsOf: Data("half".utf8))
    look()
    try handle.truncate(atOffset: 39)
    try handle.write(contentsOf: Data("and one more\n".utf8))
    look()
    #expect(got == "a line of some length\nthe next\nanother\nand one more\n")
    #expect(reader.notes.isEmpty, "\(reader.notes)")
  }

  @Test func `a message that a kill cut short is taken out, and said`() throws {
    try "one\ntw".write(toFile: path, atomically: false, encoding: .utf8)
    let spool = Spool(path)
    #expect(spool.append(Array("three\n".utf8), count: 1))
    #expect(text == "one\nthree\n")
    let notes = spool.takeNotes()
    #expect(notes.count == 1 && notes[0].contains("2 bytes"), "\(notes)")
    #expect(spool.takeNotes().isEmpty && spool.losses.count == 0)
  }

  @Test func `nothing to append is nothing`() {
    let spool = Spool(folder.path + "/missing/spool.log")
    #expect(spool.append([], count: 0))
    #expect(spool.losses.count == 0 && spool.kept == 0)
  }

  @Test func `the last line is found in the file, or in the one before`() throws {
    let spool = Spool(path)
    #expect(try spool.lastLine(bytesMax: 100) == nil)
    spool.append(Array("one\n".utf8), count: 1)
    #expect(try spool.lastLine(bytesMax: 100) == Array("one".utf8))
    let long = String(repeating: "x", count: 200_000)
    spool.append(Array("\(long)\n".utf8), count: 1)
    #expect(try spool.lastLine(bytesMax: 1 << 20)?.count == 200_000)
    #expect(try spool.lastLine(bytesMax: 10)?.count == 10)
    try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
    #expect(try Spool(path).lastLine(bytesMax: 1 << 20)?.count == 200_000)
  }

  @Test func `files that nobody read are kept, then nothing more is taken, and said`() throws {
    let spool = Spool(path, fileBytesMax: 10)
    let line = Array("123456789\n".utf8)
    for _ in 0...Spool.filesUnreadMax { #expect(spool.append(line, count: 1)) }
    #expect(!spool.append(line, count: 1))
    #expect(spool.losses.count == 1)
    #expect(spool.losses.reason.contains("the oldest was not read yet"), "\(spool.losses.reason)")
    // Seventeen files of ten bytes are newer than the oldest and stand still; two more go.
    spool.trim(unread: 150)
    #expect(size(path + ".16") == 10 && size(path + ".17") == nil)
    #expect(spool.append(line, count: 1))
    #expect(spool.losses.count == 1)
    spool.trim(unread: 0)
    #expect(size(path + ".9") == 10 && size(path + ".10") == nil)
    // No more than that goes, however much was read.
    spool.trim(unread: 0)
    #expect(size(path + ".9") == 10)
  }

  @Test func `a spool that can not be opened says why`() {
    let spool = Spool(folder.path + "/missing/spool.log")
    #expect(!spool.append(Array("a\nb\n".utf8), count: 2))
    #expect(spool.losses.count == 2)
    #expect(spool.losses.reason.contains("No such file"), "\(spool.losses.reason)")
  }

  @Test func `a spool rotates and a follower reads all of it`() throws {
    let spool = Spool(path, fileBytesMax: 1 << 20)
    let reader = TailReader(
      name: "spool", chunkBytes: 1 << 20, lineBytesMax: 1 << 20, patience: -1, clock: { 0 })
    var (sent, got) = (0, 0)
    let chunk = Chunk()
    for round in 0..<160 {
      let line = "\(round) " + String(repeating: "x", count: 1 << 14) + "\n"
      #expect(spool.append(Array(line.utf8), count: 1))
      sent += 1
      guard round % 20 == 0 else { continue }
      for stream in discover([path, path + ".*"]).streams { reader.offer(stream.files) }
      while reader.next(into: chunk) { got += chunk.lineCount }
    }
    for stream in discover([path, path + ".*"]).streams { reader.offer(stream.files) }
    while reader.next(into: chunk) { got += chunk.lineCount }
    #expect(sent == got)
    #expect(FileManager.default.fileExists(atPath: path + ".2"))
    #expect(spool.losses.count == 0)
  }
}
