import Bytes
import Corpora
import Detectors
import Documents
import Registers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Measures what the risk of sign-ins is worth, on people and attackers that follow from a seed.
///
///     Logins [--short] [SEED [PEOPLE [DAYS [POLICY]]]]
///
/// Prints Markdown; with --short what the attackers come to alone. POLICY is the text of a policy.
@main enum Logins {
  /// The company's first quarter is its warm-up.
  static let warmUpDays = 90

  static func main() {
    var words = CommandLine.arguments.dropFirst()
    let isShort = words.first == "--short"
    if isShort { words = words.dropFirst() }
    let numbers = words.prefix(3).map { Int($0) ?? -1 }
    guard numbers.allSatisfy({ $0 > 0 }), words.count <= 4 else {
      print("usage: Logins [--short] [SEED [PEOPLE [DAYS [POLICY]]]]")
      exit(2)
    }
    let seed = UInt64(numbers.first ?? 20_261_128)
    let people = numbers.count > 1 ? numbers[1] : 400
    let days = numbers.count > 2 ? numbers[2] : 364
    do {
      let policy =
        try words.count > 3
        ? Policy(Document(file: "policy", text: words[words.startIndex + 3])) : Policy.defaults
      try Evaluation(seed: seed, people: people, days: days, policy: policy).print(isShort: isShort)
    } catch {
      print("WRONG \(error)")
      exit(1)
    }
  }
}
