import Bytes
import Events
import Formats

/// What a record holds, in words that can be compared.
func contents(_ record: Record) -> [String] {
  var result = ["\(record.time) \(record.weight)"]
  record.forEachSlot { slot, value in
    switch value {
    case .text(let text): result.append("\(slot) text \(text.copy())")
    case .integer(let number): result.append("\(slot) integer \(number)")
    case .number(let number, let text):
      result.append("\(slot) number \(number.bitPattern) \(text.copy())")
    case .bool(let flag): result.append("\(slot) bool \(flag)")
    case .null: result.append("\(slot) null")
    case .json(let text): result.append("\(slot) json \(text.copy())")
    }
  }
  return result
}

/// JSON objects: a reader that predicts from the lines before answers as a new one does.
struct JSONTarget: FuzzTarget {
  private let warm = Reader()
  private let first = Record(), second = Record()

  private final class Reader {
    var reader = JSONReader(
      JSONWants(["time", "a", "a.b", "a.b.c", "status", "user.name", ""]))
  }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let line = unsafe bytes.view
    let fresh = Reader()
    first.reset(line: line)
    second.reset(line: line)
    precondition(read(warm, first) == read(fresh, second), "prediction changes the verdict")
    precondition(contents(first) == contents(second), "prediction changes the values")
  }

  private func read(_ reader: Reader, _ record: Record) -> JSONError? {
    do throws(JSONError) {
      try reader.reader.read(record.line, into: record)
      return nil
    } catch {
      precondition(
        error.offset >= 0 && error.offset <= record.line.count, "offset outside the line")
      return error
    }
  }
}

/// Both syslog formats and their structured data: every part lies in the line, and the cache of
/// stamps changes nothing.
struct SyslogTarget: FuzzTarget {
  private let cache = Cache()
  private final class Cache { var stamps = StampCache() }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    // Two lines, so that the second meets the cache of the first.
    let (first, rest) = unsafe bytes.view.halves
    read(first)
    read(rest)
  }

  private func read(_ line: ByteView) {
    var empty = StampCache()
    let cold = parse(line, &empty)
    let warm = parse(line, &cache.stamps)
    precondition(cold?.stamp == warm?.stamp, "the cache changes the stamp")
    precondition((cold == nil) == (warm == nil), "the cache changes the verdict")
    guard let header = cold else { return }
    for part in [
      header.host, header.program, header.pid, header.messageID, header.structuredData,
      header.message,
    ] { precondition(line.encloses(part), "a part outside the line") }
    precondition((-1...191).contains(header.priority), "a priority that there is not")
    StructuredData.forEachParameter(header.structuredData) { id, name, value, hasEscapes in
      precondition(line.encloses(id) && line.encloses(name) && line.encloses(value))
      var room = [UInt8](repeating: 0, count: value.count)
      let count = unsafe room.withUnsafeMutableBufferPointer { room in
        unsafe StructuredData.unescape(value, into: room)
      }
      precondition(count <= value.count && (hasEscapes || count == value.count))
    }
  }

  private func parse(_ line: ByteView, _ cache: inout StampCache) -> SyslogHeader? {
    do throws(SyslogError) {
      return try Syslog.parse(line, cache: &cache)
    } catch {
      precondition(error.offset >= 0 && error.offset <= line.count, "offset outside the line")
      return nil
    }
  }
}

/// Access logs: every part lies in the line.
struct AccessTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let line = unsafe bytes.view
    guard let log = try? AccessLog(line) else { return }
    for part in [
      log.host, log.client, log.user, log.time, log.request, log.method, log.target, log.status,
      log.size, log.referrer, log.agent,
    ] { precondition(line.encloses(part), "a part outside the line") }
    precondition(log.status.count == 3)
  }
}

/// Free text of known programs: the first line is the program, the rest the message.
///
/// A refusal leaves the event as it was.
struct ProductsTarget: FuzzTarget {
  private let event = Event()

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let (program, message) = unsafe bytes.view.halves
    event.reset(line: message)
    let isMapped = Products.map(program: program, message: message, into: event)
    precondition(isMapped || contents(event).count == 1, "a refusal touched the event")
    precondition(event.weight > 0, "an event that stands for none")
  }
}

/// `key=value` pairs: they end, and lie in the line.
struct PairsTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let line = unsafe bytes.view
    var pairs = KeyValues(line)
    var count = 0
    while let pair = pairs.next() {
      precondition(line.encloses(pair.key) && line.encloses(pair.value))
      count += 1
      precondition(count <= line.count, "more pairs than bytes")
    }
  }
}
