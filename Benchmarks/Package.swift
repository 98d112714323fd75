// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The parts of Rollcall that benchmarks and fuzz targets call; the package above this folder,
/// whatever the folder is called.
let core: Target.Dependency = .product(name: "RollcallCore", package: "rollcall")

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "rollcall", path: "..")],
  targets: [
    .target(name: "Corpora", swiftSettings: settings),
    .executableTarget(name: "Generate", dependencies: ["Corpora"], swiftSettings: settings),
    .executableTarget(name: "Micro", dependencies: ["Corpora", core], swiftSettings: settings),
    .executableTarget(name: "Logins", dependencies: ["Corpora", core], swiftSettings: settings),
    .target(name: "StandIns", swiftSettings: settings),
    // The configuration belongs to the command, which no other package can import: its source is
    // compiled here, with something smaller behind the name of the module that posts findings.
    .executableTarget(
      name: "Fuzz", dependencies: [core, "StandIns"],
      swiftSettings: settings + [.unsafeFlags(["-module-alias", "Alerts=StandIns"])]),
  ],
  swiftLanguageModes: [.v6]
)
