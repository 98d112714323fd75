public import Bytes

/// Takes a JSON document with many records (`{"Records":[{…},{…}]}`) apart into one record a line.
///
/// Cloud services deliver such files. The bytes between the records are overwritten in place, so a
/// record keeps its offset; line ends inside a record become blanks.
public enum DeliveryFile {
  /// The largest document that is taken apart, in bytes; services deliver at most 50 MB at once.
  public static let bytesMax = 256 << 20

  /// Whether a log begins like a delivery file.
  public static func isDelivery(_ head: ByteView) -> Bool {
    var offset = 0
    func skip() {
      while offset < head.count, [0x20, 0x09, 0x0A, 0x0D].contains(head[offset]) { offset += 1 }
    }
    for token: StaticString in ["{", "\"Records\"", ":", "["] {
      skip()
      guard head.has(token, at: offset) else { return false }
      offset += token.utf8CodeUnitCount
    }
    return true
  }

  /// Where the parts of a document are, once it is taken apart.
  public struct Parts: Sendable, Hashable {
    /// The records, one a line.
    public var records: Range<Int>
    /// Where the document ends; another may follow.
    public var end: Int
    /// Whether the document has an end.
    public var isWhole: Bool
  }

  /// Takes a document apart.
  ///
  /// - Parameters:
  ///   - document: Bytes with a whole document; afterwards one record a line.
  ///   - start: Where the document begins.
  /// - Complexity: O(*n*).
  public static func splitRecords(_ document: inout [UInt8], from start: Int = 0) -> Parts {
    guard let open = document[start...].firstIndex(of: UInt8(ascii: "[")) else {
      return Parts(records: start..<start, end: document.count, isWhole: false)
    }
    var (depth, inString, escaped) = (0, false, false)
    var (first, last) = (-1, open + 1)
    // The records, once their list has ended; what is left is the object around it.
    var records: Range<Int>?
    for place in (open + 1)..<document.count {
      let byte = document[place]
      if inString {
        if escaped {
          escaped = false
        } else if byte == 0x5C {
          escaped = true
        } else if byte == 0x22 {
          inString = false
        } else if byte == 0x0A, records == nil {
          document[place] = 0x20
        }
        continue
      }
      switch byte {
      case 0x22: inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0, first < 0 { first = place }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0, let records {
          return Parts(records: records, end: place + 1, isWhole: true)
        } else if depth == 0 {
          records = first < 0 ? place..<place : first..<max(last, first)
          continue
        }
        depth -= 1
        if depth == 0, records == nil { last = place + 1 }
      case UInt8(ascii: ",") where depth == 0 && records == nil: document[place] = 0x0A
      case 0x0A where records == nil: document[place] = 0x20
      default: break
      }
    }
    // Cut short: what came before the end counts, the broken record is rejected as a line.
    let range = records ?? max(first, open + 1)..<document.count
    return Parts(records: range, end: document.count, isWhole: false)
  }
}
