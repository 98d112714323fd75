/// Writes values one after another, to be read back in the same order by a ``SnapshotReader``.
///
/// Numbers are little-endian and of fixed width; texts and bytes stand behind their count. Nothing says what a
/// value is: whoever reads must be of the same version as whoever wrote.
public struct SnapshotWriter {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// A writer of nothing yet.
  public init() {}

  /// Writes a whole number.
  public mutating func put(_ value: some FixedWidthInteger) {
    var value = UInt64(truncatingIfNeeded: value).littleEndian
    unsafe withUnsafeBytes(of: &value) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Writes a number with a fraction.
  public mutating func put(_ value: Double) { put(value.bitPattern) }

  /// Writes a yes or no.
  public mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// Writes bytes.
  public mutating func put(_ value: [UInt8]) {
    put(value.count)
    bytes += value
  }

  /// Writes the bytes of a view.
  public mutating func put(_ value: ByteView) {
    put(value.count)
    unsafe value.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// Writes a text.
  public mutating func put(_ value: String) {
    put(value.utf8.count)
    bytes.append(contentsOf: value.utf8)
  }

  /// Writes a part that can be passed over, with its length in front.
  public mutating func section(_ body: (inout SnapshotWriter) -> Void) {
    let start = bytes.count
    put(0)
    body(&self)
    var count = UInt64(bytes.count - start - 8)
    for place in start..<start + 8 {
      bytes[place] = UInt8(truncatingIfNeeded: count)
      count >>= 8
    }
  }

  /// Writes a value that may be absent.
  public mutating func put<Value>(_ value: Value?, _ body: (Value, inout SnapshotWriter) -> Void) {
    put(value != nil)
    if let value { body(value, &self) }
  }

  /// Writes a list.
  public mutating func put<Values: Collection>(
    _ values: Values, _ body: (Values.Element, inout SnapshotWriter) -> Void
  ) {
    put(values.count)
    for value in values { body(value, &self) }
  }
}

/// Reads back what a ``SnapshotWriter`` wrote.
///
/// Every read fails, and none traps, when the bytes are not what was written.
public struct SnapshotReader {
  private let bytes: [UInt8]
  private var place = 0
  private var end: Int

  /// A reader at the beginning.
  public init(_ bytes: [UInt8]) { (self.bytes, end) = (bytes, bytes.count) }

  /// Whether all was read.
  public var isAtEnd: Bool { place == end }

  private mutating func take(_ count: Int) throws(SnapshotError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= end - place else { throw .damaged }
    defer { place += count }
    return bytes[place..<place + count]
  }

  /// A reader of a part, which this one passes over; nothing is copied.
  public mutating func section() throws(SnapshotError) -> SnapshotReader {
    let count: Int = try number()
    guard count >= 0, count <= end - place else { throw .damaged }
    var part = self
    part.end = place + count
    place += count
    return part
  }

  /// A whole number.
  public mutating func number<Value: FixedWidthInteger>() throws(SnapshotError) -> Value {
    var word: UInt64 = 0
    for byte in try take(8).reversed() { word = word << 8 | UInt64(byte) }
    if Value.isSigned {
      guard let value = Value(exactly: Int64(bitPattern: word)) else { throw .damaged }
      return value
    }
    guard let value = Value(exactly: word) else { throw .damaged }
    return value
  }

  /// A number with a fraction.
  public mutating func double() throws(SnapshotError) -> Double {
    Double(bitPattern: try number())
  }

  /// A yes or no.
  public mutating func flag() throws(SnapshotError) -> Bool {
    guard let byte = try take(1).first, byte < 2 else { throw .damaged }
    return byte == 1
  }

  /// Bytes.
  public mutating func list() throws(SnapshotError) -> [UInt8] { Array(try take(try number())) }

  /// A text.
  public mutating func text() throws(SnapshotError) -> String {
    String(decoding: try take(try number()), as: UTF8.self)
  }

  /// A value that may be absent.
  public mutating func optional<Value>(
    _ body: (inout SnapshotReader) throws(SnapshotError) -> Value
  ) throws(SnapshotError) -> Value? {
    guard try flag() else { return nil }
    return try body(&self)
  }

  /// How many values of a list follow.
  public mutating func count() throws(SnapshotError) -> Int {
    let count: Int = try number()
    // Every value takes a byte at least.
    guard count >= 0, count <= end - place else { throw .damaged }
    return count
  }

  /// A list.
  public mutating func list<Value>(
    _ body: (inout SnapshotReader) throws(SnapshotError) -> Value
  ) throws(SnapshotError) -> [Value] {
    var values: [Value] = []
    for _ in 0..<(try count()) { values.append(try body(&self)) }
    return values
  }
}

/// The bytes are no snapshot, or not one of this version.
public enum SnapshotError: Error, CustomStringConvertible {
  /// Something else stands where a value should.
  case damaged
  /// In words.
  public var description: String { "the snapshot is damaged, or another version wrote it" }
}
