import Events
import Testing

/// PAM, sudo, su, shadow-utils, logind and login.
@Suite struct AccountProductTests {
  private static let failure = "authentication failure; logname= uid=0 euid=0 tty=ssh ruser="
  private static let failed = "pam.auth_failure auth.login failure -"

  private static let pamFailures: [(String, String, String)] = [
    ("sshd", "pam_unix(sshd:auth): \(failure) rhost=192.0.2.7  user=root", "sshd root@192.0.2.7|-"),
    ("sshd", "pam_unix(sshd:auth): \(failure) rhost=192.0.2.7 ", "sshd -@192.0.2.7|-"),
    ("sshd(pam_unix)", "\(failure) rhost=h.example.org", "sshd -@h.example.org|-"),
    ("pure-ftpd", "(pam_unix) \(failure)kim rhost=192.0.2.7 ", "pure-ftpd kim@192.0.2.7|-"),
    ("vsftpd", "pam_unix: \(failure)kim rhost=192.0.2.7", "- kim@192.0.2.7|-"),
    (
      "d", "pam_unix(auth): \(failure)x rhost=203.0.113.1 rhost=192.0.2.7",
      "auth x rhost=203.0.113.1@192.0.2.7|-"
    ),
    (
      "d", "pam_unix(auth): \(failure) rhost=192.0.2.7 user=x rhost=203.0.113.1",
      "auth x rhost=203.0.113.1@192.0.2.7|-"
    ),
    ("sshd", "pam_sss(sshd:auth): \(failure) rhost=192.0.2.7 user=kim", "sshd kim@192.0.2.7|-"),
    ("sudo", "pam_unix(sudo:auth): \(failure)kim rhost=  user=root", "sudo kim@-|-"),
  ]

  @Test(arguments: pamFailures)
  func `a PAM failure names service, user and host`(
    _ program: String, _ message: String, _ parties: String
  ) throws {
    let reading = try #require(Reading.of(program, message))
    #expect(reading.verdict == Self.failed)
    #expect("\(reading["service.name"] ?? "-") \(reading.parties)" == parties)
    #expect(reading["event.dataset"] == "pam")
  }

  static let pam: [Shape] = [
    Shape(
      "pam_unix(sshd:session): session opened for user dana(uid=1000) by (uid=0)",
      "pam.session_opened session.start success -", "dana@-|-"),
    Shape(
      "pam_unix(sudo:session): session opened for user root by kim(uid=1000)",
      "pam.session_opened session.start success -", "kim@-|-"),
    Shape(
      "pam_unix(sshd:session): session closed for user dana",
      "pam.session_closed session.end success -", "dana@-|-"),
    Shape(
      "pam_unix(sudo:session): session closed for user root",
      "pam.session_closed session.end success -"),
    Shape("pam_unix(sshd:auth): check pass; user unknown", "pam.check_pass - - invalid-user"),
    Shape(
      "pam_unix(sshd:account): account kim has expired (account expired)",
      "pam.account_expired auth.login failure expired", "kim@-|-"),
    Shape(
      "pam_unix(sshd:account): account kim has password changed in future",
      "pam.password_in_future - - -", "kim@-|-"),
    Shape(
      "pam_unix(sshd:account): expired password for user kim (password aged)",
      "pam.password_expired - - password-expired", "kim@-|-"),
    Shape(
      "pam_unix(passwd:chauthtok): password changed for kim",
      "pam.password_changed account.password success -"),
    Shape(
      "pam_unix(chpasswd:chauthtok): user \"kim\" does not exist in /etc/passwd",
      "pam.no_such_user account.password failure invalid-user"),
    Shape(
      "pam_succeed_if(sshd:auth): requirement \"uid >= 1000\" not met by user \"root\"",
      "pam.requirement - - -", "root@-|-"),
    Shape(
      "pam_unix(sshd:auth): auth could not identify password for [kim]",
      "pam.no_password - failure -", "kim@-|-"),
    Shape(
      "pam_unix(sshd:auth): bad username [-x]",
      "pam.bad_username auth.login failure invalid-user", "-x@-|-"),
    Shape(
      "pam_access(sshd:account): access denied for user `kim' from `192.0.2.7'",
      "pam.access_denied auth.login failure not-allowed", "kim@192.0.2.7|-"),
    Shape(
      "pam_tally2(sshd:auth): user kim (1000) tally 5, deny 3",
      "pam.tally auth.login failure locked", "kim@-|-"),
    Shape(
      "pam_faillock(sshd:auth): Consecutive login failures for user kim account temporarily locked",
      "pam.locked account.lock success max-attempts"),
    Shape(
      "pam_google_authenticator(sshd:auth): Accepted google_authenticator for kim",
      "pam.code_accepted auth.mfa.step success -", "kim@-|-"),
    Shape(
      "pam_google_authenticator(sshd:auth): Invalid verification code for kim",
      "pam.code_refused auth.mfa.step failure bad-code", "kim@-|-"),
  ]

