#!/usr/bin/env python3
"""Writes samples/logs and samples/expected.tsv: two months at Harbour & Finch BV, a company that does not exist.

Run it from anywhere: `python3 samples/generate.py`. Python's standard library is all it needs. The seed is
fixed and only `random()` is drawn, so each run writes the same lines (compressed bytes may differ between
versions of zlib, what they hold does not). With `--check` it writes nothing and exits 1 when a file differs.

Background: each person has a few habits, such as web1 from the office. A habit shows up in a person's first
days and is then repeated, so that no ordinary day holds anything new. Scenes: what should and what should
not be found stands in the functions named scene_*, each beside its rows for expected.tsv.

Every address is a documentation address or private, every domain an example domain.
"""

import base64
import calendar
import gzip
import hashlib
import json
import os
import random
import struct
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
LOGS = os.path.join(HERE, "logs")
SUMMER_ENDS = calendar.timegm((2026, 10, 25, 1, 0, 0))
OFFICE = "192.0.2.10"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = [(9, day) for day in range(1, 31)] + [(10, day) for day in range(1, 32)]

draw = random.Random(20261031).random


def between(low, high):
    """A whole number from low through high."""
    return low + int(draw() * (high - low + 1))


def pick(choices):
    """One of the choices."""
    return choices[int(draw() * len(choices))]


# Times. Inside this file a time is a float, seconds since 1970 UTC; people live in Europe/Amsterdam.


def at(month, day, hour, minute=0, second=0.0):
    """The time that a clock in Amsterdam shows; the hour repeated on 25 October is not asked for."""
    utc = calendar.timegm((2026, month, day, hour, minute, 0)) + second - 7200
    return utc if utc < SUMMER_ENDS else utc + 3600


def offset(t):
    return 7200 if t < SUMMER_ENDS else 3600


def local(t):
    return time.gmtime(int(t) + offset(t))


def is_workday(month, day):
    return calendar.weekday(2026, month, day) < 5


def iso_local(t, fraction=False):
    text = time.strftime("%Y-%m-%dT%H:%M:%S", local(t))
    return text + (".%03d" % int(t % 1 * 1000) if fraction else "") + "+%02d:00" % (offset(t) // 3600)


def iso_utc(t, fraction=True):
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(t)))
    return text + (".%03dZ" % int(t % 1 * 1000) if fraction else "Z")


