import Foundation
import Testing

/// A morning with detectors from elsewhere, from an empty folder to a build that may ship: run them, tune one,
/// prove what that changes, test it, and see a slip before it costs anything.
@Suite struct TuningSessionTests {
  /// Ten detectors as they come from others: by hand-made ids, in the shapes that public collections have.
  private static let rules: [(name: String, text: String)] = [
    (
      "repository.yml",
      """
      title: Looking for a repository on a web server
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000001
      status: test
      author: somebody
      logsource: {category: webserver}
      detection:
          words: ['.git/']
          condition: words
      level: medium
      """
    ),
    (
      "climbing.yml",
      """
      title: Climbing out of the folder
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000002
      logsource: {category: webserver}
      detection:
          selection: {cs-uri-query|contains: ['../../', '..%2f..%2f']}
          condition: selection
      level: high
      """
    ),
    (
      "agents.yml",
      """
      title: The name of a scanner
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000003
      logsource: {category: webserver}
      detection:
          selection: {cs-user-agent|contains: [sqlmap, nikto, masscan]}
          condition: selection
      level: medium
      """
    ),
    (
      "methods.yml",
      """
      title: A method that nobody here uses
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000004
      logsource: {category: webserver}
      detection:
          selection: {cs-method: [TRACE, TRACK]}
          condition: selection
      level: low
      """
    ),
    (
      "root.yml",
      """
      title: The account that owns everything signs in
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000005
      logsource: {product: aws, service: cloudtrail}
      detection:
          selection: {userIdentity.type: Root, eventName: ConsoleLogin}
          filter_service: {eventType: AwsServiceEvent}
          condition: selection and not 1 of filter_*
      level: high
      """
    ),
    (
      "sudoers.yml",
      """
      title: Who may become root is changed
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000006
      logsource: {product: linux, service: sudo}
      detection:
          selection: {process.command_line|contains: visudo}
          condition: selection
      level: medium
      """
    ),
    (
      "sshd.yml",
      """
      title: The SSH daemon says that something is very wrong
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000007
      logsource: {product: linux, service: sshd}
      detection:
          keywords: [incorrect signature, 'fatal: bad packet length']
          condition: keywords
      level: medium
      """
    ),
    (
      "failed.yml",
      """
      title: Failed sign-in of root
      name: failed_root
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000008
      logsource: {product: linux, service: auth}
      detection:
          selection: {event.action: auth.login, event.outcome: failure, user.name: root}
          condition: selection
      level: low
      ---
      title: Many failed sign-ins of root
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000009
      correlation:
          type: event_count
          rules: [failed_root]
          group-by: [source.ip]
          timespan: 10m
          condition: {gte: 5}
      level: high
      """
    ),
    (
      "windows.yml",
      """
      title: A process that is not of this house
      id: 6d0f3f5e-8f0a-4b51-9f55-000000000010
      logsource: {category: process_creation, product: windows}
      detection:
          selection: {Image|endswith: '\\evil.exe'}
          condition: selection
      level: critical
      """
    ),
  ]

