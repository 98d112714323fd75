import Foundation
import Testing

/// What `rollcall watch` is sent, in every way there is.
extension WatchTests {
  /// A place whose only source is this one.
  private func place(_ source: String, _ more: String = "") throws -> Place {
    let place = try Place()
    try configure(place, source, more)
    return place
  }

  private func configure(_ place: Place, _ source: String, _ more: String = "") throws {
    try """
    state: state/rollcall.db
    sources:
      - {name: relay, \(source)}
    outputs:
      - {name: archive, file: found.jsonl}
    \(more)
    """.write(toFile: place.config, atomically: true, encoding: .utf8)
  }

  private func freePort() -> Int { 20_000 + Int.random(in: 0..<12_000) }

  /// The lines that a place's log holds, once it failed so often.
  private func failures(_ place: Place, _ address: String) throws -> String {
    try place.scratch.write("logs/auth.log", "")
    try place.fail(address, 12)
    return String(decoding: try place.scratch.read("logs/auth.log"), as: UTF8.self)
  }

  @Test func `what comes through TLS is told, and certificates are read anew`() throws {
    let port = freePort()
    let files = "listen: \"tls://127.0.0.1:\(port)\", certificate: server.pem, key: server.key"
    let place = try place(files)
    let certificates = try Certificates(place.scratch.path)
    try certificates.make("server")
    try certificates.make("client")
    try place.start()
    try place.wait("a start") { try place.errors.contains("watching; all") }
    let client = TLSClient(port)
    #expect(client.send(try failures(place, "203.0.113.7")))
    try place.wait("a finding") { place.messages.count == 1 }
    // Who is no client of TLS is refused, and it is said why.
    let clear = connectedSocket(port)
    _ = try Program.run(["-c", "echo hello > /dev/tcp/127.0.0.1/\(port)"], of: "/bin/bash")
    close(clear)
    try place.wait("a note") {
      try place.errors.contains("refused 1, the last from 127.0.0.1: TLS: ")
    }
    // A bad certificate changes nothing.
    try place.scratch.write("server.pem", "no certificate")
    place.signal(SIGHUP)
    try place.wait("a refusal") {
      try place.errors.contains("it holds no certificate in PEM form")
        && place.errors.contains("not reloaded: the settings that were in force stay")
    }
    #expect(TLSClient(port).isConnected)
    // A good one is used, and with it what else is asked of clients.
    try certificates.make("server")
    try configure(place, files + ", client_ca: authority.pem")
    place.signal(SIGHUP)
    try place.wait("new settings") { try place.errors.contains("reloaded the settings") }
    let known = TLSClient(port, certificate: place.scratch.path + "/client")
    #expect(known.send(try failures(place, "203.0.113.8")))
    try place.wait("another finding") { place.messages.count == 2 }
    let unknown = TLSClient(port)
    #expect(unknown.isEnded)
    #expect(place.stop() == 0)
    // Nobody starts with a bad certificate.
    try place.scratch.write("server.key", "no key")
    let run = try Program.run("watch", "--config", place.config)
    #expect(run.code == 2 && run.errors.contains("rollcall.yaml:3:"), "\(run.errors)")
  }

