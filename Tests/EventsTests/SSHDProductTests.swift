import Events
import Testing

@Suite struct SSHDProductTests {
  static let fingerprint = "SHA256:kq3Vb0mJ5c1H8uU0y2o7d8xv4r1t6w9z0a2b3c4d5e6"
  static let ok = "sshd.accepted auth.login success -"
  static let bad = "sshd.failed auth.login failure bad-password"
  static let invalid = "sshd.failed auth.login failure invalid-user"
  static let unknown = "sshd.invalid_user auth.login failure invalid-user"
  static let aborted = "sshd.closed_preauth auth.login failure aborted"
  static let noUser = "sshd.closed_preauth auth.login failure invalid-user"
  static let denied = "sshd.not_allowed auth.login failure not-allowed"

  static let logins: [Shape] = [
    Shape(
      "Accepted publickey for dana from 203.0.113.7 port 50211 ssh2: ED25519 \(fingerprint)",
      ok, "dana@203.0.113.7|50211"),
    Shape(
      "Accepted keyboard-interactive/pam for dana from 2001:DB8::0:7 port 1 ssh2",
      ok, "dana@2001:db8::7|1"),
    Shape("Accepted password for dana from ::ffff:192.0.2.7 port 1 ssh2", ok, "dana@192.0.2.7|1"),
    Shape(
      "Failed password for dana from 198.51.100.9 port 40022 ssh2",
      bad, "dana@198.51.100.9|40022"),
    Shape(
      "[ID 800047 auth.info] Failed keyboard-interactive for dana from 192.0.2.7 port 4 ssh2",
      bad, "dana@192.0.2.7|4"),
    Shape(
      "Failed none for dana from 192.0.2.7 port 4 ssh2",
      "sshd.failed auth.login failure -", "dana@192.0.2.7|4"),
    Shape(
      "Failed publickey for dana from 192.0.2.7 port 4 ssh2: RSA \(fingerprint)",
      "sshd.failed auth.login failure key-refused", "dana@192.0.2.7|4"),
    Shape(
      "Failed password for invalid user kim from 192.0.2.7 port 4 ssh2",
      invalid, "kim@192.0.2.7|4"),
    Shape(
      "Failed password for illegal user kim from 192.0.2.7 port 4 ssh2",
      invalid, "kim@192.0.2.7|4"),
    Shape("Failed password for invalid user  from 192.0.2.7 port 4 ssh2", invalid, "@192.0.2.7|4"),
    Shape(
      "Failed password for invalid user  kim x from 192.0.2.7 port 4 ssh2",
      invalid, " kim x@192.0.2.7|4"),
    Shape(
      "Failed password for invalid user from 192.0.2.7 port 4 ssh2",
      bad, "invalid user@192.0.2.7|4"),
    Shape(
      "Partial publickey for dana from 192.0.2.7 port 4 ssh2: RSA \(fingerprint) [preauth]",
      "sshd.partial auth.mfa.step success -", "dana@192.0.2.7|4"),
    Shape(
      "Postponed publickey for dana from 192.0.2.7 port 4 ssh2 [preauth]",
      "sshd.postponed - - -", "dana@192.0.2.7|4"),
    Shape("Invalid user kim from 192.0.2.7 port 4", unknown, "kim@192.0.2.7|4"),
    Shape("Invalid user kim from 192.0.2.7", unknown, "kim@192.0.2.7|-"),
    Shape("Invalid user  from 192.0.2.7", unknown, "@192.0.2.7|-"),
    Shape("Invalid user  0101 from 192.0.2.7 port 9", unknown, " 0101@192.0.2.7|9"),
    Shape("Illegal user kim from fe80::1%eth0", unknown, "kim@fe80::1|-"),
    Shape(
      "input_userauth_request: invalid user kim [preauth]",
      "sshd.invalid_user_request - - invalid-user", "kim@-|-"),
    Shape(
      "input_userauth_request: invalid user  [preauth]",
      "sshd.invalid_user_request - - invalid-user", "@-|-"),
    Shape(
      "User root from 192.0.2.7 not allowed because not listed in AllowUsers",
      denied, "root@192.0.2.7|-"),
    Shape(
      "User root from host.example.org not allowed because listed in DenyUsers",
      denied, "root@host.example.org|-"),
    Shape(
      "User root from 192.0.2.7 not allowed because not in any group",
      denied, "root@192.0.2.7|-"),
    Shape(
      "User root from 192.0.2.7 not allowed because a group is listed in DenyGroups",
      denied, "root@192.0.2.7|-"),
    Shape(
      "User root from 192.0.2.7 not allowed because none of user's groups are listed in AllowGroups",
      denied, "root@192.0.2.7|-"),
    Shape(
      "User root not allowed because account is locked",
      "sshd.not_allowed auth.login failure locked", "root@-|-"),
    Shape(
      "User kim not allowed because shell /bin/none does not exist",
      "sshd.not_allowed auth.login failure no-shell", "kim@-|-"),
    Shape(
      "User kim not allowed because shell /bin/none is not executable",
      "sshd.not_allowed auth.login failure no-shell", "kim@-|-"),
    Shape(
      "error: maximum authentication attempts exceeded for root from 192.0.2.7 port 4 ssh2 [preauth]",
      "sshd.max_attempts auth.login failure max-attempts", "root@192.0.2.7|4"),
    Shape(
      "error: maximum authentication attempts exceeded for invalid user kim from 192.0.2.7 port 4 ssh2 [preauth]",
      "sshd.max_attempts auth.login failure max-attempts", "kim@192.0.2.7|4"),
    Shape(
      "ROOT LOGIN REFUSED FROM 192.0.2.7 port 4 [preauth]",
      "sshd.root_refused auth.login failure root-refused", "root@192.0.2.7|4"),
    Shape(
      "ROOT LOGIN REFUSED FROM ::ffff:192.0.2.7",
      "sshd.root_refused auth.login failure root-refused", "root@192.0.2.7|-"),
    Shape(
      "error: PAM: Authentication failure for kim from host.example.org",
      "sshd.pam_error auth.login failure bad-password", "kim@host.example.org|-"),
    Shape(
      "error: PAM: User not known to the underlying authentication module for illegal user kim from 192.0.2.7 ",
      "sshd.pam_error auth.login failure invalid-user", "kim@192.0.2.7|-"),
    Shape(
      "error: PAM: Have exhausted maximum number of retries for service for kim from 192.0.2.7",
      "sshd.pam_error auth.login failure -", "kim@192.0.2.7|-"),
    Shape(
      "error: PAM: User account has expired for kim from 192.0.2.7",
      "sshd.pam_error auth.login failure expired", "kim@192.0.2.7|-"),
    Shape(
      "administratively prohibited connection for invalid user kim from 192.0.2.7 port 4 [preauth]",
      "sshd.prohibited auth.login failure not-allowed", "kim@192.0.2.7|4"),
    Shape(
      "Authentication refused: bad ownership or modes for directory /home/kim",
      "sshd.auth_refused auth.login failure bad-permissions"),
    Shape(
      "fatal: Access denied for user kim by PAM account configuration [preauth]",
      "sshd.access_denied auth.login failure not-allowed", "kim@-|-"),
    Shape(
      "Authentication tried for kim with correct key but not from a permitted host (host=h, ip=192.0.2.7, required=x).",
      "sshd.wrong_host auth.login failure not-allowed", "kim@192.0.2.7|-"),
    Shape(
      "error: Authentication key RSA \(fingerprint) revoked by file /etc/ssh/revoked",
      "sshd.key_revoked auth.login failure revoked"),
  ]

