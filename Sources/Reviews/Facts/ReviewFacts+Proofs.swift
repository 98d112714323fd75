extension ReviewFacts {
  /// When a detector was last shown to work, from a line to one receiver.
  public struct Proof: Hashable, Sendable {
    /// The detector's id and title.
    public var detector, title: String
    /// The route; empty when nothing was sent yet.
    public var route: String
    /// Local time of the last canary that the receiver took; `nil` when it never took one.
    public var time: String?
    /// What the receiver said.
    public var answer: String
    /// What came of a later one that was not taken; empty when there was none.
    public var since: String
    /// Whether nothing has gone down the route, of whatever detector, for longer than the policy allows.
    public var isStale = false

    /// The parts.
    public init(
      detector: String, title: String, route: String = "", time: String? = nil, answer: String = "",
      since: String = ""
    ) {
      self.detector = detector
      self.title = title
      self.route = route
      self.time = time
      self.answer = answer
      self.since = since
    }
  }
}
