/// A path as the system knows it: bytes, which need not be text.
public struct RawPath: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The bytes, without the closing zero.
  public let bytes: [UInt8]

  /// The path spelt by `text`.
  public init(_ text: String) { bytes = [UInt8](text.utf8) }

  /// The path made of `bytes`.
  public init(bytes: some Sequence<UInt8>) { self.bytes = [UInt8](bytes) }

  /// The path for a person's eyes: one line, with controls and what is not UTF-8 escaped.
  public var description: String { displayText(bytes[...]) }

  /// The path as C wants it; empty, which names nothing, when a zero byte would cut it short.
  var cString: [CChar] {
    bytes.contains(0) ? [0] : bytes.map { CChar(bitPattern: $0) } + [0]
  }

  /// What follows the last slash.
  var lastComponent: ArraySlice<UInt8> {
    bytes[(bytes.lastIndex(of: 0x2F).map { $0 + 1 } ?? 0)...]
  }

  /// The folder that holds the path's last component.
  var parent: RawPath {
    guard let slash = bytes.lastIndex(of: 0x2F) else { return RawPath(".") }
    return slash == 0 ? RawPath("/") : RawPath(bytes: bytes[..<slash])
  }

  /// The path of `name` inside this folder.
  func appending(_ name: some Collection<UInt8>) -> RawPath {
    RawPath(bytes: (bytes.last == 0x2F ? bytes : bytes + [0x2F]) + name)
  }

  /// The path without slashes at its end.
  var withoutTrailingSlash: RawPath {
    var end = bytes.count
    while end > 1, bytes[end - 1] == 0x2F { end -= 1 }
    return RawPath(bytes: bytes[..<end])
  }

  /// The components, without empty ones and those that stay in place.
  var components: [ArraySlice<UInt8>] {
    bytes.split(separator: 0x2F).filter { !$0.elementsEqual([0x2E]) }
  }

  /// Bytewise order.
  public static func < (left: RawPath, right: RawPath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// `bytes` as one line of text in which no two different inputs look alike to a program.
///
/// Controls, characters that turn the direction of text, backslashes and bytes that are not UTF-8
/// become escapes.
func displayText(_ bytes: ArraySlice<UInt8>) -> String {
  var text = ""
  var rest = bytes
  while !rest.isEmpty {
    var (decoder, iterator) = (UTF8(), rest.makeIterator())
    switch decoder.decode(&iterator) {
    case .scalarValue(let scalar):
      text.unicodeScalars.append(contentsOf: escaped(scalar))
      rest = rest.dropFirst(UTF8.width(scalar))
    case .error, .emptyInput:
      text += "\\x" + hexadecimal(rest.prefix(1))
      rest = rest.dropFirst()
    }
  }
  return text
}

/// The scalars that stand for `scalar` in displayed names.
private func escaped(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
  switch scalar.value {
  case 0x0A: "\\n".unicodeScalars
  case 0x09: "\\t".unicodeScalars
  case 0x5C: "\\\\".unicodeScalars
  case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF:
    "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
  default: String(scalar).unicodeScalars
  }
}

/// `bytes` in lower-case hexadecimal.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits: [UInt8] = [UInt8]("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
