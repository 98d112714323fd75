/// A judgement in words, with the tone that colours it; the words alone must be enough.
public struct Mark: Hashable, Sendable {
  /// How a reader should feel about the words.
  public enum Tone: String, Sendable {
    case good, attention, bad, neutral
  }

  /// The tone.
  public var tone: Tone
  /// The words, such as `valid` or `approved late`.
  public var label: String

  /// A mark from its parts.
  public init(_ tone: Tone, _ label: String) { (self.tone, self.label) = (tone, label) }

  /// Something that is as it should be.
  public static func good(_ label: String) -> Mark { Mark(.good, label) }
  /// Something to look at.
  public static func attention(_ label: String) -> Mark { Mark(.attention, label) }
  /// Something that breaks a rule.
  public static func bad(_ label: String) -> Mark { Mark(.bad, label) }
  /// A statement without judgement.
  public static func neutral(_ label: String) -> Mark { Mark(.neutral, label) }
}
