import Bytes
import Events

/// Where an event comes from, and whether it may come from there.
extension Registers {
  @inline(__always)
  func findSource(_ facts: JoinFacts, _ standing: inout Standing, _ cache: JoinCache) {
    let found: Int32
    if let number = facts.number {
      found = cache.address(number) { source(NetworkAddress(version4: number), at: facts.time) }
    } else if let text = facts.address, let address = NetworkAddress(text) {
      found = source(address, at: facts.time)
    } else {
      return
    }
    standing.packed |= UInt32(found & 3) << 8
    standing.sourceEnvironment = UInt8(truncatingIfNeeded: found >> 2)
  }

  /// How an address stands, in the two lowest bits, and the number of its environment above them.
  private func source(_ address: NetworkAddress, at time: Int64) -> Int32 {
    if let row = best(address, at: time), index.systems[row].validity.contains(time) {
      let number = Int32(index.systems[row].environmentNumber)
      return Int32(Standing.Source.listed.rawValue) | number << 2
    }
    switch address.reach {
    case .inside: return Int32(Standing.Source.unlisted.rawValue)
    case .external: return Int32(Standing.Source.external.rawValue)
    case .local: return Int32(Standing.Source.none.rawValue)
    }
  }

  func setSource(_ standing: Standing, _ event: Event) {
    switch standing.source {
    case .none: break
    case .listed: event.set(.sourceInfrastructure, "listed")
    case .unlisted: event.set(.sourceInfrastructure, "unlisted")
    case .external: event.set(.sourceInfrastructure, "external")
    }
  }

  // MARK: - Flows

  func findFlow(
    _ time: Int64, _ source: SourceContext, _ standing: inout Standing, _ cache: JoinCache
  ) {
    let from = standing.sourceEnvironment
    guard from > 0 else { return }
    let to: UInt8
    if let environment = source.environment {
      to = UInt8(
        truncatingIfNeeded: cache.declaredEnvironment(environment) {
          Int32(index.number(ofEnvironment: environment))
        })
    } else {
      to = environmentNumber(standing, time)
    }
    guard to > 0 else { return }
    standing.add(
      from == to ? .same : index.keyed.allows(from: from, to: to, at: time) ? .allowed : .forbidden)
  }

  /// The number of the environment of the row found by name, else of the declared row; 0 for none.
  private func environmentNumber(_ standing: Standing, _ time: Int64) -> UInt8 {
    for row in [standing.row, standing.declared] where row >= 0 {
      let system = index.systems[Int(row)]
      if system.validity.start <= time, system.environmentNumber > 0 {
        return system.environmentNumber
      }
    }
    return 0
  }

  func setFlow(_ standing: Standing, _ event: Event) {
    switch standing.flow {
    case .none: break
    case .same: event.set(.flowStatus, "same")
    case .allowed: event.set(.flowStatus, "allowed")
    case .forbidden: event.set(.flowStatus, "forbidden")
    }
  }
}