  static let connections: [Shape] = [
    Shape(
      "Connection closed by authenticating user root 192.0.2.7 port 4 [preauth]",
      aborted, "root@192.0.2.7|4"),
    Shape(
      "Connection reset by authenticatinguser root 192.0.2.7 port 4 [preauth]",
      aborted, "root@192.0.2.7|4"),
    Shape(
      "Connection closed by invalid user kim 192.0.2.7 port 4 [preauth]",
      noUser, "kim@192.0.2.7|4"),
    Shape("Connection closed by invalid user  192.0.2.7 port 4 [preauth]", noUser, "@192.0.2.7|4"),
    Shape(
      "Connection closed by 192.0.2.7 port 4 [preauth]",
      "sshd.closed_preauth - - -", "-@192.0.2.7|4"),
    Shape("Connection closed by 192.0.2.7", "sshd.closed - - -", "-@192.0.2.7|-"),
    Shape(
      "Connection closed by UNKNOWN port 65535 [preauth]",
      "sshd.closed_preauth - - -", "-@-|65535"),
    Shape(
      "Disconnected from invalid user kim 192.0.2.7 port 4 [preauth]",
      noUser, "kim@192.0.2.7|4"),
    Shape(
      "Disconnected from user dana 192.0.2.7 port 4",
      "sshd.disconnected auth.logout success -", "dana@192.0.2.7|4"),
    Shape("Disconnected from 192.0.2.7 port 4", "sshd.disconnected - - -", "-@192.0.2.7|4"),
    Shape(
      "Disconnecting: Too many authentication failures for root [preauth]",
      "sshd.disconnecting - - max-attempts", "root@-|-"),
    Shape(
      "Disconnecting authenticating user root 192.0.2.7 port 4: Too many authentication failures [preauth]",
      "sshd.disconnecting auth.login failure max-attempts", "root@192.0.2.7|4"),
    Shape(
      "Disconnecting invalid user kim 192.0.2.7 port 4: Change of username or service not allowed: (kim,ssh-connection) -> (x,ssh-connection) [preauth]",
      "sshd.disconnecting auth.login failure invalid-user", "kim@192.0.2.7|4"),
    Shape(
      "Received disconnect from 192.0.2.7 port 4:11: disconnected by user",
      "sshd.received_disconnect session.end success -", "-@192.0.2.7|4"),
    Shape(
      "Received disconnect from 2001:db8::7: 11: Bye Bye [preauth]",
      "sshd.received_disconnect - - -", "-@2001:db8::7|-"),
    Shape(
      "error: Received disconnect from 192.0.2.7 port 4:14: No supported authentication methods available [preauth]",
      "sshd.received_disconnect - - no-methods", "-@192.0.2.7|4"),
    Shape(
      "fatal: Timeout before authentication for 192.0.2.7 port 4",
      "sshd.timeout - - timeout", "-@192.0.2.7|4"),
    Shape(
      "Timeout before authentication for connection from 192.0.2.7 to 192.0.2.1, pid = 7",
      "sshd.timeout - - timeout", "-@192.0.2.7|-"),
    Shape(
      "drop connection #5 from [::ffff:192.0.2.7]:4711 on [192.0.2.1]:22 penalty: failed authentication",
      "sshd.dropped net.deny - penalty", "-@192.0.2.7|4711"),
    Shape(
      "drop connection #5 from [192.0.2.7]:4711 on [192.0.2.1]:22 past MaxStartups",
      "sshd.dropped net.deny - max-startups", "-@192.0.2.7|4711"),
    Shape(
      "refused connect from _x(192.0.2.9)_@::ffff:192.0.2.7 (::ffff:192.0.2.7)",
      "sshd.refused_connect net.deny - not-allowed", "-@192.0.2.7|-"),
    Shape(
      "Connection from 192.0.2.7 port 4 on 192.0.2.1 port 22 rdomain \"\"",
      "sshd.connection - - -", "-@192.0.2.7|4"),
    Shape(
      "Close session: user dana from 192.0.2.7 port 4 id 0",
      "sshd.close_session session.end success -", "dana@192.0.2.7|4"),
    Shape(
      "Starting session: subsystem 'sftp' for dana from 192.0.2.7 port 4 id 0",
      "sshd.starting_session session.start success -", "dana@192.0.2.7|4"),
    Shape(
      "Starting session: forced-command (config) 'run for x from y' for dana from 192.0.2.7 port 4 id 0",
      "sshd.starting_session session.start success -", "dana@192.0.2.7|4"),
    Shape(
      "subsystem request for netconf by user dana failed, subsystem not found",
      "sshd.subsystem - failure -", "dana@-|-"),
    Shape("Transferred: sent 2480, received 3320 bytes", "sshd.transferred - - -"),
    Shape(
      "error: kex_exchange_identification: Connection closed by remote host",
      "sshd.bad_identification - - -"),
    Shape("Server listening on :: port 22.", "sshd.listening service.start success -"),
    Shape("Received signal 15; terminating.", "sshd.terminating service.stop success -"),
    Shape(
      "Did not receive identification string from 192.0.2.7 port 4",
      "sshd.no_identification - - -", "-@192.0.2.7|4"),
    Shape(
      "Bad protocol version identification 'GET / from 192.0.2.9 port 1' from 192.0.2.7 port 4",
      "sshd.bad_version - - -", "-@192.0.2.7|4"),
    Shape(
      "banner exchange: Connection from 192.0.2.7 port 4: invalid format",
      "sshd.banner_exchange - - -", "-@192.0.2.7|4"),
    Shape(
      "fatal: Unable to negotiate with 192.0.2.7 port 4: no matching cipher found. Their offer: x",
      "sshd.no_common_algorithm - - -", "-@192.0.2.7|4"),
    Shape(
      "fatal: Unable to negotiate with 192.0.2.7: no matching cipher found. Their offer: x",
      "sshd.no_common_algorithm - - -", "-@192.0.2.7|-"),
    Shape(
      "ssh_dispatch_run_fatal: Connection from 192.0.2.7 port 4: message authentication code incorrect [preauth]",
      "sshd.dispatch_failed - - -", "-@192.0.2.7|4"),
    Shape(
      "ssh_dispatch_run_fatal: Connection from authenticating user kim 192.0.2.7 port 4: Broken pipe [preauth]",
      "sshd.dispatch_failed - - -", "kim@192.0.2.7|4"),
    Shape(
      "Read error from remote host 192.0.2.7 port 4: Connection reset by peer",
      "sshd.read_error - - -", "-@192.0.2.7|4"),
    Shape(
      "Magic value check failed (42) on obfuscated handshake from 192.0.2.7 port 4",
      "sshd.bad_handshake - - -", "-@192.0.2.7|4"),
    Shape(
      "Address 192.0.2.7 maps to h.example.org, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!",
      "sshd.reverse_mapping - - -", "-@192.0.2.7|-"),
    Shape(
      "reverse mapping checking getaddrinfo for h.example.org [192.0.2.7] failed - POSSIBLE BREAK-IN ATTEMPT!",
      "sshd.reverse_mapping - - -", "-@192.0.2.7|-"),
    Shape("PAM service(sshd) ignoring max retries; 6 > 3", "pam.max_retries - - max-attempts"),
    Shape(
      "PAM 5 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
      "pam.more_failures auth.login failure bad-password", "root@192.0.2.7|-"),
  ]

