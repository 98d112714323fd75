"""Writes logs at a steady rate, and attacks at random moments among them.

load.py lines FILE LINES_PER_SECOND SECONDS      nginx JSON, nothing of note; prints how many were written
load.py attacks FILE BOOK SECONDS                sign-ins that are findings, one a line; the book says when
load.py alerts FILE COUNT                        lines that are a finding each, of two detectors
load.py flood FILE ADDRESSES MINUTES VICTIM…     a failure of each of so many addresses, and twenty-four of each victim
"""
import datetime, json, os, random, sys, time


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds")


def lines(path, rate, seconds):
    """Fifty blocks a second, each with the time at hand."""
    tail = (
        '","remote_addr":"198.51.100.%d","remote_user":"","request_method":"GET","host":"web1","uri":"/articles/%d",'
        '"args":"page=2","status":"200","body_bytes_sent":"15320","request_time":"0.004","http_referer":'
        '"https://web1/articles/","http_user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}\n'
    )
    tails = [tail % (number % 250, number) for number in range(1000)]
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    begun, written = time.monotonic(), 0
    while True:
        passed = time.monotonic() - begun
        due = int(rate * min(passed, seconds))
        if due > written:
            head = '{"time":"' + stamp(time.time())
            block = "".join([head + tails[number % 1000] for number in range(written, due)])
            os.write(file, block.encode())
            written = due
        if passed >= seconds:
            break
        time.sleep(0.02)
    print(written)


def attacks(path, book, seconds):
    """Each second one of four detectors, at a random moment of it, so that none has twenty in a minute."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    begun = time.monotonic()
    with open(book, "w") as times:
        for number in range(seconds):
            time.sleep(max(0, begun + number + random.random() * 0.95 - time.monotonic()))
            high, low = number // 250, number % 250 + 1
            host, user, address, words = [
                ("web1", "root", f"203.0.{high + 10}.{low}", None),
                ("web1", f"stranger{number}", "203.0.113.7", "Accepted publickey"),
                (f"build{number}", "dana", "203.0.113.7", "Accepted publickey"),
                ("web1", "dana", f"10.99.{high}.{low}", "Accepted publickey"),
            ][number % 4]
            subject = [address, user, host, address][number % 4]
            if words:
                text = f"{words} for {user} from {address} port 50211 ssh2"
            else:
                text = f"message repeated 11 times: [ Failed password for {user} from {address} port 50211 ssh2]"
            line = f"{stamp(time.time())} {host} sshd[{number + 100}]: {text}\n".encode()
            at = time.monotonic()
            os.write(file, line)
            times.write(json.dumps({"at": at, "subject": subject}) + "\n")


def alerts(path, count):
    """Half of them addresses that fail eleven times, half accounts that nobody listed."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for start in range(0, count, 10_000):
        head = stamp(time.time()) + " web1 sshd["
        block = []
        for number in range(start, min(start + 10_000, count)):
            address = f"11.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            if number % 2:
                block.append(f"{head}{number}]: message repeated 11 times: [ Failed password for dana from {address} port 4002 ssh2]\n")
            else:
                block.append(f"{head}{number}]: Accepted publickey for stranger{number} from 203.0.113.7 port 4002 ssh2\n")
        os.write(file, "".join(block).encode())


def flood(path, count, minutes, victims):
    """Each address once; the times end now. A victim, ADDRESS=SECONDS, is struck twenty-four times within so long."""
    end = time.time()
    begin = end - minutes * 60
    strikes = []
    for victim in victims:
        address, _, span = victim.partition("=")
        first = begin + (end - begin - float(span)) / 2
        strikes += [(first + float(span) * number / 23, address) for number in range(24)]
    strikes.sort(reverse=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    written = 0
    for start in range(0, count, 1000):
        now = begin + (end - begin) * start / count
        head = stamp(now) + " web1 sshd["
        block = []
        while strikes and strikes[-1][0] <= now:
            _, address = strikes.pop()
            block.append(f"{head}{4_000_000 + len(strikes)}]: Failed password for root from {address} port 4001 ssh2\n")
        for number in range(start, min(start + 1000, count)):
            # Network 11 and on, so that none is a victim's.
            block.append(
                f"{head}{number % 4_000_000}]: Failed password for root from {11 + (number >> 24)}."
                f"{number >> 16 & 255}.{number >> 8 & 255}.{number & 255} port 4002 ssh2\n"
            )
        os.write(file, "".join(block).encode())
        written += len(block)
    print(written)


what, arguments = sys.argv[1], sys.argv[2:]
if what == "lines":
    lines(arguments[0], int(arguments[1]), int(arguments[2]))
elif what == "attacks":
    attacks(arguments[0], arguments[1], int(arguments[2]))
elif what == "alerts":
    alerts(arguments[0], int(arguments[1]))
else:
    flood(arguments[0], int(arguments[1]), int(arguments[2]), arguments[3:])
