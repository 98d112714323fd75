import Reviews

/// Writes a review's files; each appears whole or not at all.
enum ReviewFolder {
  /// Writes the files and says where they are.
  ///
  /// - Parameter flag: The option that names the folder, for what is said when it can not be written.
  static func write(_ facts: ReviewFacts, to folder: String, flag: String = "--review") throws {
    let files = Review(facts).files
    try OutputFolder.write(files.map { ($0.name, $0.text) }, to: folder, flag: flag)
    for file in files { Console.error("review: \(folder)/\(file.name)") }
  }
}
