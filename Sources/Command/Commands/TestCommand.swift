import ArgumentParser
struct TestCommand: AsyncParsableCommand {
  func run() async throws {}
}
