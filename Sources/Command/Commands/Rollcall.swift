import Alerts
import ArgumentParser
import Bytes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The command line.
@main struct Rollcall: AsyncParsableCommand {
  /// The version that findings and reviews cite.
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "rollcall",
    abstract: "Checks who and what shows up in the logs against who and what should be there.",
    version: version,
    subcommands: [
      InitCommand.self, ScanCommand.self, CheckCommand.self, ExplainCommand.self, ParseCommand.self,
      TestCommand.self, BacktestCommand.self, CanaryCommand.self, WatchCommand.self,
      ReviewCommand.self, StatusCommand.self,
      AlertsCommand.self, RegistersCommand.self,
    ])

  static func main() async {
    var isRunning = false
    do {
      var command = try parseAsRoot()
      isRunning = true
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      if !Console.isComplete { throw Ending.output }
    } catch let code as ExitCode {
      Glibc.exit(code.rawValue)
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        print(fullMessage(for: error))
        Glibc.exit(0)
      }
      // Whatever a person wrote wrongly, on the command line or in a file, ends with 2. How to use a command is
      // said to those who used it wrongly.
      let isUsage = code == .validationFailure
      Console.error(
        !isUsage
          ? "\(error)" : isRunning ? "Error: " + message(for: error) : fullMessage(for: error))
      Glibc.exit(2)
    }
  }
}

/// Why a command that was given rightly can not do what it is asked to: what is wrong, and the fix.
struct Refusal: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Exit codes: 0 done, 1 findings at or above `--fail-on`, 2 usage or configuration, 3 some input
/// could not be read, or some results could not be written.
enum Ending {
  static let findings = ExitCode(1)
  static let output = ExitCode(3)
  static let inputs = ExitCode(3)
}

/// Results go to standard output, everything else to standard error.
enum Console {
  /// Whether standard error is a terminal that may be drawn upon.
  static let isInteractive = Environment.isTerminal(2)
  /// Whether standard output is a terminal that wants colour.
  static let isColoured =
    Environment.isTerminal(1) && (Environment.all["NO_COLOR"] ?? "").isEmpty
    && Environment.all["TERM"] != "dumb"

  /// Writes lines to standard error, with everything in them that could act on a terminal written
  /// out: a file's name, a register's value or a receiver's answer may be anybody's words.
  static func error(_ lines: String) { write(clean(lines) + "\n", to: 2) }

  /// Text of several lines, each made fit for a terminal.
  static func clean(_ lines: String) -> String {
    lines.split(separator: "\n", omittingEmptySubsequences: false)
      .map { TerminalText.clean(String($0)) }.joined(separator: "\n")
  }

  /// Whether all results went out; a full disk takes some of them.
  static var isComplete: Bool { !hasLost.load(ordering: .relaxed) }
  private static let hasLost = Atomic(false)

  /// Writes text to standard output.
  static func out(_ text: String) { out(Array(text.utf8)) }

  /// Writes bytes to standard output.
  static func out(_ bytes: [UInt8]) { bytes.withView { out($0) } }

  /// Writes bytes to standard output.
  static func out(_ bytes: ByteView) {
    guard !write(bytes, to: 1), !hasLost.exchange(true, ordering: .relaxed) else { return }
    let reason = unsafe String(cString: strerror(errno))
    error("standard output: can not be written: \(reason); results are missing")
  }

  /// Draws a line that the next one replaces.
  static func progress(_ line: String) { write("\r\u{1B}[K" + line, to: 2) }

  private static func write(_ text: String, to descriptor: Int32) {
    _ = text.withView { write($0, to: descriptor) }
  }

  /// Writes all bytes, and says whether it could.
  private static func write(_ bytes: ByteView, to descriptor: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        // SAFETY: `start` is below the count, so the rest is inside the buffer.
        return unsafe Glibc.write(descriptor, base + start, buffer.count - start)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // Somebody made the pipe one that does not wait; the reader is slower than we are.
          var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          _ = unsafe poll(&ready, 1, -1)
          continue
        }
        return false
      }
      start += count
    }
    return true
  }
}
