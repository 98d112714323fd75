import Reviews

/// Writes a review's files; each appears whole or not at all.
enum ReviewFolder {
  /// Writes the pages and says where they are, and the tables into a folder beside them.
  ///
  /// - Parameter flag: The option that names the folder, for what is said when it can not be written.
  static func write(
    _ facts: ReviewFacts, to folder: String, isRedacted: Bool = false, flag: String = "--review"
  ) throws {
    let whole = Review(facts)
    let review = isRedacted ? whole.redacted() : whole
    try OutputFolder.write(
      review.pages.map { ($0.name, $0.text) }, to: folder, flag: flag)
    try OutputFolder.write(
      review.tableFiles.map { ($0.name, $0.text) }, to: folder + "/tables", flag: flag)
    for file in review.pages { Console.error("review: \(folder)/\(file.name)") }
  }
}
