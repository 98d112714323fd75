// swift-tools-version: 6.3
import PackageDescription

/// What every target is compiled with: Swift 6, strict memory safety, warnings as errors.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  // The hot path reads and writes one record per line through classes that one worker owns: checking
  // at run time that nobody else does costs an eighth of a scan.
  .unsafeFlags(
    ["-enforce-exclusivity=unchecked", "-cross-module-optimization"],
    .when(configuration: .release)),
]

/// A system library found by pkg-config, installed from one Debian package.
func systemLibrary(_ name: String, pkgConfig: String, debian: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([debian])])
}

/// One floor of the house; it may import only the targets that it names.
func floor(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The tests of one floor.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "rollcall",
  products: [
    .executable(name: "rollcall", targets: ["Command"]),
    // For the packages in this repository; the command is what is promised to others.
    .library(
      name: "RollcallCore",
      targets: [
        "Bytes", "Documents", "Formats", "Events", "Registers", "Detectors", "Pipelines", "Inputs",
        "Reviews",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    systemLibrary("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
    // Two functions of our own in a header.
    .systemLibrary(name: "CChecksum"),
    systemLibrary("CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
    systemLibrary("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),
    systemLibrary("COpenSSL", pkgConfig: "libssl", debian: "libssl-dev"),
    systemLibrary("CMaxMind", pkgConfig: "libmaxminddb", debian: "libmaxminddb-dev"),
    // Marks the structural bytes of a chunk with vector instructions; see `ByteMarks`.
    .target(name: "CScan"),
    // Starts a program that ends with us; see `ChildProcess`.
    .target(name: "CProcess"),
    floor("Bytes", ["CScan"]),
    floor("Documents", [.product(name: "Yams", package: "Yams")]),
    floor("Formats", ["Bytes"]),
    floor("Events", ["Bytes", "Documents", "Formats"], exclude: ["Mappings"]),
    floor("Registers", ["Bytes", "Documents", "Events"]),
    floor("Detectors", ["Bytes", "CScan", "Documents", "Events", "Registers"]),
    floor("Pipelines", ["Bytes", "Formats", "Events", "Registers", "Detectors", "CCrypto"]),
    floor("Storage", [.product(name: "GRDB", package: "GRDB.swift")]),
    floor(
      "Inputs",
      [
        "Bytes", "CChecksum", "CZlib", "CMaxMind", "CCrypto", "COpenSSL", "CProcess",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    floor("Alerts", ["Detectors", "CCurl", "CCrypto"]),
    floor("Reviews", ["Bytes"]),
    .executableTarget(
      name: "Command",
      dependencies: [
        "Bytes", "Documents", "Formats", "Events", "Registers", "Detectors", "Pipelines", "Inputs",
        "Alerts", "Reviews", "Storage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    tests("BytesTests", ["Bytes", "CScan"]),
    tests("DocumentsTests", ["Documents"]),
    tests("FormatsTests", ["Bytes", "Formats"]),
    tests("EventsTests", ["Bytes", "Documents", "Formats", "Events"]),
    tests("RegistersTests", ["Bytes", "Documents", "Events", "Registers"]),
    tests("DetectorsTests", ["Bytes", "Documents", "Events", "Registers", "Detectors"]),
    tests("InputsTests", ["Bytes", "Inputs", "CZlib", "COpenSSL"]),
    tests("AlertsTests", ["Bytes", "Detectors", "Alerts"]),
    tests("ReviewsTests", ["Bytes", "Reviews"]),
    tests("StorageTests", ["Storage", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "PipelinesTests",
      ["Bytes", "Documents", "Formats", "Events", "Registers", "Detectors", "Pipelines", "Inputs"],
      exclude: ["ALERTS.md", "Alerts", "CONFORMANCE.md", "README.md"]),
    tests(
      "CommandTests",
      [
        "Command", "Bytes", "Documents", "Events", "Registers", "Detectors", "Inputs", "Pipelines",
        "Alerts", "Reviews", "COpenSSL", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Logging", package: "swift-log"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