  @Test(arguments: logins + connections)
  func `a message of sshd is mapped`(_ shape: Shape) throws {
    let reading = try #require(Reading.of("sshd", shape.message))
    #expect(reading.verdict == shape.verdict)
    #expect(reading.parties == shape.parties)
  }

  @Test(arguments: [
    "", "x", "Failed", "Failed password for root", "Failed password for root from 192.0.2.7",
    "Failed password for root from 192.0.2.7 port 4", "Failed to allocate X11 display",
    "Failed password for root from 192.0.2.7 port 70000 ssh2",
    "Accepted key ED25519 SHA256:x found at /home/kim/.ssh/authorized_keys:1",
    "Accepted password for root from 192.0.2.7 port 4 sshd", "Invalid user", "Invalid user kim",
    "Invalid user kim from", "Invalid username kim from 192.0.2.7",
    "User child is on pid 7", "User root allowed because account is fine",
    "Connection closed by", "Connection closed by totobad user kim 192.0.2.7 port 4 [preauth]",
    "Connection closed by authenticating user root", "Disconnected from nobody at all",
    "Received disconnect from 192.0.2.7", "Timeout after authentication for 192.0.2.7",
    "drop connection", "debug1: Failed password for root from 192.0.2.7 port 4 ssh2",
    "last message repeated 5 times", "message repeated 5 times", "message repeated x times: [ y]",
    "message repeated 0 times: [ Failed password for root from 192.0.2.7 port 4 ssh2]",
    "Corrupted MAC on input.", "Bad packet length 4081586742.", "error: ", " [preauth]",
    "pam_systemd(sshd:session): Failed to create session: Access denied",
  ])
  func `a look-alike is refused and leaves the event alone`(_ message: String) {
    #expect(Reading.of("sshd", message) == nil)
  }

