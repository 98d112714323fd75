import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A thread that fills pieces while those before are read.
///
/// It is at most `pieceCount` pieces of 1 MiB ahead, and waits then. It ends when `fill` leaves a piece
/// empty, or when this goes away, which waits for it: `fill` must not block for long, or
/// `interrupt` must end that.
///
/// One thread at a time may use it.
@safe final class ReadAhead {
  private static let pieceCount = 3
  /// How many threads there are at a time, so that a run over thousands of files stays bounded.
  private static let threadCountMax = 8
  private static let threadCount = Atomic(0)

  /// What both threads see; every access holds `mutex`.
  ///
  /// The pieces themselves are handed over by the counts: those from `taken` less one up to `filled`
  /// are the reader's, the others the thread's.
  @safe private final class Ring: @unchecked Sendable {
    let pieces = (0..<ReadAhead.pieceCount).map { _ in Piece() }
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    let fill: (Piece) -> Void
    /// Pieces filled, and pieces given back, since the start.
    var (filled, released) = (0, 0)
    var (isDone, isCancelled) = (false, false)

    init(fill: @escaping (Piece) -> Void) {
      self.fill = fill
      // SAFETY: both stay at their addresses until `deinit`.
      unsafe pthread_mutex_init(mutex, nil)
      unsafe pthread_cond_init(changed, nil)
    }

    deinit {
      unsafe pthread_mutex_destroy(mutex)
      unsafe pthread_cond_destroy(changed)
      unsafe mutex.deallocate()
      unsafe changed.deallocate()
    }

    /// Runs `body` alone and wakes the other thread.
    func update<Result>(_ body: () -> Result) -> Result {
      unsafe pthread_mutex_lock(mutex)
      defer {
        unsafe pthread_cond_signal(changed)
        unsafe pthread_mutex_unlock(mutex)
      }
      return body()
    }

    /// Waits for the other thread while `condition` holds; the mutex must be held.
    func wait(while condition: () -> Bool) {
      // SAFETY: the caller holds the mutex.
      while condition() { unsafe pthread_cond_wait(changed, mutex) }
    }

    /// The thread: fills pieces until there is nothing more or nobody wants more.
    func run() {
      while true {
        let place: Int? = update {
          wait { filled - released == pieces.count && !isCancelled }
          return isCancelled ? nil : filled % pieces.count
        }
        guard let place else { return }
        fill(pieces[place])
        let isLast = pieces[place].count == 0
        update { if isLast { isDone = true } else { filled += 1 } }
        if isLast { return }
      }
    }
  }

  private let ring: Ring
  private let thread: pthread_t
  private let interrupt: () -> Void
  private var taken = 0
  private var isJoined = false

  /// Starts the thread; `nil` when there are enough already, or the system has none left.
  ///
  /// - Parameters:
  ///   - interrupt: Called when nobody wants more: makes a `fill` that waits come back soon.
  ///   - fill: Fills a piece; leaves it empty at the end. Only the thread calls it.
  init?(interrupt: @escaping () -> Void, fill: @escaping (Piece) -> Void) {
    let count = Self.threadCount.wrappingAdd(1, ordering: .relaxed).newValue
    guard count <= Self.threadCountMax else {
      Self.threadCount.wrappingSubtract(1, ordering: .relaxed)
      return nil
    }
    let ring = Ring(fill: fill)
    let context = unsafe Unmanaged.passRetained(ring)
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    // SAFETY: the thread takes over the one reference that was made for it.
    let status = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Ring>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      Self.threadCount.wrappingSubtract(1, ordering: .relaxed)
      unsafe context.release()
      return nil
    }
    #if !canImport(Glibc)
      guard let thread else { return nil }
    #endif
    (self.ring, self.thread, self.interrupt) = (ring, thread, interrupt)
  }

  deinit { join() }

  /// The next piece, which stays until the next call; `nil` at the end, when the thread is gone.
  func next() -> Piece? {
    guard !isJoined else { return nil }
    ring.update { ring.released = taken }
    let piece: Piece? = ring.update {
      ring.wait { ring.filled == taken && !ring.isDone }
      return ring.filled > taken ? ring.pieces[taken % ring.pieces.count] : nil
    }
    if piece == nil { join() } else { taken += 1 }
    return piece
  }

  private func join() {
    guard !isJoined else { return }
    isJoined = true
    let isDone = ring.update {
      ring.isCancelled = true
      return ring.isDone
    }
    if !isDone { interrupt() }
    // The thread was made by `init` and is joined once.
    pthread_join(thread, nil)
    Self.threadCount.wrappingSubtract(1, ordering: .relaxed)
  }
}
