import ArgumentParser
import Bytes
import Inputs
import Storage

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(help: "The file for what is remembered; else `state` of the configuration.")
  var state: String?

  func path(_ configuration: Configuration) throws -> String {
    guard let path = state ?? configuration.state else {
      throw ValidationError(
        "name a file for what is remembered: --state FILE, or `state:` in the configuration")
    }
    return path
  }

  /// The store, to look at, and the zone in which its times are shown.
  func open(of places: PlaceOptions) throws -> (store: Store, zone: NamedZone) {
    let configuration = try places.readConfiguration(sends: false)
    let name = places.timezone ?? configuration.timezone ?? "UTC"
    let zone = NamedZone(name: name, zone: try Workspace.zone(named: name))
    return (try Store(reading: try path(configuration)), zone)
  }
}

/// A zone, and what it is called.
struct NamedZone {
  let name: String
  let zone: Zone
}

extension PlaceOptions {
  /// The configuration that is named; an empty one when none is.
  ///
  /// - Parameter sends: Whether anything is sent by it, which needs the outputs' secrets.
  func readConfiguration(sends: Bool) throws -> Configuration {
    guard let file = config else { return Configuration() }
    return try Configuration(
      file: file, text: try readText(file), environment: Environment.all, sends: sends)
  }
}
