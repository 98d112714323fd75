import Foundation
import Testing

/// What `rollcall check` says before anything is read, and who needs no secrets.
@Suite struct CheckTests {
  private func check(_ settings: String, _ prepare: (Scratch) throws -> Void = { _ in }) throws
    -> Run
  {
    let scratch = try Scratch()
    try prepare(scratch)
    return try Program.run(
      "check", "--config", try scratch.write("rollcall.yaml", settings + "\n"))
  }

  @Test(arguments: [
    ("sources:\n  - {name: a, path: logs/none.log}", "2:21: warning: there is no file "),
    ("sources:\n  - {name: a, path: nowhere/none.log}", "2:21: warning: there is no folder "),
    ("sources:\n  - {name: a, path: \"logs/*.log\"}", "2:21: warning: nothing matches "),
    (
      "sources:\n  - {name: a, listen: \"unix:///nowhere/at/all/log.sock\"}",
      "2:23: warning: nobody can listen in /nowhere/at/all: there is no such folder; make it"
    ),
    (
      "sources:\n  - {name: a, journald: true, directory: nowhere}",
      "2:42: warning: there is no folder "
    ),
    ("state: nowhere/rollcall.db", "1:8: warning: there is no folder "),
    (
      "silences:\n  - {subject: a, until: 2020-01-01, author: dana, reason: b}",
      "2:5: warning: the silence of subject a ended at 2020-01-01; remove it"
    ),
  ]) func `what is not there is said where it is named, and is no error`(
    _ settings: String, _ warning: String
  ) throws {
    let run = try check(settings) { try $0.write("logs/other.txt", "x") }
    #expect(run.code == 0)
    #expect(run.output.contains("rollcall.yaml:" + warning), "\(run.output)")
    #expect(run.errors.contains("0 errors · 1 warning"), "\(run.errors)")
  }

  @Test func `what is there is not spoken of`() throws {
    let run = try check(
      """
      state: state/rollcall.db
      sources:
        - {name: a, path: logs/a.log}
        - {name: b, path: "logs/*.log.*"}
        - {name: c, path: logs}
        - {name: d, listen: "udp://127.0.0.1:5514"}
      silences:
        - {subject: a, until: 2099-01-01, author: dana, reason: b}
      """
    ) {
      try $0.write("logs/a.log", "")
      try $0.write("logs/a.log.1", "x\n")
      try $0.write("state/keep", "")
    }
    #expect(run.code == 0 && run.output.isEmpty, "\(run.output)")
    #expect(run.errors.contains("0 errors · 0 warnings"), "\(run.errors)")
  }

  @Test func `a certificate that ends within a month is said with its day`() throws {
    let scratch = try Scratch()
    let certificates = try Certificates(scratch.path)
    try certificates.make("soon", days: 29)
    try certificates.make("later", days: 31)
    try certificates.make("over", days: -1)
    func check(_ name: String) throws -> Run {
      let file = try scratch.write(
        "rollcall.yaml",
        "sources:\n  - {name: a, listen: \"tls://0.0.0.0:6514\", certificate: \(name).pem, key: \(name).key}\n"
      )
      return try Program.run("check", "--config", file)
    }
    let soon = try check("soon")
    #expect(soon.code == 0)
    #expect(soon.output.contains("rollcall.yaml:2:58: warning: the certificate in "))
    #expect(
      soon.output.contains("/soon.pem ends on ") && soon.output.contains(", in 29 days; renew"))
    #expect(try check("later").output.isEmpty)
    #expect(try check("over").output.contains("/over.pem ended on "))
  }

  @Test func `a variable that is not set is one mistake`() throws {
    for output in [
      "webhook: \"${NOT_SET}\"", "webhook: https://example.org, secret: \"${NOT_SET}\"",
      "webhook: https://example.org, body: pagerduty, routing_key: \"${NOT_SET}\"",
    ] {
      let run = try check("outputs:\n  - {name: soc, \(output)}")
      #expect(run.code == 2)
      #expect(run.lines.count == 1, "\(run.output)")
      #expect(run.output.contains("error: the environment has no `NOT_SET`; set it"))
      #expect(run.errors.contains("1 error · 0 warnings"))
    }
  }

  @Test func `who only looks needs no secrets`() throws {
    let place = try WatchTests.Place(
      """
        - {name: soc, webhook: "${NOT_SET}", secret: "${NOT_SET_EITHER}"}
        - {name: duty, webhook: https://example.org, body: pagerduty, routing_key_file: nowhere}
      """)
    let settings = try String(contentsOfFile: place.config, encoding: .utf8)
    let open = settings.split(separator: "\n").filter {
      !$0.contains("NOT_SET") && !$0.contains("nowhere")
    }.joined(separator: "\n")
    try open.write(toFile: place.config, atomically: true, encoding: .utf8)
    try place.fail("203.0.113.7", 12)
    try place.start("--haste", "60", "--history")
    try place.wait("the finding") { place.messages.count == 1 }
    place.stop()
    try settings.write(toFile: place.config, atomically: true, encoding: .utf8)
    let month = String(Date().ISO8601Format().prefix(7))
    let uid = place.messages[0].uid
    for arguments in [
      ["status"], ["alerts"], ["alerts", "--unsent"], ["alerts", "show", uid],
      ["review", "--month", month, "--out", place.scratch.path + "/r"],
      [
        "explain",
        "2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for kim from 10.0.0.1 port 1 ssh2",
      ],
      ["parse", place.log], ["test", "login-risk"],
      ["backtest", "--against", place.log, "--with", place.config],
    ] {
      let run = try Program.run(arguments + ["--config", place.config])
      #expect(run.code == 0, "\(arguments): \(run.errors)")
    }
    for arguments in [["watch"], ["alerts", "test"], ["check"]] {
      let run = try Program.run(arguments + ["--config", place.config])
      #expect(run.code == 2)
      #expect((run.output + run.errors).contains("the environment has no `NOT_SET`"))
    }
    // What is not a secret is needed by everybody.
    try (settings + "\npolicy: \"${NOT_SET}/policy.yaml\"\n").write(
      toFile: place.config, atomically: true, encoding: .utf8)
    #expect(try Program.run("status", "--config", place.config).code == 2)
  }

  @Test func `how to use a command is said to those who used it wrongly, and nobody else`() throws {
    let place = try WatchTests.Place()
    for arguments in [
      ["review", "--month", "October"], ["alerts", "--only", "all"], ["scan", "--x"],
    ] {
      let run = try Program.run(arguments)
      #expect(run.code == 2 && run.errors.contains("Usage: rollcall \(arguments[0])"))
    }
    for arguments in [["review", "--month", "2026-10"], ["alerts", "show", "x"], ["status"]] {
      let run = try Program.run(arguments + ["--config", place.config])
      #expect(run.code == 2 && !run.errors.isEmpty && !run.errors.contains("Usage:"))
    }
  }
}
