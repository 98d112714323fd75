import Alerts
import Bytes
import Detectors
import Documents
import Events
import Inputs

/// What `rollcall.yaml` says; everything in it is optional.
struct Configuration {
  /// One configured log.
  struct Source {
    var name: String
    var path: String?
    var format: String?
    var system: String?
    var environment: String?
    var timezone: String?
    var mapping: String?
    /// How lines become records, and whether anything is said about it: `none` is said, too.
    var multiline: MultilineRule?
    var isMultilineGiven = false
    /// Where others send the lines to, such as `udp://127.0.0.1:5514`, and who may.
    var listen: String?
    var senders: [String] = []
    /// Certificate and key of a listener with TLS.
    var tls: Certificates?
    /// Who may write to a local socket, as bits of its file.
    var mode: UInt32?
    /// The part of the systemd journal that is read.
    var journal: JournalReader.Selection?
    /// Where it stands what is read or listened on, for what is said when nothing is there.
    var place: Problem?

    /// Whether what is read must be received first.
    var isReceived: Bool { listen != nil || journal != nil || path == "-" }
  }

  /// Certificate and key of a listener, and where the configuration names them.
  struct Certificates {
    var files: TLSContext.Files
    fileprivate var places: (certificate: Problem, key: Problem, clientAuthority: Problem)

    /// What is said of a certificate that ends soon, or has ended; `nil` when it lasts.
    ///
    /// - Parameter now: Seconds since 1970 UTC.
    func warning(_ context: TLSContext, at now: Int64) -> Problem? {
      guard let message = CertificateEnd.message(files.certificate, context.expires, at: now) else {
        return nil
      }
      let place = places.certificate
      return Problem(
        file: place.file, line: place.line, column: place.column, message: message,
        fix: "renew it; SIGHUP has a running watch read it anew", severity: .warning)
    }

    /// Reads the files.
    ///
    /// - Throws: A ``Problem`` at the setting whose file can not be used.
    func context() throws(Problem) -> TLSContext {
      do throws(TLSContext.Fault) {
        return try TLSContext(files)
      } catch {
        let place =
          switch error.file {
          case .certificate: places.certificate
          case .key: places.key
          case .clientAuthority: places.clientAuthority
          }
        throw Problem(
          file: place.file, line: place.line, column: place.column, message: "\(error)",
          fix: place.fix)
      }
    }
  }

  var file = ""
  var organisation = ""
  var timezone: String?
  var registers: String?
  var detectors: [String] = []
  var mappings: [String] = []
  /// What `%name%` stands for in rules that somebody else wrote, beside what the registers say.
  var placeholders: [String: [String]] = [:]
  var policy: String?
  var geoCity, geoNetworks: String?
  var sources: [Source] = []
  var lineBytesMax: Int?
  /// Where `watch` keeps what it remembers, and where that stands.
  var state: String?
  private(set) var statePlace: Problem?
  /// Where `watch` tells of itself over HTTP.
  var status: String?
  /// Where findings go.
  var outputs: [FindingOutput] = []
  /// The detectors that outputs name.
  var detectorPatterns: [DetectorPattern] = []
  /// What nobody wants to be told of for a while.
  var silences: [Silencing] = []
  /// Who signs the monthly reviews.
  var signatories = Signatories()
  /// What is wrong but stops nothing, told by whoever would have used it.
  var warnings: [Problem] = []

  init() {}

  /// What is wrong with the certificates that listeners are to have, or will be soon.
  ///
  /// - Parameter now: Seconds since 1970 UTC.
  func certificateProblems(at now: Int64) -> [Problem] {
    sources.compactMap { source in
      guard let tls = source.tls else { return nil }
      do throws(Problem) {
        return tls.warning(try tls.context(), at: now)
      } catch {
        return error
      }
    }
  }

