#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Waits for something to happen in the folders that hold logs, by the kernel's word for it.
///
/// Where the kernel has no more watches to give, or the files are on a disk of another machine, nothing is told
/// and the wait ends by itself: whoever waits looks anyway. One thread at a time may use it.
///
/// - SeeAlso: inotify(7).
public final class FolderEvents {
  private let descriptor: Int32
  private var watches: [RawPath: Int32] = [:]
  private static let mask =
    UInt32(IN_MODIFY) | UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_MOVED_FROM)
    | UInt32(IN_MOVED_TO) | UInt32(IN_ONLYDIR)

  /// How many folders are watched at the most.
  public static let foldersMax = 1024

  /// Watches nothing yet.
  public init() { descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Whether the kernel tells anything.
  public var isWorking: Bool { !watches.isEmpty }

  /// Watches the folders of these files, those that are there.
  public func watch(foldersOf files: [RawPath]) {
    guard descriptor >= 0 else { return }
    for folder in Set(files.map(\.parent)) where watches[folder] == nil {
      guard watches.count < FolderEvents.foldersMax else { return }
      let watch = unsafe inotify_add_watch(descriptor, folder.cString, FolderEvents.mask)
      if watch >= 0 { watches[folder] = watch }
    }
  }

  /// Lets a moment pass; a signal cuts it short.
  public static func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }

  /// What happened while somebody waited.
  public struct Happened {
    /// Whether anything did, and whether files came, went or were renamed.
    public var any = false, files = false
  }

  /// Waits for an event, or for so many milliseconds.
  public func wait(milliseconds: Int32) -> Happened {
    var happened = Happened()
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // SAFETY: there is one entry; a negative descriptor is passed over.
    guard unsafe poll(&entry, 1, milliseconds) > 0 else { return happened }
    happened.any = true
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe readSome(descriptor, $0) }
      guard count > 0 else { return happened }
      var offset = 0
      let head = MemoryLayout<inotify_event>.size
      while offset + head <= count {
        // SAFETY: the kernel writes whole events.
        let event = unsafe buffer.withUnsafeBytes {
          unsafe $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
        }
        if event.mask & UInt32(IN_MODIFY) == 0 { happened.files = true }
        if event.mask & UInt32(IN_IGNORED) != 0 {
          // The folder is gone; should it come again, it is watched again.
          watches = watches.filter { $0.value != event.wd }
        }
        offset += head + Int(event.len)
      }
    }
  }
}