  @Test func `from ten rules of others to one that is tuned, proven, tested and shipped`() throws {
    let samples = try Scratch.samples()
    let scratch = try Scratch()
    let (logs, rules) = (samples.path + "/samples/logs", scratch.path + "/rules")
    for rule in TuningSessionTests.rules { try scratch.write("rules/" + rule.name, rule.text) }
    func run(_ words: String...) throws -> Run { try Program.run(words, in: scratch.path) }

    // They load, and what can not run is named.
    let check = try run("check", "--detectors", rules)
    #expect(check.code == 0, "\(check.output)\(check.errors)")
    let first = try run("scan", logs, "--detectors", rules, "-q", "--output", "jsonl")
    #expect(first.code == 0)
    let loud = first.lines.filter { $0.contains("000000000001") }
    #expect(loud.count == 122 && first.lines.count > loud.count, "\(loud.count)")

    // What the lines were that it should not have said anything about.
    let line =
      #"{"time":"2026-10-29T10:27:06+01:00","remote_addr":"198.51.100.65","request_method":"POST","host":"git.example.org","uri":"/finch/billing.git/git-upload-pack","status":"200"}"#
    let why = try run("explain", line, "--detectors", rules)
    let said = why.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(said.contains("hit 6d0f3f5e-8f0a-4b51-9f55-000000000001 (medium, "), "\(said)")
    #expect(said.contains("needs logs nobody reads"))

    // Tuned: the tools of git ask for such paths all day.
    let tuned = TuningSessionTests.rules[0].text
      .replacingOccurrences(
        of: "    condition: words",
        with: """
              git: {url.path|endswith: [/git-upload-pack, /git-receive-pack, /info/refs]}
              condition: words and not git
          """)
    try scratch.write("tuned/repository.yml", tuned)
    let proof = try run(
      "backtest", "--against", logs, "--detectors", rules, "--with", "tuned/repository.yml", "-q")
    #expect(proof.code == 0, "\(proof.errors)")
    #expect(proof.output.contains("rule 6d0f3f5e-8f0a-4b51-9f55-000000000001 changed: detection"))
    #expect(
      proof.output.contains(
        "/git-upload-pack`, which the rule leaves out"))
    #expect(proof.output.contains("  … and 92 more; --limit shows more, --output jsonl all"))
    #expect(proof.output.contains("  6d0f3f5e-8f0a-4b51-9f55-000000000001: 122 gone\n"))
    let others = first.lines.count - loud.count
    #expect(proof.lines.last == "122 gone · 0 new · 0 changed · \(others) unchanged")

    // A test that shows less than there is says so; the whole one passes.
    let half =
      tuned + """

        tests:
          - name: whoever asks for the folder itself
            fires: ['{"time":"2026-10-29T10:27:06Z","remote_addr":"198.51.100.65","request_method":"GET","host":"git.example.org","uri":"/.git/config","status":"404"}']

        """
    try scratch.write("tuned/repository.yml", half)
    let gaps = try run("test", "--detectors", "tuned", "--fail-on-gaps")
    #expect(gaps.code == 1)
    #expect(gaps.output.contains("no test that must stay silent"))
    #expect(
      gaps.output.contains(
        "tuned/repository.yml:8: 6d0f3f5e-8f0a-4b51-9f55-000000000001: not tested: no line of the tests is one that `git` leaves out"
      ), "\(gaps.output)")
    try scratch.write("tuned/repository.yml", half + "    silent: ['\(line)']\n")
    let tested = try run("test", "--detectors", "tuned", "--fail-on-gaps")
    #expect(tested.code == 0, "\(tested.output)")
    #expect(
      tested.lines.last == "1 detector · 1 test · 0 failed · 0 detectors without tests · 0 gaps")

    // Shipped: it takes the old one's place, and nothing else is another.
    try FileManager.default.removeItem(atPath: rules + "/repository.yml")
    try FileManager.default.moveItem(
      atPath: scratch.path + "/tuned/repository.yml", toPath: rules + "/repository.yml")
    #expect(try run("check", "--detectors", rules).code == 0)
    let last = try run("scan", logs, "--detectors", rules, "-q", "--output", "jsonl")
    #expect(last.lines == first.lines.filter { !$0.contains("000000000001") })

    // What the others lack is listed, with what can not fire among it.
    let all = try run("test", "--detectors", rules, "--coverage")
    #expect(all.code == 0)
    #expect(
      all.output.contains(
        "windows.yml:1: 6d0f3f5e-8f0a-4b51-9f55-000000000010: can not fire: no source of windows/process_creation"
      ))
    #expect(all.output.contains("root.yml:1: 6d0f3f5e-8f0a-4b51-9f55-000000000005: no tests"))
  }
}
