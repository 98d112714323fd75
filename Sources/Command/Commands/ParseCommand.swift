import ArgumentParser
struct ParseCommand: AsyncParsableCommand {
  func run() async throws {}
}
