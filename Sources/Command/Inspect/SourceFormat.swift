import Events
import Inputs

/// How the log of a source is read when the configuration leaves that to its first lines.
///
/// A line of it is read in the same way, also when it looks like another format: a log whose lines changed their form
/// is rejected, and must not be explained as if it were not.
enum SourceFormat {
  /// The format; `nil` when it is named, or nothing is there to tell it.
  static func asRead(_ source: Configuration.Source, _ workspace: Workspace) throws -> LineFormat? {
    guard let path = source.path, source.format == nil || source.format == "auto" else {
      return nil
    }
    var plan = StreamPlan(following: workspace, now: Environment.now)
    // Of several logs nobody said which one the line is from.
    let streams = discover([path]).streams
    let planned = try streams.compactMap { try plan.settle($0, source, nil) }.filter { !$0.isBlank }
    let formats = Set(planned.map(\.format))
    return formats.count == 1 ? formats.first : nil
  }
}
