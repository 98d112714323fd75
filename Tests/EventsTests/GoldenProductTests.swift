import Events
import Testing

/// The first fixtures of the project, field by field.
@Suite struct GoldenProductTests {
  @Test func `a key signs in`() {
    let print = "SHA256:kq3Vb0mJ5c1H8uU0y2o7d8xv4r1t6w9z0a2b3c4d5e6"
    let message = "Accepted publickey for dana from 203.0.113.7 port 50211 ssh2: ED25519 \(print)"
    let fields = [
      "event.category": "authentication", "event.action": "auth.login", "event.outcome": "success",
      "event.code": "sshd.accepted", "event.dataset": "sshd", "user.name": "dana",
      "source.ip": "203.0.113.7", "source.address": "203.0.113.7", "source.port": "50211",
      "authentication.method": "publickey", "key.fingerprint": print,
    ]
    #expect(Reading.of("sshd-session", message) == Reading(fields: fields, weight: 1))
  }

  @Test func `a name that looks like an address is a name`() {
    let message =
      "Failed password for invalid user from 10.0.0.1 port 1 from 198.51.100.9 port 40022 ssh2"
    let fields = [
      "event.category": "authentication", "event.action": "auth.login", "event.outcome": "failure",
      "event.reason": "invalid-user", "event.code": "sshd.failed", "event.dataset": "sshd",
      "user.name": "from 10.0.0.1 port 1", "source.ip": "198.51.100.9",
      "source.address": "198.51.100.9", "source.port": "40022",
      "authentication.method": "password",
    ]
    #expect(Reading.of("sshd-session", message) == Reading(fields: fields, weight: 1))
  }

  @Test func `a command runs as root`() {
    let message =
      "    dana : TTY=pts/0 ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl restart app"
    let fields = [
      "event.category": "process", "event.action": "privilege.sudo", "event.outcome": "success",
      "event.code": "sudo.command", "event.dataset": "sudo", "user.name": "dana",
      "user.effective.name": "root", "process.working_directory": "/srv/app",
      "process.command_line": "/usr/bin/systemctl restart app",
    ]
    #expect(Reading.of("sudo", message) == Reading(fields: fields, weight: 1))
  }

  @Test func `an expiry is taken away`() {
    let message = "change user 'kim' expiration from '2026-11-30' to 'never'"
    let fields = [
      "event.category": "iam", "event.action": "account.expiry", "event.outcome": "success",
      "event.code": "usermod.expiration", "event.dataset": "shadow", "user.target.name": "kim",
      "account.expiry.from": "2026-11-30", "account.expiry.to": "never",
    ]
    #expect(Reading.of("usermod", message) == Reading(fields: fields, weight: 1))
  }
}