def identifier(*parts):
    """32 hexadecimal digits that depend on the parts only."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


# What is collected: (time, order of arrival, line) by log.

collected = {name: [] for name in (
    "auth", "nginx", "www", "production", "application", "audit", "trail", "vpn", "postgresql", "proxy", "kubernetes",
    "nextcloud")}
expectations = []


def add(log, t, line):
    lines = collected[log]
    lines.append((t, len(lines), line if isinstance(line, bytes) else line.encode()))


def expect(detector, subjects, verdict, note):
    expectations.append("\t".join((detector, subjects, verdict, note)))


# auth.log: what the hosts send to the log server, RFC 3164 without a year.

UIDS = {"root": 0, "postgres": 113}
SESSIONS = {}


def uid(user):
    return UIDS.setdefault(user, 1000 + len(UIDS))


def syslog(t, host, program, message):
    now = local(t)
    add("auth", t, "%s %2d %s %s %s: %s" % (
        MONTHS[now.tm_mon - 1], now.tm_mday, time.strftime("%H:%M:%S", now), host, program, message))


def fingerprint(user):
    return "SHA256:" + base64.b64encode(hashlib.sha256(user.encode()).digest()).decode().rstrip("=")


def ssh(t, host, user, address, minutes=None, method="publickey", sudo=None):
    """One successful sign-in with its session, from the acceptance to the end."""
    pid, port = between(1200, 64000), between(40000, 64000)
    minutes = between(4, 50) if minutes is None else minutes
    number = SESSIONS[host] = SESSIONS.get(host, 100) + 1
    program = "sshd-session[%d]" % pid
    key = ": ED25519 " + fingerprint(user) if method == "publickey" else ""
    syslog(t, host, program, "Accepted %s for %s from %s port %d ssh2%s" % (method, user, address, port, key))
    syslog(t + 0.1, host, program,
           "pam_unix(sshd:session): session opened for user %s(uid=%d) by %s(uid=0)" % (user, uid(user), user))
    syslog(t + 0.2, host, "systemd-logind[611]",
           "New session '%d' of user '%s' with class 'user' and type 'tty'." % (number, user))
    for command in sudo or ():
        moment = t + between(40, 45 * minutes)
        syslog(moment, host, "sudo", "%8s : TTY=pts/0 ; PWD=/home/%s ; USER=root ; COMMAND=%s" % (user, user, command))
        syslog(moment + 0.1, host, "sudo",
               "pam_unix(sudo:session): session opened for user root(uid=0) by %s(uid=%d)" % (user, uid(user)))
        syslog(moment + 2, host, "sudo", "pam_unix(sudo:session): session closed for user root")
    end = t + 60 * minutes + between(0, 59)
    syslog(end, host, program, "Received disconnect from %s port %d:11: disconnected by user" % (address, port))
    syslog(end, host, program, "Disconnected from user %s %s port %d" % (user, address, port))
    syslog(end + 0.1, host, program, "pam_unix(sshd:session): session closed for user %s" % user)
    syslog(end + 0.2, host, "systemd-logind[611]",
           "Session %d logged out. Waiting for processes to exit." % number)
    syslog(end + 0.3, host, "systemd-logind[611]", "Removed session %d." % number)


def wrong_password(t, host, user, address, known=True, twins=False):
    """One failed attempt. With `twins`, the further lines that sshd and PAM write about the same attempt."""
    pid, port = between(1200, 64000), between(40000, 64000)
    program = "sshd-session[%d]" % pid
    if twins and not known:
        syslog(t, host, program, "Invalid user %s from %s port %d" % (user, address, port))
    if twins:
        syslog(t + 0.1, host, program,
               "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=%s%s" % (
                   address, "  user=" + user if known else ""))
    syslog(t + 0.2, host, program, "Failed password for %s%s from %s port %d ssh2" % (
        "" if known else "invalid user ", user, address, port))
    if twins:
        syslog(t + 0.3, host, program, "Connection closed by %s user %s %s port %d [preauth]" % (
            "authenticating" if known else "invalid", user, address, port))


# GitLab and the nginx before it.

BROWSERS = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
]
PROJECTS = ["harbour/app", "harbour/site", "harbour/deploy", "finch/billing"]


def browser(user):
    return BROWSERS[int(identifier("browser", user)[:6], 16) % len(BROWSERS)]


def nginx(t, address, host, path, status, size, agent, method="GET", user="", args="", referrer="", secure=True):
    add("nginx", t, compact({
        "time": iso_local(t), "remote_addr": address, "remote_user": user, "request_method": method,
        "host": host, "uri": path, "args": args, "status": str(status), "body_bytes_sent": str(size),
        "request_time": "%.3f" % (0.002 + draw() / 4), "http_referer": referrer, "http_user_agent": agent,
        "request_id": identifier("request", len(collected["nginx"])),
        "ssl_protocol": "TLSv1.3" if secure else ""}))


def gitlab_request(t, user, address, method, path, controller, action, status, params=(), named=True):
    correlation = "01K" + identifier("correlation", len(collected["production"]))[:23].upper()
    record = {
        "method": method, "path": path, "format": "html", "controller": controller, "action": action,
        "status": status, "time": iso_utc(t), "params": list(params), "correlation_id": correlation,
        "meta.caller_id": controller + "#" + action, "meta.remote_ip": address,
        "meta.client_id": "user/%d" % uid(user) if named else "ip/" + address, "remote_ip": address}
    if named:
        record.update({"user_id": uid(user), "username": account(user)})
    agent = "git/2.47.3" if action == "git_upload_pack" else browser(user)
    record.update({"ua": agent, "db_count": between(3, 40), "duration_s": round(0.02 + draw() / 2, 5)})
    add("production", t, compact(record))
    # GitLab logs 0 for a refused sign-in; what the browser gets, and nginx logs, is 422.
    nginx(t, address, "git.example.org", path, status or 422, between(900, 48000), agent, method=method)
    return correlation


def account(user):
    """The name on GitLab and AWS: the full one for employees, the short one for contractors."""
    return FULL_NAMES.get(user, user)


def gitlab_sign_in(t, user, address, pages=None, admin=False):
    name = account(user)
    params = [{"key": "authenticity_token", "value": "[FILTERED]"},
              {"key": "user", "value": {"login": name, "password": "[FILTERED]", "remember_me": "0"}}]
    correlation = gitlab_request(
        t, user, address, "POST", "/users/sign_in", "SessionsController", "create", 302, params)
    add("application", t + 0.05, compact({
        "severity": "INFO", "time": iso_utc(t + 0.05),
        "correlation_id": correlation,
        "message": "Successful Login: username=%s ip=%s method=two-factor admin=%s" % (
            name, address, str(admin).lower())}))
    moment = t
    for _ in range(between(1, 4) if pages is None else pages):
        moment += between(20, 900)
        project = pick(PROJECTS)
        path, controller, action = pick([
            ("/%s" % project, "ProjectsController", "show"),
            ("/%s/-/issues" % project, "Projects::IssuesController", "index"),
            ("/%s/-/merge_requests/%d" % (project, between(100, 180)), "Projects::MergeRequestsController", "show"),
            ("/%s.git/git-upload-pack" % project, "Repositories::GitHttpController", "git_upload_pack")])
        gitlab_request(moment, user, address, "POST" if action == "git_upload_pack" else "GET", path,
                       controller, action, 200)


def gitlab_failed(t, user, address):
    name = account(user)
    params = [{"key": "user", "value": {"login": name, "password": "[FILTERED]", "remember_me": "0"}}]
    correlation = gitlab_request(
        t, user, address, "POST", "/users/sign_in", "SessionsController", "create", 0, params, named=False)
    add("application", t + 0.05, compact({
        "severity": "INFO", "time": iso_utc(t + 0.05),
        "correlation_id": correlation,
        "message": "Failed Login: username=%s ip=%s" % (name, address)}))


def gitlab_audit(t, author, **details):
    record = {"severity": "INFO", "time": iso_utc(t), "author_id": uid(author), "author_name": account(author)}
    record.update(details)
    record["created_at"] = iso_utc(t)
    add("audit", t, compact(record))


# The VPN gateway: RFC 5424 with structured data of its own; samples/mappings/vpn.yaml says what it means.


def vpn(t, user, address, result="success", note="tunnel opened"):
    add("vpn", t, '<%d>1 %s vpngw vpngw 811 AUTH [auth@32473 user="%s" src="%s" result="%s" method="otp"] %s' % (
        86 if result == "success" else 84, iso_local(t, True), user, address, result, note))


# CloudTrail.

TRAIL_ACCOUNT = "111122223333"


def trail(t, name, source, identity, address, agent, **more):
    record = {
        "eventVersion": "1.11", "userIdentity": identity, "eventTime": iso_utc(t, False), "eventSource": source,
        "eventName": name, "awsRegion": "eu-central-1", "sourceIPAddress": address, "userAgent": agent}
    record.update(more)
    number = identifier("trail", len(collected["trail"]))
    record.update({
        "eventID": "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:])),
        "recipientAccountId": TRAIL_ACCOUNT})
    add("trail", t, compact(record))


def iam_user(user):
    name = account(user)
    return {"type": "IAMUser", "principalId": "AIDAEXAMPLE" + name.upper().replace(".", "")[:9],
            "arn": "arn:aws:iam::%s:user/%s" % (TRAIL_ACCOUNT, name), "accountId": TRAIL_ACCOUNT, "userName": name}


def console(t, user, address, success=True):
    more = {"requestParameters": None, "responseElements": {"ConsoleLogin": "Success" if success else "Failure"},
            "additionalEventData": {"MobileVersion": "No", "MFAUsed": "Yes" if success else "No"},
            "readOnly": False, "eventType": "AwsConsoleSignIn"}
    if not success:
        more["errorMessage"] = "Failed authentication"
    trail(t, "ConsoleLogin", "signin.amazonaws.com", iam_user(user), address, browser(user), **more)


# The people of samples/registers and their habits: (what, where from, chance on a workday, hours).

FULL_NAMES = {
    "maren": "maren.visser", "joris": "joris.bakker", "aisha": "aisha.rahman", "maud": "maud.peeters",
    "daan": "daan.kuiper", "sofia": "sofia.lindqvist", "tomas": "tomas.novak", "ilse": "ilse.degroot",
    "ruben": "ruben.claes", "bas": "bas.mulder", "tessa": "tessa.vink"}
MORNING, DAY, LATE = (8, 10), (10, 15), (13, 16)
HABITS = {
    "maren": [("gitlab", OFFICE, 0.25, MORNING), ("vpn", "198.51.100.21", 0.15, MORNING)],
    "joris": [("ssh web1", OFFICE, 0.4, DAY), ("ssh db1", OFFICE, 0.25, DAY), ("ssh gw1", OFFICE, 0.25, LATE),
              ("gitlab", OFFICE, 0.3, MORNING), ("aws", OFFICE, 0.2, DAY)],
    "aisha": [("ssh web1", OFFICE, 0.3, DAY), ("gitlab", OFFICE, 0.35, MORNING), ("vpn", "198.51.100.23", 0.25, MORNING),
              ("ssh web1", "10.8.0.23", 0.15, LATE)],
    "maud": [("ssh web1", OFFICE, 0.8, DAY), ("gitlab", OFFICE, 0.35, MORNING)],
    "daan": [("ssh web1", OFFICE, 0.35, LATE), ("gitlab", OFFICE, 0.3, MORNING), ("vpn", "198.51.100.25", 0.2, MORNING)],
    "sofia": [("ssh db1", OFFICE, 0.45, DAY), ("ssh db2", OFFICE, 0.2, LATE), ("vpn", "198.51.100.26", 0.25, MORNING),
              ("ssh db1", "10.8.0.26", 0.2, DAY), ("aws", OFFICE, 0.15, LATE)],
    "tomas": [("ssh web1", OFFICE, 0.3, DAY), ("gitlab", OFFICE, 0.3, MORNING), ("vpn", "198.51.100.27", 0.2, LATE)],
    "ilse": [("gitlab", OFFICE, 0.15, DAY)],
    "ruben": [("gitlab", OFFICE, 0.3, MORNING), ("vpn", "198.51.100.29", 0.2, MORNING), ("ssh web1", OFFICE, 0.15, LATE)],
    "bas": [("ssh web1", OFFICE, 0.4, DAY), ("gitlab", OFFICE, 0.3, MORNING), ("vpn", "198.51.100.31", 0.2, MORNING)],
    "tessa": [("ssh web1", OFFICE, 0.6, DAY), ("gitlab", OFFICE, 0.5, MORNING), ("vpn", "198.51.100.32", 0.3, MORNING),
              ("ssh web1", "10.8.0.32", 0.25, LATE)],
    "yusuf": [("vpn", "198.51.100.65", 0.4, MORNING), ("gitlab", "198.51.100.65", 0.35, DAY),
              ("staging", "10.8.0.65", 0.5, LATE)],
}
PRESENCE = {"bas": ((9, 1), (10, 8)), "tessa": ((10, 12), (10, 31)), "yusuf": ((9, 28), (10, 31))}
ADMINISTRATION = ["/usr/bin/systemctl restart app", "/usr/bin/apt-get update", "/usr/bin/journalctl -u app -n 200",
                  "/usr/sbin/nginx -t", "/usr/bin/less /var/log/nginx/error.log"]


def practise(user, habit, month, day):
    what, address, _, (first, last) = habit
    t = at(month, day, between(first, last - 1), between(0, 59), between(0, 59) + draw())
    kind, _, host = what.partition(" ")
    if kind == "ssh":
        commands = [pick(ADMINISTRATION)] if user in ("joris", "sofia") and draw() < 0.5 else None
        ssh(t, host, user, address, sudo=commands)
    elif kind == "gitlab":
        gitlab_sign_in(t, user, address, admin=user in ("maren", "joris"))
    elif kind == "vpn":
        vpn(t, user, address)
    elif kind == "aws":
        console(t, user, address)
        for _ in range(between(1, 2)):
            trail(t + between(30, 900), pick(["DescribeInstances", "ListBuckets", "DescribeDBInstances"]),
                  pick(["ec2.amazonaws.com", "s3.amazonaws.com"]), iam_user(user), address, browser(user),
                  requestParameters=None, responseElements=None, readOnly=True, eventType="AwsApiCall")
    elif kind == "staging":
        for page in range(between(1, 4)):
            nginx(t + 40 * page, address, "staging.example.org", pick(["/", "/login", "/orders", "/orders/new"]), 200,
                  between(800, 9000), browser(user), user=user)


def background_people():
    for user, habits in HABITS.items():
        first, last = PRESENCE.get(user, ((9, 1), (10, 31)))
        present = [day for day in DAYS if first <= day <= last and is_workday(*day)]
        for index, (month, day) in enumerate(present):
            for habit in habits:
                # The first two days show every habit; from then on chance decides.
                if draw() < habit[2] or index < 2:
                    practise(user, habit, month, day)
    # Ten sign-ins are needed before anything can be new for a person; Joost stays below.
    for month, day in ((9, 3), (9, 22), (10, 6), (10, 15)):
        vpn(at(month, day, 11, between(0, 59), 7), "joost", "198.51.100.30")


def background_services():
    for month, day in DAYS:
        ssh(at(month, day, 1, 30, 2 + draw()), "db1", "backup", "10.0.0.30", minutes=between(11, 14))
        ssh(at(month, day, 6, 5, 11 + draw()), "web1", "monitor", "10.0.0.40", minutes=0)
        if is_workday(month, day) and (draw() < 0.5 or day < 4):
            ssh(at(month, day, between(11, 15), between(0, 59), 30), "web1", "deploy", "10.0.0.20", minutes=1)
        for host in ("web1", "db1", "gw1"):
            for hour in (0, 6, 12, 18):
                pid = between(1200, 64000)
                t = at(month, day, hour, 17, 1)
                syslog(t, host, "CRON[%d]" % pid, "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)")
                syslog(t + 0.2, host, "CRON[%d]" % pid, "pam_unix(cron:session): session closed for user root")
        t = at(month, day, 0, 5, 3 + draw())
        add("vpn", t, '<30>1 %s vpngw vpngw 811 HEALTH [health@32473 tunnels="%d" dropped="0"] %s' % (
            iso_local(t, True), between(0, 9), "daily figures"))
        for hour in (3, 15):
            nginx(at(month, day, hour, 0, 5), "127.0.0.1", "web1.example.org", "/healthz", 200, 3, "curl/8.14.1", secure=False)
        t = at(month, day, 4, 20, between(0, 59))
        trail(t, "AssumeRole", "sts.amazonaws.com",
              {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}, "autoscaling.amazonaws.com",
              "autoscaling.amazonaws.com",
              requestParameters={"roleArn": "arn:aws:iam::%s:role/AutoScaling" % TRAIL_ACCOUNT, "roleSessionName": "AutoScaling"},
              responseElements=None, readOnly=True, eventType="AwsApiCall")


STRANGERS = ["203.0.113.%d" % number for number in range(130, 200)]
GUESSES = ["admin", "test", "ubuntu", "oracle", "user", "git", "pi", "ftp", "guest", "es", "hadoop"]
PAGES = ["/", "/", "/about", "/products", "/products/sails", "/products/rope", "/contact", "/jobs", "/css/site.css",
         "/img/logo.svg", "/news/2026-09", "/robots.txt"]


def background_internet():
    """What any public address sees: scanners at the gateway, visitors and robots on the web site."""
    for month, day in DAYS:
        for _ in range(between(2, 5)):
            t, address, port = at(month, day, between(3, 23), between(0, 59), between(0, 59)), pick(STRANGERS), between(40000, 64000)
            program, guess = "sshd-session[%d]" % between(1200, 64000), pick(GUESSES)
            shape = between(0, 3)
            if shape == 0:
                syslog(t, "gw1", program, "Invalid user %s from %s port %d" % (guess, address, port))
                syslog(t + 0.6, "gw1", program, "Connection closed by invalid user %s %s port %d [preauth]" % (guess, address, port))
            elif shape == 1:
                syslog(t, "gw1", program, "Connection closed by authenticating user root %s port %d [preauth]" % (address, port))
            elif shape == 2:
                syslog(t, "gw1", program, "Connection reset by %s port %d [preauth]" % (address, port))
            else:
                syslog(t, "gw1", program, "Received disconnect from %s port %d:11: Bye Bye [preauth]" % (address, port))
                syslog(t, "gw1", program, "Disconnected from %s port %d [preauth]" % (address, port))
        for _ in range(between(12, 22)):
            t = at(month, day, between(3, 23), between(0, 59), between(0, 59))
            address = pick(STRANGERS) if draw() < 0.6 else "2001:db8:%x::%x" % (between(16, 4095), between(1, 65535))
            page, agent = pick(PAGES), pick(BROWSERS + ["ExampleBot/2.1 (+https://www.example.net/bot)"])
            request, status, size = "GET %s HTTP/2.0" % page, 200, between(300, 42000)
            if draw() < 0.04:
                request, status, size = "GET /old/catalogue.pdf HTTP/1.1", 404, 153
            elif draw() < 0.01:
                # Someone speaks TLS to the plain port: nginx escapes the bytes, the line is a good one.
                request, status, size, agent = "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xFC\\x03\\x03", 400, 157, "-"
            stamp = "%02d/%s/2026:%s +%02d00" % (
                local(t).tm_mday, MONTHS[local(t).tm_mon - 1], time.strftime("%H:%M:%S", local(t)), offset(t) // 3600)
            add("www", t, '%s - - [%s] "%s" %d %d "%s" "%s"' % (
                address, stamp, request, status, size,
                pick(["-", "-", "https://www.example.org/", "https://search.example.com/"]), agent))
        for _ in range(between(5, 10)):
            nginx(at(month, day, between(7, 22), between(0, 59), between(0, 59)), pick(STRANGERS), "app.example.org",
                  pick(["/", "/login", "/orders", "/static/app.js", "/static/app.css"]), 200, between(300, 30000), pick(BROWSERS))


# Scenes. A note starts with the day, or the month, of the evidence in Europe/Amsterdam.


def scene_unknown_infrastructure():
    for day, hour in ((13, 11), (14, 15), (16, 10)):
        t = at(10, day, hour, 22, 8)
        syslog(t, "build7", "CRON[%d]" % between(1200, 64000),
               "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)")
        syslog(t + 95, "build7", "sshd-session[2207]",
               "Accepted publickey for root from 10.0.0.20 port %d ssh2: ED25519 %s" % (between(40000, 64000), fingerprint("root")))
        syslog(t + 400, "build7", "sshd-session[2207]", "pam_unix(sshd:session): session closed for user root")
    for day in (20, 21):
        for minute in (5, 6, 9, 30):
            nginx(at(10, day, 14, minute, 4), OFFICE, "staging2.example.org", "/", 200, 4100, BROWSERS[0])
    expect("unknown-infrastructure", "build7", "must", "2026-10-13: a host that no register row names; also on 14 and 16 October")
    expect("unknown-infrastructure", "staging2.example.org", "must", "2026-10-20: a domain served by our nginx that no row names")
    expect("unknown-infrastructure", "web1.example.org", "mustnot", "2026-10: a second name of web1 in its row; in the nginx log every day")
    expect("unknown-infrastructure", "git.example.org", "mustnot", "2026-10: a name of the service gitlab")
    expect("unknown-infrastructure", "autoscaling.amazonaws.com", "mustnot", "2026-10: CloudTrail puts a service's name where an address is expected")


def scene_unknown_network():
    for minute in (3, 8):
        wrong_password(at(10, 21, 15, minute, 40), "db1", "test", "10.99.0.5", known=False, twins=True)
    for minute in (12, 13, 15):
        nginx(at(10, 21, 15, minute, 1), "10.99.0.5", "app.example.org", "/orders", 200, 7200, "curl/8.14.1")
    expect("unknown-network", "10.99.0.5", "must", "2026-10-21: a private address in no listed range; on db1 and in the nginx log")
    expect("unknown-network", "10.8.0.26,10.8.0.65", "mustnot", "2026-10: addresses of the listed VPN range")
    expect("unknown-network", "127.0.0.1", "mustnot", "2026-10: the health check of the host itself")


def scene_contractor_scope():
    # Noor: GitLab and web hosts, office hours. Few sign-ins, so that nothing counts as new for her.
    noor = "198.51.100.61"
    for month, day in ((9, 2), (9, 16), (9, 30), (10, 14)):
        gitlab_sign_in(at(month, day, 10, between(0, 59), 12), "noor", noor)
    ssh(at(10, 21, 11, 20, 31), "gw1", "noor", noor, minutes=6)
    gitlab_sign_in(at(10, 24, 23, 12, 9), "noor", noor, pages=1)
    expect("contractor-out-of-scope", "c-002,noor", "must", "2026-10-21: gw1 is none of her systems")
    expect("contractor-out-of-scope", "c-002,noor", "must", "2026-10-24: a Saturday, 23:12")
    expect("contractor-out-of-scope", "c-002,noor", "mustnot", "2026-10-14: GitLab, in office hours")
    # Lena: staging databases; production only while an approval says so.
    for month, day, host in ((9, 23, "db2"), (10, 1, "db2"), (10, 8, "db1"), (10, 20, "db1"), (10, 27, "db1")):
        vpn(at(month, day, 9, 40, 5.5), "lena", "198.51.100.64")
        ssh(at(month, day, 9, 52, 17), host, "lena", "10.8.0.64", minutes=25)
    expect("contractor-out-of-scope", "c-004,lena", "must", "2026-10-08: db1 is production, agreed is staging; no approval")
    expect("contractor-out-of-scope", "c-004,lena", "mustnot", "2026-10-20: db1 again, with approval a-031 of 16 October")
    expect("contractor-out-of-scope", "c-004,lena", "must", "2026-10-27: approval a-032 is dated the day after and clears nothing")
    expect("contractor-out-of-scope", "c-004,lena", "mustnot", "2026-10-01: the staging database db2")
    expect("contractor-out-of-scope", "c-005,yusuf", "mustnot", "2026-10: keeps to systems, environments and hours all month")


def scene_expired_accounts():
    # Olek ended on 30 September; the system-side expiry was taken off on 5 October.
    for month, day in ((9, 2), (9, 10), (9, 24), (10, 6), (10, 13)):
        vpn(at(month, day, 9, 31, 2.25), "olek", "198.51.100.60")
        ssh(at(month, day, 9, 40, 44), "web1", "olek", "10.8.0.60", minutes=20)
    t = at(10, 5, 16, 44, 10)
    syslog(t, "web1", "usermod[8812]", "change user 'olek' expiration from '2026-09-30' to 'never'")
    expect("expired-account-active", "c-001,olek", "must", "2026-10-06: VPN and web1, six days after the engagement's end")
    expect("expired-account-active", "c-001,olek", "mustnot", "2026-09-24: before the end")
    # Pim's renewal was approved four days after the lapse.
    for month, day in ((9, 7), (9, 14), (9, 21), (10, 5), (10, 12), (10, 15)):
        gitlab_sign_in(at(month, day, 13, between(0, 59), 50), "pim", "198.51.100.63", pages=2)
    expect("expired-account-active", "c-003,pim", "must", "2026-10-12: ended on 9 October; the renewal is of 13 October, too late")
    expect("expired-account-active", "c-003,pim", "mustnot", "2026-10-05: before the end")
    expect("expired-account-active", "c-002,noor", "mustnot", "2026-10-14: renewed in writing before the lapse")
    # Bas left on 9 October: the last day counts, afterwards he only fails.
    ssh(at(10, 9, 16, 40, 3), "web1", "bas", OFFICE, minutes=30)
    for second in (4, 15, 31):
        wrong_password(at(10, 16, 20, 15, second), "gw1", "bas", "198.51.100.31", twins=True)
    expect("expired-account-active", "p-011,bas", "mustnot", "2026-10-09: the last day of employment is inside it")
    expect("expired-account-active", "p-011,bas", "mustnot", "2026-10-16: three failures, no success")
    expect("expired-account-failures", "p-011,bas", "must", "2026-10-16: the failures, at a lower level")


def scene_brute_force():
    def burst(start, host, address, count, gap, users):
        for index in range(count):
            user = users[index % len(users)]
            wrong_password(start + index * gap, host, user, address, known=user == "root")

    burst(at(9, 17, 3, 12, 5), "gw1", "203.0.113.68", 26, 7, ("root", "admin"))
    burst(at(10, 7, 3, 41, 2), "gw1", "203.0.113.66", 26, 6.9, ("root", "admin", "test"))
    expect("login-brute-force", "203.0.113.68", "must", "2026-09-17: 26 failures in 3 minutes; not of the month under review")
    expect("login-brute-force", "203.0.113.66", "must", "2026-10-07: 26 failures in 3 minutes")
    # Nine lines that stand for 29 failures: four, and five that say `repeated 5 times`.
    start = at(10, 13, 4, 2, 10)
    for index in range(4):
        wrong_password(start + index * 2, "web1", "root", "203.0.113.67")
    for index in range(5):
        syslog(start + 20 + index * 25, "web1", "sshd-session[7741]",
               "message repeated 5 times: [ Failed password for root from 203.0.113.67 port 51812 ssh2]")
    expect("login-brute-force", "203.0.113.67", "must", "2026-10-13: 9 lines stand for 29 failures (`message repeated 5 times`)")
    # The user name claims another address. The last `from` is sshd's own.
    start = at(10, 18, 5, 20, 0)
    for index in range(27):
        syslog(start + index * 6, "gw1", "sshd-session[%d]" % between(1200, 64000),
               "Failed password for invalid user root from 10.0.0.1 port 22 ssh2 from 203.0.113.99 port %d ssh2" % between(40000, 64000))
    expect("login-brute-force", "203.0.113.99", "must", "2026-10-18: 27 failures whose user name pretends to come from 10.0.0.1")
    expect("login-brute-force", "10.0.0.1", "mustnot", "2026-10-18: the address inside the user name")
    # Ten attempts, each told three or four times.
    for index in range(10):
        wrong_password(at(10, 9, 2, 30, 0) + index * 28, "gw1", ("admin", "oracle")[index % 2], "203.0.113.51", known=False, twins=True)
    expect("login-brute-force", "203.0.113.51", "mustnot", "2026-10-09: exactly 10 attempts in 5 minutes, in 40 lines")
    burst(at(10, 11, 2, 10, 0), "gw1", "203.0.113.50", 30, 119, ("root", "admin"))
    expect("login-brute-force", "203.0.113.50", "mustnot", "2026-10-11: 30 failures, but over an hour")
    expect("login-slow-brute-force", "203.0.113.50", "must", "2026-10-11: the same 30, two minutes apart and without a success")
    expect("login-slow-brute-force", "203.0.113.66", "mustnot", "2026-10-07: fast, and so a finding of login-brute-force alone")
    expect("login-slow-brute-force", OFFICE, "mustnot", "2026-10: the office mistypes, and gets in")


def scene_password_spray():
    users = ["maren", "joris", "aisha", "daan", "sofia", "tomas", "ilse", "ruben", "joost",
             "info", "sales", "office", "support", "admin", "backup"]
    known = set(HABITS) | {"joost", "backup"}
    for index, user in enumerate(users):
        wrong_password(at(10, 23, 2, 10, 0) + index * 34, "gw1", user, "203.0.113.88", known=user in known)
    expect("login-password-spray", "203.0.113.88", "must", "2026-10-23: 15 users, one try each, in 8 minutes")
    # The office leaves through one address; on a Thursday six people mistype once.
    for hour, user, host in ((8, "aisha", "web1"), (9, "daan", "web1"), (11, "tomas", "web1"), (13, "joris", "gw1"),
                             (14, "sofia", "db1"), (16, "ruben", "web1")):
        t = at(10, 29, hour, between(5, 50), 3)
        wrong_password(t, host, user, OFFICE)
        ssh(t + 9, host, user, OFFICE, minutes=5, method="password")
    expect("login-password-spray", OFFICE, "mustnot", "2026-10-29: the office's address, six users, one typing error each over a day")
    expect("login-brute-force", OFFICE, "mustnot", "2026-10-29: the same")
    expect("login-brute-force", "203.0.113.88", "mustnot", "2026-10-23: 15 failures, at most 9 in any 5 minutes")


def scene_success_after_failures():
    start = at(10, 22, 1, 12, 0)
    for index in range(27):
        wrong_password(start + index * 5.5, "gw1", "joost", "203.0.113.77")
    ssh(start + 27 * 5.5 + 4, "gw1", "joost", "203.0.113.77", minutes=7, method="password")
    expect("login-success-after-failures", "203.0.113.77,joost,p-010", "must", "2026-10-22: 27 failures, then joost is let in")
    expect("login-brute-force", "203.0.113.77", "must", "2026-10-22: the failures before it")
    for second in (11, 19):
        wrong_password(at(10, 15, 13, 5, second), "web1", "daan", OFFICE)
    ssh(at(10, 15, 13, 5, 33), "web1", "daan", OFFICE, minutes=12, method="password")
    expect("login-success-after-failures", "p-005,daan,%s" % OFFICE, "mustnot", "2026-10-15: two typing errors, then the right password")


def scene_login_risk():
    ssh(at(10, 22, 14, 20, 11), "db1", "maud", "203.0.113.201", minutes=9)
    expect("login-risk", "p-004,maud", "must", "2026-10-22: seven weeks of web1 from the office, then db1 from 203.0.113.201")
    expect("login-risk", "p-012,tessa", "mustnot", "2026-10: joined on the 12th; all is new in the first two weeks")
    expect("login-risk", "p-003,aisha", "mustnot", "2026-10: office, home and VPN, each seen since early September")
    expect("login-risk", "p-010,joost", "mustnot", "2026-10-22: a new system and network, but fewer than ten sign-ins before")


def scene_accounts():
    """Ordinary administration: a joiner's account, an audit trail in GitLab and AWS, a switch to postgres."""
    t = at(10, 12, 8, 2, 0)
    syslog(t, "web1", "useradd[3310]", "new group: name=tessa, GID=1031")
    syslog(t + 0.1, "web1", "useradd[3310]", "new user: name=tessa, UID=1031, GID=1031, home=/home/tessa, shell=/bin/bash, from=/dev/pts/1")
    syslog(t + 0.2, "web1", "usermod[3314]", "add 'tessa' to group 'developers'")
    syslog(t + 0.2, "web1", "usermod[3314]", "add 'tessa' to shadow group 'developers'")
    syslog(t + 20, "web1", "passwd[3320]", "pam_unix(passwd:chauthtok): password changed for tessa")
    trail(t + 600, "CreateUser", "iam.amazonaws.com", iam_user("joris"), OFFICE, "aws-cli/2.31.0 md/awscrt",
          requestParameters={"userName": "tessa.vink"}, responseElements={"user": {"userName": "tessa.vink"}},
          readOnly=False, eventType="AwsApiCall")
    for name, event, day in (("tessa.vink", "user_add_to_group", 12), ("bas.mulder", "user_remove_from_group", 9)):
        gitlab_audit(at(10, day, 17 if day == 9 else 8, 20, 0), "joris", entity_id=7, entity_type="Group",
                     entity_path="harbour", target_id=uid(name.split(".")[0]), target_type="User", target_details=name,
                     event_name=event, ip_address=OFFICE, custom_message="Changed membership of group harbour")
    gitlab_audit(at(9, 24, 15, 9, 0), "maren", entity_id=31, entity_type="Project", entity_path="harbour/deploy",
                 change="visibility", **{"from": "Internal", "to": "Private"}, target_id=31, target_type="Project",
                 target_details="harbour/deploy", event_name="project_visibility_level_updated", ip_address=OFFICE)
    for month, day in ((9, 8), (10, 13)):
        syslog(at(month, day, 14, 3, 0), "db1", "su[5120]", "(to postgres) sofia on pts/0")
        syslog(at(month, day, 14, 3, 0), "db1", "su[5120]",
               "pam_unix(su-l:session): session opened for user postgres(uid=113) by sofia(uid=%d)" % uid("sofia"))
        syslog(at(month, day, 14, 20, 0), "db1", "su[5120]", "pam_unix(su-l:session): session closed for user postgres")
    console(at(10, 14, 9, 59, 20), "sofia", OFFICE, success=False)
    console(at(10, 14, 9, 59, 48), "sofia", OFFICE)
    # Asks what a policy would allow; the name of the dangerous call is an argument, the call is not made.
    trail(at(10, 14, 10, 31, 0), "SimulatePrincipalPolicy", "iam.amazonaws.com", iam_user("joris"), OFFICE,
          "aws-cli/2.31.0 md/awscrt",
          requestParameters={"actionNames": ["cloudtrail:StopLogging"], "policySourceArn": "arn:aws:iam::%s:user/ruben.claes" % TRAIL_ACCOUNT},
          responseElements=None, readOnly=True, eventType="AwsApiCall")
    gitlab_failed(at(10, 8, 9, 3, 0), "ruben", OFFICE)
    gitlab_failed(at(10, 19, 8, 57, 0), "maren", OFFICE)
    vpn(at(10, 14, 8, 1, 4.5), "tomas", "198.51.100.27", "failure", "one-time password rejected")
    vpn(at(10, 14, 8, 1, 40.5), "tomas", "198.51.100.27")
    vpn(at(10, 26, 21, 14, 9.5), "ilse", "203.0.113.140", "denied", "no VPN entitlement")