  private static let forgeries: [(String, String)] = [
    ("invalid user from 203.0.113.1 from 192.0.2.7 port 4 ssh2", "from 203.0.113.1@192.0.2.7|4"),
    (
      "invalid user x from 203.0.113.1 port 5 ssh2 from 192.0.2.7 port 4 ssh2",
      "x from 203.0.113.1 port 5 ssh2@192.0.2.7|4"
    ),
    (
      "invalid user x from 203.0.113.1 port 5 ssh2: from 192.0.2.7 port 4 ssh2",
      "x from 203.0.113.1 port 5 ssh2:@192.0.2.7|4"
    ),
    ("invalid user x from from 192.0.2.7 port 4 ssh2", "x from@192.0.2.7|4"),
    ("invalid user ! !!f !from! !  ! from 192.0.2.7 port 4 ssh2", "! !!f !from! !  !@192.0.2.7|4"),
    ("kim from 192.0.2.7 port 4 ssh1: ruser x from 203.0.113.1", "kim@192.0.2.7|4"),
  ]

  @Test(arguments: forgeries)
  func `a user name cannot forge the source`(_ subject: String, _ parties: String) throws {
    let reading = try #require(Reading.of("sshd", "Failed password for " + subject))
    #expect(reading.parties == parties)
  }

