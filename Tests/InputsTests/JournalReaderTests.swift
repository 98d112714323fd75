import Foundation
import Inputs
import Synchronization
import Testing

/// What `journalctl` writes is kept, each entry once, whatever happens to it.
@Suite struct JournalReaderTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/spool.log" }
  private var entries: String { folder.path + "/entries" }

  /// A stand-in that follows a file whose lines are entries, and whose cursors are their numbers.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write("entries", "")
    let script = try folder.write(
      "journalctl",
      """
      #!/bin/bash
      here=$(dirname "$0")
      printf '%s\\n' "$*" >> "$here/calls"
      first='-n +1'
      for word; do
        case $word in
          --after-cursor=*) first="-n +$((${word##*=} + 1))" ;;
          --since=*) first='-n 0' ;;
        esac
      done
      [ ! -e "$here/complaint" ] || { cat "$here/complaint" >&2; exit 3; }
      echo $$ > "$here/pid.new"
      mv "$here/pid.new" "$here/pid"
      exec tail $first -f "$here/entries"

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
  }

  private func read(
    history: Bool = true, entryBytesMax: Int = 1000, spool: Spool? = nil
  ) -> JournalReader {
    JournalReader(
      .init(units: ["sshd.service"], directory: "/a folder", readsHistory: history),
      entryBytesMax: entryBytesMax, spool: spool ?? Spool(path, isSynced: true),
      program: folder.path + "/journalctl")
  }

  private func add(_ numbers: ClosedRange<Int>, _ more: String = "") throws {
    let handle = try #require(FileHandle(forWritingAtPath: entries))
    try handle.seekToEnd()
    for number in numbers {
      try handle.write(
        contentsOf: Data(
          "{\"__CURSOR\":\"n=\(number)\",\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"\(more)\"}\n"
            .utf8))
    }
  }

  /// The numbers of the entries that were kept.
  private var kept: [Int] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      Int(line.drop { $0 != "=" }.dropFirst().prefix { $0.isNumber }) ?? -1
    }
  }

  private func wait(_ what: String, _ holds: () -> Bool) {
    for _ in 0..<500 where !holds() { usleep(20_000) }
    #expect(holds(), "\(what)")
  }

  private var calls: [String] {
    let text = (try? String(contentsOfFile: folder.path + "/calls", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  private var pid: pid_t {
    let text = (try? String(contentsOfFile: folder.path + "/pid", encoding: .utf8)) ?? ""
    return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
  }

  @Test func `it goes on where the spool ends, whoever ended it`() throws {
    try add(1...3)
    let reader = read()
    wait("the first entries") { kept == [1, 2, 3] }
    #expect(calls[0].contains("--unit=sshd.service --directory=/a folder"), "\(calls)")
    #expect(!calls[0].contains("cursor") && !calls[0].contains("since"))
    // The program dies.
    let first = pid
    kill(first, SIGKILL)
    try add(4...6)
    wait("the next entries") { kept == [1, 2, 3, 4, 5, 6] }
    #expect(calls.last?.hasSuffix("--after-cursor=n=3") == true, "\(calls)")
    let notes = reader.takeNotes()
    #expect(notes == ["journalctl: signal 9 ended it; it is started again in 1 seconds"])
    #expect(pid != first)
    // We end, and the program with us.
    let second = pid
    reader.stop()
    #expect(kill(second, 0) == -1 && errno == ESRCH)
    try add(7...7)
    let again = read(history: false)
    wait("the last entry") { kept == [1, 2, 3, 4, 5, 6, 7] }
    #expect(again.spool.kept == 1 && again.refused == 0)
    again.stop()
  }

  @Test func `a first start reads from now on, also when it ends before anything came`() throws {
    try add(1...3)
    let made = Int(Date().timeIntervalSince1970)
    let reader = read(history: false)
    wait("a start") { pid > 0 }
    reader.stop()
    usleep(1_200_000)
    let again = read(history: false)
    wait("another start") { calls.count == 2 }
    again.stop()
    let since = calls.compactMap { call in
      call.split(separator: " ").first { $0.hasPrefix("--since=@") }.flatMap {
        Int($0.dropFirst(9))
      }
    }
    #expect(since.count == 2 && since[0] == since[1] && since[0] >= made && since[0] <= made + 1)
    #expect(kept.isEmpty)
  }

  @Test func `what can not be kept is asked for again`() throws {
    try add(1...2)
    let room = Mutex(70)
    let spool = Spool(path, isSynced: true) { bytes, descriptor in
      let count = room.withLock { room in
        defer { room -= min(room, bytes.count) }
        return min(room, bytes.count)
      }
      let written = writeAll(Array(bytes.prefix(count)), to: descriptor)
      if count < bytes.count { errno = ENOSPC }
      return written
    }
    let reader = read(spool: spool)
    // The first of them has its place on the disk, the second only in part.
    wait("the first entry") { kept == [1] }
    wait("a note") { calls.count == 2 }
    room.withLock { $0 = 10_000 }
    try add(3...3)
    wait("all entries") { kept == [1, 2, 3] }
    #expect(spool.losses.count == 0)
    #expect(reader.takeNotes().first?.contains("No space left on device") == true)
    reader.stop()
  }

  @Test func `what is no entry, or too long, is refused and counted`() throws {
    try add(1...1)
    let handle = try #require(FileHandle(forWritingAtPath: entries))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("-- No entries --\n\n{\"MESSAGE\":\"__CURSOR\"}\n".utf8))
    try add(2...2, String(repeating: "x", count: 300_000))
    try add(3...3)
    let reader = read()
    wait("both entries") { kept == [1, 3] }
    #expect(reader.refused == 3 && reader.spool.kept == 2)
    reader.stop()
  }

  @Test func `its complaints are told, a few of them, and the pause grows`() throws {
    try folder.write("complaint", String(repeating: "Failed to seek to cursor\n", count: 1000))
    let reader = read()
    var notes: [String] = []
    wait("the longer pause") {
      notes += reader.takeNotes()
      return notes.contains { $0.contains("again in 2 seconds") }
    }
    #expect(calls.count == 2)
    #expect(notes.prefix(5).allSatisfy { $0 == "journalctl says: Failed to seek to cursor" })
    #expect(notes[5] == "journalctl: it ended with 3; it is started again in 1 seconds", "\(notes)")
    let began = Date()
    reader.stop()
    #expect(Date().timeIntervalSince(began) < 1.5)
    let missing = JournalReader(
      .init(), entryBytesMax: 1000, spool: Spool(path), program: "rollcall-no-such-program")
    var told: [String] = []
    wait("a note") {
      told += missing.takeNotes()
      return !told.isEmpty
    }
    #expect(told[0].contains("it is not installed, or not on the PATH"), "\(told)")
    missing.stop()
  }
}
