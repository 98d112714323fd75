/// One file that holds lines of a stream.
public struct LogFile: Hashable, Sendable {
  /// Where it is, as the system spells it; `-` is standard input.
  public let path: RawPath
  /// Its size on disk in bytes; zero for a pipe.
  public let size: UInt64
  /// When it was last written, in nanoseconds since 1970.
  public let modified: Int64
  /// Whether it begins as gzip files do, whatever its name; unknown, so false, for a pipe.
  public let isGzip: Bool
  /// The time in the gzip header, in seconds since 1970; zero when there is none.
  public let gzipTime: UInt32
  /// The date in the file's name.
  public let nameDate: NameDate?
  /// The file system, and the file in it.
  public let device, inode: UInt64
  /// Whether it is a pipe or standard input, which can be read only once and from the start.
  public let isPipe: Bool
  /// Whether it is a piece of a split file and the stream's next file is the next piece, so that a
  /// line may begin in one and end in the other.
  public internal(set) var isContinued = false

  var identity: FileIdentity { FileIdentity(device: device, inode: inode) }
  /// Whether it is standard input.
  public var isStandardInput: Bool { isPipe && path.bytes == [0x2D] }
}

/// Files that hold one sequence of lines, oldest first: a log and its rotated or split parts.
public struct LogStream: Hashable, Sendable {
  /// The stream's name, escaped for display: the same for the plain, compressed and split forms.
  public let name: String
  /// The path that the names of its files share, whatever else is found beside them.
  public let stem: RawPath
  /// The files, oldest lines first.
  public let files: [LogFile]

  /// A stream of `files`, oldest first.
  public init(name: String, files: [LogFile], stem: RawPath? = nil) {
    self.name = name
    self.stem = stem ?? files.first?.path ?? RawPath(name)
    // A piece without the next one goes on nowhere.
    var files = files
    if !files.isEmpty { files[files.count - 1].isContinued = false }
    self.files = files
  }
}