  static let keys = [
    "organisation", "registers", "detectors", "mappings", "policy", "geo", "sources", "outputs",
    "limits", "state", "status", "silences", "review", "placeholders",
  ]
  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - environment: The values for `${NAME}`.
  ///   - sends: Whether anything is sent by it; who only looks need not know the outputs' addresses and secrets.
  init(file: String, text: String, environment: [String: String], sends: Bool = true) throws {
    self.file = file
    let document = try Document(file: file, text: text)
    guard let root = document.roots.first, !root.isNull else { return }
    var reader = Reader(document: document, environment: environment, file: file, sends: sends)
    reader.check(root, Configuration.keys)
    if let node = root["organisation"] {
      reader.check(node, ["name", "timezone"])
      organisation = reader.text(node["name"]) ?? ""
      timezone = reader.timezone(node["timezone"])
    }
    state = reader.path(root["state"])
    statePlace = root["state"].map { document.problem($0, "", severity: .warning) }
    status = reader.address(root["status"])
    readReview(root["review"], &reader)
    registers = reader.path(root["registers"])
    detectors = reader.paths(root["detectors"])
    mappings = reader.paths(root["mappings"])
    policy = reader.path(root["policy"])
    placeholders = reader.placeholders(root["placeholders"])
    if let node = root["geo"] {
      reader.check(node, ["city", "asn"])
      geoCity = reader.path(node["city"])
      geoNetworks = reader.path(node["asn"])
    }
    if let node = root["limits"] {
      reader.check(node, ["line_bytes"])
      lineBytesMax = reader.integer(node["line_bytes"], in: 1024...(64 << 20))
    }
    for node in reader.list(root["sources"], of: "sources") {
      reader.check(
        node,
        [
          "name", "path", "listen", "allow", "certificate", "key", "client_ca", "mode", "journald",
          "units", "directory", "format", "system", "environment", "timezone", "mapping",
          "multiline",
        ])
      guard let name = reader.text(node["name"]) else {
        reader.problem(node, "a source needs a name", "add `name: web`")
        continue
      }
      if sources.contains(where: { $0.name == name }) {
        reader.problem(node, "two sources are called `\(name)`", "give each a name of its own")
      }
      if node["path"] != nil, let listen = node["listen"] {
        reader.problem(listen, "a source has a path or listens, not both", "make it two sources")
      }
      let journal = reader.journal(node)
      let listen = reader.listen(node["listen"])
      sources.append(
        Source(
          name: name, path: reader.path(node["path"]),
          format: journal == nil ? reader.format(node["format"]) : LineFormat.journal.rawValue,
          system: reader.text(node["system"]), environment: reader.text(node["environment"]),
          timezone: reader.timezone(node["timezone"]), mapping: reader.path(node["mapping"]),
          multiline: reader.multiline(node["multiline"]),
          isMultilineGiven: node["multiline"].map { !$0.isNull } ?? false,
          listen: listen, senders: reader.networks(node["allow"]),
          tls: reader.certificates(node, listen), mode: reader.mode(node, listen),
          journal: journal,
          place: ["path", "listen", "directory"].lazy.compactMap { node[$0] }.first.map {
            document.problem($0, "", severity: .warning)
          }))
    }
    for node in reader.list(root["outputs"], of: "outputs") { output(node, &reader) }
    let zone = try? Workspace.zone(named: timezone ?? "UTC")
    for node in reader.list(root["silences"], of: "silences") {
      guard let silence = reader.silence(node, zone ?? .utc) else { continue }
      silences.append(silence)
      if let place = node["detector"], let pattern = silence.detector {
        detectorPatterns.append(
          DetectorPattern(
            text: pattern,
            problem: document.problem(
              place, "no detector that is loaded is called `\(pattern)`")))
      }
    }
    guard reader.problems.isEmpty else { throw Problems(reader.problems) }
  }

  /// Reads values and gathers what is wrong.
  struct Reader {
    let document: Document
    let environment: [String: String]
    let file: String
    let sends: Bool
    var problems: [Problem] = []
    /// Whether what the environment lacks is left out, as where nothing is sent.
    var isLenient = false

    mutating func problem(_ node: Node, _ message: String, _ fix: String) {
      problems.append(document.problem(node, message, fix: fix))
    }

    mutating func check(_ node: Node, _ keys: [String]) {
      guard node.entries != nil else { return problem(node, "keys and values belong here", "") }
      problems += document.unknownKeys(in: node, known: keys)
    }

    /// A text with `${NAME}` replaced.
    mutating func text(_ node: Node?) -> String? {
      guard let node, !node.isNull else { return nil }
      guard let text = node.text else {
        problem(node, "a single value belongs here", "")
        return nil
      }
      var (result, rest) = ("", Substring(text))
      while let open = rest.firstRange(of: "${"),
        let close = rest[open.upperBound...].firstIndex(of: "}")
      {
        let name = String(rest[open.upperBound..<close])
        result += rest[..<open.lowerBound]
        if let value = environment[name] {
          result += value
        } else if !isLenient {
          problem(node, "the environment has no `\(name)`", "set it in the service's environment")
        }
        rest = rest[rest.index(after: close)...]
      }
      return result + rest
    }

    mutating func texts(_ node: Node?) -> [String] {
      if let list = node?.list { return list.compactMap { text($0) } }
      return text(node).map { [$0] } ?? []
    }

    /// The values of a list; a single value in its place would be overlooked.
    mutating func list(_ node: Node?, of key: String) -> [Node] {
      guard let node, !node.isNull else { return [] }
      if let list = node.list { return list }
      problem(node, "a list of \(key) belongs here", "begin each of them with `- `")
      return []
    }

