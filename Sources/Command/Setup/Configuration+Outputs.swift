import Alerts
import Detectors
import Documents
import Inputs

extension Configuration {
  /// The keys of every output, and those of each kind.
  private static let outputKeys = [
    "name", "levels", "detectors", "systems", "group_by", "group_wait", "group_interval",
    "repeat_interval",
  ]
  private static let placeKeys = [
    "webhook": [
      "body", "secret", "secret_file", "routing_key", "routing_key_file", "allow_private",
    ],
    "file": [], "syslog": [],
  ]

  /// Reads one output.
  mutating func output(_ node: Node, _ reader: inout Reader) {
    reader.isLenient = !reader.sends
    defer { reader.isLenient = false }
    let kinds = ["webhook", "file", "syslog"]
    let known =
      Configuration.outputKeys + kinds + kinds.flatMap { Configuration.placeKeys[$0] ?? [] }
    reader.check(node, known)
    let named = kinds.filter { node[$0].map { !$0.isNull } ?? false }
    guard named.count == 1, let place = node[named[0]] else {
      return reader.problem(
        node, "an output needs one of `webhook`, `file` and `syslog`",
        named.isEmpty ? "add `file: findings.jsonl`" : "make it \(named.count) outputs")
    }
    for entry in node.entries ?? [] where known.contains(entry.key) {
      guard
        !(Configuration.outputKeys + kinds + (Configuration.placeKeys[named[0]] ?? [])).contains(
          entry.key)
      else { continue }
      reader.problem(entry.value, "`\(entry.key)` means nothing for a \(named[0])", "leave it out")
    }
    var output = FindingOutput(name: reader.text(node["name"]) ?? named[0], place: .file(""))
    output.filter = OutputFilter(
      levels: reader.levels(node["levels"]), detectors: reader.texts(node["detectors"]),
      systems: reader.texts(node["systems"]))
    for node in node["detectors"].map({ $0.list ?? [$0] }) ?? [] {
      guard let text = node.text else { continue }
      detectorPatterns.append(
        DetectorPattern(
          text: text,
          problem: reader.document.problem(node, "no detector that is loaded is called `\(text)`")))
    }
    output.grouping = grouping(node, &reader)
    switch named[0] {
    case "webhook":
      guard let hook = webhook(node, place, &output, &reader) else { return }
      output.place = .webhook(hook)
    case "syslog":
      guard let text = reader.text(place) else { return }
      guard let address = SyslogListener.Address(text), address.port > 0,
        [.udp, .tcp].contains(address.kind)
      else {
        return reader.problem(
          place, "`\(text)` is nowhere to send to",
          "write udp://127.0.0.1:514 or tcp://127.0.0.1:601, the address as a number")
      }
      (output.place, output.body) = (.syslog(address), .syslog)
    default:
      guard let path = reader.path(place) else { return }
      output.place = .file(path)
    }
    outputs.append(output)
  }

  private mutating func webhook(
    _ node: Node, _ place: Node, _ output: inout FindingOutput, _ reader: inout Reader
  ) -> FindingOutput.Webhook? {
    let before = reader.problems.count
    guard let url = reader.text(place) else { return nil }
    output.body = reader.body(node["body"])
    guard reader.sends else {
      return FindingOutput.Webhook(url: url, allowsPrivate: reader.flag(node["allow_private"]))
    }
    let keys = secrets(node, "routing_key", &reader)
    let hook = FindingOutput.Webhook(
      url: url, secrets: secrets(node, "secret", &reader), routingKey: keys.first,
      allowsPrivate: reader.flag(node["allow_private"]))
    if let key = node["routing_key"] ?? node["routing_key_file"] {
      if output.body != .pagerduty {
        reader.problem(key, "a routing key is for PagerDuty", "add `body: pagerduty`")
      }
      if keys.count > 1 { reader.problem(key, "there is one routing key", "make it two outputs") }
    } else if output.body == .pagerduty {
      reader.problem(
        node["body"] ?? place, "PagerDuty takes nothing without a routing key",
        "add `routing_key: \"${PAGERDUTY_KEY}\"` or `routing_key_file: PATH`")
    }
    // What could not be read was said.
    guard reader.problems.count == before else { return hook }
    do {
      _ = try WebhookTarget(url: url, secrets: hook.secrets, routingKey: hook.routingKey)
    } catch {
      let cause =
        switch error {
        case .secretNotBase64, .secretEmpty: node["secret"] ?? node["secret_file"]
        case .routingKeyNotPlain: node["routing_key"] ?? node["routing_key_file"]
        case .notAnAddress, .scheme: place
        }
      reader.problem(cause ?? place, "\(error)", "")
    }
    return hook
  }

