#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a program wrote until it ended.
public struct ProgramOutput: Sendable {
  /// Everything that it wrote to its standard output.
  public let output: [UInt8]
  /// The beginning of what it wrote to its standard error.
  public let complaints: String
  /// What it ended with; `nil` when a signal ended it.
  public let code: Int32?

  /// Runs a program that is looked for on the PATH, without a shell, to its end.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments.
  ///   - limit: How many bytes it may write; it is stopped at more.
  /// - Throws: ``ProgramError`` when it can not be started, is not there, or writes more.
  public init(_ words: [String], limit: Int) throws(ProgramError) {
    let name = words.first ?? ""
    let child: ChildProcess
    do {
      child = try ChildProcess(words)
    } catch {
      throw ProgramError(description: "\(name) can not be started: \(error)")
    }
    var (output, complaints): ([UInt8], [UInt8]) = ([], [])
    let isComplete = ProgramOutput.pump(
      child.output, child.errors, &output, &complaints, limit: limit)
    let ending = child.end(isAsked: !isComplete)
    guard isComplete else {
      throw ProgramError(description: "\(name) wrote more than \(limit) bytes")
    }
    if case .exit(let code) = ending {
      guard code != 127 else {
        throw ProgramError(description: "\(name) is not installed, or not on the PATH")
      }
      self.code = code
    } else {
      code = nil
    }
    self.output = output
    self.complaints = String(decoding: complaints, as: UTF8.self)
  }

  /// Reads both ends until both are closed; says whether all of it was taken.
  private static func pump(
    _ output: Int32, _ errors: Int32, _ text: inout [UInt8], _ complaints: inout [UInt8], limit: Int
  ) -> Bool {
    var block = [UInt8](repeating: 0, count: 64 << 10)
    var waits = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while waits.contains(where: { $0.fd >= 0 }) {
      guard unsafe poll(&waits, 2, -1) > 0 else { continue }
      for place in waits.indices where waits[place].fd >= 0 && waits[place].revents != 0 {
        let count = unsafe read(waits[place].fd, &block, block.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          waits[place].fd = -1
        } else if place == 0 {
          text += block[..<count]
          if text.count > limit { return false }
        } else {
          complaints += block.prefix(min(count, max(0, 2000 - complaints.count)))
        }
      }
    }
    return true
  }
}

/// Why a program told nothing.
public struct ProgramError: Error, Sendable, CustomStringConvertible {
  /// What is wrong.
  public let description: String
}
