import Foundation
import Testing

@testable import Command

/// Findings that go to what is no file.
@Suite struct PipeOutputTests {
  private let scratch: Scratch
  private var path: String { scratch.path + "/pipe" }

  init() throws {
    scratch = try Scratch()
    let isMade = unsafe mkfifo(path, 0o600) == 0
    try #require(isMade)
  }

  @Test func `a pipe without a reader, and one whose reader reads nothing, are problems`() throws {
    #expect(Files.append([0x61], to: path) == "\(path): nobody reads it")
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    #expect(Files.append([0x61], to: path) == nil)
    let large = [UInt8](repeating: 0x62, count: 1 << 20)
    #expect(
      Files.append(large, to: path, patience: 100) == "\(path): Connection timed out")
  }

  @Test func `a reader that leaves in the middle ends nothing but the attempt`() throws {
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK)
    let left = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      var buffer = [UInt8](repeating: 0, count: 100)
      while unsafe read(descriptor, &buffer, buffer.count) <= 0 { usleep(1000) }
      close(descriptor)
      left.signal()
    }
    let large = [UInt8](repeating: 0x62, count: 1 << 20)
    #expect(Files.append(large, to: path) == "\(path): Broken pipe")
    left.wait()
  }
}
