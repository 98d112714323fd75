/// How likely one feature of a sign-in is: for everybody, and for the person.
///
/// Freeman et al., "Who are you? A statistical approach to measuring user authenticity" (NDSS 2016), in
/// the form that Wiefling et al. evaluated (ACM TOPS 2022). A feature has levels from the finest to the
/// coarsest (address, network, country), and its probability is their weighted sum. The finest
/// level of everybody is smoothed, because an address that nobody ever used is still possible: seen
/// values keep `1 − M/(N+M)` of their share, and an unseen one has `1/(N+M)`, where `M` is one and
/// the number of different values at the coarser levels. The person's are not smoothed: who never had
/// the value at any level is given a quarter of everybody's probability, which makes the ratio 4. Ours:
/// the ratio is never above 4, because what was seen, however seldom, is no stranger than what never was.
///
/// Only added, multiplied and divided, so that every machine comes to the same bits.
struct FeatureLikelihood {
  /// What the ratio is when the person never had the value at any level.
  static let unseenRatio = 4.0

  /// The probabilities so far.
  private(set) var everybody = 0.0, person = 0.0

  /// Adds one level.
  ///
  /// - Parameters:
  ///   - own: How often the person had the value, of `history` sign-ins with this feature.
  ///   - all: How often everybody had it, of `total` sign-ins with this feature.
  ///   - unseen: `M` at the finest level; `nil` at the others, which are not smoothed.
  mutating func add(
    weight: Double, own: UInt32, of history: UInt32, all: UInt32, of total: UInt32,
    unseen: UInt32? = nil
  ) {
    if history > 0 { person += weight * (Double(own) / Double(history)) }
    guard let unseen else {
      if total > 0 { everybody += weight * (Double(all) / Double(total)) }
      return
    }
    let room = Double(total) + Double(unseen)
    if all > 0, total > 0 {
      everybody += weight * (Double(all) / Double(total) * (1 - Double(unseen) / room))
    } else {
      everybody += weight * (1 / room)
    }
  }

  /// Everybody's probability over the person's.
  var ratio: Double {
    person > 0
      ? min(FeatureLikelihood.unseenRatio, everybody / person) : FeatureLikelihood.unseenRatio
  }
}
