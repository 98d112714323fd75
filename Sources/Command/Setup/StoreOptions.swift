import ArgumentParser
import Inputs

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

  /// The path, for a command that needs nothing else of the configuration.
  func path(of places: PlaceOptions) throws -> String {
    guard let file = places.config else { return try path(Configuration()) }
    return try path(
      Configuration(file: file, text: try readText(file), environment: Environment.all))
  }
}
