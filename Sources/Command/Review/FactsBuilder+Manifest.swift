import Events
import Documents
import Inputs
import Pipelines
import Reviews

extension FactsBuilder {
  /// Every file that the review rests on: what was read as logs, then what it was judged by.
  func manifest() throws -> [ReviewFacts.ManifestEntry] {
    var inputs: [ReviewFacts.ManifestEntry] = []
    for (place, feed) in feeds.enumerated() {
      for digest in feed.digests {
        var lines: Int? = Int(counting: digest.lines)
        // A document of many records is counted by its records, as the coverage counts it.
        if plan.planned[place].isDelivery {
          let isOnly = plan.planned[place].logs.files.count == 1
          lines = isOnly ? Int(counting: result.streams[place].total.lines) : nil
        }
        inputs.append(
          ReviewFacts.ManifestEntry(
            role: "input", path: digest.path, bytes: Int(counting: digest.bytes),
            sha256: digest.sha256, lines: lines))
      }
    }
    var settings: [ReviewFacts.ManifestEntry] = []
    for file in workspace.used {
      settings.append(
        ReviewFacts.ManifestEntry(
          role: file.role, path: shown(file.path), bytes: Environment.size(of: file.path),
          sha256: try sha256(ofFile: file.path)))
    }
    if let path = earlierFile {
      settings.append(
        ReviewFacts.ManifestEntry(
          role: "earlier review", path: path, bytes: Environment.size(of: path),
          sha256: try sha256(ofFile: path)))
    }
    let order = ["configuration", "policy", "register", "detector", "mapping", "geography"]
    func rank(_ role: String) -> Int { order.firstIndex(of: role) ?? order.count }
    settings.sort { (rank($0.role), $0.role, $0.path) < (rank($1.role), $1.role, $1.path) }
    return inputs.sorted { $0.path < $1.path } + settings
  }

  /// A path as the run was given it; what came with the program is named without its folder, which
  /// differs from machine to machine.
  func shown(_ path: String) -> String {
    for (kind, folder) in Shipped.folders where path.hasPrefix(folder + "/") {
      return "(shipped) \(kind)\(path.dropFirst(folder.count))"
    }
    return path
  }

  /// The files whose lines name no year, and the time that told it: a part of what was read that no
  /// byte of the file holds.
  func anchors() -> [(path: String, time: String)] {
    var rows: [(path: String, time: String)] = []
    for (stream, tally) in zip(plan.planned, result.streams)
    where stream.format == .rfc3164 && tally.inferred > 0 {
      for (file, time) in zip(stream.logs.files, stream.anchors) {
        rows.append((file.path.description, time))
      }
    }
    return rows
  }

  /// SHA-256 over the manifest's rows: role, path, bytes and hash, tabs between, each with a newline;
  /// then `year`, path and time (UTC) of each file whose lines name no year.
  func fingerprint(of manifest: [ReviewFacts.ManifestEntry]) -> String {
    let rows =
      manifest.map { "\($0.role)\t\($0.path)\t\($0.bytes)\t\($0.sha256)\n" }
      + anchors().map { "year\t\($0.path)\t\($0.time)\n" }
    return Digest.hex(Digest.sha256(Array(rows.joined().utf8)))
  }
}
