/// The configuration, the policy, and a log to try them on.
extension StarterSet {
  var configuration: String {
    """
    # Rollcall's configuration. Paths are relative to this file; every key may be left out.
    # Try it:   rollcall check --config rollcall.yaml     what is wrong with the registers, and what is due
    #           rollcall scan --config rollcall.yaml      what the logs say that the registers do not
    # The zone says when a day begins and ends: a contractor's last day ends at midnight here.
    organisation: {name: Example BV, timezone: UTC}
    registers: registers
    policy: policy.yaml
    # Who signs the monthly review (`rollcall scan --review`, `rollcall review`): never the same person.
    review: {preparer: {name: Tom Berg, role: Operations}, reviewer: {name: Dana Reyes, role: Managing director}}
    # `detectors` is left out, so the shipped ones run. To add your own: detectors: [detectors, more]
    sources:
      # An invented log, so that there is something to see. Put your own here and remove it.
      - {name: example, path: logs/example.log}
      # - {name: hosts, path: "/var/log/auth.log*"}
      # - {name: web, path: "/var/log/nginx/access.json*", system: app}
      # - {name: gitlab, path: "/var/log/gitlab/gitlab-rails/*_json.log", system: gitlab}
      # - {name: journal, journald: true}
      # - {name: network, listen: "udp://127.0.0.1:5514"}

    # For `rollcall watch`: where it keeps what it knows, and whom it tells. ${NAME} reads the environment.
    # state: state/rollcall.db
    # outputs:
    #   - {name: team, webhook: "https://hooks.example.org/rollcall", secret: "${ROLLCALL_SECRET}", levels: [critical, high]}

    """
  }

  var policy: String {
    """
    # Your numbers. `rollcall` knows a default for each and prints it in the review; write down here only what you
    # decided, and why: a value without a reason is refused. `clause` says which rule it answers to.
    contractor:
      # The longest that a contractor may have access without a renewal in writing.
      days_max: {value: 42, clause: row-8, reason: "Six weeks cover one milestone; longer work is renewed by name."}
      # How long before the end somebody is told.
      warn_days: {value: 7, clause: row-8, reason: "A week is enough to renew or to plan the last day."}
    offboarding:
      # Within how many hours of the last one all access must be gone.
      hours: {value: 24, clause: row-17, reason: "Nobody keeps access over a night longer than needed."}
    approval:
      # The longest that an exception may last.
      days_max: {value: 90, clause: row-22, reason: "What lasts longer than a quarter is no exception."}
    review:
      # By which day of the next month a month's access review is signed.
      due_day: {value: 5, clause: row-12, reason: "Done with the month's invoices, in the first week."}
    attestation:
      # What somebody vouches for in attestations.yaml. Begin with what you can prove, and add the others one by one.
      clauses: {value: [row-101, row-105, row-118], clause: row-46, reason: "What we have promised and can prove so far."}
    residency:
      # Where data may be.
      countries: {value: [NL, DE], clause: row-74, reason: "What our contracts promise."}
    login:
      brute_force:
        # How many failures from one address are a program's and not a person's.
        failures: {value: 10, clause: row-47, reason: "We mistype three times, never ten."}

    """
  }

  /// Eight lines; the last two are what the example is about.
  var log: String {
    let day = day(workingDay)
    return """
      \(day)T08:58:12+00:00 web1 sshd-session[2101]: Accepted publickey for tom from 192.0.2.10 port 50122 ssh2: ED25519 SHA256:4vJ0c1GzS8q2mXn5b7tYw9eRr3uKpLdHfAaQxZoEi6U
      \(day)T08:59:40+00:00 web1 sudo:      tom : TTY=pts/0 ; PWD=/home/tom ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx
      \(day)T09:20:03+00:00 stg1 sshd-session[877]: Accepted publickey for kim from 192.0.2.14 port 40112 ssh2: ED25519 SHA256:9bQx2LrT0yVn4sWc7dKe1fGh5jMp8uAaZzYyXxWwVv0
      \(day)T09:42:17+00:00 web1 sshd-session[2144]: Failed password for aya from 192.0.2.11 port 50410 ssh2
      \(day)T09:42:31+00:00 web1 sshd-session[2144]: Accepted password for aya from 192.0.2.11 port 50410 ssh2
      \(day)T10:15:00+00:00 db1 sshd-session[512]: Accepted publickey for backup from 10.0.0.11 port 33810 ssh2: ED25519 SHA256:1aWs3eDr5fTg7hYj9kUl0pOiBnMvCxZqAsDfGhJkLz2
      \(day)T10:31:05+00:00 db1 sshd-session[530]: Accepted publickey for kim from 192.0.2.14 port 40388 ssh2: ED25519 SHA256:9bQx2LrT0yVn4sWc7dKe1fGh5jMp8uAaZzYyXxWwVv0
      \(day)T11:02:44+00:00 web1 sshd-session[2190]: Accepted password for guest from 198.51.100.77 port 61200 ssh2

      """
  }
}