# What the policies ask for beyond sign-ins: databases, the way out, the cluster, shares, changes, secrets and backups.


def postgresql(t, user, database, address, message=None, encrypted=True, application="psql"):
    """One line of PostgreSQL's jsonlog on db1: an authorised connection, or a message."""
    tls = " SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)" if encrypted else ""
    number = len(collected["postgresql"])
    add("postgresql", t, compact({
        "timestamp": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(t))) + ".%03d UTC" % int(t % 1 * 1000),
        "user": user, "dbname": database, "pid": 2000 + number, "remote_host": address, "remote_port": 50000 + number,
        "session_id": "68e4.%x" % (4096 + number), "line_num": 2, "ps": "authentication",
        "session_start": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(int(t))), "txid": 0, "error_severity": "LOG",
        "message": message or "connection authorized: user=%s database=%s application_name=%s%s" % (
            user, database, application, tls),
        "application_name": application, "backend_type": "client backend", "query_id": 0}))


def proxy(t, address, user, host, size=5200, method="CONNECT", path=""):
    """One line of the web proxy on gw1, in Squid's own format."""
    target = "%s:443" % host if method == "CONNECT" else "http://%s%s" % (host, path)
    add("proxy", t, "%.3f %6d %s TCP_%s/200 %d %s %s %s HIER_DIRECT/198.51.100.200 -" % (
        t, between(20, 900), address, "TUNNEL" if method == "CONNECT" else "MISS", size, method, target, user))