    mutating func flag(_ node: Node?) -> Bool {
      guard let node, let word = text(node) else { return false }
      if word != "true", word != "false" { problem(node, "`\(word)` is not true or false", "") }
      return word == "true"
    }

    mutating func levels(_ node: Node?) -> [String] {
      let known = Level.allCases.map(\.name)
      for node in node.map({ $0.list ?? [$0] }) ?? [] {
        guard let word = node.text, !known.contains(word) else { continue }
        problem(node, "no level is called `\(word)`", Reader.fix(word, known))
      }
      return texts(node)
    }

    /// Lists of values by name, none of which is one of the registers' or of the policy's.
    mutating func placeholders(_ node: Node?) -> [String: [String]] {
      guard let node, !node.isNull else { return [:] }
      guard let entries = node.entries else {
        problem(node, "names and their values belong here", "write `admins: [root, dana]`")
        return [:]
      }
      var result: [String: [String]] = [:]
      for entry in entries {
        let (name, place) = (
          entry.key, Node(.null, line: entry.line, column: entry.column)
        )
        let owner =
          Placeholders.names.contains(name)
          ? "the registers" : name.hasPrefix("policy.") ? "the policy" : nil
        if let owner {
          problem(place, "`%\(name)%` is filled from \(owner)", "choose another name")
        } else if name.isEmpty || name.contains("%") || name.contains(" ") {
          problem(place, "`\(name)` is no name of a placeholder", "leave out `%` and blanks")
        }
        let values = texts(entry.value)
        if values.isEmpty {
          problem(entry.value, "`%\(name)%` stands for nothing", "write a value, or a list of them")
        }
        result[name] = values
      }
      return result
    }

    /// A silence: whose it is, why, until when, and of what.
    mutating func silence(_ node: Node, _ zone: Zone) -> Silencing? {
      check(node, ["detector", "subject", "until", "author", "reason"])
      let (detector, subject) = (text(node["detector"]), text(node["subject"]))
      if detector == nil, subject == nil {
        problem(node, "a silence needs a detector or a subject", "add `subject: 203.0.113.*`")
      }
      guard let author = text(node["author"]), let reason = text(node["reason"]),
        let place = node["until"], let written = text(place)
      else {
        problem(
          node, "a silence needs an author, a reason and an end",
          "add `author: dana, reason: penetration test WP-12, until: 2026-12-01`")
        return nil
      }
      guard let until = LocalTime(zone: zone).instant(written) else {
        problem(place, "`\(written)` is no time", "write 2026-12-01 or 2026-12-01T08:00:00Z")
        return nil
      }
      var silence = Silencing(
        detector: detector, subject: subject, author: author, reason: reason,
        // A day ends with its evening, here as in the registers.
        until: until / 1_000_000_000 + (written.utf8.count == 10 ? 86_400 : 0),
        untilText: written)
      silence.place = document.problem(node, "", severity: .warning)
      return silence
    }

    /// Where to listen.
    mutating func listen(_ node: Node?) -> String? {
      guard let node, let word = text(node) else { return nil }
      if SyslogListener.Address(word) != nil { return word }
      problem(
        node, "`\(word)` is nowhere to listen",
        "write udp://127.0.0.1:5514, tcp://0.0.0.0:6514 or tls://0.0.0.0:6514, the address as a "
          + "number, or unix:///run/rollcall/log.sock")
      return nil
    }

    /// The kind of a source's address, and what belongs to it alone.
    private func kind(_ listen: String?) -> SyslogListener.Address.Kind? {
      listen.flatMap { SyslogListener.Address($0) }?.kind
    }

    /// Certificate and key of a listener with TLS.
    mutating func certificates(_ node: Node, _ listen: String?) -> Certificates? {
      let keys = ["certificate", "key", "client_ca"]
      let (certificate, key) = (path(node["certificate"]), path(node["key"]))
      let authority = path(node["client_ca"])
      guard kind(listen) == .tls else {
        // What is wrong with the address itself was said.
        for name in keys where node["listen"] == nil || listen != nil {
          guard let place = node[name] else { continue }
          problem(
            place, "`\(name)` belongs to a source that listens on tls://",
            "leave it out, or write `listen: \"tls://0.0.0.0:6514\"`")
        }
        return nil
      }
      guard let certificate, let key else {
        problem(
          node["listen"] ?? node, "TLS needs a certificate and its key",
          "add `certificate: server.pem, key: server.key`")
        return nil
      }
      func place(_ name: String, _ fix: String) -> Problem {
        document.problem(node[name] ?? node, "", fix: fix)
      }
      return Certificates(
        files: TLSContext.Files(
          certificate: certificate, key: key, clientAuthority: authority),
        places: (
          place("certificate", "name a readable file with the certificate in PEM form"),
          place("key", "name a readable file with the certificate's key in PEM form"),
          place("client_ca", "name a readable file with the authority's certificate in PEM form")
        ))
    }

