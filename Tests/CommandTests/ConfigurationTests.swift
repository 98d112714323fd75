import Foundation
import Testing

/// What `rollcall.yaml` may say, and what is said about the rest.
@Suite struct ConfigurationTests {
  @Test(arguments: [
    ("sources: {name: a, path: a.log}", "1:10: error: a list of sources belongs here"),
    ("outputs: {webhook: https://example.org}", "1:10: error: a list of outputs belongs here"),
    ("placeholders: [a]", "1:15: error: names and their values belong here"),
    (
      "placeholders:\n  people.accounts: [dana]",
      "2:3: error: `%people.accounts%` is filled from the registers"
    ),
    (
      "placeholders: {policy.x: 1}", "1:16: error: `%policy.x%` is filled from the policy"
    ),
    (
      "placeholders: {\"%Servers%\": db1}", "1:16: error: `%Servers%` is no name of a placeholder"
    ),
    ("placeholders: {Servers: []}", "1:25: error: `%Servers%` stands for nothing"),
    (
      "outputs:\n  - {webhook: https://example.org, levels: [hihg]}",
      "2:45: error: no level is called `hihg`; did you mean `high`?"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, allow_private: yes}",
      "2:51: error: `yes` is not true or false"
    ),
    (
      "outputs:\n  - {webhook: gopher://example.org}", "2:15: error: a webhook can not speak gopher"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, secret: whsec_!!}",
      "2:44: error: the secret after whsec_ is not base64"
    ),
    (
      "organisation: {timezone: Europe/Amsterdm}",
      "1:26: error: no time zone is called Europe/Amsterdm"
    ),
    (
      "sources:\n  - {name: a, path: a.log, format: sysloog}",
      "2:36: error: no format is called `sysloog`; did you mean `syslog`?"
    ),
    (
      "sources:\n  - {name: a, listen: \"tls:/0.0.0.0:6514\"}",
      "2:23: error: `tls:/0.0.0.0:6514` is nowhere to listen"
    ),
    (
      "sources:\n  - {name: a, listen: \"tls://0.0.0.0:6514\", key: a.key}",
      "2:23: error: TLS needs a certificate and its key"
    ),
    (
      "sources:\n  - {name: a, listen: \"tcp://0.0.0.0:6514\", certificate: a.pem}",
      "2:58: error: `certificate` belongs to a source that listens on tls://"
    ),
    (
      "sources:\n  - {name: a, path: a.log, client_ca: a.pem}",
      "2:39: error: `client_ca` belongs to a source that listens on tls://"
    ),
    (
      "sources:\n  - {name: a, listen: \"unix:///run/a.sock\", allow: [10.0.0.0/8]}",
      "2:52: error: `allow` names networks, and nobody writes to a local socket from one"
    ),
    (
      "sources:\n  - {name: a, listen: \"unix:///run/a.sock\", mode: \"0888\"}",
      "2:51: error: `0888` is no mode of a file"
    ),
    (
      "sources:\n  - {name: a, listen: \"udp://0.0.0.0:514\", mode: \"0660\"}",
      "2:50: error: `mode` belongs to a source that listens on unix://"
    ),
    (
      "sources:\n  - {name: a, journald: true, path: a.log}",
      "2:37: error: a source reads the journal or something else, not both"
    ),
    (
      "sources:\n  - {name: a, journald: true, format: json}",
      "2:39: error: `format` says nothing of a journal"
    ),
    (
      "sources:\n  - {name: a, path: a.log, units: [sshd.service]}",
      "2:35: error: `units` belongs to a source with `journald: true`"
    ),
    (
      "sources:\n  - {name: a, jornald: true}",
      "2:15: error: unknown key `jornald`"
    ),
    (
      "sources:\n  - {name: a, listen: \"udp://0.0.0.0:514\", allow: [10.0.0.0/99]}",
      "2:51: error: `10.0.0.0/99` is neither an address nor a network"
    ),
    (
      "sources:\n  - {name: a, path: a.log, listen: \"udp://0.0.0.0:514\"}",
      "2:36: error: a source has a path or listens, not both"
    ),
    ("status: localhost", "1:9: error: `localhost` is no address and port"),
    (
      "outputs:\n  - {webhook: https://example.org, body: slak}",
      "2:42: error: no body is called `slak`; did you mean `slack`?"
    ),
    (
      "outputs:\n  - {name: a}", "2:5: error: an output needs one of `webhook`, `file` and `syslog`"
    ),
    (
      "outputs:\n  - {file: a, syslog: \"udp://127.0.0.1:514\"}",
      "2:5: error: an output needs one of `webhook`, `file` and `syslog`; make it 2 outputs"
    ),
    (
      "outputs:\n  - {file: a, secret: b}",
      "2:23: error: `secret` means nothing for a file; leave it out"
    ),
    (
      "outputs:\n  - {syslog: \"udp://loghost:514\"}",
      "2:14: error: `udp://loghost:514` is nowhere to send to"
    ),
    (
      "outputs:\n  - {file: a, group_by: [detectr]}",
      "2:26: error: nothing is grouped by `detectr`; did you mean `detector`?"
    ),
    (
      "outputs:\n  - {file: a, group_by: [level], group_wait: 30}",
      "2:46: error: `30` is no length of time here; write 30s, 5m, 4h or 1d"
    ),
    (
      "outputs:\n  - {file: a, group_by: [level], group_interval: 0s}",
      "2:50: error: `0s` is no length of time here"
    ),
    (
      "outputs:\n  - {file: a, group_wait: 30s}", "2:27: error: `group_wait` needs `group_by`"
    ),
    (
      "outputs:\n  - {file: a, group_by: [level], repeat_interval: 1m}",
      "2:51: error: `repeat_interval` is shorter than `group_interval`"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, body: pagerduty}",
      "2:42: error: PagerDuty takes nothing without a routing key"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, body: pagerduty, routing_key: \"a b\"}",
      "2:66: error: the routing key is not one"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, routing_key: abc}",
      "2:49: error: a routing key is for PagerDuty; add `body: pagerduty`"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, secret: a, secret_file: b}",
      "2:60: error: `secret` is given already"
    ),
    (
      "outputs:\n  - {webhook: https://example.org, secret_file: /nowhere/key}",
      "2:49: error: /nowhere/key: "
    ),
    (
      "silences:\n  - {subject: a, author: b, reason: c, until: soon}",
      "2:47: error: `soon` is no time"
    ),
    (
      "silences:\n  - {subjct: a, until: 2026-12-01, author: b, reason: c}",
      "2:6: error: unknown key `subjct`; did you mean `subject`?"
    ),
    (
      "silences:\n  - {subject: a, until: 2026-12-01}",
      "2:5: error: a silence needs an author, a reason and an end"
    ),
    (
      "review:\n  preparer: {nme: Dana}",
      "2:14: error: unknown key `nme`; did you mean `name`?"
    ),
    (
      "review:\n  reviewr: {name: Dana}",
      "2:3: error: unknown key `reviewr`; did you mean `reviewer`?"
    ),
    ("review:\n  reviewer: {role: Director}", "2:13: error: the reviewer has no name"),
    ("review:\n  reviewer: Dana", "2:13: error: keys and values belong here"),
    ("\"\\e[31mred\": 1", "1:1: error: unknown key `\\x1b[31mred`"),
  ]) func `a mistake is named where it stands`(_ text: String, _ problem: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("rollcall.yaml", text + "\n")
    let run = try Program.run("scan", "-q", "-", "--config", file)
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
    #expect(run.errors.contains("rollcall.yaml:" + problem))
  }

  @Test func `an output that names a detector which is not loaded is a mistake`() throws {
    let scratch = try Scratch()
    try scratch.write("a.log", "")
    let file = try scratch.write(
      "rollcall.yaml",
      """
      state: state.db
      sources: [{name: a, path: a.log}]
      outputs:
        - {file: a, detectors: ["login-*", route-failing, login-brute-forse]}
      """)
    let said =
      "rollcall.yaml:4:53: error: no detector that is loaded is called `login-brute-forse`; did you mean `login-brute-force`?"
    let check = try Program.run("check", "--config", file)
    #expect(check.code == 2 && check.output.contains(said))
    let watch = try Program.run("watch", "--config", file)
    #expect(watch.code == 2 && watch.errors.contains(said))
  }

  @Test func `keys in a file are read, and said to be open when others can read them`() throws {
    let scratch = try Scratch()
    let key = try scratch.write("key", "whsec_c2VjcmV0c2VjcmV0\nwhsec_b2xkZXJzZWNyZXQh\n")
    let file = try scratch.write(
      "rollcall.yaml",
      "outputs:\n  - {webhook: https://example.org, secret_file: key, detectors: [\"login-*\", route-failing]}\n"
    )
    #expect(unsafe chmod(key, 0o644) == 0)
    let open = try Program.run("check", "--config", file)
    #expect(open.code == 0)
    #expect(
      open.output.contains("rollcall.yaml:2:49: warning: others can read \(key); chmod 600 it"))
    #expect(unsafe chmod(key, 0o600) == 0)
    let closed = try Program.run("check", "--config", file)
    #expect(closed.code == 0 && !closed.output.contains("others can read"))
    try scratch.write("key", "\n")
    let empty = try Program.run("check", "--config", file)
    #expect(empty.code == 2 && empty.output.contains("2:49: error: \(key) is empty"))
  }

  @Test func `a certificate that can not be used is named where it stands`() throws {
    let scratch = try Scratch()
    let certificates = try Certificates(scratch.path)
    try certificates.make("server")
    try certificates.make("other")
    func check(_ more: String) throws -> Run {
      let file = try scratch.write(
        "rollcall.yaml", "sources:\n  - {name: a, listen: \"tls://0.0.0.0:6514\", \(more)}\n")
      return try Program.run("check", "--config", file)
    }
    #expect(try check("certificate: server.pem, key: server.key").code == 0)
    for (more, problem) in [
      ("certificate: none.pem, key: server.key", "2:58: error: "),
      ("certificate: server.pem, key: other.key", "2:75: error: "),
      ("certificate: server.pem, key: server.key, client_ca: server.key", "2:98: error: "),
    ] {
      let run = try check(more)
      #expect(run.code == 2 && run.output.contains("rollcall.yaml:\(problem)"), "\(run.output)")
    }
    let mismatch = try check("certificate: server.pem, key: other.key").output
    #expect(mismatch.contains("/other.key: it is not the key of the certificate"), "\(mismatch)")
    // A scan needs no certificate.
    let log = try scratch.write("a.log", "Nov  3 09:14:07 web1 sshd[1]: hello\n")
    _ = try check("certificate: none.pem, key: server.key")
    let scan = try Program.run("scan", "--config", scratch.path + "/rollcall.yaml", log)
    #expect(scan.code == 0, "\(scan.errors)")
  }

  @Test func `a period that ends before it begins is a mistake`() throws {
    let run = try Program.run("scan", "-", "--since", "2026-10-26", "--until", "2026-10-25")
    #expect(run.code == 2)
  }

  @Test func `a webhook that can not be is refused before anything is read`() throws {
    let run = try Program.run(
      "scan", "-", "--webhook", "gopher://example.org", input: Data(ExitCodeTests.line.utf8))
    #expect(run.code == 2)
    #expect(run.output.isEmpty)
  }

  @Test func `a webhook that takes nothing is left alone`() throws {
    let log = (1...5).map { ExitCodeTests.line.replacing("113.9", with: "113.\($0)") }.joined()
    // A private address is refused at once, without a pause.
    let run = try Program.run(
      "scan", "-q", "-", "--webhook", "http://127.0.0.1:9/", input: Data(log.utf8))
    #expect(run.code == 3)
    #expect(run.errors.split(separator: "\n").count { $0.contains(" not delivered: ") } == 3)
    #expect(run.errors.contains("left alone after 3 failures; 2 more not delivered"))
  }

  @Test func `a mapping that names a file's pattern takes those files only`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "door.yaml",
      """
      mapping: door
      format: json
      match: {keys: [badge], path: "door*.json"}
      fields: {"@timestamp": time, user.name: badge}
      set: {event.category: authentication, event.action: auth.login, event.outcome: success}
      """)
    let line = #"{"time":"2026-11-03T09:00:00Z","badge":"kim"}"# + "\n"
    let door = try scratch.write("logs/door1.json", line)
    let other = try scratch.write("logs/gate1.json", line)
    let file = try scratch.write("rollcall.yaml", "mappings: door.yaml\n")
    let taken = try Program.run("parse", door, "--config", file)
    #expect(taken.output.contains(#""dataset":"door""#))
    let left = try Program.run("parse", other, "--config", file)
    #expect(!left.output.contains(#""dataset":"door""#))
    #expect(left.code == 0)
  }

  @Test func `a mapping's format that nothing reads is refused with those there are`() throws {
    let scratch = try Scratch()
    try scratch.write("m.yaml", "mapping: m\nformat: combined\nmatch: {keys: [a]}\n")
    let file = try scratch.write("rollcall.yaml", "mappings: m.yaml\n")
    let run = try Program.run("check", "--config", file)
    #expect(run.code == 2)
    let said = "m.yaml:2:9: error: format is one of json, rfc5424, syslog, logfmt"
    #expect((run.output + run.errors).contains(said))
  }
}
