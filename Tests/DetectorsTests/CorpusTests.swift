import Bytes
import Detectors
import Documents
import Events
import Glibc
import Testing

/// Rules of the public collection, when a copy stands beside the project.
@Suite struct CorpusTests {
  /// The folder of shared material: the environment's, else the one beside the package.
  private static var folder: String {
    if let path = unsafe getenv("ROLLCALL_SHARED") { return unsafe String(cString: path) }
    let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(package)/../shared"
  }

  private static func files(below folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var found: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      if name.hasSuffix(".yml") {
        found.append("\(folder)/\(name)")
      } else {
        found += files(below: "\(folder)/\(name)")
      }
    }
    return found.sorted()
  }

  private static func text(of file: String) -> String? {
    guard let stream = unsafe fopen(file, "r") else { return nil }
    defer { unsafe fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe fread($0.baseAddress, 1, $0.count, stream)
    }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The public rules, as far as they load; none without a copy of them.
  static func rules() throws -> (rules: RuleSet, problems: [Problem]) {
    var documents: [Document] = []
    for file in files(below: folder + "/corpus/sigma/rules") {
      if let text = text(of: file) { documents.append(try Document(file: file, text: text)) }
    }
    var fields = FieldTable()
    return RuleSet.load(
      documents: documents, fields: &fields, placeholders: { _ in nil }, policy: { _ in nil })
  }

  @Test func `public rules load, or say what is unsupported`() throws {
    let files = CorpusTests.files(below: CorpusTests.folder + "/corpus/sigma/rules")
    var documents: [Document] = []
    for file in files {
      guard let text = CorpusTests.text(of: file) else { continue }
      documents.append(try Document(file: file, text: text))
    }
    var fields = FieldTable()
    let (set, problems) = RuleSet.load(
      documents: documents, fields: &fields, placeholders: { _ in nil }, policy: { _ in nil })
    let unread = set.rules.compactMap(\.notReadable)
    print(
      "rules: \(files.count) files, \(set.rules.count) loaded, \(unread.count) without a log,",
      "\(fields.names.count) fields")
    for (reason, all) in Dictionary(grouping: unread, by: \.self).sorted(by: { $0.key < $1.key }) {
      print("  \(all.count) × \(reason)")
    }
    for problem in problems { print("  \(problem.message)") }
    #expect(set.rules.count + problems.count >= documents.count)
    for problem in problems { #expect(problem.message.contains("not supported")) }
    // The evaluator takes the whole set.
    let event = Event()
    event.reset(line: ByteView("Nov  3 09:14:07 web1 sshd[1]: nothing to see"))
    event.set(.processName, "sshd")
    var hitCount = 0
    Evaluator(set).evaluate(event) { _ in hitCount += 1 }
    #expect(hitCount == 0)
  }
}
