import Bytes
import Corpora

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Times the parts of the data path by themselves.
///
///     Micro [ROUNDS [NAME-PART]]
///
/// Each batch returns a checksum of what it read, which must be the same every time and the one that
/// plain code finds. Nanoseconds are of one operation.
@main enum Micro {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    let rounds = words.first.flatMap { Int($0) } ?? 9
    let part = words.dropFirst().first ?? ""
    guard rounds > 0 else {
      print("usage: Micro [ROUNDS [NAME-PART]]")
      exit(2)
    }
    print("machine  \(processor), \(rounds) rounds of at least 20 ms, one thread")
    print(row("benchmark", "best ns/op", "median ns/op", "best GB/s"))
    do {
      for bench in Benches.all() where part.isEmpty || bench.name.contains(part) {
        let (best, median) = try bench.measure(rounds: rounds, least: .milliseconds(20))
        let operations = Double(bench.operations)
        print(
          row(
            bench.name, decimal(best / operations), decimal(median / operations),
            bench.bytes > 0 ? decimal(Double(bench.bytes) / best) : "-"))
      }
    } catch {
      print("WRONG \(error)")
      exit(1)
    }
  }

  /// The processor's name as the system has it.
  private static var processor: String {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return "unknown processor" }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while unsafe fgets(&line, 512, file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
      return String(text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
    }
    return "unknown processor"
  }

  private static func row(_ name: String, _ cells: String...) -> String {
    name.padded(34)
      + cells.map { String(repeating: " ", count: max(0, 14 - $0.count)) + $0 }.joined()
  }

  /// A number with two places.
  private static func decimal(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
