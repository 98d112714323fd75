import Bytes
import Formats
import Testing

/// What a line is expected to hold, as texts.
struct Parts: Equatable, CustomStringConvertible {
  var priority: Int16
  var host, program, pid, message: String

  init(_ priority: Int16, _ host: String, _ program: String, _ pid: String, _ message: String) {
    (self.priority, self.host, self.program) = (priority, host, program)
    (self.pid, self.message) = (pid, message)
  }

  init(_ header: SyslogHeader) {
    self.init(
      header.priority, header.host.string, header.program.string, header.pid.string,
      header.message.string)
  }

  var description: String { "\(priority)|\(host)|\(program)|\(pid)|\(message)" }
}

func parse3164(_ line: String) throws(SyslogError) -> SyslogHeader {
  var cache = StampCache()
  return try RFC3164.parse(view(line), cache: &cache)
}

@Suite struct SyslogRFC3164Tests {
  @Test(arguments: [
    (
      "Nov  3 09:14:07 web1 sshd-session[4121]: Accepted x",
      Parts(-1, "web1", "sshd-session", "4121", "Accepted x")
    ),
    (
      "2026-11-03T09:15:00+01:00 web1 sudo:     dana : TTY",
      Parts(-1, "web1", "sudo", "", "    dana : TTY")
    ),
    ("2026-11-03T09:16:00+01:00 web1 usermod[991]: x", Parts(-1, "web1", "usermod", "991", "x")),
    ("<34>Oct 11 22:14:15 mymachine su: 'su root'", Parts(34, "mymachine", "su", "", "'su root'")),
    ("<167> Mar  7 19:06:53 example tag: x", Parts(167, "example", "tag", "", "x")),
    ("<167>Mar 7 2008 19:06:53: example tag: x", Parts(167, "example", "tag", "", "x")),
    (
      "<6>AUG 10 22:18:24 2009  warden [audit] user=[*SMS]",
      Parts(6, "warden", "audit", "", "user=[*SMS]")
    ),
    (
      "<167>Mar  6 16:57:54 172.20.245.8 %PIX-7-710005: UDP",
      Parts(167, "172.20.245.8", "%PIX-7-710005", "", "UDP")
    ),
    (
      "Mar 27 19:06:53 h sshd(pam_unix)[12750]: opened",
      Parts(-1, "h", "sshd(pam_unix)", "12750", "opened")
    ),
    ("Mar 27 19:06:53 h sshd(pam_unix) opened", Parts(-1, "h", "sshd(pam_unix)", "", "opened")),
    (
      "Mar 27 19:06:53 h postfix/smtpd[20]: NOQUEUE: x",
      Parts(-1, "h", "postfix/smtpd", "20", "NOQUEUE: x")
    ),
    ("Mar 27 19:06:53 h proftpd[20] host (x)", Parts(-1, "h", "proftpd", "20", "host (x)")),
    ("Mar  3 00:17:22 [sshd]: User x", Parts(-1, "", "sshd", "", "User x")),
    ("Mar  3 00:17:22 [sshd] User x", Parts(-1, "", "sshd", "", "User x")),
    ("Mar  3 00:17:22 machine [app][12] x", Parts(-1, "machine", "app", "12", "x")),
    ("Mar  3 00:17:22 sshd[12]: x", Parts(-1, "", "sshd", "12", "x")),
    ("Mar  3 00:17:22 security: info: x", Parts(-1, "", "security", "", "info: x")),
    ("Mar  3 00:17:22  sshd[12]: x", Parts(-1, "", "sshd", "12", "x")),
    ("Mar  3 00:17:22  web1 sshd[12]: x", Parts(-1, "web1", "sshd", "12", "x")),
    ("Mar  3 00:17:22  some text", Parts(-1, "", "", "", "some text")),
    ("Mar  3 00:17:22 web1 app[web.1]: x", Parts(-1, "web1", "app[web.1]", "", "x")),
    ("Mar  3 00:17:22 web1 kernel: [12.5] x", Parts(-1, "web1", "kernel", "", "[12.5] x")),
    ("Mar  3 00:17:22 web1 [12.5] x", Parts(-1, "web1", "", "", "[12.5] x")),
    ("Mar  3 00:17:22 web1 Delayed::Job[4]: x", Parts(-1, "web1", "Delayed::Job", "4", "x")),
    ("Mar  3 00:17:22 web1 sshd[4]:x", Parts(-1, "web1", "sshd", "4", "x")),
    ("Mar  3 00:17:22 web1 sshd[4]x", Parts(-1, "web1", "", "", "sshd[4]x")),
    ("Mar  3 00:17:22 web1 sshd[4", Parts(-1, "web1", "", "", "sshd[4")),
    ("Mar  3 00:17:22 web1 sshd[4 ]: x", Parts(-1, "web1", "", "", "sshd[4 ]: x")),
    ("Mar  3 00:17:22 web1 https://x y", Parts(-1, "web1", "", "", "https://x y")),
    ("Mar  3 00:17:22 web1 10:15 y", Parts(-1, "web1", "", "", "10:15 y")),
    ("Mar  3 00:17:22 web1 : y", Parts(-1, "web1", "", "", ": y")),
    // A relay on the host itself names the host once more.
    ("Mar  3 00:17:22 web1 web1 sshd[12]: x", Parts(-1, "web1", "sshd", "12", "x")),
    ("Mar  3 00:17:22 web1 web1 some text", Parts(-1, "web1", "", "", "web1 some text")),
    ("Mar  3 00:17:22 web1 web2 sshd[12]: x", Parts(-1, "web1", "", "", "web2 sshd[12]: x")),
    ("Mar  3 00:17:22 web1 some text", Parts(-1, "web1", "", "", "some text")),
    (
      "Mar  3 00:17:22 web1 last message repeated 2 times",
      Parts(-1, "web1", "", "", "last message repeated 2 times")
    ),
    (
      "Mar  3 00:17:22 last message repeated 2 times",
      Parts(-1, "", "", "", "last message repeated 2 times")
    ),
    (
      "Mar  3 00:17:22 --- last message repeated 2 times ---",
      Parts(-1, "", "", "", "--- last message repeated 2 times ---")
    ),
    (
      "Mar  3 00:17:22 h sshd[2]: message repeated 5 times: [ Failed x]",
      Parts(-1, "h", "sshd", "2", "message repeated 5 times: [ Failed x]")
    ),
    ("Mar  3 00:17:22 <auth.info> machine su: x", Parts(38, "machine", "su", "", "x")),
    ("Mar  3 00:17:22 <4.6> machine su: x", Parts(38, "machine", "su", "", "x")),
    ("Mar  3 00:17:22 <local7.debug> machine su: x", Parts(191, "machine", "su", "", "x")),
    ("Mar  3 00:17:22 <auth.loud> su: x", Parts(-1, "<auth.loud>", "su", "", "x")),
    ("<13>Mar  3 00:17:22 <auth.info> machine su: x", Parts(13, "machine", "su", "", "x")),
    ("<auth.info>Mar  3 00:17:22 machine su: x", Parts(38, "machine", "su", "", "x")),
    (
      "<13>Feb 25 17:32:18 2607:f0d0:1002:51::4 Use it",
      Parts(13, "2607:f0d0:1002:51::4", "", "", "Use it")
    ),
    ("<13>Feb 25 17:32:18 2607:: su: it", Parts(13, "2607::", "su", "", "it")),
    ("<14>Aug 30 23:00:05 X4711 ", Parts(14, "X4711", "", "", "")),
    ("<14>Aug 30 23:00:05 X4711", Parts(14, "X4711", "", "", "")),
    ("<14>Aug 30 23:00:05 ", Parts(14, "", "", "", "")),
    ("<14>Aug 30 23:00:05", Parts(14, "", "", "", "")),
    ("<14>Aug 30 23:00:05 su:", Parts(14, "", "su", "", "")),
    ("<14>Aug 30 23:00:05 h su:", Parts(14, "h", "su", "", "")),
    ("<14>Aug 30 23:00:05 h su[1]", Parts(14, "h", "su", "1", "")),
    ("<14>", Parts(14, "", "", "", "")), ("<0>x", Parts(0, "", "", "", "x")),
    ("<30>sshd[5]: x", Parts(30, "", "sshd", "5", "x")),
    ("<30>Feb 30 10:00:00 h su: x", Parts(30, "", "", "", "Feb 30 10:00:00 h su: x")),
    (
      "2005-06-21 14:55:10 UTC machine app(pam_unix)[13] F",
      Parts(-1, "machine", "app(pam_unix)", "13", "F")
    ),
    ("2020-04-09T14:04:00.667Z: Failed: x", Parts(-1, "", "Failed", "", "x")),
    (
      "août 19 11:08:37 nlaptop symphorien[4961]: test",
      Parts(-1, "nlaptop", "symphorien", "4961", "test")
    ),
  ])
  func `the parts of a line are found`(_ line: String, _ parts: Parts) throws {
    let header = try parse3164(line)
    #expect(Parts(header) == parts)
    #expect(header.version == 0)
    #expect((header.stamp == nil) == line.hasPrefix("<30>") || line.count < 6)
  }

