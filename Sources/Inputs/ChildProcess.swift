import CProcess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A program that was started to read what it writes, and that ends with the thread that started it.
struct ChildProcess: ~Copyable {
  /// What it writes to its standard output, and to its standard error.
  let output, errors: Int32
  private let id: pid_t

  /// Starts a program that is looked for on the PATH.
  ///
  /// - Throws: Why it can not be started; one that is not there ends with 127.
  init(_ words: [String]) throws(ChildProblem) {
    var (outputs, errors): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard unsafe process_pipe(&outputs) == 0 else {
      throw ChildProblem(description: systemMessage(errno))
    }
    guard unsafe process_pipe(&errors) == 0 else {
      let reason = systemMessage(errno)
      for end in outputs { close(end) }
      throw ChildProblem(description: reason)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    let child = unsafe process_start(&arguments, outputs[1], errors[1])
    let reason = systemMessage(errno)
    unsafe arguments.forEach { unsafe free($0) }
    close(outputs[1])
    close(errors[1])
    guard child > 0 else {
      close(outputs[0])
      close(errors[0])
      throw ChildProblem(description: reason)
    }
    (id, output, self.errors) = (child, outputs[0], errors[0])
  }

  /// Waits for its end, having asked for it first when that is wanted; says how it ended.
  ///
  /// - Parameter isAsked: Whether it is asked to end, and after two seconds made to.
  consuming func end(isAsked: Bool) -> Ending {
    // Whoever writes to nobody ends, too.
    close(output)
    close(errors)
    if isAsked { kill(id, SIGTERM) }
    var (status, waited): (Int32, Int) = (0, 0)
    while true {
      let result = unsafe waitpid(id, &status, WNOHANG)
      if result == id || (result < 0 && errno != EINTR) { break }
      usleep(10_000)
      waited += 1
      if waited == 100 { kill(id, SIGTERM) }
      if waited == 200 { kill(id, SIGKILL) }
    }
    return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
  }

  /// How a program ended.
  enum Ending: CustomStringConvertible {
    case exit(Int32)
    case signal(Int32)
    var description: String {
      switch self {
      case .exit(let code): "it ended with \(code)"
      case .signal(let number): "signal \(number) ended it"
      }
    }
  }
}

/// Why a program can not be started.
struct ChildProblem: Error, CustomStringConvertible {
  let description: String
}
