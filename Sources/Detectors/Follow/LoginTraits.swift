public import Bytes

/// What one success shows of a person: who it was, from where, with what, and where to.
///
/// *Read* makes it, a plain value of hashes, so that *follow* need not take the line apart.
public struct LoginTraits: BitwiseCopyable, Sendable {
  /// The person, or the name where no register knows it.
  let who: StateKey
  /// Hashes of the address, its /24 or /56, the user agent, the company's system and the key; 0 for
  /// what is not known.
  let address, prefix, agent, target, key: UInt64
  /// The families of the user agent.
  let agentClass: AgentClass
  /// Whether agreed hours say when the person may come, and whether the address is the company's own.
  let hasHours, isOurs: Bool

  /// The traits of a success.
  ///
  /// - Parameters:
  ///   - who: The person's id, else the user's name.
  ///   - address: The source's address.
  ///   - agent: The user agent as it was sent.
  ///   - system: The company's system: its id, else its name.
  ///   - key: The fingerprint of the key.
  ///   - hasHours: Whether the person is a contractor, whose hours are agreed and not learned.
  ///   - isOurs: Whether the infrastructure register lists the address.
  public init(
    who: ByteView, address: ByteView?, agent: ByteView? = nil, system: ByteView?,
    key: ByteView? = nil, hasHours: Bool = false, isOurs: Bool = false, _ keys: KeyMemo
  ) {
    self.who = keys.key(of: who)
    (self.address, prefix) = LoginTraits.hashes(of: address)
    let agent = agent.flatMap { $0.isEmpty || $0.equals("-") ? nil : $0 }
    self.agent = LoginTraits.hash(agent)
    agentClass = agent.map { AgentClass($0) } ?? .none
    target = LoginTraits.hash(system)
    self.key = LoginTraits.hash(key)
    (self.hasHours, self.isOurs) = (hasHours, isOurs)
  }

  /// The hash of a source's address, as bursts of failures know it; 0 for none.
  public static func source(_ address: ByteView?) -> UInt64 { hashes(of: address).address }

  private static func hash(_ text: ByteView?) -> UInt64 {
    text.map { $0.isEmpty ? 0 : max(1, ByteHash.hash($0)) } ?? 0
  }

  private static func hashes(of text: ByteView?) -> (address: UInt64, prefix: UInt64) {
    guard let text, let address = Address(text) else { return (hash(text), hash(text)) }
    func mix(_ high: UInt64, _ low: UInt64) -> UInt64 {
      let product = (high ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
        by: low ^ 0xA076_1D64_78BD_642F)
      return max(1, product.high ^ product.low)
    }
    let bits = prefixBits(of: address)
    guard let network = Network(address, prefixBits: bits) else { return (hash(text), hash(text)) }
    return (
      mix(address.high, address.low), mix(network.base.high &+ UInt64(bits), network.base.low)
    )
  }

  /// How many of the 128 bits name the network where no database does: a /24 or a /56.
  static func prefixBits(of address: Address) -> Int { address.isIPv4 ? 120 : 56 }
}
