import Bytes
import Inputs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The messages of a stream: wherever it is cut, they are the same.
struct StreamTarget: FuzzTarget {
  private struct Outcome: Equatable {
    var messages: [[UInt8]] = []
    var isBroken = false
    var isClean = false
  }

  /// The longest message; small, so that the bound is met.
  private static let messageBytesMax = 40

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    // The first bytes say how far apart the cuts are.
    let steps = unsafe bytes.prefix(4).map { Int($0 & 0x3F) + 1 }
    let stream = unsafe Array(bytes.dropFirst(4))
    let whole = read(stream, steps: [max(1, stream.count)])
    precondition(whole == read(stream, steps: [1]), "byte by byte the messages are others")
    guard !steps.isEmpty else { return }
    precondition(whole == read(stream, steps: steps), "a cut changes the messages")
    for message in whole.messages {
      precondition(!message.isEmpty && message.count <= StreamTarget.messageBytesMax)
    }
  }

  private func read(_ stream: [UInt8], steps: [Int]) -> Outcome {
    var framing = StreamFraming(messageBytesMax: StreamTarget.messageBytesMax)
    var outcome = Outcome()
    func keep(_ message: ArraySlice<UInt8>) { outcome.messages.append(Array(message)) }
    var (start, step) = (0, 0)
    while start < stream.count {
      let end = min(start + steps[step % steps.count], stream.count)
      let isTaken = framing.take(stream[start..<end], keep)
      precondition(isTaken != framing.isBroken)
      (start, step) = (end, step + 1)
    }
    outcome.isBroken = framing.isBroken
    let isClean = framing.end(keep)
    outcome.isClean = isClean
    return outcome
  }
}

/// A log that is written, taken back and renamed while it is followed: each whole line comes once, in order.
struct TailTarget: FuzzTarget {
  private let folder: String
  private var path: String { folder + "/log" }

  init() {
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    folder = "\(parent)/rollcall-fuzz-tail-\(getpid())"
    unsafe mkdir(folder, 0o700)
  }

  private static let filesMax = 6
  private static let stepsMax = 200

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    var log = Log(path: path, filesMax: TailTarget.filesMax)
    defer { log.remove() }
    let reader = TailReader(
      name: "log", chunkBytes: 64, lineBytesMax: 1000, patience: -1, clock: { 0 })
    let chunk = Chunk()
    var got: [UInt8] = []
    func look(_ isOffered: Bool) {
      if isOffered {
        for stream in discover([path, path + ".*"]).streams { reader.offer(stream.files) }
      }
      while reader.next(into: chunk) { got += chunk.bytes.copy() }
    }
    for byte in unsafe Array(bytes.prefix(TailTarget.stepsMax)) {
      switch byte % 6 {
      case 0: log.writeLine(padding: Int(byte >> 1))
      case 1: log.writePart(padding: Int(byte >> 3))
      case 2: log.takeBackPart()
      case 3: log.rotate()
      case 4: look(true)
      default: look(false)
      }
    }
    log.takeBackPart()
    // Each look may only find out that another is needed.
    for _ in 0..<TailTarget.filesMax + 2 { look(true) }
    precondition(got == log.written, "a line was lost, came twice, or out of order")
  }

  /// The log as its writer sees it.
  private struct Log {
    let path: String
    let filesMax: Int
    /// All whole lines.
    private(set) var written: [UInt8] = []
    private var number = 0
    private var files = 0
    private var descriptor: Int32 = -1
    /// Where the last whole line of the file ends, and what was written behind it.
    private var wholeEnd = 0
    private var part: [UInt8] = []

    init(path: String, filesMax: Int) { (self.path, self.filesMax) = (path, filesMax) }

    private mutating func write(_ bytes: [UInt8]) {
      if descriptor < 0 { descriptor = unsafe open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600) }
      precondition(writeAll(bytes, to: descriptor) == bytes.count, "\(path) can not be written")
    }

    private mutating func text(padding: Int) -> [UInt8] {
      number += 1
      return Array("\(number) a line of the log ".utf8) + [UInt8](repeating: 0x78, count: padding)
    }

    mutating func writeLine(padding: Int) {
      let rest = text(padding: padding) + [0x0A]
      write(rest)
      written += part + rest
      wholeEnd += part.count + rest.count
      part = []
    }

    mutating func writePart(padding: Int) {
      let more = text(padding: padding)
      guard part.count + more.count < 800 else { return }
      write(more)
      part += more
    }

    mutating func takeBackPart() {
      guard !part.isEmpty, wholeEnd > 0 else { return }
      precondition(ftruncate(descriptor, off_t(wholeEnd)) == 0)
      part = []
    }

    mutating func rotate() {
      guard part.isEmpty, wholeEnd > 0, files < filesMax else { return }
      for other in stride(from: files, through: 0, by: -1) {
        _ = unsafe rename(other == 0 ? path : "\(path).\(other)", "\(path).\(other + 1)")
      }
      close(descriptor)
      (descriptor, wholeEnd) = (-1, 0)
      files += 1
    }

    mutating func remove() {
      if descriptor >= 0 { close(descriptor) }
      for other in 0...files { _ = unsafe unlink(other == 0 ? path : "\(path).\(other)") }
    }
  }
}
