public import Bytes

/// One line that a container runtime wrote around what a container said: to which output, and whether
/// that goes on in the output's next line.
///
/// Found by looking at the line's two ends, so that millions of lines can be told apart before any of
/// them is read.
public struct ContainerPiece: Sendable, Hashable {
  /// 0 for the container's standard output, 1 for its standard error.
  public let output: Int
  /// Whether the runtime cut the text here; the next line of the output goes on with it.
  public let isPartial: Bool
  /// Where the text is in the line: Docker's still escaped, and without its line feed.
  public let start, end: Int
  /// Where the time ends with which CRI opens the line; 0 for Docker.
  public let timeEnd: Int

  /// Takes a line of the Container Runtime Interface apart: `TIME stdout|stderr F|P[:…] text`.
  ///
  /// - Returns: `nil` when the line is anything else.
  /// - Complexity: O(1) but for tags after the first.
  public static func cri(_ line: ByteView) -> ContainerPiece? {
    // The shortest time is `2026-11-03T09:14:07Z`, the longest has nine digits and an offset.
    guard line.count >= 29, line[4] == 0x2D, line[10] == 0x54, line[13] == 0x3A,
      let blank = line.prefix(min(line.count, 40)).firstOffset(of: 0x20, from: 20)
    else { return nil }
    let isError = line.has(" stderr ", at: blank)
    guard isError || line.has(" stdout ", at: blank) else { return nil }
    let tag = blank + 8
    guard tag < line.count, line[tag] == UInt8(ascii: "F") || line[tag] == UInt8(ascii: "P")
    else { return nil }
    var start = tag + 1
    if start < line.count, line[start] == 0x3A {
      start = line.firstOffset(of: 0x20, from: start) ?? line.count
    }
    guard start == line.count || line[start] == 0x20 else { return nil }
    return ContainerPiece(
      output: isError ? 1 : 0, isPartial: line[tag] == UInt8(ascii: "P"),
      start: min(start + 1, line.count), end: line.count, timeEnd: blank)
  }

  /// Takes a line of Docker's `json-file` apart: `{"log":"text\n","stream":"stdout",…}`.
  ///
  /// - Returns: `nil` when the keys do not stand in Docker's own order.
  /// - Complexity: O(*n*) in the text.
  public static func docker(_ line: ByteView) -> ContainerPiece? {
    let start = 8
    guard line.hasPrefix("{\"log\":\"") else { return nil }
    var quote = start
    while true {
      guard let hit = line.firstOffset(of: 0x22, from: quote) else { return nil }
      quote = hit
      if slashes(line, before: quote, from: start) % 2 == 0 { break }
      quote += 1
    }
    let isError = line.has("\",\"stream\":\"stderr\"", at: quote)
    guard isError || line.has("\",\"stream\":\"stdout\"", at: quote) else { return nil }
    let isWhole =
      quote >= start + 2 && line[quote - 1] == UInt8(ascii: "n")
      && slashes(line, before: quote - 1, from: start) % 2 == 1
    return ContainerPiece(
      output: isError ? 1 : 0, isPartial: !isWhole, start: start, end: isWhole ? quote - 2 : quote,
      timeEnd: 0)
  }

  /// How many backslashes stand just before an offset.
  private static func slashes(_ line: ByteView, before end: Int, from start: Int) -> Int {
    var place = end
    while place > start, line[place - 1] == 0x5C { place -= 1 }
    return end - place
  }
}