  @Test(arguments: pam)
  func `a PAM message is mapped whatever program wrote it`(_ shape: Shape) throws {
    for program in ["sshd", "CRON", "some-daemon"] {
      let reading = try #require(Reading.of(program, shape.message))
      #expect(reading.verdict == shape.verdict)
      #expect(reading.parties == shape.parties)
    }
  }

  @Test(arguments: [
    "pam_unix", "pam_unix(", "pam_unix(sshd:auth)", "pam_unix(sshd:auth): ", "pam_: x",
    "pam_unix(sshd:auth): authentication", "pam_unix(sshd:session): session of user kim",
    "pam_unix(sshd:account): account kim is fine (account expired)",
    "pam_unix(cron:session): something else entirely", "pamela is here", "(pam_unix)",
    "pam_tally2(sshd:auth): user kim (1000) tally 5",
    "pam_unix(x:y): Accepted google_authenticator for kim",
  ])
  func `a look-alike of PAM is refused`(_ message: String) {
    #expect(Reading.of("some-daemon", message) == nil)
  }

  @Test func `a session's number of a user is the one who acts`() throws {
    let login = "pam_unix(sshd:session): session opened for user dana(uid=1000) by (uid=0)"
    #expect(Reading.of("sshd", login)?["user.id"] == "1000")
    let sudo = "pam_unix(sudo:session): session opened for user root(uid=0) by kim(uid=1001)"
    let reading = try #require(Reading.of("sudo", sudo))
    #expect(reading["user.id"] == "1001")
    #expect(reading["user.effective.name"] == "root")
  }

  private static let ran = "sudo.command privilege.sudo success -"
  private static let denied = "sudo.denied privilege.sudo failure "
  private static let rest = "TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/ls"

  private static let sudoLines: [(String, String)] = [
    ("    dana : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/ls", ran),
    ("dana : PWD=/srv ; USER=root ; COMMAND=/bin/ls", ran),
    (
      "dana : HOST=web1 ; TTY=pts/0 ; CHROOT=/x ; PWD=/srv ; USER=root ; GROUP=adm ; TSID=00UM ; ENV=A=b ; COMMAND=/bin/ls",
      ran
    ),
    ("dana : 1 incorrect password attempt ; \(rest)", denied + "incorrect-password"),
    ("dana : 3 incorrect password attempts ; \(rest)", denied + "incorrect-password"),
    ("dana : user NOT in sudoers ; \(rest)", denied + "not-in-sudoers"),
    ("dana : command not allowed ; \(rest)", denied + "command-not-allowed"),
    ("dana : a password is required ; \(rest)", denied + "password-required"),
    ("dana : user NOT authorized on host ; \(rest)", denied + "not-allowed-on-host"),
    ("dana : sorry, you must have a tty to run sudo ; \(rest)", denied + "no-tty"),
    ("dana : unable to resolve host web1 ; \(rest)", "sudo.message - - -"),
    (
      "dana : problem with defaults entries ; TTY=pts/0 ; PWD=/srv ; USER=root ;",
      "sudo.message - - -"
    ),
  ]

  @Test(arguments: sudoLines)
  func `sudo tells what ran and what was refused`(_ message: String, _ verdict: String) throws {
    let reading = try #require(Reading.of("sudo", message))
    #expect(reading.verdict == verdict)
    #expect(reading["user.name"] == "dana")
    #expect(reading["user.effective.name"] == "root")
    #expect(reading["process.working_directory"] == "/srv")
  }

  @Test func `a command runs to the end and forges nothing`() throws {
    let command = "/bin/echo x ; USER=nobody ; COMMAND=/bin/true : y"
    let message = "dana : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=\(command)"
    let reading = try #require(Reading.of("sudo", message))
    #expect(reading["process.command_line"] == command)
    #expect(reading["user.effective.name"] == "root")
    let long = try #require(Reading.of("sudo", "dana : (command continued) a b"))
    #expect(long.verdict == "sudo.continued - - -")
    #expect(long["process.command_line"] == "a b")
  }

