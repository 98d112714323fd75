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

  /// Takes a document apart.
  ///
  /// - Parameter document: The whole document; afterwards one record a line.
  /// - Returns: Where the records are in it, or `nil` when it ends before its list does.
  /// - Complexity: O(*n*).
  public static func splitRecords(_ document: inout [UInt8]) -> (range: Range<Int>, isWhole: Bool) {
    guard let open = document.firstIndex(of: UInt8(ascii: "[")) else { return (0..<0, false) }
    var (depth, inString, escaped) = (0, false, false)
    var (start, end) = (-1, open + 1)
    for place in (open + 1)..<document.count {
      let byte = document[place]
      if inString {
        if escaped {
          escaped = false
        } else if byte == 0x5C {
          escaped = true
        } else if byte == 0x22 {
          inString = false
        } else if byte == 0x0A {
          document[place] = 0x20
        }
        continue
      }
      switch byte {
      case 0x22: inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0, start < 0 { start = place }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return (max(start, 0)..<max(end, max(start, 0)), true) }
        depth -= 1
        if depth == 0 { end = place + 1 }
      case UInt8(ascii: ",") where depth == 0: document[place] = 0x0A
      case 0x0A: document[place] = 0x20
      default: break
      }
    }
    // Cut short: what came before the end counts, the broken record is rejected as a line.
    return (max(start, 0)..<document.count, false)
  }
}
