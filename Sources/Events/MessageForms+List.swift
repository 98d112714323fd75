extension MessageForms {
  /// The forms, each with the program that writes it.
  ///
  /// In braces stands what varies. Which name is the user and which address the source is seen by an
  /// example that ``Products`` reads, so a form that it refuses is a mistake here; a test writes every
  /// form with many names and addresses and reads it both ways.
  static let list: [(program: String, text: String)] =
    sshd
    + ["sshd-session", "sshd-auth"].flatMap {
      name in sshd.map { (name, $0.text) }
    } + pluggable + [
      ("systemd-logind", "New session {number} of user {name}."),
      ("systemd-logind", "Session {number} logged out. Waiting for processes to exit."),
      ("systemd-logind", "Removed session {number}."),
      ("sudo", "{blanks}{name} : TTY={word} ; PWD={word} ; USER={name} ; COMMAND={rest}"),
      ("sudo", "{blanks}{name} : PWD={word} ; USER={name} ; COMMAND={rest}"),
    ]

  private static let sshd: [(program: String, text: String)] = [
    "Accepted publickey for {name} from {address} port {port} ssh2: {word} {word}",
    "Accepted password for {name} from {address} port {port} ssh2",
    "Accepted keyboard-interactive/pam for {name} from {address} port {port} ssh2",
    "Failed password for {name} from {address} port {port} ssh2",
    "Failed password for invalid user {name} from {address} port {port} ssh2",
    "Failed publickey for {name} from {address} port {port} ssh2: {word} {word}",
    "Failed keyboard-interactive/pam for {name} from {address} port {port} ssh2",
    "Failed keyboard-interactive/pam for invalid user {name} from {address} port {port} ssh2",
    "Invalid user {name} from {address} port {port}",
    "Connection from {address} port {port} on {address} port {port}",
    "Connection closed by {address} port {port}",
    "Connection closed by {address} port {port} [preauth]",
    "Connection closed by invalid user {name} {address} port {port} [preauth]",
    "Connection closed by authenticating user {name} {address} port {port} [preauth]",
    "Connection reset by {address} port {port}",
    "Connection reset by {address} port {port} [preauth]",
    "Connection reset by invalid user {name} {address} port {port} [preauth]",
    "Connection reset by authenticating user {name} {address} port {port} [preauth]",
    "Disconnected from user {name} {address} port {port}",
    "Disconnected from {address} port {port}",
    "Disconnected from {address} port {port} [preauth]",
    "Disconnected from invalid user {name} {address} port {port} [preauth]",
    "Disconnected from authenticating user {name} {address} port {port} [preauth]",
    "Received disconnect from {address} port {port}:11: disconnected by user",
    "Received disconnect from {address} port {port}:11: Bye Bye [preauth]",
    "Received disconnect from {address} port {port}:11:  [preauth]",
  ].map { ("sshd", $0) }

  /// What PAM's modules write for each service.
  private static let pluggable: [(program: String, text: String)] =
    [
      ("sshd", "sshd"), ("sshd-session", "sshd"), ("CRON", "cron"), ("crond", "crond"),
      ("systemd", "systemd-user"), ("(systemd)", "systemd-user"), ("login", "login"),
      ("sudo", "sudo"), ("su", "su"), ("su", "su-l"),
    ].flatMap { program, service in
      [
        "pam_unix(\(service):session): session opened for user {name}(uid={number}) by (uid={number})",
        "pam_unix(\(service):session): session opened for user {name}(uid={number}) by {name}(uid={number})",
        "pam_unix(\(service):session): session opened for user {name} by (uid={number})",
        "pam_unix(\(service):session): session closed for user {name}",
      ].map { (program, $0) }
    }
    + ["sshd", "sshd-session", "sshd-auth"].flatMap { program in
      [
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address}",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address} ",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address}  user={name}",
        "pam_unix(sshd:auth): check pass; user unknown",
      ].map { (program, $0) }
    }
}
