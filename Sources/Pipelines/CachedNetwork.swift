import Bytes
import Registers

/// Counts events by the infrastructure row that covers their source; remembers the last address.
struct CachedNetwork {
  private(set) var tally = NameTally()
  private var last: [UInt8] = []
  private var row: ByteView?
  private var start = Int64.max
  private var end = Int64.min

  mutating func add(_ address: ByteView?, _ registers: Registers, at time: Int64) {
    guard let address else { return }
    if !isLast(address) || time < start || time >= end {
      last = address.copy()
      let found = registers.row(covering: address, at: time)
      row = found?.id
      (start, end) = (found?.validity.start ?? .max, found?.validity.end ?? .min)
    }
    if let row { tally.add(row, at: time) }
  }

  private func isLast(_ address: ByteView) -> Bool {
    guard address.count == last.count else { return false }
    for offset in 0..<address.count where address[offset] != last[offset] { return false }
    return true
  }
}