  @Test(arguments: [
    "", "dana", "dana : ", " : TTY=x ; USER=root ; COMMAND=/bin/ls", "dana: TTY=x ; COMMAND=ls",
    "unable to open /etc/sudoers : Permission denied",
  ])
  func `a look-alike of sudo is refused`(_ message: String) {
    #expect(Reading.of("sudo", message) == nil)
  }

  private static let suLines: [(String, String)] = [
    ("(to root) kim on pts/0", "su.changed privilege.su success -"),
    ("FAILED SU (to root) kim on pts/0", "su.failed privilege.su failure incorrect-password"),
    ("Successful su for root by kim", "su.changed privilege.su success -"),
    ("FAILED su for root by kim", "su.failed privilege.su failure incorrect-password"),
    ("kim to root on /dev/pts/0", "su.changed privilege.su success -"),
    ("BAD SU kim to root on /dev/pts/0", "su.failed privilege.su failure incorrect-password"),
    ("+ /dev/pts/0 kim:root", "su.log - success -"),
    ("- /dev/pts/0 kim:root", "su.log - failure -"),
  ]

  @Test(arguments: suLines)
  func `every su tells who became whom`(_ message: String, _ verdict: String) throws {
    let reading = try #require(Reading.of("su", message))
    #expect(reading.verdict == verdict)
    #expect(reading["user.name"] == "kim")
    #expect(reading["user.effective.name"] == "root")
  }

  @Test(arguments: [
    "", "(to root)", "(to root) on", "Successful su for root", "FAILED SU", "+ x",
    "+ /dev/pts/0 kim",
    "pam_authenticate: Authentication failure", "gone to lunch on friday",
  ])
  func `a look-alike of su is refused`(_ message: String) {
    #expect(Reading.of("su", message) == nil)
  }

  private static let accountChanges: [(String, String, String, String)] = [
    (
      "useradd",
      "new user: name=kim, UID=1001, GID=1001, home=/home/kim, shell=/bin/sh, from=/dev/pts/0",
      "useradd.new_user account.create", "kim - -"
    ),
    ("useradd", "new group: name=kim, GID=1001", "groupadd.new_group -", "- kim -"),
    (
      "useradd", "failed adding user 'kim', data deleted", "useradd.failed account.create",
      "kim - -"
    ),
    (
      "useradd", "failed adding user `kim', data deleted", "useradd.failed account.create",
      "kim - -"
    ),
    ("useradd", "add 'kim' to group 'adm'", "usermod.group_add group.add", "kim adm -"),
    ("usermod", "add `kim' to group `adm'", "usermod.group_add group.add", "kim adm -"),
    ("usermod", "add 'kim' to shadow group 'adm'", "usermod.shadow_group_add -", "kim adm -"),
    ("usermod", "delete 'kim' from group 'adm'", "usermod.group_remove group.remove", "kim adm -"),
    (
      "userdel", "delete 'kim' from shadow group 'adm'", "usermod.shadow_group_remove -",
      "kim adm -"
    ),
    ("userdel", "delete user 'kim'", "userdel.deleted account.delete", "kim - -"),
    ("userdel", "removed group 'kim' owned by 'kim'", "userdel.group_removed -", "- kim -"),
    ("userdel", "removed shadow group 'kim' owned by 'kim'", "userdel.group_removed -", "- kim -"),
    ("usermod", "change user 'kim' password", "usermod.password account.password", "kim - -"),
    (
      "usermod", "change user 'kim' UID from '1001' to '0'", "usermod.changed account.update",
      "kim - -"
    ),
    (
      "usermod", "change user 'kim' shell from '/bin/sh' to '/bin/bash'",
      "usermod.changed account.update", "kim - -"
    ),
    ("usermod", "change user name 'kim' to 'lee'", "usermod.renamed account.update", "kim - -"),
    ("usermod", "lock user 'kim' password", "usermod.lock account.lock", "kim - -"),
    ("usermod", "unlock user 'kim' password", "usermod.unlock account.unlock", "kim - -"),
    (
      "passwd", "password for 'kim' changed by 'root'", "passwd.changed account.password",
      "kim - root"
    ),
    ("passwd", "password for kim changed by root", "passwd.changed account.password", "kim - root"),
    ("passwd", "password locked for 'kim' by 'root'", "passwd.locked account.lock", "kim - root"),
    ("chage", "changed password expiry for kim", "chage.expiry account.expiry", "kim - -"),
    ("chsh", "changed user 'kim' shell to '/bin/bash'", "chfn.changed account.update", "kim - -"),
    ("gpasswd", "user kim added by root to group adm", "gpasswd.added group.add", "kim adm root"),
    (
      "gpasswd", "user kim removed by root from group adm",
      "gpasswd.removed group.remove", "kim adm root"
    ),
    ("groupadd", "group added to /etc/group: name=adm, GID=4", "groupadd.file -", "- adm -"),
    ("groupdel", "group 'adm' removed from /etc/group", "groupdel.removed -", "- adm -"),
  ]

