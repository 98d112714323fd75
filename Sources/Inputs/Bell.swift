import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Wakes a thread that waits for descriptors.
final class Bell: Sendable {
  /// What the thread waits for; it can be read from once somebody rang.
  let descriptor: Int32
  private let handle: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    // Without one the thread would wait for ever; there is none when all descriptors are in use.
    precondition(unsafe process_pipe(&ends) == 0, "no descriptor is free")
    (descriptor, handle) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(handle)
  }

  /// Rings, and stays rung.
  func ring() {
    var one: UInt8 = 1
    _ = unsafe write(handle, &one, 1)
  }
}