  private static let laterForgeries: [(String, String)] = [
    (
      "Invalid user x from 203.0.113.1 port 5 from 192.0.2.7 port 4",
      "x from 203.0.113.1 port 5@192.0.2.7|4"
    ),
    (
      "Connection closed by invalid user x 203.0.113.1 port 5 192.0.2.7 port 4 [preauth]",
      "x 203.0.113.1 port 5@192.0.2.7|4"
    ),
    (
      "PAM: Authentication failure for x from 203.0.113.1 from 192.0.2.7",
      "x from 203.0.113.1@192.0.2.7|-"
    ),
  ]

  @Test(arguments: laterForgeries)
  func `other messages are read from the right too`(_ message: String, _ parties: String) throws {
    #expect(try #require(Reading.of("sshd", message)).parties == parties)
  }

  @Test func `when both ends are foreign text no source is believed`() throws {
    let print = Self.fingerprint
    let name = "x from 203.0.113.1 port 5 ssh2: RSA-CERT \(print) ID y"
    let line =
      "Failed publickey for \(name) from 192.0.2.7 port 4 ssh2: RSA-CERT \(print) ID z (serial 0) CA RSA \(print)"
    let reading = try #require(Reading.of("sshd", line))
    #expect(reading.parties == "-@-|-")
    #expect(reading["event.outcome"] == "failure")
    let plain = "Failed publickey for \(name) from 192.0.2.7 port 4 ssh2: RSA \(print)"
    #expect(try #require(Reading.of("sshd", plain)).parties == "\(name)@192.0.2.7|4")
    let change = ": Change of username or service not allowed: (a,b"
    let twice = "Disconnecting invalid user x 203.0.113.1 port 5\(change) 192.0.2.7 port 4\(change)"
    #expect(try #require(Reading.of("sshd", twice)).parties == "-@-|-")
  }

