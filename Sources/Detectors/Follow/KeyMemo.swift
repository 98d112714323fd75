public import Bytes

/// The keys of the last two texts, so that one event's address and person are hashed once, however
/// many tables they lead to.
///
/// Texts are told apart by where they are in memory: forget them (``reset()``) with each event.
public final class KeyMemo {
  private var first = (address: UInt(0), count: -1, key: StateKey(high: 0, low: 0))
  private var second = (address: UInt(0), count: -1, key: StateKey(high: 0, low: 0))

  /// A memory of nothing.
  public init() {}

  /// Forgets both texts.
  @inline(__always) public func reset() {
    first.count = -1
    second.count = -1
  }

  /// The key that a ``StateHasher`` makes of one text.
  public func key(of text: ByteView) -> StateKey {
    if first.count == text.count, first.address == text.address { return first.key }
    if second.count == text.count, second.address == text.address { return second.key }
    var hasher = StateHasher()
    hasher.combine(text)
    second = first
    first = (text.address, text.count, hasher.key)
    return first.key
  }
}
