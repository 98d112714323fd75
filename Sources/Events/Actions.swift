/// The closed list of `event.action`; a release may add to it, a mapping may not.
public enum Actions {
  /// Every action, in groups.
  public static let all = [
    "auth.login", "auth.logout", "auth.mfa.step", "auth.mfa.enrol", "auth.mfa.remove",
    "auth.token.create", "auth.token.revoke", "auth.key.add", "auth.key.remove", "session.start",
    "session.use", "session.end", "account.create", "account.enable", "account.disable",
    "account.lock",
    "account.unlock", "account.delete", "account.update", "account.expiry", "account.password",
    "group.add", "group.remove", "role.grant", "role.revoke", "privilege.sudo", "privilege.su",
    "privilege.impersonate", "http.request", "db.connect", "db.query", "db.dump", "db.restore",
    "file.read", "file.write", "file.delete", "share.create", "share.delete", "vcs.fetch",
    "vcs.push", "change.create", "change.update", "change.delete", "change.exec", "deploy.run",
    "image.run", "secret.read", "secret.write", "secret.rotate", "backup.run", "backup.restore",
    "backup.delete", "net.allow", "net.deny", "log.stop", "log.clear", "service.start",
    "webhook.send",
    "service.stop", "obligation.open", "obligation.warn", "obligation.met",
  ]
}
