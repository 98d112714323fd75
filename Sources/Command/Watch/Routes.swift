import Alerts
import ArgumentParser

/// The ways out that a configuration names.
enum Routes {
  /// One of them.
  struct Target {
    var name: String
    var way: Postman.Way
    var levels: [String]
    var body = MessageBody.ocsf
  }

  static func targets(_ configuration: Configuration) throws -> [Target] {
    var result: [Target] = []
    for hook in configuration.webhooks {
      let client = WebhookClient(try target(of: hook), version: Rollcall.version)
      result.append(
        Target(name: hook.name, way: .webhook(client), levels: hook.levels, body: hook.body))
    }
    for file in configuration.files {
      result.append(Target(name: file.name, way: .file(file.path), levels: file.levels))
    }
    let names = result.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("two outputs are called `\(twice)`; give each a name of its own")
    }
    return result
  }

  /// Where a webhook's messages go; an error names the webhook.
  static func target(of hook: Configuration.Webhook) throws -> WebhookTarget {
    do {
      return try WebhookTarget(
        url: hook.url, secrets: hook.secrets, allowPrivate: hook.allowsPrivate)
    } catch {
      throw ValidationError("webhook \(hook.name): \(error)")
    }
  }
}