  @Test(arguments: accountChanges)
  func `a change of an account names the account`(
    _ program: String, _ message: String, _ meaning: String, _ parties: String
  ) throws {
    let reading = try #require(Reading.of(program, message))
    let words = ["event.code", "event.action"].map { reading[$0] ?? "-" }
    #expect(words.joined(separator: " ") == meaning)
    let names = ["user.target.name", "group.name", "user.name"].map { reading[$0] ?? "-" }
    #expect(names.joined(separator: " ") == parties)
    #expect(reading["event.category"] == "iam")
    #expect(
      reading["event.outcome"] == (meaning.hasPrefix("useradd.failed") ? "failure" : "success"))
  }

  @Test(arguments: [("2026-11-30", "never"), ("", "2026-11-30"), ("never", "")])
  func `an expiry keeps both of its dates`(_ from: String, _ to: String) throws {
    let message = "change user 'kim' expiration from '\(from)' to '\(to)'"
    let reading = try #require(Reading.of("usermod", message))
    #expect(reading["event.action"] == "account.expiry")
    #expect(reading["user.target.name"] == "kim")
    #expect(reading["account.expiry.from"] == from)
    #expect(reading["account.expiry.to"] == to)
  }

  @Test(arguments: [
    "", "new user: kim", "add 'kim' to", "add 'kim' to project 'adm'", "change user 'kim'",
    "change user 'kim", "change user 'kim' mood from 'a' to 'b'", "delete 'kim'", "lock user kim",
    "password for kim", "user kim added to group adm", "group adm is full", "removed adm",
  ])
  func `a look-alike of a change is refused`(_ message: String) {
    #expect(Reading.of("usermod", message) == nil)
  }

  private static let logindSessions: [(String, String, String)] = [
    ("New session 42 of user kim.", "logind.new_session session.start", "42 kim"),
    (
      "New session 'c4' of user 'kim' with class 'user' and type 'tty'.",
      "logind.new_session session.start", "c4 kim"
    ),
    ("New session 42 of user j.doe.", "logind.new_session session.start", "42 j.doe"),
    (
      "Session 42 logged out. Waiting for processes to exit.",
      "logind.logged_out session.end", "42 -"
    ),
    ("Removed session 42.", "logind.removed session.end", "42 -"),
    ("Removed session 'c4'.", "logind.removed session.end", "c4 -"),
  ]

  @Test(arguments: logindSessions)
  func `logind's sessions begin and end`(
    _ message: String, _ meaning: String, _ parties: String
  ) throws {
    let reading = try #require(Reading.of("systemd-logind", message))
    #expect(reading.verdict == meaning + " success -")
    #expect("\(reading["session.id"] ?? "-") \(reading["user.name"] ?? "-")" == parties)
  }

  @Test(arguments: ["", "New seat seat0.", "New session 4", "Session 4 idle.", "Removed"])
  func `a look-alike of logind is refused`(_ message: String) {
    #expect(Reading.of("systemd-logind", message) == nil)
  }

  @Test(arguments: [
    Shape("LOGIN ON tty1 BY kim", "login.accepted auth.login success -", "kim@-|-"),
    Shape(
      "LOGIN ON pts/1 BY kim FROM 192.0.2.7", "login.accepted auth.login success -",
      "kim@192.0.2.7|-"),
    Shape("ROOT LOGIN ON tty1", "login.accepted auth.login success -", "root@-|-"),
    Shape(
      "FAILED LOGIN (1) on '/dev/tty1' FOR 'kim', Authentication failure",
      "login.failed auth.login failure -", "kim@-|-"),
    Shape(
      "FAILED LOGIN 2 FROM 192.0.2.7 FOR kim FOR x, Authentication failure",
      "login.failed auth.login failure -", "kim FOR x@192.0.2.7|-"),
  ])
  func `a login at a console is a login`(_ shape: Shape) throws {
    let reading = try #require(Reading.of("login", shape.message))
    #expect(reading.verdict == shape.verdict)
    #expect(reading.parties == shape.parties)
  }

  @Test(arguments: ["", "LOGIN ON tty1", "FAILED LOGIN", "FAILED LOGIN 2 FOR kim"])
  func `a look-alike of login is refused`(_ message: String) {
    #expect(Reading.of("login", message) == nil)
  }
}