  @Test(arguments: [
    ("", SyslogError.Reason.notSyslog, 0), ("hello world", .notSyslog, 0),
    ("    at Foo.bar", .notSyslog, 0), ("Feb 30 10:00:00 h su: x", .badTimestamp, 0),
    ("Dec  2 13:14:2", .badTimestamp, 0), ("2026-13-03T09:15:00 h x", .badTimestamp, 0),
    ("Nov  3 09:14:07xhost su: x", .badTimestamp, 0), ("<192>x", .priorityAbove191, 1),
    ("<999>Nov  3 09:14:07 h su: x", .priorityAbove191, 1), ("<>x", .noPriority, 1),
    ("<a>x", .noPriority, 1), ("<034>x", .noPriority, 2), ("<34", .noPriority, 3),
    ("<1234>x", .noPriority, 4), ("{\"a\":1}", .notSyslog, 0),
    ("1428634687123 Hello", .notSyslog, 0),
  ])
  func `a line that nothing opens is refused`(
    _ line: String, _ reason: SyslogError.Reason, _ offset: Int
  ) throws {
    let error = try #require(throws: SyslogError.self) { try parse3164(line) }
    #expect(error == SyslogError(reason, at: offset))
  }

  @Test func `the fraction and the zone of a time are kept`() throws {
    let header = try parse3164("<34>Oct 11 22:14:15.57643 h su: x")
    #expect(header.stamp?.nanoseconds ?? 0 > 0)
    #expect((header.stamp?.nanoseconds ?? 0) % 1_000_000_000 == 576_430_000)
    #expect(try parse3164("2026-11-03T09:15:00+01:00 h su: x").stamp?.zoneOffsetSeconds == 3600)
  }

