import Inputs
import Logging

/// The sources that must be received: each address is listened on, and each journal read, as long as some
/// settings name it, also while they are read anew.
final class Listeners {
  private struct Open {
    let source: String
    let receiver: Receiver
    let spool: Spool
  }

  /// Who receives.
  private enum Receiver {
    case listener(SyslogListener)
    case journal(JournalReader)
    case input(StandardInput)

    func stop() {
      switch self {
      case .listener(let listener): listener.stop()
      case .journal(let journal): journal.stop()
      case .input: break
      }
    }

    /// As it is told of.
    var name: String {
      switch self {
      case .listener(let listener): "\(listener.address)"
      case .journal: "journald"
      case .input: "stdin"
      }
    }
  }

  private var open: [String: Open] = [:]
  private var toldLosses: [String: UInt64] = [:]
  /// When their certificates end.
  let certificates = CertificateWatch()

  /// The file that a source's messages are kept in.
  static func spoolPath(_ source: Configuration.Source, state: String) -> String {
    let name = source.name.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_"
    }
    return Paths.folder(of: state) + "/spool-" + String(name) + ".log"
  }

  /// Receives what the sources name, and nothing else.
  ///
  /// - Parameter readsHistory: Whether a journal that was never read is read from its beginning.
  /// - Throws: What is wrong with a certificate, before anything was changed; or why an address can not be had.
  func listen(
    _ sources: [Configuration.Source], state: String, messageBytesMax: Int, readsHistory: Bool
  ) throws {
    let contexts = try sources.map { try $0.tls?.context() }
    certificates.take(sources, contexts)
    var wanted: Set<String> = []
    var changes: [(SyslogListener, SyslogListener.Terms)] = []
    for (source, context) in zip(sources, contexts) {
      let path = Listeners.spoolPath(source, state: state)
      if var selection = source.journal {
        selection.readsHistory = readsHistory
        let key = "journald \(path) \(selection)"
        wanted.insert(key)
        guard open[key] == nil else { continue }
        // Two must not write to one spool.
        for (other, held) in open where held.spool.path == path { close(other) }
        let spool = Spool(path, isSynced: true)
        let journal = JournalReader(
          selection, entryBytesMax: messageBytesMax, spool: spool)
        open[key] = Open(source: source.name, receiver: .journal(journal), spool: spool)
        ownLog.notice(
          "reading the journal for \(source.name), kept in \(path)",
          metadata: ["source": "\(source.name)"])
      }
      guard let text = source.listen, let address = SyslogListener.Address(text) else { continue }
      let mode = source.mode ?? 0o666
      let key = "\(address) \(path) \(mode)"
      let terms = SyslogListener.Terms(
        senders: source.senders, messageBytesMax: messageBytesMax, tls: context)
      wanted.insert(key)
      if case .listener(let listener)? = open[key]?.receiver {
        changes.append((listener, terms))
        continue
      }
      // The same address for another spool, or the same spool: the old one must go first.
      for (other, held) in open where other.hasPrefix("\(address) ") || held.spool.path == path {
        close(other)
      }
      let spool = Spool(path)
      let listener: SyslogListener
      do {
        listener = try SyslogListener(address, terms, mode: mode, spool: spool)
      } catch {
        throw ListenError(name: source.name, address: "\(address)", reason: "\(error)")
      }
      open[key] = Open(source: source.name, receiver: .listener(listener), spool: spool)
      ownLog.notice(
        "listening for \(source.name): \(address), kept in \(path)",
        metadata: ["source": "\(source.name)"])
    }
    for (listener, terms) in changes { listener.change(terms) }
    for (key, held) in open where !wanted.contains(key) {
      if case .input = held.receiver { continue }
      close(key)
    }
  }

  /// Keeps what comes through standard input, too.
  func take(_ input: StandardInput, for source: String) {
    open["stdin"] = Open(source: source, receiver: .input(input), spool: input.spool)
  }

  private func close(_ key: String) {
    open.removeValue(forKey: key)?.receiver.stop()
  }

  /// Receives nothing any more.
  func stop() { for key in open.keys { close(key) } }

  /// Gives files back that were read.
  ///
  /// - Parameter unread: How many bytes of a source's spool were not read yet; `nil` when nobody reads it.
  func trim(_ unread: (String) -> UInt64?) {
    for held in open.values {
      if let unread = unread(held.source) { held.spool.trim(unread: unread) }
    }
  }

  /// What a person should know: messages that could not be kept, and what was refused.
  func takeNotes() -> [String] {
    open.values.flatMap { held in
      var notes = held.spool.takeNotes()
      switch held.receiver {
      case .listener(let listener): notes += listener.takeNotes(now: Environment.monotonic)
      case .journal(let journal): notes += journal.takeNotes()
      case .input: break
      }
      let (count, reason) = held.spool.losses
      if count > toldLosses[held.spool.path, default: 0] {
        toldLosses[held.spool.path] = count
        notes.append("\(count) messages could not be kept: \(reason)")
      }
      return notes.map { "\(held.source): \(held.receiver.name): \($0)" }
    }
  }

  /// Messages kept, refused and lost, by address.
  var counts: [(address: String, kept: UInt64, refused: UInt64, lost: UInt64)] {
    open.values.map { held in
      let refused: UInt64 =
        switch held.receiver {
        case .listener(let listener): listener.refused
        case .journal(let journal): journal.refused
        case .input: 0
        }
      let isNamed = if case .listener = held.receiver { true } else { false }
      let name = isNamed ? held.receiver.name : "\(held.receiver.name):\(held.source)"
      return (name, held.spool.kept, refused, held.spool.losses.count)
    }.sorted { $0.0 < $1.0 }
  }
}

/// Why nobody can listen on an address.
private struct ListenError: Error, CustomStringConvertible {
  let name, address, reason: String
  var description: String { "source \(name): can not listen on \(address): \(reason)" }
}
