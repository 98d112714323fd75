public import Bytes
public import Events

/// What the joins read of an event: so that a line may meet the registers before it is an event.
public struct JoinFacts {
  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64
  /// `user.name`, `host.name`, `url.domain` and `source.ip`; `nil` where they are absent.
  public var user, host, domain, address: ByteView?
  /// `user.email`, where no account is named.
  public var mail: ByteView?
  /// `tool.name`, or the image that runs, and of what is no request the program that speaks.
  public var tool, agent: ByteView?
  /// The address as a number, when it is of version 4 and was read already.
  public var number: UInt32?
  /// Whether the event is a proxy's, whose domain is not a system of the company.
  public var isProxy: Bool

  /// The facts of an event.
  ///
  /// - Parameter readsAgents: Whether tools are listed by the programs that speak to them.
  @inline(__always) public init(_ event: Event, readsAgents: Bool = true) {
    time = event.time
    user = event.text(.userName)
    mail = user == nil ? event.text(.userEmail) : nil
    host = event.text(.hostName)
    domain = event.text(.urlDomain)
    address = event.text(.sourceIP)
    tool = event.text(.toolName) ?? event.text(.imageName)
    if readsAgents, event.has(.eventAction), !event.has(.eventAction, equalTo: "http.request") {
      agent = event.text(.userAgent)
    }
    number = nil
    if let address, event.readAddress.text == address.address { number = event.readAddress.number }
    isProxy = domain != nil && event.has(.eventCategory, equalTo: "proxy")
  }

  /// The facts that a glance at a line gives.
  @inline(__always) public init(_ glance: Glance) {
    (time, user, host, domain) = (glance.time, glance.user, glance.host, glance.domain)
    (address, number, isProxy) = (glance.address, glance.number, false)
    // A line that names a tool or an address is not glanced at.
    (tool, agent, mail) = (nil, nil, nil)
  }
}