  @Test func `no prefix or garbled byte of a line traps`() {
    let lines = [
      "<167>Mar  7 2008 19:06:53.5: example sshd(pam_unix)[12750]: x [y]: z",
      "<auth.info>Nov  3 09:14:07 <4.6> [web] [sshd][12]: message",
      "Mar  3 00:17:22  a::b::c[1]: x",
      "2026-11-03T09:15:00.123456+01:00 2607:f0d0:1002:51::4 app[web.1]: x",
      "<34>1 2003-10-11T22:14:15.003Z h su 1 ID47 [a b=\"c\\\"\"][d] \u{FEFF}text ä",
      "Mar  3 00:17:22 --- last message repeated 2 times ---",
    ]
    var random = Seeded(state: 11)
    for line in lines {
      let bytes = Array(line.utf8)
      for length in 0...bytes.count { readAll(Array(bytes[..<length])) }
      for start in 0...bytes.count { readAll(Array(bytes[start...])) }
      for _ in 0..<2000 {
        var garbled = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let alphabet = Array("<>[]: -.\"\\=0a".utf8) + [0, 0xFF, 0xC3]
          garbled[Int.random(in: 0..<bytes.count, using: &random)] =
            alphabet.randomElement(using: &random) ?? 0
        }
        readAll(garbled)
      }
    }
  }

  private func readAll(_ bytes: [UInt8]) {
    let line = view(bytes)
    var cache = StampCache()
    let lenient = try? RFC3164.parse(line, cache: &cache)
    let strict = try? RFC5424.parse(line, cache: &cache)
    _ = try? Syslog.parse(line, cache: &cache)
    if let lenient { #expect(line.string.hasSuffix(lenient.message.string)) }
    if let strict {
      StructuredData.forEachParameter(strict.structuredData) { _, _, raw, _ in
        #expect(raw.count < line.count)
      }
    }
    StructuredData.forEachParameter(line) { _, _, _, _ in }
  }
}
