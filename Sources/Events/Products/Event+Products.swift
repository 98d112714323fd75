import Bytes

/// How an attempt ended.
enum Outcome {
  case success
  case failure
}

/// The ECS categories that the products use.
enum Category {
  case authentication
  case session
  case iam
  case network
  case process
  case http
}

extension Event {
  /// Sets what kind of event this is: the class of the message, and what it means where it is known.
  ///
  /// - Parameters:
  ///   - code: Which message of the product this is: `sshd.failed`.
  ///   - dataset: The mapping that read it: `sshd`.
  ///   - category: One of the ECS categories.
  ///   - action: A word of the closed vocabulary; none when another line tells of the same act.
  ///   - outcome: None when the message does not say.
  ///   - reason: A short word.
  func mark(
    _ code: StaticString, _ dataset: StaticString, _ category: Category,
    _ action: StaticString? = nil, _ outcome: Outcome? = nil, reason: StaticString? = nil
  ) {
    set(.eventCode, code)
    set(.eventDataset, dataset)
    switch category {
    case .authentication: set(.eventCategory, "authentication")
    case .session: set(.eventCategory, "session")
    case .iam: set(.eventCategory, "iam")
    case .network: set(.eventCategory, "network")
    case .process: set(.eventCategory, "process")
    case .http: set(.eventCategory, "http")
    }
    if let action { set(.eventAction, action) }
    switch outcome {
    case .success: set(.eventOutcome, "success")
    case .failure: set(.eventOutcome, "failure")
    case nil: break
    }
    if let reason { set(.eventReason, reason) }
  }

  /// Sets the address and port of the peer.
  func set(peer: Peer) {
    PeerName.set(peer.address, on: self)
    if let port = peer.port { set(.sourcePort, .integer(Int64(port))) }
  }

  /// Sets a field unless the text is empty.
  func setUnlessEmpty(_ field: Field, _ text: ByteView) {
    if !text.isEmpty { set(field, text) }
  }

  /// Makes the event stand for `count` times as many; saturates.
  func multiplyWeight(by count: UInt64) {
    let (product, overflow) = UInt64(weight).multipliedReportingOverflow(by: count)
    weight = overflow ? .max : UInt32(clamping: product)
    set(.eventCount, .integer(Int64(weight)))
  }
}
