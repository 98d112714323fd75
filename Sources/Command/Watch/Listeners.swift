import Inputs
import Logging

/// The sources that others send to: each address is listened on as long as some settings name it, also while
/// they are read anew.
final class Listeners {
  private struct Open {
    let listener: SyslogListener
    let spool: Spool
  }
  private var open: [String: Open] = [:]
  private var toldLosses: [String: UInt64] = [:]

  /// The file that a source's messages are kept in.
  static func spoolPath(_ source: Configuration.Source, state: String) -> String {
    let name = source.name.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_"
    }
    return Paths.folder(of: state) + "/spool-" + String(name) + ".log"
  }

  /// Listens on what the sources name, and on nothing else.
  func listen(_ sources: [Configuration.Source], state: String, messageBytesMax: Int) throws {
    var wanted: Set<String> = []
    for source in sources {
      guard let text = source.listen, let address = SyslogListener.Address(text) else { continue }
      let path = Listeners.spoolPath(source, state: state)
      let key = "\(address) \(path) \(source.senders)"
      wanted.insert(key)
      guard open[key] == nil else { continue }
      // The same address with other senders: the old one must go first.
      for (other, held) in open where other.hasPrefix("\(address) ") {
        held.listener.stop()
        open[other] = nil
      }
      let spool = Spool(path)
      let listener: SyslogListener
      do {
        listener = try SyslogListener(
          address, senders: source.senders, messageBytesMax: messageBytesMax, spool: spool)
      } catch {
        throw ListenError(name: source.name, address: "\(address)", reason: "\(error)")
      }
      open[key] = Open(listener: listener, spool: spool)
      ownLog.notice(
        "listening for \(source.name): \(address), kept in \(path)",
        metadata: ["source": "\(source.name)"])
    }
    for (key, held) in open where !wanted.contains(key) {
      held.listener.stop()
      open[key] = nil
    }
  }

  /// What a person should know: messages that could not be kept.
  func takeNotes() -> [String] {
    open.values.compactMap { held in
      let (count, reason) = held.spool.losses
      guard count > toldLosses[held.spool.path, default: 0] else { return nil }
      toldLosses[held.spool.path] = count
      return "\(held.listener.address): \(count) messages could not be kept: \(reason)"
    }
  }

  /// Messages received, refused and lost, by address.
  var counts: [(address: String, received: UInt64, refused: UInt64, lost: UInt64)] {
    open.values.map {
      ("\($0.listener.address)", $0.listener.received, $0.listener.refused, $0.spool.losses.count)
    }.sorted { $0.0 < $1.0 }
  }
}

/// Why nobody can listen on an address.
private struct ListenError: Error, CustomStringConvertible {
  let name, address, reason: String
  var description: String { "source \(name): can not listen on \(address): \(reason)" }
}
