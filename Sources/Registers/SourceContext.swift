public import Bytes

/// What the configuration says about the source that an event came from.
public struct SourceContext: Sendable {
  /// The id of the system that writes the log; wins over what the lines say.
  public var system: ByteView?
  /// The environment that the log belongs to.
  public var environment: ByteView?

  /// A source's declaration; the views must outlive the events joined with it.
  public init(system: ByteView? = nil, environment: ByteView? = nil) {
    (self.system, self.environment) = (system, environment)
  }

  /// A source about which nothing was declared.
  public static let none = SourceContext()
}
