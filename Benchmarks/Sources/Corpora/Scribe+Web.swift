/// One request to a web server.
struct Request {
  var address: String
  var user = ""
  var host: String
  var method = "GET"
  var path: String
  var status = 200
}

extension Scribe {
  /// Writes a request as the kind of log writes it.
  mutating func request(_ request: Request) {
    if kind == .access { json(request) } else { combined(request) }
    if request.status >= 400 { truth.refused[request.user, default: 0] += 1 }
  }

  private mutating func json(_ request: Request) {
    let isOdd = random.chance(2)
    buffer.add("{\"time\":\"")
    stamp()
    buffer.add("+00:00\",\"remote_addr\":\"")
    buffer.add(request.address)
    buffer.add("\",\"remote_user\":\"")
    buffer.add(request.user)
    if !isOdd { jsonTarget(request) }
    buffer.add("\",\"status\":")
    buffer.add(request.status)
    buffer.add(",\"body_bytes_sent\":")
    buffer.add(random.below(60_000))
    buffer.add(",\"request_time\":0.")
    buffer.add(random.below(1000), width: 3)
    // Now and then the members stand in another order, and a text has escapes.
    if isOdd {
      buffer.add(",\"x\":\"")
      jsonTarget(request)
    }
    if isOdd {
      buffer.add("\",\"http_referer\":\"https:\\/\\/www.example.org\\/caf\\u00e9\\n")
    } else {
      buffer.add(",\"http_referer\":\"https://www.example.org")
      buffer.add(request.path)
    }
    buffer.add("\",\"http_user_agent\":\"")
    buffer.add(random.pick(Scribe.agents))
    buffer.add("\",\"request_id\":\"")
    buffer.add(hexadecimal: random.next())
    buffer.add(hexadecimal: random.next())
    buffer.add("\",\"ssl_protocol\":\"TLSv1.3\",\"ssl_cipher\":\"TLS_AES_256_GCM_SHA384\"}")
    endLine(items: isOdd ? 16 : 15, isMarked: request.status >= 400)
  }

  private mutating func jsonTarget(_ request: Request) {
    buffer.add("\",\"request_method\":\"")
    buffer.add(request.method)
    buffer.add("\",\"host\":\"")
    buffer.add(request.host)
    buffer.add(".example.org\",\"uri\":\"")
    buffer.add(request.path)
    buffer.add("\",\"args\":\"")
    if request.path == "/search" { buffer.add("q=garden+chair&page=3&sort=price") }
  }

  private mutating func combined(_ request: Request) {
    buffer.add(request.address)
    buffer.add(" - ")
    buffer.add(request.user.isEmpty ? "-" : request.user)
    buffer.add(" [")
    buffer.add(calendar.day, width: 2)
    buffer.add("/")
    buffer.add(calendar.monthName)
    buffer.add("/")
    buffer.add(calendar.year)
    buffer.add(":")
    time()
    buffer.add(" +0000] \"")
    buffer.add(request.method)
    buffer.add(" ")
    buffer.add(request.path)
    buffer.add(" HTTP/1.1\" ")
    buffer.add(request.status)
    buffer.add(" ")
    buffer.add(random.below(60_000))
    buffer.add(" \"-\" \"")
    buffer.add(random.pick(Scribe.agents))
    buffer.add("\"")
    endLine(items: 3, isMarked: request.status >= 400)
  }

  /// Writes date and time of day as ISO 8601 has them.
  mutating func stamp() {
    buffer.add(calendar.year)
    buffer.add("-")
    buffer.add(calendar.month, width: 2)
    buffer.add("-")
    buffer.add(calendar.day, width: 2)
    buffer.add("T")
    time()
  }

  /// Writes the time of day.
  mutating func time() {
    buffer.add(calendar.hour, width: 2)
    buffer.add(":")
    buffer.add(calendar.minute, width: 2)
    buffer.add(":")
    buffer.add(calendar.second, width: 2)
  }
}
