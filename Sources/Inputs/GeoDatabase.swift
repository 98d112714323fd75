import CMaxMind
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where an address is thought to be.
public struct GeoPlace: Hashable, Sendable {
  /// The country's two letters (ISO 3166-1).
  public let country: String?
  /// Degrees north and east; both or neither.
  public let latitude, longitude: Double?
  /// How far from there it may be, in kilometres.
  public let accuracyRadiusKm: UInt32?

  /// A place with what is known of it.
  public init(country: String?, latitude: Double?, longitude: Double?, accuracyRadiusKm: UInt32?) {
    self.country = country
    self.latitude = latitude
    self.longitude = longitude
    self.accuracyRadiusKm = accuracyRadiusKm
  }
}

/// Whose network an address is in.
public struct GeoNetwork: Hashable, Sendable {
  /// The autonomous system's number.
  public let number: UInt32
  /// Who runs it.
  public let organisation: String?

  /// A network with its number.
  public init(number: UInt32, organisation: String?) {
    self.number = number
    self.organisation = organisation
  }
}

/// A MaxMind database of places or networks.
///
/// The file is mapped, not read: memory is what the look-ups touch. Replace a database by renaming a
/// new file over it, never by writing into it. Look-ups may run on any number of threads.
public struct GeoDatabase: Sendable {
  private let handle: Handle

  /// Opens the database at `path` and reads its description.
  ///
  /// - Throws: ``InputError`` when there is none, or when it is damaged.
  public init(path: String) throws(InputError) {
    handle = try Handle(path: RawPath(path))
  }

  /// What the database says it is, such as `GeoLite2-City`.
  public var kind: String { handle.kind }

  /// When the database was built, in seconds since 1970.
  public var built: UInt64 { handle.built }

  /// How many look-ups met damaged data and so found nothing.
  public var damagedLookups: Int { handle.damaged.load(ordering: .relaxed) }

  /// Where `address` is, or `nil` when it is no address or the database does not say.
  public func place(of address: String) -> GeoPlace? {
    addressBytes(address).flatMap { place(of: $0) }
  }

  /// Where an address of four or sixteen bytes is, or `nil` when the database does not say.
  public func place(of address: [UInt8]) -> GeoPlace? {
    guard let record = handle.record(for: address) else { return nil }
    let country = handle.text(record, .country) ?? handle.text(record, .registered)
    let latitude = handle.double(record, .latitude).flatMap { abs($0) <= 90 ? $0 : nil }
    let longitude = handle.double(record, .longitude).flatMap { abs($0) <= 180 ? $0 : nil }
    let isPlaced = latitude != nil && longitude != nil
    guard country != nil || isPlaced else { return nil }
    return GeoPlace(
      country: country, latitude: isPlaced ? latitude : nil, longitude: isPlaced ? longitude : nil,
      accuracyRadiusKm: isPlaced ? handle.number(record, .radius) : nil)
  }

  /// Whose network `address` is in, or `nil` when it is no address or the database does not say.
  public func network(of address: String) -> GeoNetwork? {
    addressBytes(address).flatMap { network(of: $0) }
  }

  /// Whose network an address of four or sixteen bytes is in.
  public func network(of address: [UInt8]) -> GeoNetwork? {
    guard let record = handle.record(for: address), let number = handle.number(record, .system)
    else { return nil }
    return GeoNetwork(number: number, organisation: handle.text(record, .organisation))
  }

  /// The number of the autonomous system that `address` is in.
  public func asn(_ address: String) -> UInt32? { network(of: address)?.number }
}

/// The four or sixteen bytes of an address written as text.
private func addressBytes(_ text: String) -> [UInt8]? {
  // `inet_pton` reads up to a zero, so text with one inside is no address.
  guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
  var bytes = [UInt8](repeating: 0, count: 16)
  // SAFETY: sixteen bytes are room for either kind.
  if unsafe inet_pton(AF_INET, text, &bytes) == 1 { return [UInt8](bytes.prefix(4)) }
  return unsafe inet_pton(AF_INET6, text, &bytes) == 1 ? bytes : nil
}

/// What is looked up in a record.
private enum Item: Int, CaseIterable {
  case country, registered, latitude, longitude, radius, system, organisation

  var path: [StaticString] {
    switch self {
    case .country: ["country", "iso_code"]
    case .registered: ["registered_country", "iso_code"]
    case .latitude: ["location", "latitude"]
    case .longitude: ["location", "longitude"]
    case .radius: ["location", "accuracy_radius"]
    case .system: ["autonomous_system_number"]
    case .organisation: ["autonomous_system_organization"]
    }
  }
}

/// What the database holds about one network; valid as long as its database is open.
@safe private struct Record {
  fileprivate let entry: MMDB_entry_s
}

/// An open database; unchecked because nothing in it changes but the counter, which is atomic.
@safe private final class Handle: @unchecked Sendable {
  private let database: UnsafeMutablePointer<MMDB_s>
  /// For each item, its path as the library wants it: texts, then a zero.
  private let paths: UnsafeMutablePointer<UnsafePointer<CChar>?>
  private static let pathStride = 3
  let kind: String
  let built: UInt64
  let damaged = Atomic<Int>(0)

