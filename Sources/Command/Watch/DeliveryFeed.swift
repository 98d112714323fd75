import Bytes
import Events
import Inputs
import Pipelines

/// The records of files that a service delivers whole, many records in one JSON document, file by file.
///
/// A file's turn comes when nothing was written to it for a while. It is read once, whether or not it is compressed
/// later; what is added to it is not read, and that is said. Another file in its place is read.
final class DeliveryFeed: WatchedFeed {
  /// The stream's place in the pipeline, known once it was added.
  var stream = 0
  /// Adds what is known of a file to the stream; returns the file's place.
  var addContext: (LogFile) -> Int = { _ in 0 }
  private let key: [String]
  private let patience: Double
  private let lineBytesMax: Int
  /// Files that were read, or whose turn has come; by their paths without `.gz`.
  private var known: [RawPath: Seen] = [:]
  /// Files that may still be written, and since when they are as they are, monotonic seconds.
  private var fresh: [RawPath: (file: LogFile, since: Double)] = [:]
  private var queue: [LogFile] = []
  /// The file at hand, and which of the stream's files it is.
  private var current: (feed: FileFeed, file: Int)?
  private var notes: [String] = []
  /// Whether anything came of the file at hand, and its name without `.gz`.
  private var isOpened = false
  private var name = RawPath("")
  /// What was wrong with files that could not be opened.
  private var failures: Set<String> = []
  private var (sequence, lines, offset) = (0, UInt64(0), UInt64(0))
  /// How far the file at hand reaches in the stream.
  private var end: UInt64 = 0

  /// What a file was like when its turn came.
  private struct Seen {
    var size: UInt64
    var modified: Int64
    var inode: UInt64
    var isGzip: Bool
    init(_ file: LogFile) {
      (size, modified, inode, isGzip) = (file.size, file.modified, file.inode, file.isGzip)
    }
    init(from snapshot: inout SnapshotReader) throws(SnapshotError) {
      (size, modified) = (try snapshot.number(), try snapshot.number())
      (inode, isGzip) = (try snapshot.number(), try snapshot.flag())
    }
    func write(to writer: inout SnapshotWriter) {
      writer.put(size)
      writer.put(modified)
      writer.put(inode)
      writer.put(isGzip)
    }
  }

  /// - Parameters:
  ///   - key: The source's name and what tells the log from its others.
  ///   - patience: Seconds for which a file must not have been written.
  ///   - position: Where an earlier feed of the log had come to.
  init(_ key: [String], patience: Double, lineBytesMax: Int, position: [UInt8]?) throws {
    (self.key, self.patience, self.lineBytesMax) = (key, patience, lineBytesMax)
    guard let position else { return }
    var snapshot = SnapshotReader(position)
    _ = try TailFeed.key(&snapshot)
    (lines, offset) = (try snapshot.number(), try snapshot.number())
    end = offset
    for _ in 0..<(try snapshot.count()) {
      known[RawPath(bytes: try snapshot.list())] = try Seen(from: &snapshot)
    }
  }

  var position: [UInt8] {
    var writer = SnapshotWriter()
    writer.put(key) { $1.put($0) }
    writer.put(lines)
    writer.put(offset)
    forgetGone()
    writer.put(known) { entry, writer in
      writer.put(entry.key.bytes)
      entry.value.write(to: &writer)
    }
    return writer.bytes
  }

  func offer(_ files: [LogFile]) {
    let now = Environment.monotonic
    for file in files where file.size > 0 && !file.isPipe {
      let name = DeliveryFeed.name(file.path)
      if let seen = known[name], !(file.inode != seen.inode && file.isGzip == seen.isGzip) {
        guard file.isGzip == seen.isGzip, seen.size != file.size || seen.modified != file.modified
        else { continue }
        known[name] = Seen(file)
        notes.append("\(file.path): was changed after it was read; the change is not read")
      } else if let held = fresh[name], held.file == file {
        guard now - held.since >= patience else { continue }
        fresh[name] = nil
        known[name] = Seen(file)
        queue.append(file)
      } else {
        // Who finds a file that was there long before need not wait for its end.
        let age = Double(Environment.now) - Double(file.modified) / 1e9
        fresh[name] = (file, now - (age > 60 ? patience : 0))
      }
    }
  }

  /// Forgets files that are there under neither name, so that what is delivered for years fills nothing.
  private func forgetGone() {
    let now = Environment.monotonic
    guard known.count > 1000, now - lastForgotten > 3600 else { return }
    lastForgotten = now
    known = known.filter { name, _ in
      fileExists(name) || fileExists(RawPath(bytes: name.bytes + Array(".gz".utf8)))
    }
  }
  private var lastForgotten = -Double.infinity

  /// The name that a file has whether or not it is compressed.
  private static func name(_ path: RawPath) -> RawPath {
    let suffix = Array(".gz".utf8)
    return path.bytes.suffix(3).elementsEqual(suffix)
      ? RawPath(bytes: path.bytes.dropLast(3)) : path
  }

  var isWaiting: Bool { !queue.isEmpty }
  var bytesBehind: UInt64 { queue.reduce(0) { $0 + $1.size } }

  func takeNotes() -> [String] {
    defer { notes = [] }
    return notes
  }

  func next() -> LineBlock? {
    while true {
      if let (feed, file) = current {
        if let block = feed.next() {
          isOpened = true
          return placed(block, file)
        }
        let faults = feed.notes + feed.faults.map(\.description)
        // What can not be opened now has another turn; it is said once.
        if !faults.isEmpty, !isOpened { known[name] = nil }
        notes += faults.filter { isOpened || failures.insert($0).inserted }
        if failures.count > 1000 { failures = [] }
        current = nil
        offset = end
      }
      guard !queue.isEmpty else { return nil }
      let file = queue.removeFirst()
      (isOpened, name) = (false, DeliveryFeed.name(file.path))
      current = (
        FileFeed(
          LogStream(name: key.joined(separator: "/"), files: [file]), stream: stream,
          isDelivery: true, chunkBytes: 1 << 20, lineBytesMax: lineBytesMax, hashing: false),
        addContext(file)
      )
    }
  }

  /// Puts a block of one file in its place in the stream.
  private func placed(_ block: LineBlock, _ file: Int) -> LineBlock {
    let count = block.bytes.newlineCount
    let isOpen = !block.bytes.isEmpty && block.bytes[block.bytes.count - 1] != 0x0A
    defer {
      sequence += 1
      lines += UInt64(count + (isOpen ? 1 : 0) + block.oversized.count)
      end = offset + block.offset + UInt64(block.bytes.count)
    }
    return LineBlock(
      stream: stream, sequence: sequence, file: file, bytes: block.bytes,
      firstLine: lines + UInt64(block.oversized.count) + 1, offset: offset + block.offset,
      oversized: block.oversized.enumerated().map {
        LineBlock.Oversized(number: lines + UInt64($0.offset) + 1, bytes: $0.element.bytes)
      }, owner: block.owner)
  }

  func recycle(_ block: LineBlock) { current?.feed.recycle(block) }
}
