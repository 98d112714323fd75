import Events
import Registers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Two programs in one source: with `-D FUZZ` libFuzzer calls in; without, files are replayed.
#if FUZZ
  /// The target that the environment names, made when the first input comes.
  // SAFETY: libFuzzer calls from one thread.
  private nonisolated(unsafe) let target: any FuzzTarget = {
    let name = unsafe getenv("ROLLCALL_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTargets.named(name) else {
      FuzzTargets.explain()
      exit(2)
    }
    return target
  }()

  /// One input; what goes wrong stops the program, which is how libFuzzer learns of it.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe target.run(UnsafeBufferPointer(start: start, count: count))
    return 0
  }
#else
  /// Runs a target over files, such as its seeds or an input that once stopped it.
  ///
  ///     Fuzz TARGET FILE…
  @main enum Fuzz {
    static func main() {
      let words = CommandLine.arguments
      guard words.count > 2, let target = FuzzTargets.named(words[1]) else {
        FuzzTargets.explain()
        exit(2)
      }
      for path in words.dropFirst(2) {
        guard let bytes = readFile(path) else {
          unsafe perror(path)
          exit(2)
        }
        print(path)
        unsafe bytes.withUnsafeBufferPointer { unsafe target.run($0) }
      }
    }

    private static func readFile(_ path: String) -> [UInt8]? {
      guard let file = unsafe fopen(path, "rb") else { return nil }
      defer { unsafe fclose(file) }
      var bytes: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = unsafe fread(&block, 1, block.count, file)
        if count == 0 { return bytes }
        bytes += block[..<count]
      }
    }
  }
#endif

/// Something that reads bytes which a stranger may have written.
protocol FuzzTarget {
  /// Reads one input; traps when a promise does not hold.
  func run(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// The targets by name.
enum FuzzTargets {
  /// In the order of the data path; `Benchmarks/fuzz` knows the same names.
  static let names = [
    "json", "objects", "syslog", "rfc3164", "rfc5424", "access", "combined", "pairs", "logfmt",
    "delivery", "products", "stamps", "addresses", "lines", "gzip", "documents", "configuration",
    "registers", "rules", "expressions", "mappings", "zone", "journal", "stream", "tail", "csvlog",
    "squid", "ldif", "tables", "exports",
  ]

  static func named(_ name: String) -> (any FuzzTarget)? {
    switch name {
    case "json": JSONTarget()
    case "syslog": SyslogTarget()
    case "access": AccessTarget()
    case "products": ProductsTarget()
    case "pairs": PairsTarget()
    case "stamps": StampsTarget()
    case "addresses": AddressesTarget()
    case "lines": LinesTarget()
    case "documents": DocumentsTarget()
    case "registers": RegistersTarget()
    case "rules": RulesTarget()
    case "expressions": ExpressionsTarget()
    case "mappings": MappingsTarget()
    case "gzip": FilesTarget()
    case "delivery": DeliveryTarget()
    case "zone": ZoneTarget()
    case "rfc3164": LinesTarget([.rfc3164])
    case "rfc5424": LinesTarget([.rfc5424])
    case "combined": LinesTarget([.access])
    case "logfmt": LinesTarget([.logfmt])
    case "objects": LinesTarget([.json])
    case "journal": LinesTarget([.journal])
    case "csvlog": LinesTarget([.csvlog])
    case "squid": LinesTarget([.squid])
    case "ldif": ImportsTarget([.ldif])
    case "tables": ImportsTarget([.netbox, .gitlabUsers, .nextcloudUsers, .openproject])
    case "exports": ImportsTarget([.scim, .backstage, .cyclonedx, .openproject])
    case "configuration": ConfigurationTarget()
    case "stream": StreamTarget()
    case "tail": TailTarget()
    default: nil
    }
  }

  static func explain() {
    let text = "name a target: \(names.joined(separator: ", "))\n"
    _ = unsafe write(2, text, text.utf8.count)
  }
}