def kubernetes(t, user, verb, resource, name, namespace="shop", code=200, group="", subresource="", body=None, groups=(),
               annotations=None, address="10.0.0.20"):
    number = identifier("kubernetes", len(collected["kubernetes"]))
    reference = {"resource": resource, "namespace": namespace, "name": name, "apiGroup": group, "apiVersion": "v1"}
    if subresource:
        reference["subresource"] = subresource
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(t))) + ".%06dZ" % int(t % 1 * 1e6)
    record = {
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Request", "auditID": number, "stage": "ResponseComplete",
        "requestURI": "/api/v1/namespaces/%s/%s/%s" % (namespace, resource, name), "verb": verb,
        "user": {"username": user, "groups": list(groups) + ["system:authenticated"]}, "sourceIPs": [address],
        "userAgent": "kubectl/v1.34.1", "objectRef": reference, "responseStatus": {"metadata": {}, "code": code},
        "requestReceivedTimestamp": stamp, "stageTimestamp": stamp,
        "annotations": {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": ""}}
    if body:
        record["requestObject"] = body
    add("kubernetes", t, compact(record))


def nextcloud(t, user, address, message, method="POST", url="/index.php/login", app="admin_audit"):
    add("nextcloud", t, compact({
        "reqId": identifier("nextcloud", len(collected["nextcloud"]))[:20], "level": 1,
        "time": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(int(t))), "remoteAddr": address, "user": user, "app": app,
        "method": method, "url": url, "message": message, "userAgent": browser(user), "version": "31.0.9.1"}))


def background_duties():
    """What every day brings: the application and the backup at the database, the way out, the cluster, the files."""
    for month, day in [day for day in DAYS if day >= (9, 21)]:
        postgresql(at(month, day, 0, 15, 2 + draw()), "app", "orders", "10.0.0.11", application="app")
        postgresql(at(month, day, 1, 31, 2 + draw()), "backup", "orders", "10.0.0.30", application="pg_dump")
        if is_workday(month, day):
            for user, address in (("aisha", "10.0.0.201"), ("maud", "10.0.0.202"), ("tomas", "10.0.0.203")):
                proxy(at(month, day, between(9, 16), between(0, 59), between(0, 59)), address, user, "git.example.org")
            if draw() < 0.6:
                nextcloud(at(month, day, 9, between(0, 59), 7), "ilse", OFFICE, "Login successful: \"ilse\"")
            if draw() < 0.5:
                t = at(month, day, between(10, 15), between(0, 59), 20)
                kubernetes(t, "system:serviceaccount:deploy:pipeline", "patch", "deployments", "shop", group="apps",
                           body={"metadata": {"annotations": {"example.org/ticket": "WP-%d" % between(370, 420)}}})


def scene_production_data():
    """Who reaches the orders in production, and from where."""
    # Lena's work of scene_contractor_scope, as the database tells of it: prod_db approval a-033 is of 19 October.
    for day in (8, 20, 27):
        postgresql(at(10, day, 9, 58, 30), "lena", "orders", "10.8.0.64")
    # The staging host looks into production; somebody takes a copy; an unencrypted session.
    postgresql(at(10, 14, 11, 5, 3), "app", "orders", "10.0.0.31", application="app")
    postgresql(at(10, 21, 17, 44, 9), "tomas", "orders", "10.8.0.27", application="pg_dump")
    postgresql(at(10, 23, 10, 12, 1), "sofia", "orders", "10.8.0.26", encrypted=False)
    expect("contractor-prod-db", "c-004", "must", "2026-10-08: nobody approved it")
    expect("contractor-prod-db", "c-004", "mustnot", "2026-10-20: a-033 was given on the 16th")
    expect("contractor-prod-db", "c-004", "must", "2026-10-27: a-033 is over, a-032 is of another kind and late")
    expect("approved-late", "c-004", "must", "2026-10-27: a-032 is dated the day after")
    expect("env-crossing", "app", "must", "2026-10-14: staging reaches into production")
    expect("prod-data-dumped", "tomas", "must", "2026-10-21: pg_dump by a person")
    expect("plaintext-database", "sofia", "must", "2026-10-23: a session without TLS")
    expect("plaintext-database", "app", "mustnot", "2026-10: the application uses TLS")


def scene_tools():
    """The way out: tools that nobody approved, one that is retired, and a private cloud."""
    for day, hour in ((20, 10), (21, 15)):
        proxy(at(10, day, hour, 14, 8), "10.8.0.65", "yusuf", "errors.example.com")
    proxy(at(10, 15, 11, 2, 40), "10.8.0.61", "noor", "drop.example.net", size=48211904)
    proxy(at(10, 22, 9, 31, 12), "10.0.0.201", "aisha", "wiki.example.org")
    proxy(at(10, 28, 13, 20, 2), "10.0.0.203", "tomas", "boards.example.com")
    expect("tool-unapproved-use", "error-tracker", "must", "2026-10-20: proposed only")
    expect("tool-unapproved-use", "boards.example.com", "must", "2026-10-28: in no register")
    expect("tool-unapproved-use", "git.example.org", "mustnot", "2026-10: approved")
    expect("undisclosed-tool", "c-005", "must", "2026-10-20: the contractor who uses it")
    expect("personal-cloud", "noor", "must", "2026-10-15: 48 MB to a private cloud")
    expect("retired-tool-in-use", "aisha", "must", "2026-10-22: the old wiki")


def scene_changes():
    """The cluster and the repositories: what was changed, by whom, and with which task."""
    pod = {"metadata": {"name": "debug-1"}, "spec": {"hostPID": True, "containers": [
        {"name": "shell", "image": "registry.example.com/tools/shell:1", "securityContext": {"privileged": True, "runAsUser": 0}}]}}
    kubernetes(at(10, 13, 16, 8, 4), "tomas", "create", "pods", "debug-1", body=pod, address="10.8.0.27")
    kubernetes(at(10, 13, 16, 9, 30), "tomas", "create", "pods", "shop-5d9c", subresource="exec", code=101, address="10.8.0.27")
    kubernetes(at(10, 15, 11, 40, 0), "yusuf", "patch", "deployments", "shop", group="apps",
               body={"spec": {"replicas": 3}}, address="10.8.0.65")
    kubernetes(at(10, 16, 10, 2, 0), "joris", "create", "clusterrolebindings", "noor-admin", namespace="",
               group="rbac.authorization.k8s.io",
               body={"roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}, "subjects": [{"kind": "User", "name": "noor"}]})
    kubernetes(at(10, 19, 14, 22, 0), "joris", "create", "services", "orders-db", body={"spec": {
        "type": "LoadBalancer", "ports": [{"port": 5432}]}})
    expect("container-unhardened", "debug-1", "must", "2026-10-13: privileged, with the host's processes")
    expect("container-root", "debug-1", "must", "2026-10-13: as root")
    expect("change-untracked", "c-005", "must", "2026-10-15: no task is named")
    expect("contractor-privileged-kubernetes", "joris", "must", "2026-10-16: a contractor is made administrator of the cluster")
    expect("port-service-published", "orders-db", "must", "2026-10-19: a database behind a load balancer")


def scene_cloud():
    """AWS: doors opened, trails stopped, regions, secrets, backups."""
    def call(t, name, source, user, parameters=None, **more):
        trail(t, name, source, iam_user(user), OFFICE, "aws-cli/2.31.0 md/awscrt", requestParameters=parameters,
              responseElements=None, readOnly=name.startswith(("Get", "List", "Describe")), eventType="AwsApiCall", **more)

    call(at(10, 12, 15, 30, 0), "AuthorizeSecurityGroupIngress", "ec2.amazonaws.com", "ruben", {
        "groupId": "sg-0a1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432,
                                                          "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}})
    call(at(10, 12, 15, 41, 0), "PutEventSelectors", "cloudtrail.amazonaws.com", "ruben", {"trailName": "main"})
    call(at(10, 20, 10, 3, 0), "RunInstances", "ec2.amazonaws.com", "ruben", {"instanceType": "t3.large"}, awsRegion="us-east-1")
    call(at(10, 21, 9, 12, 0), "GetSecretValue", "secretsmanager.amazonaws.com", "ruben", {"secretId": "prod/orders-db"})
    call(at(10, 27, 11, 0, 0), "PutBucketVersioning", "s3.amazonaws.com", "sofia", {
        "bucketName": "example-backup-eu", "VersioningConfiguration": {"Status": "Suspended"}})
    call(at(10, 27, 11, 5, 0), "DeleteDBSnapshot", "rds.amazonaws.com", "sofia", {"dBSnapshotIdentifier": "orders-2026-10-20"})
    key = dict(iam_user("sofia"), accessKeyId="AKIAEXAMPLESOFIA0001")
    trail(at(10, 15, 22, 4, 0), "ListBuckets", "s3.amazonaws.com", key, "203.0.113.201", "Boto3/1.40.0", requestParameters=None,
          responseElements=None, readOnly=True, eventType="AwsApiCall")
    trail(at(10, 20, 3, 0, 0), "RotationFailed", "secretsmanager.amazonaws.com",
          {"accountId": TRAIL_ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com"}, "secretsmanager.amazonaws.com",
          "secretsmanager.amazonaws.com", requestParameters=None, responseElements=None,
          additionalEventData={"SecretId": "prod/orders-db"}, readOnly=False, eventType="AwsServiceEvent")
    expect("port-world-open", "ruben.claes", "must", "2026-10-12: PostgreSQL for the whole internet")
    expect("log-tamper", "ruben.claes", "must", "2026-10-12: fewer events are logged")
    expect("log-tamper", "joris.bakker", "mustnot", "2026-10-14: names StopLogging as an argument only")
    expect("residency-violation", "ruben.claes", "must", "2026-10-20: a machine in us-east-1")
    expect("secret-reader-unlisted", "k-001", "must", "2026-10-21: a contractor reads it")
    expect("secret-access-new", "ruben.claes", "must", "2026-10-21: never read it before")
    expect("object-lock-changed", "sofia.lindqvist", "must", "2026-10-27: versioning of the backups' bucket is suspended")
    expect("revoked-credential-used", "k-003", "must", "2026-10-15: Sofia's old key, a month after it was revoked")
    expect("rotation-failed", "prod/orders-db", "must", "2026-10-20: the rotation failed")
    expect("rotation-overdue", "k-001", "must", "2026-10-21: and so it is overdue")
    expect("rotation-overdue", "k-002", "mustnot", "2026-10: a quarter has not passed")


def scene_shares():
    nextcloud(at(10, 14, 15, 9, 0), "ilse", OFFICE, 'The file "/Orders/customers.xlsx" with ID "412" has been shared via link '
              'with permissions "17" (Share ID: 31)', url="/ocs/v2.php/apps/files_sharing/api/v1/shares", app="admin_audit")
    nextcloud(at(10, 20, 10, 30, 0), "tomas", OFFICE, 'App "deck" enabled', url="/settings/apps/enable")
    expect("restricted-shared", "ilse", "must", "2026-10-14: a link to customers' orders")
    expect("tool-unapproved-use", "deck", "must", "2026-10-20: an app that nobody approved")


def scene_hosts():
    """Accounts, administration and logs of the hosts."""
    t = at(10, 14, 16, 12, 0)
    syslog(t, "web1", "useradd[4402]", "new user: name=oskar, UID=1044, GID=1044, home=/home/oskar, shell=/bin/bash, from=/dev/pts/2")
    ssh(at(10, 27, 10, 12, 0), "web1", "tomas", "10.8.0.27", minutes=30, sudo=["/usr/bin/systemctl stop rsyslog"])
    syslog(at(10, 27, 10, 40, 0), "web1", "sshd[702]", "Server listening on 0.0.0.0 port 2222.")
    syslog(at(10, 22, 8, 3, 10), "web1", "app[911]",
           "upload to the archive failed: credentials AKIAIOSFODNN7EXAMPLE were refused")
    expect("account-unrequested", "oskar", "must", "2026-10-14: nobody of that name is in a register")
    expect("account-unrequested", "tessa", "mustnot", "2026-10-12: joined that day")
    expect("contractor-expiry-late", "c-001", "must", "2026-10-05: the expiry of Olek's account is taken off")
    expect("admin-unlisted", "tomas", "must", "2026-10-27: no administrator of web1")
    expect("log-tamper", "tomas", "must", "2026-10-27: stops rsyslog")
    expect("port-unlisted", "web1", "must", "2026-10-27: sshd on a second port")
    expect("secret-in-log", "web1", "must", "2026-10-22: an access key in an application's message")


def scene_web():
    """What outsiders try on the web site, and an afternoon on which the application failed."""
    for number in range(26):
        nginx(at(10, 17, 4, 2, number * 3), "203.0.113.211", "app.example.org", "/" + identifier("probe", number)[:9] + ".php", 404, 153,
              "curl/8.14.1")
    for number in range(700):
        nginx(at(10, 18, 2, 10, number * 0.08), "203.0.113.212", "app.example.org", "/products/%d" % number, 200, 5100,
              "ExampleScraper/1.0")
    for minute in range(40):
        for second in (5, 20, 35, 50):
            nginx(at(10, 28, 15, minute, second), pick(STRANGERS), "app.example.org", pick(["/", "/orders"]),
                  502 if minute % 4 else 200, 166, pick(BROWSERS))
    record = json.loads(collected["nginx"][-1][2])
    record.update({"time": iso_local(at(10, 21, 12, 0, 1)), "ssl_protocol": "TLSv1", "status": "200"})
    add("nginx", at(10, 21, 12, 0, 1), compact(record))
    expect("http-probing", "203.0.113.211", "must", "2026-10-17: 26 paths that do not exist")
    expect("scrape", "203.0.113.212", "must", "2026-10-18: 700 pages in a minute")
    expect("slo-burn-fast", "app.example.org", "must", "2026-10-28: three of four requests fail for 40 minutes")
    expect("tls-weak", "app.example.org", "must", "2026-10-21: TLS 1.0")


def scene_duties():
    """What the registers expect and nothing fulfilled; no line tells of it."""
    expect("offboard-overdue", "c-001", "must", "2026-10-02: Olek's accounts, a day after the end")
    expect("offboard-overdue", "p-011", "must", "2026-10-11: Bas left on the 9th")
    expect("access-review-overdue", "aws", "must", "2026-10-06: nobody reviewed September")
    expect("access-review-overdue", "gitlab", "mustnot", "2026-10-06: reviewed on the 2nd")
    expect("attestation-due", "at-106", "must", "2026-10-15: the programme's review is a year old")
    expect("attestation-due", "at-107", "mustnot", "2026-10: insured to the year's end")
    expect("exception-expired", "x-007", "must", "2026-10-11: ended on the 10th")
    expect("request-overdue", "dsr-022", "must", "2026-10-24: not answered within 30 days")
    expect("request-overdue", "dsr-021", "mustnot", "2026-10: answered in time")


def damage():
    """Lines that cannot be read, for the ledger to count, and a day that never arrived."""
    add("auth", at(10, 14, 12, 0, 30), b"\x00\x8f\xfe\x02\x00\x00garbage from a dying disk\xff\x00")
    add("auth", at(10, 27, 7, 30, 1), b"Oct 27 07:3")
    add("nginx", at(10, 15, 9, 30, 0), '{"time":"%s","remote_addr":"203.0.113.140","remote_user":"","request_me' % iso_local(at(10, 15, 9, 30)))
    # What a file system leaves of a block that was not written before the power failed.
    add("nginx", at(10, 15, 9, 30, 1), bytes(96))
    add("production", at(10, 22, 16, 0, 0), '{"method":"GET","path":"/harbour/app","format":"html","controller":"ProjectsContr')
    t = at(10, 20, 9, 14, 2.25)
    add("vpn", t, '<86>1 %s vpngw vpngw 811 AUTH [auth@32473 user="maren" src="198.51' % iso_local(t, True))
    collected["nginx"] = [entry for entry in collected["nginx"] if local(entry[0])[1:3] != (10, 19)]


def lines_of(log, keep=lambda t: True):
    return b"".join(line + b"\n" for t, _, line in sorted(collected[log]) if keep(t))


def in_september(t):
    return local(t).tm_mon == 9


def in_october(t):
    return not in_september(t)


def delivered(t):
    """Whether CloudTrail delivered the record in the file of 14 October, not in the export."""
    return time.gmtime(int(t))[1:3] == (10, 14)


def files():
    """Path below logs/ to contents; a path ending in .gz is compressed when written."""
    records = [json.loads(line) for t, _, line in sorted(collected["trail"]) if delivered(t)]
    return {
        "auth.log": lines_of("auth", in_october),
        "auth.log.1.gz": lines_of("auth", in_september),
        "nginx/access.json": lines_of("nginx", in_october),
        "nginx/access.json.1.gz": lines_of("nginx", in_september),
        "www/access.log": lines_of("www"),
        "gitlab/production_json.log": lines_of("production", in_october),
        "gitlab/production_json.log.1.gz": lines_of("production", in_september),
        "gitlab/application_json.log": lines_of("application"),
        "gitlab/audit_json.log": lines_of("audit"),
        "cloudtrail/2026-10-14.json.gz": compact({"Records": records}).encode(),
        "cloudtrail/cloudtrail.jsonl": lines_of("trail", lambda t: not delivered(t)),
        "vpn/vpn.log": lines_of("vpn"),
        "postgresql/postgresql.json": lines_of("postgresql"),
        "proxy/access.log": lines_of("proxy"),
        "kubernetes/audit.log": lines_of("kubernetes"),
        "nextcloud/audit.log": lines_of("nextcloud"),
    }


# The database of countries: where the documentation addresses are said to be, in the form that MaxMind publishes.

PLACES = {"NL": (52.1, 5.3), "SE": (59.3, 18.1), "BE": (50.8, 4.4), "US": (39.8, -98.6), "BR": (-23.5, -46.6), "SG": (1.3, 103.8)}
COUNTRIES = [
    ("192.0.2.0/24", "NL"), ("198.51.100.0/24", "NL"), ("198.51.100.26/32", "SE"), ("198.51.100.29/32", "BE"),
    ("203.0.113.0/25", "US"), ("203.0.113.64/27", "BR"), ("203.0.113.128/26", "US"), ("203.0.113.160/27", "SG"),
    ("203.0.113.192/26", "NL"), ("203.0.113.201/32", "BE")]
DOUBLE, UINT16, UINT32, MAP, UINT64, ARRAY = 3, 5, 6, 7, 9, 11


def field(value):
    """A value of the database's data section: a text, a map, a list, a float, or a whole number with its type."""
    def control(kind, size):
        length, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
        return bytes([(kind if kind < 8 else 0) << 5 | length]) + (bytes([kind - 7]) if kind > 7 else b"") + more
    if isinstance(value, str):
        return control(2, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return control(MAP, len(value)) + b"".join(field(key) + field(value[key]) for key in value)
    if isinstance(value, list):
        return control(ARRAY, len(value)) + b"".join(map(field, value))
    if isinstance(value, float):
        return control(DOUBLE, 8) + struct.pack(">d", value)
    kind, number = value
    digits = number.to_bytes(8, "big").lstrip(b"\0")
    return control(kind, len(digits)) + digits


def countries():
    """The bytes of geo/countries.mmdb: a tree over the bits of an address, its leaves, and what it is."""
    nodes = [[None, None]]
    for network, country in sorted(COUNTRIES, key=lambda row: int(row[0].split("/")[1])):
        address, length = network.split("/")
        bits = int.from_bytes(bytes(map(int, address.split("."))), "big")
        node = 0
        for depth in range(int(length) - 1):
            bit = bits >> (31 - depth) & 1
            if not isinstance(nodes[node][bit], int):
                # What a wider network says holds for the rest of it.
                nodes.append([nodes[node][bit]] * 2)
                nodes[node][bit] = len(nodes) - 1
            node = nodes[node][bit]
        nodes[node][bits >> (32 - int(length)) & 1] = country
    data, offsets = b"", {}
    for country, (latitude, longitude) in PLACES.items():
        offsets[country] = len(data)
        data += field({"country": {"iso_code": country}, "location": {
            "latitude": latitude, "longitude": longitude, "accuracy_radius": (UINT16, 100)}})

    def record(value):
        place = value if isinstance(value, int) else len(nodes) + (16 + offsets[value] if value else 0)
        return place.to_bytes(3, "big")
    tree = b"".join(record(one) + record(other) for one, other in nodes)
    about = {
        "node_count": (UINT32, len(nodes)), "record_size": (UINT16, 24), "ip_version": (UINT16, 4),
        "database_type": "Example-City", "languages": ["en"], "binary_format_major_version": (UINT16, 2),
        "binary_format_minor_version": (UINT16, 0), "build_epoch": (UINT64, int(at(10, 1, 0))),
        "description": {"en": "Invented places of the documentation addresses"}}
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + field(about)


def read(path):
    try:
        with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def write(path, contents):
    """Writes a file as the log host would have left it: rotated or last written at the month's end."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    rotated = int(at(10, 1, 0)) if path.endswith("1.gz") else int(at(11, 1, 0))
    with open(path, "wb") as file:
        if path.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=rotated) as packed:
                packed.write(contents)
        else:
            file.write(contents)
    os.utime(path, (rotated, rotated))


def main():
    background_people()
    background_services()
    background_internet()
    for scene in (scene_unknown_infrastructure, scene_unknown_network, scene_contractor_scope, scene_expired_accounts,
                  scene_brute_force, scene_password_spray, scene_success_after_failures, scene_login_risk, scene_accounts, background_duties,
                  scene_production_data, scene_tools, scene_changes,
                  scene_cloud, scene_shares, scene_hosts, scene_web, scene_duties):
        scene()
    damage()
    wanted = {os.path.join(LOGS, name): contents for name, contents in files().items()}
    wanted[os.path.join(HERE, "geo", "countries.mmdb")] = countries()
    wanted[os.path.join(HERE, "expected.tsv")] = (
        "# detector\tsubject: one of these is part of the finding's subject\tmust or mustnot\tday: why\n"
        + "".join(row + "\n" for row in expectations)).encode()
    if "--check" in sys.argv[1:]:
        differing = sorted(path for path, contents in wanted.items() if read(path) != contents)
        for path in differing:
            print("%s: differs from what generate.py writes; run it and commit" % os.path.relpath(path), file=sys.stderr)
        sys.exit(1 if differing else 0)
    for path, contents in wanted.items():
        write(path, contents)
        print("%8d lines %8d bytes  %s" % (contents.count(b"\n"), os.path.getsize(path), os.path.relpath(path, HERE)))


if __name__ == "__main__":
    main()
