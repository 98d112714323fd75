/// Why an input was skipped, cut short or refused; the raw values are stable names for reports.
public enum InputReason: String, Hashable, Sendable, CaseIterable {
  /// Nothing has the name that was given.
  case missing
  /// The system refused to open, list or read it.
  case unreadable
  /// Reading failed midway.
  case readError = "read-error"
  /// A folder stands where a file was wanted, or the other way round.
  case wrongKind = "wrong-kind"
  /// A socket, pipe or device inside a folder.
  case specialFile = "special-file"
  /// A name that begins with a dot, inside a folder.
  case hidden
  /// A name that logs do not have, inside a folder.
  case notALog = "not-a-log"
  /// A folder that the caller asked to leave out.
  case excluded
  /// A folder reached a second time, for instance through a symbolic link.
  case folderLoop = "folder-loop"
  /// A file reached a second time under another name.
  case seenTwice = "seen-twice"
  /// A plain file beside its own compressed copy.
  case compressedTwin = "compressed-twin"
  /// A container that this program does not unpack.
  case packed
  /// A gzip file that ends before its last member does.
  case gzipTruncated = "gzip-truncated"
  /// A gzip file whose compressed bytes can not be.
  case gzipCorrupt = "gzip-corrupt"
  /// A gzip member whose length or checksum does not match its content.
  case gzipChecksum = "gzip-checksum"
  /// Bytes after the last gzip member that are neither zeros nor another member.
  case gzipTrailingGarbage = "gzip-trailing-garbage"
  /// A file that had fewer bytes than when it was opened.
  case shrank = "file-shrank"
  /// A file whose name led to another file than the one discovered.
  case replaced = "file-replaced"
  /// A file in UTF-16.
  case utf16 = "utf-16"
  /// A text file that is not UTF-8.
  case invalidUTF8 = "invalid-utf-8"
  /// A file larger than its reader allows.
  case tooLarge = "too-large"
  /// A name that may not be used here.
  case badName = "bad-name"
  /// A file that is not what its use demands, or is damaged.
  case damaged
  /// A library or the system had no memory left.
  case noMemory = "no-memory"
}
