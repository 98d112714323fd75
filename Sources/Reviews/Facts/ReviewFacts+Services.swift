extension ReviewFacts {
  /// One service: how it answered.
  public struct Service: Hashable, Sendable {
    /// The system's id or the log's name.
    public var name = ""
    /// What was promised, in thousandths of a per cent (99,900 is 99.9 %): good minutes, and at most so many errors.
    public var availabilityTarget: Int?, errorTarget: Int?
    /// How long a request may take, milliseconds.
    public var latencyTarget: Int?
    /// The days with requests, each at most once.
    public var days: [ServiceDay] = []
    /// The whole month, as one day.
    public var month = ServiceDay()
    /// Nothing known yet.
    public init() {}
  }

  /// One day of a service.
  public struct ServiceDay: Hashable, Sendable {
    /// The local day, 1 through 31; 0 for the whole month.
    public var day = 0
    /// Requests, and those that the server failed.
    public var requests = 0, errors = 0
    /// Minutes with requests, and those that were bad.
    public var minutes = 0, badMinutes = 0
    /// Requests whose time is known, and three quantiles of it, microseconds.
    public var timed = 0, median = 0, p95 = 0, p99 = 0
    /// Nothing known yet.
    public init() {}
  }

  /// One client of a service.
  public struct Client: Hashable, Sendable {
    /// The service and the client.
    public var service = "", client = ""
    /// Requests; of them refused for their number (429), other faults of the client, and of the server.
    public var requests = 0, refused = 0, clientErrors = 0, serverErrors = 0
    /// The limit that holds for it, in words; empty when none does.
    public var limit = ""
    /// Nothing known yet.
    public init() {}
  }

  /// The clients that the review names, of how many there were.
  public struct Clients: Hashable, Sendable {
    /// Those with the most requests, and those that were refused most often.
    public var top: [Client] = [], refused: [Client] = []
    /// How many clients there were, and how many were refused.
    public var count = 0, refusedCount = 0
    /// Nothing known yet.
    public init() {}
  }
}
