import Bytes

/// A view over bytes that are never given back, which is fine for a test.
func view(_ bytes: [UInt8]) -> ByteView {
  let room = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
  for (offset, byte) in bytes.enumerated() { unsafe room[offset] = byte }
  return unsafe ByteView(base: UnsafePointer(room), count: bytes.count)
}

/// A view over a text's UTF-8.
func view(_ text: String) -> ByteView { view(Array(text.utf8)) }

/// A small generator whose seed can be pasted back.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
