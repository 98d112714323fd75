public import Bytes

/// The keys of short texts that were hashed before, so that an address or a person that comes again
/// costs a comparison.
///
/// Texts are told apart by their bytes. Bounded: ``count`` texts of at most sixteen bytes; a new one
/// takes the place of an old one. It changes the speed, never the key.
@safe public final class KeyMemo {
  private struct Slot: BitwiseCopyable {
    var first: UInt64 = 0, second: UInt64 = 0
    var count = -1
    var key = StateKey(high: 0, low: 0)
  }

  /// How many texts there is room for; a power of two.
  package static let count = 2048
  private let slots: UnsafeMutablePointer<Slot>

  /// A memory of nothing.
  public init() {
    unsafe slots = .allocate(capacity: KeyMemo.count)
    unsafe slots.initialize(repeating: Slot(), count: KeyMemo.count)
  }

  deinit { unsafe slots.deallocate() }

  /// The key that a ``StateHasher`` makes of one text.
  @inline(__always) public func key(of text: ByteView) -> StateKey {
    guard text.count <= 16 else { return KeyMemo.hash(text) }
    let (first, second) = text.ends
    let mixed = (first ^ second &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    let place = Int(truncatingIfNeeded: mixed >> 40) & (KeyMemo.count - 1)
    // SAFETY: the mask keeps the place below the count.
    let slot = unsafe slots[place]
    if (slot.first ^ first) | (slot.second ^ second) == 0, slot.count == text.count {
      return slot.key
    }
    let key = KeyMemo.hash(text)
    unsafe slots[place] = Slot(first: first, second: second, count: text.count, key: key)
    return key
  }

  @inline(never) private static func hash(_ text: ByteView) -> StateKey {
    var hasher = StateHasher()
    hasher.combine(text)
    return hasher.key
  }
}
