import Events
import Pipelines
import Testing

/// What relays make of a line before they send it on.
@Suite struct ForwardedSyslogTests {
  @Test(arguments: [
    ("sshd", "Failed password for root from 203.0.113.9 port 4022 ssh2", "auth.login"),
    (
      "sudo", "     kim : TTY=pts/0 ; PWD=/home/kim ; USER=root ; COMMAND=/bin/cat /etc/shadow",
      "privilege.sudo"
    ),
  ]) func `a text is read with the blank that rsyslog leaves before it, and without`(
    _ program: String, _ text: String, _ action: String
  ) {
    for blank in ["", " "] {
      let line = "<38>1 2026-11-03T08:14:07.343186+00:00 gw1 \(program) 42 - - \(blank)\(text)\n"
      let event = LineLog.of(line, .rfc5424).events.first ?? [:]
      #expect(event["event.action"] == action, "\(line)")
    }
  }
}
