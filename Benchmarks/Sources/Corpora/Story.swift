/// A company's log as it is written: ordinary lines, and episodes planted among them.
///
/// The same kind, seed and size give the same bytes everywhere. Episodes take turns: an address that
/// fails eleven times or more, one that fails ten times, one that fails slowly, an account that
/// should be gone, a host that nobody listed.
public struct Story {
  /// What somebody does; a log tells it in one line or several.
  enum Deed {
    case failure(user: String, address: String, host: String)
    case success(user: String, address: String, host: String)
    case visit(host: String)
  }

  private let kind: Kind
  private let crowd: Crowd
  private var random: SplitMix64
  private var scribe: Scribe
  private var now = 0
  private var strangers = 0
  private var visits = 0
  private var episode = 0
  /// Planted deeds still to come, the next one last.
  private var planned: [(time: Int, deed: Deed)] = []

  /// The beginning of a log.
  ///
  /// A numbered crowd signs in one after another, in every second step, so that all of it shows up.
  public init(_ kind: Kind, crowd: Crowd = .named, seed: UInt64) {
    self.kind = kind
    self.crowd = crowd
    random = SplitMix64(seed: seed)
    scribe = Scribe(kind, crowd: crowd, seed: seed ^ 0x5EED)
  }

  /// Writes whole lines until there are `bytes` of them and no episode is left unfinished.
  ///
  /// - Parameter sink: Gets about a mebibyte at a time.
  public mutating func write(
    bytes: Int, to sink: ([UInt8]) throws -> Void
  ) rethrows -> Truth {
    var written = 0
    while written + scribe.buffer.count < bytes || !planned.isEmpty {
      if scribe.truth.lines >= (episode * 2 + 1) * kind.linesPerEpisode / 2, planned.isEmpty,
        written + scribe.buffer.count < bytes
      {
        plan()
      }
      step()
      if scribe.buffer.count >= 1 << 20 {
        written += scribe.buffer.count
        try sink(scribe.buffer.bytes)
        scribe.buffer.clear()
      }
    }
    try sink(scribe.buffer.bytes)
    scribe.truth.bytes = written + scribe.buffer.count
    scribe.truth.lastSeconds = Calendar.startSeconds + now / 1000
    return scribe.truth
  }

  /// Writes the next line or lines.
  private mutating func step() {
    let next = now + random.below(kind.meanStep * 2)
    if let deed = planned.last, deed.time <= next {
      now = max(now, deed.time)
      planned.removeLast()
      scribe.tell(deed.deed, at: now)
      return
    }
    now = next
    scribe.move(to: now)
    let roll = random.below(1000)
    let person = random.below(crowd.count)
    if roll < 15 {
      // Three wrong passwords are a person's; then it is somebody else's turn.
      strangers += 1
      scribe.tell(
        .failure(
          user: random.chance(50) ? random.pick(Cast.guessed) : crowd.name(person),
          address: Cast.stranger(strangers / 3), host: Cast.host(ofPerson: person)), at: now)
    } else if roll < (crowd.isNamed ? 45 : 500) {
      let person = crowd.isNamed ? person : visits % crowd.count
      visits += 1
      scribe.tell(
        .success(
          user: crowd.name(person), address: crowd.address(person),
          host: Cast.host(ofPerson: person)), at: now)
    } else {
      scribe.tellSomething(person: person, at: now)
    }
  }

  private mutating func plan() {
    defer { episode += 1 }
    let attacker = Cast.attacker(episode)
    let host = random.pick(Cast.hosts)
    switch episode % 5 {
    // The bucket of failures holds ten and leaks one a minute: enough, one too few, and slower than it leaks.
    case 0:
      guess(attacker, host, times: 12 + random.below(20), every: 9000)
      scribe.truth.expect("login-brute-force", attacker)
    case 1: guess(attacker, host, times: 10, every: 9000)
    case 2: guess(attacker, host, times: 30, every: 70_000)
    case 3:
      let index = random.below(Cast.expired.count)
      let site = scribe.systemName(host)
      let address = Cast.stranger(strangers / 3 + 1)
      for count in 0..<3 {
        planned.append(
          (
            now + 5000 * (3 - count),
            .success(user: Cast.expired[index], address: address, host: host)
          ))
      }
      scribe.expectations[Cast.expired[index]] = (
        "expired-account-active", "\(Cast.id(ofExpired: index)) · \(site)"
      )
    default:
      guard kind != .combined else { return }
      let name = "shadow\(episode)"
      for count in 0..<4 { planned.append((now + 3000 * (4 - count), .visit(host: name))) }
      scribe.expectations[name] = ("unknown-infrastructure", scribe.systemName(name))
    }
  }

  private mutating func guess(_ address: String, _ host: String, times: Int, every: Int) {
    let user = random.pick(Cast.guessed)
    for count in 0..<times {
      planned.append(
        (now + every * (times - count), .failure(user: user, address: address, host: host)))
    }
  }
}