  /// The keys that stand under a name, or in the file that is named beside it, one a line.
  private mutating func secrets(_ node: Node, _ key: String, _ reader: inout Reader) -> [String] {
    let written = reader.texts(node[key])
    guard let place = node[key + "_file"], let path = reader.path(place) else { return written }
    guard written.isEmpty else {
      reader.problem(place, "`\(key)` is given already", "leave one of the two out")
      return written
    }
    do {
      let lines = try readText(path, limit: 65_536).split(whereSeparator: \.isNewline)
      if Environment.isReadableByOthers(path) {
        warnings.append(
          reader.document.problem(
            place, "others can read \(path)", fix: "chmod 600 it", severity: .warning))
      }
      if lines.isEmpty { reader.problem(place, "\(path) is empty", "write the key into it") }
      return lines.map(String.init)
    } catch {
      reader.problem(place, "\(path): \(error.message)", error.fix)
      return []
    }
  }

  private func grouping(_ node: Node, _ reader: inout Reader) -> Grouping? {
    var grouping = Grouping(labels: [])
    for node in node["group_by"].map({ $0.list ?? [$0] }) ?? [] {
      guard let word = reader.text(node) else { continue }
      if let label = Grouping.Label(rawValue: word) {
        if !grouping.labels.contains(label) { grouping.labels.append(label) }
      } else {
        reader.problem(
          node, "nothing is grouped by `\(word)`",
          Reader.fix(word, Grouping.Label.allCases.map(\.rawValue)))
      }
    }
    let isGrouped = node["group_by"].map { !$0.isNull } ?? false
    for key in ["group_wait", "group_interval", "repeat_interval"] {
      guard let place = node[key], let word = reader.text(place) else { continue }
      if !isGrouped { reader.problem(place, "`\(key)` needs `group_by`", "say what to group by") }
      guard let seconds = Span.seconds(word), seconds > 0 || key == "group_wait" else {
        reader.problem(place, "`\(word)` is no length of time here", "write 30s, 5m, 4h or 1d")
        continue
      }
      switch key {
      case "group_wait": grouping.wait = seconds
      case "group_interval": grouping.interval = seconds
      default: grouping.repetition = seconds
      }
    }
    if let repetition = grouping.repetition, repetition < grouping.interval,
      let place = node["repeat_interval"]
    {
      reader.problem(
        place, "`repeat_interval` is shorter than `group_interval`", "make it at least as long")
    }
    return grouping.labels.isEmpty ? nil : grouping
  }

  /// A detector that an output names, and what is said when there is none like it.
  struct DetectorPattern {
    let text: String
    let problem: Problem
  }

  /// What is wrong with the detectors that outputs and silences name, once it is known which there are.
  func problems(loaded: [String]) -> [Problem] {
    let known = loaded + SelfWatch.detectors + [SilenceEnds.detector]
    return detectorPatterns.compactMap { pattern in
      guard !known.contains(where: { OutputFilter.fits($0, [pattern.text]) }) else { return nil }
      let place = pattern.problem
      return Problem(
        file: place.file, line: place.line, column: place.column, message: place.message,
        fix: Reader.fix(pattern.text, known))
    }
  }
}
