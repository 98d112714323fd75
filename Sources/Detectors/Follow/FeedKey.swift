/// What one event is to one table of windows: whose group it is in, and the value that is counted.
///
/// *Read* works it out, so that *follow* need not take the line apart again. A plain value.
public struct FeedKey: BitwiseCopyable, Sendable {
  /// The group; meaningless unless ``hasGroup``.
  var group: StateKey
  /// The hash of the counted value, 0 when none is counted or it is absent.
  var value: UInt64
  /// Whether the event has every field that the group is made of.
  var hasGroup: Bool

  /// An event that lacks a field of the group.
  static let none = FeedKey(group: StateKey(high: 0, low: 0), value: 0, hasGroup: false)
}
