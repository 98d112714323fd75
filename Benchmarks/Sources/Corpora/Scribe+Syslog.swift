extension Scribe {
  /// A wrong password: PAM says so, then the server does, both for one attempt.
  mutating func failure(_ user: String, _ address: String, _ host: String) {
    let pid = 1000 + random.below(60_000)
    header(host, "sshd", pid)
    buffer.add(
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=")
    buffer.add(address)
    buffer.add("  user=")
    buffer.add(user)
    end(pid: true)
    header(host, "sshd", pid)
    buffer.add("Failed password for ")
    if user == "admin" || user == "oracle" { buffer.add("invalid user ") }
    buffer.add(user)
    peer(address)
    truth.fail(address, atSecond: calendar.seconds)
    buffer.add(" ssh2")
    end(pid: true, isFailure: true)
  }

  /// A sign-in.
  mutating func success(_ user: String, _ address: String, _ host: String) {
    let pid = 1000 + random.below(60_000)
    header(host, "sshd", pid)
    buffer.add("Accepted publickey for ")
    buffer.add(user)
    peer(address)
    buffer.add(" ssh2: ED25519 SHA256:m0J2cWfJq3uYkX9v1nZb7sTq8LrD4hPe5aGxC6yKiUo")
    end(pid: true)
    header(host, "sshd", pid)
    buffer.add("pam_unix(sshd:session): session opened for user ")
    buffer.add(user)
    buffer.add("(uid=1001) by (uid=0)")
    end(pid: true)
  }

  /// What a machine does by itself.
  mutating func cron(_ host: String) {
    header(host, "CRON", 1000 + random.below(60_000))
    buffer.add("pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)")
    end(pid: true)
  }

  /// One of the lines that such a log is full of.
  mutating func authentication(_ person: Int) {
    let (user, host) = (crowd.name(person), Cast.host(ofPerson: person))
    let pid = 1000 + random.below(60_000)
    switch random.below(7) {
    case 0: cron(random.pick(Cast.hosts))
    case 1:
      header(host, "CRON", pid)
      buffer.add("pam_unix(cron:session): session closed for user root")
      end(pid: true)
    case 2:
      header(host, "sudo", nil)
      buffer.add("    ")
      buffer.add(user)
      buffer.add(" : TTY=pts/0 ; PWD=/home/")
      buffer.add(user)
      buffer.add(" ; USER=root ; COMMAND=/usr/bin/systemctl status nginx")
      end(pid: false)
    case 3:
      header(host, "systemd-logind", 611)
      buffer.add("New session ")
      buffer.add(random.below(9000))
      buffer.add(" of user ")
      buffer.add(user)
      buffer.add(".")
      end(pid: true)
    case 4:
      header(host, "sshd", pid)
      buffer.add("Received disconnect from ")
      buffer.add(crowd.address(person))
      buffer.add(" port ")
      buffer.add(1024 + random.below(60_000))
      buffer.add(":11: disconnected by user")
      end(pid: true)
    case 5:
      header(host, "sshd", pid)
      buffer.add("pam_unix(sshd:session): session closed for user ")
      buffer.add(user)
      end(pid: true)
    default:
      header(host, "systemd-logind", 611)
      buffer.add("Session ")
      buffer.add(random.below(9000))
      buffer.add(" logged out. Waiting for processes to exit.")
      end(pid: true)
    }
  }

  /// What a gateway says in structured data.
  mutating func flow(_ person: Int) {
    buffer.add("<134>1 ")
    stamp()
    buffer.add(".")
    buffer.add(calendar.millisecond, width: 3)
    buffer.add("Z gw1 gateway 811 FLOW [flow@32473 user=\"")
    buffer.add(crowd.name(person))
    buffer.add("\" src=\"")
    buffer.add(crowd.address(person))
    buffer.add("\" dst=\"10.0.0.")
    buffer.add(10 + random.below(8))
    buffer.add("\" proto=\"tcp\" bytes=\"")
    buffer.add(random.below(9_000_000))
    buffer.add("\"][meta@32473 sequence=\"")
    buffer.add(truth.lines)
    buffer.add("\" note=\"say \\\"hi\\\"\"] flow closed by the client")
    endLine(items: 7, isMarked: false)
  }

  private mutating func peer(_ address: String) {
    buffer.add(" from ")
    buffer.add(address)
    buffer.add(" port ")
    buffer.add(1024 + random.below(60_000))
  }

  private mutating func header(_ host: String, _ program: String, _ pid: Int?) {
    if kind == .auth {
      buffer.add(calendar.monthName)
      buffer.add(calendar.day < 10 ? "  " : " ")
      buffer.add(calendar.day)
      buffer.add(" ")
      time()
      buffer.add(" ")
      buffer.add(host)
      buffer.add(" ")
      buffer.add(program)
      if let pid {
        buffer.add("[")
        buffer.add(pid)
        buffer.add("]")
      }
      buffer.add(": ")
      return
    }
    buffer.add("<86>1 ")
    stamp()
    buffer.add(".")
    buffer.add(calendar.millisecond, width: 3)
    buffer.add("Z ")
    buffer.add(host)
    buffer.add(" ")
    buffer.add(program)
    buffer.add(" ")
    if let pid { buffer.add(pid) } else { buffer.add("-") }
    buffer.add(" - [timeQuality tzKnown=\"1\" isSynced=\"1\" syncAccuracy=\"1500\"] ")
  }

  private mutating func end(pid: Bool, isFailure: Bool = false) {
    if kind == .auth {
      endLine(items: pid ? 1 : 0, isMarked: isFailure)
    } else {
      endLine(items: 3, isMarked: true)
    }
  }
}