  @Test func `what comes through a local socket is told, and the socket goes with us`() throws {
    let place = try place("listen: \"unix://PATH\"")
    let socket = place.scratch.path + "/log.sock"
    try configure(place, "listen: \"unix://\(socket)\", mode: \"0600\"")
    /// Sends lines as syslog(3) does: with a priority, and without a host.
    func send(_ address: String) throws {
      let lines = try failures(place, address).split(separator: "\n").map {
        "<86>" + $0.replacingOccurrences(of: " gw1 ", with: " ")
      }
      let sender =
        "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.connect(sys.argv[1])\n"
        + "for line in sys.stdin.buffer.read().splitlines(): s.send(line+b'\\0')\n"
      let run = try Program.run(
        ["python3", "-c", sender, socket], of: "/usr/bin/env",
        input: Data(lines.joined(separator: "\n").utf8))
      #expect(run.code == 0, "\(run.errors)")
    }
    try place.start()
    try place.wait("a start") { FileManager.default.fileExists(atPath: socket) }
    try place.wait("a start") { try place.errors.contains("watching; all") }
    try send("203.0.113.7")
    try place.wait("a finding") { place.messages.count == 1 }
    #expect(place.messages[0].text == "12 failed sign-ins from 203.0.113.7")
    // A kill leaves the socket behind, which gives way to the next.
    place.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: socket))
    try place.start()
    try place.wait("another start") {
      try place.errors.components(separatedBy: "watching; all").count == 3
    }
    try send("203.0.113.8")
    try place.wait("another finding") { place.messages.count == 2 }
    let second = try Program.run(
      "watch", "--config", place.config, "--state", place.scratch.path + "/other/rollcall.db")
    #expect(second.code != 0 && second.errors.contains("somebody else receives there"))
    #expect(place.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: socket))
  }

  /// A stand-in for `journalctl` in front on the PATH: cursors are the numbers of a file's lines.
  private func standIn(_ place: Place) throws {
    try place.scratch.write("entries", "")
    let script = try place.scratch.write(
      "bin/journalctl",
      """
      #!/bin/bash
      here=$(dirname "$0")/..
      printf '%s\\n' "$*" >> "$here/calls"
      first='-n +1'
      for word; do
        case $word in
          --after-cursor=*) first="-n +$((${word##*=} + 1))" ;;
          --since=*) first='-n 0' ;;
        esac
      done
      echo $$ > "$here/pid.new"
      mv "$here/pid.new" "$here/pid"
      exec tail $first -f "$here/entries"

      """)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    place.environment["PATH"] = place.scratch.path + "/bin:" + path
  }

  @Test func `the journal is followed, each entry once, whoever is killed when`() throws {
    let place = try place("journald: true, units: [sshd.service]")
    try standIn(place)
    let entries = place.scratch.path + "/entries"
    var count = 0
    func write(_ address: String, _ number: Int) throws {
      let handle = try #require(FileHandle(forWritingAtPath: entries))
      try handle.seekToEnd()
      for _ in 0..<number {
        count += 1
        let now = Int(Date().timeIntervalSince1970 * 1_000_000)
        let line =
          #"{"__CURSOR":"s=0;i=\#(count)","__REALTIME_TIMESTAMP":"\#(now)","_HOSTNAME":"gw1","#
          + #""SYSLOG_IDENTIFIER":"sshd","_PID":"\#(count)","PRIORITY":"6","SYSLOG_FACILITY":"10","#
          + #""MESSAGE":"Failed password for root from \#(address) port 4022 ssh2"}"# + "\n"
        try handle.write(contentsOf: Data(line.utf8))
      }
      try handle.close()
    }
    func pid() -> pid_t {
      let text = (try? place.scratch.read("pid")).map { String(decoding: $0, as: UTF8.self) }
      return pid_t((text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
    }
    func isGone(_ pid: pid_t) -> Bool { kill(pid, 0) == -1 }
    var random = SystemRandomNumberGenerator()
    try place.start("--history")
    try place.wait("the stand-in") { pid() > 0 }
    for round in 1...8 {
      try write("198.51.100.\(round)", 6)
      usleep(useconds_t.random(in: 0...300_000, using: &random))
      let child = pid()
      if round.isMultiple(of: 3) {
        kill(child, SIGKILL)
      } else {
        place.stop(SIGKILL)
      }
      try write("198.51.100.\(round)", 6)
      usleep(useconds_t.random(in: 0...300_000, using: &random))
      if !round.isMultiple(of: 3) {
        try place.wait("the end of the stand-in") { isGone(child) }
        try place.start("--history")
      }
    }
    try place.wait("every finding") { Set(place.messages.map(\.text)).count == 8 }
    try place.wait("every line") { try place.status().contains(" 96 ") }
    let spool = place.scratch.path + "/state/spool-relay.log"
    let kept = try String(contentsOfFile: spool, encoding: .utf8)
    #expect(kept == (try String(contentsOfFile: entries, encoding: .utf8)))
    let child = pid()
    #expect(place.stop() == 0)
    #expect(isGone(child))
    let names = Dictionary(grouping: place.messages) { $0.text }.mapValues { Set($0.map(\.uid)) }
    #expect(names.values.allSatisfy { $0.count == 1 })
    #expect(names.keys.allSatisfy { $0.hasPrefix("12 failed sign-ins from 198.51.100.") })
    let calls = String(decoding: try place.scratch.read("calls"), as: UTF8.self)
    #expect(calls.contains("--unit=sshd.service") && calls.contains("--after-cursor=s=0;i="))
    // The same lines in a file are the same events.
    let scan = try Program.run("scan", "--config", place.config, "--output", "jsonl", entries)
    #expect(scan.errors.contains("journal by its first lines"), "\(scan.errors)")
    #expect(scan.ledger.contains("parsed 96") && scan.lines.count == 8, "\(scan.errors)")
  }

  @Test func `what can not be kept of standard input is said and counted`() throws {
    let place = try place("path: logs/other.log")
    let lines = try failures(place, "203.0.113.7")
    // Nothing can be kept where a folder stands.
    try place.scratch.write("state/spool-stdin.log/a", "")
    let port = freePort()
    try configure(place, "path: logs/other.log", "status: 127.0.0.1:\(port)")
    let talk = """
      exec 3<>/dev/tcp/127.0.0.1/\(port) && printf 'GET /metrics HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n' >&3 && cat <&3
      """
    // The pipe stays open until somebody asked.
    let script =
      "{ cat; for i in $(seq 100); do sleep 0.1; (\(talk)) 2>/dev/null | grep 'stdin:stdin.*lost.* 12' > asked && break; done; } | "
      + "\(Program.path) watch - --config rollcall.yaml"
    let run = try Program.run(
      ["-c", script], of: "/bin/bash", input: Data(lines.utf8), in: place.scratch.path)
    #expect(
      run.errors.contains("note: stdin: stdin: 12 messages could not be kept: Is a directory"),
      "\(run.errors)")
    let asked = String(decoding: try place.scratch.read("asked"), as: UTF8.self)
    #expect(asked.contains("address=\"stdin:stdin\",result=\"lost\"} 12"), "\(asked)")
  }

  @Test func `a file that reached its limit ends nothing, and holds whole lines`() throws {
    let place = try place("path: logs/other.log")
    let line = "Nov  3 09:14:07 web1 app[1]: " + String(repeating: "x", count: 970) + "\n"
    let input = Data(String(repeating: line, count: 2000).utf8)
    // In units of 1024 bytes; the store needs less.
    let run = try Program.run(
      ["-c", "ulimit -f 1000; exec \(Program.path) watch - --config \(place.config)"],
      of: "/bin/bash", input: input)
    #expect(run.code == 0)
    #expect(run.errors.contains(" messages could not be kept: File too large"), "\(run.errors)")
    let kept = try place.scratch.read("state/spool-stdin.log")
    #expect(kept.count > 900_000 && kept.count % line.utf8.count == 0)
  }
}
