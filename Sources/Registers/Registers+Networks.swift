public import Bytes

extension Registers {
  /// The row of the infrastructure register that covers an address most closely at a time.
  ///
  /// The id is the registers' own text: it stays readable as long as they do.
  public func row(
    covering address: ByteView, at time: Int64
  ) -> (id: ByteView, validity: Validity)? {
    guard let address = NetworkAddress(address) else { return nil }
    let found = index.networks.best(address) { row in
      JoinIndex.rank(index.systems[row].validity, at: time)
    }
    return found.map { (index.systems[$0].id, index.systems[$0].validity) }
  }
}

extension System {
  /// Whether one of the row's networks holds an address or a network of another row.
  public func holds(_ other: System) -> Bool {
    prefixes.contains { wide in
      other.prefixes.contains { narrow in
        wide.length <= narrow.length && narrow.address.masked(to: wide.length) == wide.address
      }
    }
  }
}
