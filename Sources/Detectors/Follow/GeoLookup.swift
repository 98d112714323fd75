public import Bytes

/// Answers where an address is; the reader of the database lives elsewhere.
public protocol GeoLookup: Sendable {
  /// The place of an address, or `nil` when it is not known.
  func place(of address: ByteView) -> GeoPoint?
}

/// Where an address is said to be.
public struct GeoPoint: Hashable, Sendable {
  /// ISO 3166-1 alpha-2, two bytes, or empty.
  public let country: String
  /// Degrees, north and east positive; `nil` when only the country is known.
  public let latitude, longitude: Double?
  /// How far off the position may be, kilometres.
  public let radius: Double
  /// The network that announces the address, or 0.
  public let network: UInt32

  /// A place from its parts.
  public init(
    country: String, latitude: Double?, longitude: Double?, radius: Double, network: UInt32
  ) {
    (self.country, self.latitude, self.longitude) = (country, latitude, longitude)
    (self.radius, self.network) = (radius, network)
  }
}
