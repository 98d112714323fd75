"""A receiver of webhooks that checks signatures and keeps a book, one JSON line a request.

receiver.py --port PORT --secret whsec_… --book FILE [--answers A,B,…] [--trap PORT]

Each request is answered with the next of the answers, and with 204 when there are none left:
  500          the status
  429          with Retry-After: 3
  hang         nothing, until the sender gives up
  half         half of a head, then the connection is closed
  cut          the connection is reset while the body is still coming
  long         200 whose Content-Length promises more than comes before the connection is closed
  short        503 whose Content-Length ends before a further answer, which claims success, in the same bytes
  late         503 whose Content-Length ends before the body, the rest of which comes a moment later
  huge         500 and ten megabytes
  huge-ok      200 and ten megabytes
  redirect     307 to the trap, a port where nobody should ever call
A request to the trap is booked with the answer `trapped`. The book says when a request was complete
(seconds, monotonic), its id, whether its signature is right, the SHA-256 of its body, the answer, whether
that answer takes the message, and of an OCSF body detector, subject and number of events.
"""
import argparse, base64, hashlib, hmac, json, socket, struct, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--secret", required=True)
parser.add_argument("--book", required=True)
parser.add_argument("--answers", default="")
parser.add_argument("--trap", type=int)
options = parser.parse_args()

key = base64.b64decode(options.secret.removeprefix("whsec_"))
answers = [answer for answer in options.answers.split(",") if answer]
book = open(options.book, "a", buffering=1)
lock = threading.Lock()
SMUGGLED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def is_signed(headers, body):
    """Whether one of the signatures is right (Standard Webhooks), and the time is now."""
    stamp = headers.get("webhook-timestamp", "")
    text = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    right = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    given = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    return (
        stamp.isdigit()
        and abs(time.time() - int(stamp)) < 300
        and any(version == "v1" and hmac.compare_digest(value, right) for version, _, value in given)
    )


def contents(body):
    """Detector, subject and number of events of an OCSF message."""
    try:
        data = json.loads(body)["data"]
        return {
            "uid": data["finding_info"]["uid"],
            "detector": data["finding_info"]["analytic"]["uid"],
            "message": data["message"],
            "count": data["finding_info"].get("related_events_count"),
        }
    except (ValueError, KeyError, TypeError):
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    trapped = False

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        with lock:
            answer = "trapped" if self.trapped else answers.pop(0) if answers else "204"
        whole = answer != "cut"
        body = self.rfile.read(length if whole else length // 2)
        line = {
            "at": time.monotonic(),
            "id": self.headers.get("webhook-id"),
            "signed": is_signed(self.headers, body) if whole else None,
            "sha256": hashlib.sha256(body).hexdigest() if whole else None,
            "bytes": length,
            "answer": answer,
            "taken": answer in ("204", "long", "huge-ok"),
            **(contents(body) if whole else {}),
        }
        with lock:
            book.write(json.dumps(line) + "\n")
        try:
            self.answer(answer)
        except OSError:
            self.close_connection = True

    def answer(self, answer):
        def raw(data, last=True):
            self.wfile.write(data)
            self.wfile.flush()
            self.close_connection = last

        if answer == "hang":
            self.connection.settimeout(60)
            # Nothing more comes; this ends when the sender closes.
            self.connection.recv(1)
            self.close_connection = True
        elif answer == "half":
            raw(b"HTTP/1.1 200 OK\r\nContent-Le"[:12])
        elif answer == "cut":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif answer == "long":
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nok")
        elif answer == "short":
            raw(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno" + SMUGGLED, last=False)
        elif answer == "late":
            raw(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", last=False)
            time.sleep(0.05)
            raw(b" and nothing of what follows\r\n", last=False)
        elif answer.startswith("huge"):
            status = b"200 OK" if answer == "huge-ok" else b"500 No"
            raw(b"HTTP/1.1 " + status + b"\r\nContent-Length: 10000000\r\n\r\n", last=False)
            for _ in range(100):
                raw(b"x" * 100_000)
        else:
            self.send_response(307 if answer == "redirect" else 200 if answer == "trapped" else int(answer))
            if answer == "429":
                self.send_header("Retry-After", "3")
            if answer == "redirect":
                self.send_header("Location", f"http://127.0.0.1:{options.trap}/")
            if answer != "204":
                self.send_header("Content-Length", "0")
            self.end_headers()


class Trap(Handler):
    trapped = True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if options.trap:
    trap = Server(("127.0.0.1", options.trap), Trap)
    threading.Thread(target=trap.serve_forever, daemon=True).start()
Server(("127.0.0.1", options.port), Handler).serve_forever()
