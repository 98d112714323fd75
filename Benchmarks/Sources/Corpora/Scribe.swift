/// Writes deeds down in the words of one kind of log, and keeps count of what it wrote.
struct Scribe {
  let kind: Kind
  var random: SplitMix64
  var buffer = TextBuffer()
  var truth = Truth()
  var calendar = Calendar()
  /// What must be found, once a day, when somebody of this name succeeds or shows up.
  var expectations: [String: (detector: String, subject: String)] = [:]

  /// The people of the company.
  let crowd: Crowd

  init(_ kind: Kind, crowd: Crowd, seed: UInt64) {
    self.kind = kind
    self.crowd = crowd
    random = SplitMix64(seed: seed)
  }

  /// How findings name a host.
  func systemName(_ host: String) -> String {
    switch kind {
    case .access: "\(host).example.org"
    case .combined: "www"
    case .auth, .rfc5424: host
    }
  }

  mutating func move(to milliseconds: Int) { calendar.move(to: milliseconds) }

  /// Writes what somebody did.
  mutating func tell(_ deed: Story.Deed, at milliseconds: Int) {
    move(to: milliseconds)
    switch deed {
    case .failure(let user, let address, let host):
      switch kind {
      case .access, .combined:
        request(Request(address: address, host: host, method: "POST", path: "/login", status: 401))
      case .auth, .rfc5424: failure(user, address, host)
      }
    case .success(let user, let address, let host):
      switch kind {
      case .access, .combined:
        request(Request(address: address, user: user, host: host, path: "/reports", status: 200))
      case .auth, .rfc5424: success(user, address, host)
      }
      meet(user)
    case .visit(let host):
      switch kind {
      case .access, .combined: request(Request(address: Cast.stranger(7), host: host, path: "/"))
      case .auth, .rfc5424: cron(host)
      }
      meet(host)
    }
  }

  /// Writes something of no consequence.
  mutating func tellSomething(person: Int, at milliseconds: Int) {
    switch kind {
    case .access, .combined:
      let isMember = random.chance(10)
      request(
        Request(
          address: isMember ? crowd.address(person) : Cast.stranger(random.below(100_000)),
          user: isMember ? crowd.name(person) : "", host: random.pick(Cast.hosts),
          method: random.chance(8) ? "POST" : "GET", path: random.pick(Scribe.paths),
          status: random.chance(94) ? 200 : random.pick([301, 304, 404, 404, 403, 500, 502])))
    case .auth: authentication(person)
    case .rfc5424: if random.chance(60) { flow(person) } else { authentication(person) }
    }
  }

  private mutating func meet(_ name: String) {
    guard let (detector, subject) = expectations[name] else { return }
    truth.expectDaily(detector, subject, day: calendar.dayNumber)
  }

  private static let paths = [
    "/", "/products", "/products/cordless-drill-18v", "/basket", "/checkout/step-2", "/search",
    "/static/css/site.min.css", "/static/js/app.7f3c19d2.js", "/static/img/header@2x.webp",
    "/api/v2/items", "/api/v2/items/48213/reviews", "/about", "/news/2026/10/autumn-catalogue",
    "/favicon.ico", "/robots.txt", "/feed.xml",
  ]
  static let agents = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "ExampleBot/2.1 (+https://www.example.net/bot)", "curl/8.14.1",
  ]

  /// Ends a line.
  mutating func endLine(items: Int, isMarked: Bool) {
    buffer.add("\n")
    truth.lines += 1
    truth.items += items
    if isMarked { truth.marks += 1 }
  }
}