  private static let keys: [(String, String?)] = [
    ("ED25519 \(fingerprint)", fingerprint as String?),
    ("ED25519-CERT \(fingerprint) ID kim@x (serial 7) CA RSA SHA256:other", fingerprint),
    (
      "RSA 39:33:99:e9:a0:dc:f2:33:a3:e5:72:3b:7c:3a:56:84",
      "39:33:99:e9:a0:dc:f2:33:a3:e5:72:3b:7c:3a:56:84"
    ),
    ("RSA \(fingerprint), client user \"kim\", client host \"h\"", fingerprint),
    ("RSA", nil), ("RSA key", nil),
  ]

  @Test(arguments: keys)
  func `the fingerprint is the key's`(_ detail: String, _ print: String?) throws {
    let message = "Accepted publickey for dana from 192.0.2.7 port 4 ssh2: " + detail
    let reading = try #require(Reading.of("sshd", message))
    #expect(reading["key.fingerprint"] == print)
    #expect(reading["authentication.method"] == "publickey")
  }

  @Test func `a repeated message weighs as much as it stands for`() throws {
    let failed = "Failed password for root from 192.0.2.7 port 4 ssh2"
    let five = try #require(Reading.of("sshd", "message repeated 5 times: [ \(failed)]"))
    #expect(five.weight == 5)
    #expect(five["event.count"] == "5")
    #expect(five.parties == "root@192.0.2.7|4")
    let more = "PAM 3 more authentication failures; logname= uid=0 ruser= rhost=192.0.2.7"
    #expect(Reading.of("sshd", more)?.weight == 3)
    #expect(Reading.of("sshd", "message repeated 2 times: [ \(more)]")?.weight == 6)
    #expect(Reading.of("sshd", "message repeated 99999999999 times: [ \(failed)]")?.weight == .max)
    let closed = "message repeated 2 times: [ Connection closed by 192.0.2.7 port 4 [preauth]]"
    #expect(Reading.of("sshd", closed)?.verdict == "sshd.closed_preauth - - -")
  }

  @Test func `bytes that are no text stay as they are`() throws {
    let message = Array("Invalid user llinco".utf8) + [0xF1] + Array("ir from 192.0.2.7".utf8)
    let reading = try #require(Reading.of(Array("sshd".utf8), message))
    #expect(reading.parties == "llinco\u{FFFD}ir@192.0.2.7|-")
  }

  @Test(arguments: ["sshd", "sshd-session", "sshd-auth", "/usr/sbin/sshd"])
  func `sshd has several names`(_ program: String) {
    #expect(Reading.of(program, "Invalid user kim from 192.0.2.7") != nil)
  }

  @Test(arguments: ["", "sshd2", "ssh", "sshd-sessions", "dropbear", "polkitd", "/"])
  func `other programs are not sshd`(_ program: String) {
    #expect(Reading.of(program, "Invalid user kim from 192.0.2.7") == nil)
  }

  @Test(arguments: 0...400)
  func `no cut or twist of a message traps`(_ seed: Int) {
    var random = SplitMix(state: UInt64(seed))
    let shapes = (Self.logins + Self.connections).map(\.message)
    for shape in shapes {
      var bytes = Array(shape.utf8)
      bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
      if !bytes.isEmpty { bytes[Int(random.next() % UInt64(bytes.count))] = 0x20 }
      for program in ["sshd", "sudo", "su", "useradd", "login", "systemd-logind", "x(pam_unix)"] {
        _ = Reading.of(Array(program.utf8), bytes)
      }
    }
  }
}

/// A small seeded generator, so that a failure can be repeated.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
