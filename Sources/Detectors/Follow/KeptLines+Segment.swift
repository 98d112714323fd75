extension KeptLines {
  /// Rooms of one size in one piece of memory, which is aligned to its own length: so the segment of a room is known by
  /// the room's place.
  ///
  /// A bit for each possible room says whether it is taken, and another whether it is marked. Nothing of the lines
  /// themselves is read in a sweep.
  @safe struct Segment: BitwiseCopyable {
    /// How many bytes a segment has.
    static let byteCount = 64 << 10
    /// Rooms stand at multiples of this; one bit stands for each.
    private static let grain = 32
    private static let wordCount = byteCount / grain / 64
    /// Where the first room begins: behind the header and both runs of bits, on a multiple of 64.
    private static let start = 64 + 2 * wordCount * 8

    @safe private struct Header {
      let owner: Unmanaged<KeptLines>
      let roomBytes: Int
      let roomCount: Int
    }

    private let base: UnsafeMutableRawPointer

    /// Free rooms.
    init(roomBytes: Int, of owner: KeptLines) {
      unsafe base = .allocate(byteCount: Segment.byteCount, alignment: Segment.byteCount)
      // SAFETY: the header and the bits lie in front of `start`; the owner frees its segments before it goes.
      unsafe base.bindMemory(to: Header.self, capacity: 1).initialize(
        to: Header(
          owner: .passUnretained(owner), roomBytes: roomBytes,
          roomCount: (Segment.byteCount - Segment.start) / roomBytes))
      unsafe (base + 64).bindMemory(to: UInt64.self, capacity: 2 * Segment.wordCount)
        .initialize(repeating: 0, count: 2 * Segment.wordCount)
    }

    /// The segment that a room is in.
    @inline(__always) init(of room: UnsafeRawPointer) {
      // SAFETY: a segment begins at a multiple of its length, and its rooms lie within it.
      unsafe base = UnsafeMutableRawPointer(
        mutating: room - Int(bitPattern: room) & (Segment.byteCount - 1))
    }

    func deallocate() { unsafe base.deallocate() }

    // SAFETY: every segment was given its header and its bits by the initialiser above.
    @inline(__always) private var header: UnsafeMutablePointer<Header> {
      unsafe base.assumingMemoryBound(to: Header.self)
    }
    @inline(__always) private var taken: UnsafeMutablePointer<UInt64> {
      unsafe (base + 64).assumingMemoryBound(to: UInt64.self)
    }
    @inline(__always) private var marks: UnsafeMutablePointer<UInt64> {
      unsafe taken + Segment.wordCount
    }

    /// The store that it belongs to.
    var owner: KeptLines { unsafe header.pointee.owner.takeUnretainedValue() }
    /// How many bytes a room has, and how many rooms there are.
    var roomBytes: Int { unsafe header.pointee.roomBytes }
    var roomCount: Int { unsafe header.pointee.roomCount }

    @inline(__always) private func grain(of room: UnsafeRawPointer) -> Int {
      (Int(bitPattern: room) & (Segment.byteCount - 1)) / Segment.grain
    }

    /// Whether a room is taken.
    @inline(__always) func isTaken(_ room: UnsafeRawPointer) -> Bool {
      let grain = unsafe grain(of: room)
      // SAFETY: a grain within the segment has a bit.
      return unsafe taken[grain >> 6] & 1 << UInt64(grain & 63) != 0
    }

    /// Whether a room is marked.
    @inline(__always) func isMarked(_ room: UnsafeRawPointer) -> Bool {
      let grain = unsafe grain(of: room)
      // SAFETY: a grain within the segment has a bit.
      return unsafe marks[grain >> 6] & 1 << UInt64(grain & 63) != 0
    }

    /// Marks a room.
    @inline(__always) func mark(_ room: UnsafeRawPointer) {
      let grain = unsafe grain(of: room)
      // SAFETY: a grain within the segment has a bit.
      unsafe marks[grain >> 6] |= 1 << UInt64(grain & 63)
    }

    /// Takes the next free room from a place on, which is moved behind it; `nil` when there is none.
    @inline(__always) func take(from place: inout Int) -> UnsafeMutableRawPointer? {
      let (bytes, count) = (roomBytes, roomCount)
      while place < count {
        let room = unsafe base + (Segment.start + place * bytes)
        place += 1
        if unsafe isTaken(room) { continue }
        let grain = unsafe grain(of: room)
        // SAFETY: a grain within the segment has a bit.
        unsafe taken[grain >> 6] |= 1 << UInt64(grain & 63)
        return unsafe room
      }
      return nil
    }

    /// Gives back the rooms that are not marked, and takes the marks away; returns how many are taken.
    func sweep() -> Int {
      var count = 0
      for word in 0..<Segment.wordCount {
        // SAFETY: there are so many words of either.
        unsafe taken[word] &= marks[word]
        unsafe marks[word] = 0
        count += unsafe taken[word].nonzeroBitCount
      }
      return count
    }
  }
}