  init(path: RawPath) throws(InputError) {
    // Checked here because the library says of a folder only that it is damaged.
    guard let status = FileStatus(path) else {
      throw .system(errno, path: path.description, verb: "open")
    }
    guard status.kind == .regular else {
      throw InputError(
        path: path.description, reason: .wrongKind, message: "not a file",
        fix: "name a .mmdb file")
    }
    unsafe database = .allocate(capacity: 1)
    unsafe database.initialize(to: MMDB_s())
    let result = unsafe MMDB_open(path.cString, UInt32(MMDB_MODE_MMAP), database)
    guard result == MMDB_SUCCESS else {
      unsafe database.deallocate()
      // SAFETY: the library's messages are static texts.
      let text = unsafe String(cString: MMDB_strerror(result))
      let isSystem = result == MMDB_FILE_OPEN_ERROR || result == MMDB_IO_ERROR
      throw InputError(
        path: path.description, reason: isSystem ? .unreadable : .damaged,
        message: "not a usable MaxMind database: \(text)", fix: "download it again")
    }
    // SAFETY: an opened database has a type, closed by a zero.
    kind = unsafe database.pointee.metadata.database_type.map { unsafe String(cString: $0) } ?? ""
    built = unsafe database.pointee.metadata.build_epoch
    let slots = Item.allCases.count * Self.pathStride
    unsafe paths = .allocate(capacity: slots)
    unsafe paths.initialize(repeating: nil, count: slots)
    for item in Item.allCases {
      for (index, part) in item.path.enumerated() {
        // SAFETY: literals live as long as the program and are closed by a zero; no path has more
        // than two parts, so each slot ends with a zero.
        unsafe paths[item.rawValue * Self.pathStride + index] = UnsafeRawPointer(part.utf8Start)
          .assumingMemoryBound(to: CChar.self)
      }
    }
  }

  deinit {
    unsafe MMDB_close(database)
    unsafe database.deallocate()
    unsafe paths.deallocate()
  }

  /// The record for an address of four or sixteen bytes.
  func record(for address: [UInt8]) -> Record? {
    let isMapped =
      address.count == 16 && address[..<10].allSatisfy { $0 == 0 } && address[10] == 0xFF
      && address[11] == 0xFF
    let bytes = isMapped ? address[12...] : address[...]
    var error: Int32 = 0
    var result: MMDB_lookup_result_s
    switch bytes.count {
    case 4:
      var socket = sockaddr_in()
      socket.sin_family = sa_family_t(AF_INET)
      unsafe withUnsafeMutableBytes(of: &socket.sin_addr) { unsafe $0.copyBytes(from: bytes) }
      unsafe result = lookUp(&socket, &error)
    case 16:
      var socket = sockaddr_in6()
      socket.sin6_family = sa_family_t(AF_INET6)
      unsafe withUnsafeMutableBytes(of: &socket.sin6_addr) { unsafe $0.copyBytes(from: bytes) }
      unsafe result = lookUp(&socket, &error)
    default: return nil
    }
    if error != MMDB_SUCCESS, error != MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR {
      damaged.add(1, ordering: .relaxed)
    }
    guard error == MMDB_SUCCESS, unsafe result.found_entry else { return nil }
    return unsafe Record(entry: result.entry)
  }

  /// Looks up a socket address of either kind.
  private func lookUp<Socket>(
    _ socket: inout Socket, _ error: inout Int32
  ) -> MMDB_lookup_result_s {
    unsafe withUnsafePointer(to: &socket) { pointer in
      // SAFETY: both kinds begin as a `sockaddr` does, and the family says which it is.
      let address = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
      return unsafe MMDB_lookup_sockaddr(database, address, &error)
    }
  }

  func text(_ record: Record, _ item: Item) -> String? {
    guard let data = unsafe value(record, item), unsafe data.type == MMDB_DATA_TYPE_UTF8_STRING,
      unsafe data.data_size > 0, unsafe data.data_size <= 1024,
      let start = unsafe data.utf8_string
    else { return nil }
    // SAFETY: the library checked that the text lies inside the mapped file.
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(data.data_size))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  func double(_ record: Record, _ item: Item) -> Double? {
    guard let data = unsafe value(record, item), unsafe data.type == MMDB_DATA_TYPE_DOUBLE
    else { return nil }
    return unsafe data.double_value
  }

  func number(_ record: Record, _ item: Item) -> UInt32? {
    guard let data = unsafe value(record, item) else { return nil }
    switch Int32(unsafe data.type) {
    case MMDB_DATA_TYPE_UINT16: return UInt32(unsafe data.uint16)
    case MMDB_DATA_TYPE_UINT32: return unsafe data.uint32
    default: return nil
    }
  }

  private func value(_ record: Record, _ item: Item) -> MMDB_entry_data_s? {
    var entry = unsafe record.entry
    var data = unsafe MMDB_entry_data_s()
    let path = unsafe paths + item.rawValue * Self.pathStride
    let result = unsafe MMDB_aget_value(&entry, &data, path)
    if result != MMDB_SUCCESS, result != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR {
      damaged.add(1, ordering: .relaxed)
    }
    return unsafe result == MMDB_SUCCESS && data.has_data ? data : nil
  }
}
