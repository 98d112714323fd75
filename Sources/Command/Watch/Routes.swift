import Alerts
import ArgumentParser
import Inputs

/// The ways out that a configuration names.
enum Routes {
  /// One of them.
  struct Target: Sendable {
    var name: String
    var way: Postman.Way
    var filter = OutputFilter()
    var grouping: Grouping?
    var body = MessageBody.ocsf
  }

  /// What whoever names no output has: what is found is printed.
  static let standard = Target(name: "stdout", way: .output, body: .text)

  /// The names of the routes of a configuration.
  static func names(_ configuration: Configuration) -> [String] {
    configuration.outputs.isEmpty ? [standard.name] : configuration.outputs.map(\.name)
  }

  /// How long one attempt may take at most and, in a hurry, at least, seconds.
  private static let (timeout, timeoutMin) = (Int64(15), Int64(2))

  /// - Parameter haste: By how much everything is shorter, for tests.
  static func targets(_ configuration: Configuration, haste: Int64 = 1) throws -> [Target] {
    let longest = Duration.seconds(max(timeoutMin, timeout / haste))
    let result = try configuration.outputs.map { output in
      let way: Postman.Way =
        switch output.place {
        case .webhook(let hook):
          .webhook(
            WebhookClient(
              try target(of: hook, named: output.name), version: Rollcall.version,
              timeout: longest))
        case .file(let path): .file(path)
        case .syslog(let address):
          .syslog(
            SyslogSender(
              isStream: address.kind == .tcp, host: address.host, port: address.port,
              timeout: longest))
        }
      return Target(
        name: output.name, way: way, filter: output.filter, grouping: output.grouping,
        body: output.body)
    }
    let names = result.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw Refusal("two outputs are called `\(twice)`; give each a name of its own")
    }
    return result
  }

  /// Where a webhook's messages go; an error names the webhook.
  static func target(of hook: FindingOutput.Webhook, named name: String) throws -> WebhookTarget {
    do {
      return try WebhookTarget(
        url: hook.url, secrets: hook.secrets, routingKey: hook.routingKey,
        allowPrivate: hook.allowsPrivate)
    } catch {
      throw Refusal("webhook \(name): \(error)")
    }
  }
}
