internal import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `watch` remembers, in one SQLite file: findings, their deliveries, and how far each log was
/// followed.
///
/// What a step of reading led to is written in one transaction, so that a crash leaves either all of it or
/// nothing. Only one process at a time may write (``init(writing:)``); others may look.
public final class Store: Sendable {
  private let queue: DatabaseQueue
  /// The lock that keeps a second writer out; -1 when this one only looks.
  private let lock: Int32

  /// Opens the store to write, making the file and its folder when they are not there.
  ///
  /// - Throws: ``StoreError`` when another process writes, when the file is no store or of a later
  ///   version, or when the disk refuses.
  public convenience init(writing path: String) throws(StoreError) {
    try Store.makeFolder(of: path)
    let lock = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw StoreError(path, Store.systemMessage(errno), "check the folder") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw StoreError(
        path, "another rollcall is using it", "stop that one first, or name another `state`")
    }
    var settings = GRDB.Configuration()
    settings.busyMode = .timeout(10)
    settings.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    try self.init(path, settings, lock: lock)
    do {
      try Store.migrator.migrate(queue)
    } catch {
      throw StoreError(path, "\(error)", "name another `state`, or restore the file")
    }
    // What the messages say is nobody else's business.
    for name in [path, path + "-wal", path + "-shm"] { _ = unsafe chmod(name, 0o600) }
  }

  /// Opens a store that is there, only to look.
  public convenience init(reading path: String) throws(StoreError) {
    guard unsafe access(path, F_OK) == 0 else {
      throw StoreError(path, "there is no store", "start `rollcall watch` first, or check `state`")
    }
    var settings = GRDB.Configuration()
    settings.busyMode = .timeout(10)
    try self.init(path, settings, lock: -1)
    let isCurrent = try read("the version") { try Store.migrator.hasCompletedMigrations($0) }
    guard !isCurrent else { return }
    // Whoever writes brings it up to date; when nobody does, that is us.
    _ = try Store(writing: path)
  }

  private init(_ path: String, _ settings: GRDB.Configuration, lock: Int32) throws(StoreError) {
    self.lock = lock
    do {
      queue = try DatabaseQueue(path: path, configuration: settings)
      let isLater = try queue.read { try Store.migrator.hasBeenSuperseded($0) }
      guard !isLater else {
        throw StoreError(
          path, "a later version of rollcall wrote it", "use that version, or name another `state`")
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(path, "\(error)", "name another `state`, or restore the file")
    }
  }

  /// Whether a process writes to the store at this moment.
  public var isWritten: Bool {
    let lock = unsafe open(queue.path + ".lock", O_RDONLY | O_CLOEXEC)
    guard lock >= 0 else { return false }
    defer { close(lock) }
    return flock(lock, LOCK_SH | LOCK_NB) != 0
  }

  deinit { if lock >= 0 { close(lock) } }

  private static func makeFolder(of path: String) throws(StoreError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    var folder = ""
    for part in path[..<slash].split(separator: "/", omittingEmptySubsequences: false) {
      folder += (folder.isEmpty && !part.isEmpty ? "" : "/") + part
      guard folder != "/", unsafe mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
      throw StoreError(path, "\(folder): \(Store.systemMessage(errno))", "make the folder")
    }
  }

  private static func systemMessage(_ number: Int32) -> String {
    unsafe String(cString: strerror(number))
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE source (
            name TEXT PRIMARY KEY, followed INTEGER NOT NULL, lines INTEGER NOT NULL,
            parsed INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL,
            note TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE finding (
            uid TEXT PRIMARY KEY, detector TEXT NOT NULL, level TEXT NOT NULL,
            subject TEXT NOT NULL, message TEXT NOT NULL, started INTEGER NOT NULL,
            ended INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL,
            recorded INTEGER NOT NULL, unsent TEXT) WITHOUT ROWID;
          CREATE INDEX finding_by_time ON finding (ended);
          CREATE INDEX finding_by_subject ON finding (detector, subject);
          CREATE TABLE delivery (
            number INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, route TEXT NOT NULL,
            body BLOB NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            due INTEGER NOT NULL, begun INTEGER NOT NULL, UNIQUE (uid, route));
          CREATE INDEX delivery_due ON delivery (route, state, due);
          CREATE TABLE attempt (
            delivery INTEGER NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL);
          CREATE INDEX attempt_by_delivery ON attempt (delivery);
          """)
    }
    // What a later run goes on from, and findings that a review can be made of.
    migrator.registerMigration("2 snapshot") { database in
      try database.execute(
        sql: """
          CREATE TABLE snapshot (
            number INTEGER NOT NULL, part INTEGER NOT NULL, taken INTEGER NOT NULL,
            body BLOB NOT NULL, PRIMARY KEY (number, part));
          ALTER TABLE finding ADD COLUMN record BLOB NOT NULL DEFAULT x'';
          CREATE INDEX finding_by_start ON finding (started);
          """)
    }
    // `part` says which findings a message is about; `gathering` and `member` hold what waits for others.
    migrator.registerMigration("3 alerts") { database in
      try database.execute(
        sql: """
          ALTER TABLE delivery ADD COLUMN level TEXT;
          ALTER TABLE delivery ADD COLUMN message TEXT;
          CREATE TABLE part (
            delivery INTEGER NOT NULL, uid TEXT NOT NULL, route TEXT NOT NULL,
            subject TEXT NOT NULL, waits INTEGER NOT NULL,
            PRIMARY KEY (delivery, uid)) WITHOUT ROWID;
          CREATE INDEX part_by_finding ON part (uid);
          CREATE INDEX part_waiting ON part (route, subject, delivery) WHERE waits = 1;
          INSERT INTO part SELECT number, uid, route, coalesce(subject, ''), state = 'pending'
            FROM delivery LEFT JOIN finding USING (uid);
          CREATE TABLE gathering (
            route TEXT NOT NULL, name TEXT NOT NULL, due INTEGER NOT NULL, told INTEGER,
            pause INTEGER NOT NULL, again INTEGER, PRIMARY KEY (route, name)) WITHOUT ROWID;
          CREATE TABLE member (
            route TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL, body BLOB NOT NULL,
            told INTEGER, at INTEGER, PRIMARY KEY (route, name, uid)) WITHOUT ROWID;
          CREATE INDEX member_by_finding ON member (uid);
          CREATE TABLE outage (
            route TEXT PRIMARY KEY, since INTEGER NOT NULL, answer TEXT NOT NULL,
            is_gone INTEGER NOT NULL) WITHOUT ROWID;
          """)
    }
    // What is counted at every step is counted without the rows, which are large.
    migrator.registerMigration("4 counts") { database in
      try database.execute(
        sql: """
          CREATE INDEX finding_unsent ON finding (unsent, detector, recorded) WHERE unsent IS NOT NULL;
          CREATE INDEX member_waiting ON member (uid, told) WHERE told IS NULL;
          """)
    }
    // When each detector was last shown to work, down which route, and what the receiver said.
    migrator.registerMigration("5 canaries") { database in
      try database.execute(
        sql: """
          CREATE TABLE canary (
            detector TEXT NOT NULL, route TEXT NOT NULL, uid TEXT NOT NULL, asked INTEGER NOT NULL,
            tried INTEGER, answer TEXT NOT NULL, proven INTEGER, proof TEXT NOT NULL,
            PRIMARY KEY (detector, route)) WITHOUT ROWID;
          CREATE INDEX canary_by_message ON canary (uid, route);
          """)
    }
    return migrator
  }

  /// Runs a transaction, and says of any failure what it was about.
  func write<Result>(_ what: String, _ body: (Database) throws -> Result) throws(StoreError)
    -> Result
  {
    do {
      return try queue.write { try body($0) }
    } catch {
      throw StoreError(queue.path, "\(what): \(error)", "check the disk")
    }
  }

  func read<Result>(_ what: String, _ body: (Database) throws -> Result) throws(StoreError)
    -> Result
  {
    do {
      return try queue.read { try body($0) }
    } catch {
      throw StoreError(queue.path, "\(what): \(error)", "check the file")
    }
  }
}

/// Why the store can not be used: the file, what is wrong, and what to do.
public struct StoreError: Error, CustomStringConvertible, Sendable {
  /// The file; what is wrong; what to do.
  public let path, message, fix: String

  init(_ path: String, _ message: String, _ fix: String) {
    (self.path, self.message, self.fix) = (path, message, fix)
  }

  /// The three in one line.
  public var description: String { "\(path): error: \(message); \(fix)" }
}