    /// The bits of a local socket's file.
    mutating func mode(_ node: Node, _ listen: String?) -> UInt32? {
      if kind(listen) == .unix, let allow = node["allow"] {
        problem(
          allow, "`allow` names networks, and nobody writes to a local socket from one",
          "leave it out; `mode: \"0660\"` says who may write")
      }
      guard let place = node["mode"], let word = text(place) else { return nil }
      guard kind(listen) == .unix else {
        problem(place, "`mode` belongs to a source that listens on unix://", "leave it out")
        return nil
      }
      if (3...4).contains(word.utf8.count), let bits = UInt32(word, radix: 8), bits <= 0o777 {
        return bits
      }
      problem(place, "`\(word)` is no mode of a file", "write \"0660\"")
      return nil
    }

    /// The part of the systemd journal that a source reads.
    mutating func journal(_ node: Node) -> JournalReader.Selection? {
      let (units, folder) = (texts(node["units"]), path(node["directory"]))
      guard flag(node["journald"]) else {
        for name in ["units", "directory"] {
          guard let place = node[name] else { continue }
          problem(place, "`\(name)` belongs to a source with `journald: true`", "")
        }
        return nil
      }
      for name in ["path", "listen"] {
        guard let place = node[name] else { continue }
        problem(
          place, "a source reads the journal or something else, not both",
          "make it two sources")
      }
      for name in ["format", "multiline", "allow"] {
        guard let place = node[name] else { continue }
        problem(place, "`\(name)` says nothing of a journal", "leave it out")
      }
      if let place = node["units"], units.contains("") {
        problem(place, "a unit needs a name", "write `units: [sshd.service]`")
      }
      return JournalReader.Selection(units: units, directory: folder)
    }

    /// Networks that may send.
    mutating func networks(_ node: Node?) -> [String] {
      let words = texts(node)
      if let node, let wrong = words.first(where: { !SyslogListener.isNetwork($0) }) {
        problem(node, "`\(wrong)` is neither an address nor a network", "write 10.0.0.0/8")
      }
      return words
    }

    /// An address and a port.
    mutating func address(_ node: Node?) -> String? {
      guard let node, let word = text(node) else { return nil }
      if SyslogListener.Address("tcp://" + word) != nil { return word }
      problem(node, "`\(word)` is no address and port", "write 127.0.0.1:9465")
      return nil
    }

    mutating func body(_ node: Node?) -> MessageBody {
      guard let node, let word = text(node) else { return .ocsf }
      if let body = MessageBody.ofWebhooks.first(where: { $0.rawValue == word }) { return body }
      problem(
        node, "no body is called `\(word)`",
        Reader.fix(word, MessageBody.ofWebhooks.map(\.rawValue)))
      return .ocsf
    }

    mutating func format(_ node: Node?) -> String? {
      guard let node, let word = text(node) else { return nil }
      guard word != "auto", LineFormat.named(word) == nil else { return word }
      let known = ["auto", "syslog", "combined"] + LineFormat.allCases.map(\.rawValue)
      problem(node, "no format is called `\(word)`", Reader.fix(word, known))
      return nil
    }

    mutating func multiline(_ node: Node?) -> MultilineRule? {
      guard let node, !node.isNull else { return nil }
      return MultilineRule.read(node, in: document, problems: &problems)
    }

    mutating func timezone(_ node: Node?) -> String? {
      guard let node, let word = text(node) else { return nil }
      do {
        _ = try Workspace.zone(named: word)
      } catch let error as InputError {
        problem(node, error.message, error.fix)
      } catch {
        problem(node, "\(error)", "")
      }
      return word
    }

    static func fix(_ word: String, _ known: [String]) -> String {
      nearestName(to: word, among: known).map { "did you mean `\($0)`?" }
        ?? "known: \(known.joined(separator: ", "))"
    }

    mutating func integer(_ node: Node?, in range: ClosedRange<Int>) -> Int? {
      guard let node, let word = text(node) else { return nil }
      guard let number = Int(word), range.contains(number) else {
        problem(node, "`\(word)` is not a number of \(range)", "")
        return nil
      }
      return number
    }

    /// A path, relative to the configuration's own folder.
    mutating func path(_ node: Node?) -> String? {
      text(node).map { Paths.resolve($0, besides: file) }
    }

    mutating func paths(_ node: Node?) -> [String] {
      texts(node).map { Paths.resolve($0, besides: file) }
    }
  }
}

/// Names of files, as text.
enum Paths {
  /// `path` as seen from the folder of `file`; absolute paths stay.
  static func resolve(_ path: String, besides file: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }

  /// The folder that holds `path`.
  static func folder(of path: String) -> String {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }
}
