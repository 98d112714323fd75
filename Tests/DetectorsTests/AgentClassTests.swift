import Bytes
import Detectors
import Testing

/// What user agents are classed as.
@Suite struct AgentClassTests {
  private func agent(_ text: String) -> AgentClass { text.withView { AgentClass($0) } }

  @Test(
    arguments: [
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/143.0.0.0 Safari/537.36", AgentClass.Browser.chrome, AgentClass.System.windows,
        AgentClass.Device.desktop
      ),
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0", .edge, .windows, .desktop
      ),
      (
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", .firefox, .linux,
        .desktop
      ),
      (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          + "Version/18.1 Safari/605.1.15", .safari, .macOS, .desktop
      ),
      (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
          + "Gecko) Version/18.1 Mobile/15E148 Safari/604.1", .safari, .iOS, .phone
      ),
      (
        "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          + "CriOS/130.0.6723.37 Mobile/15E148 Safari/604.1", .chrome, .iOS, .tablet
      ),
      (
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/143.0.0.0 Mobile Safari/537.36", .chrome, .android, .phone
      ),
      (
        "Mozilla/5.0 (Linux; Android 14; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "SamsungBrowser/26.0 Chrome/122.0.0.0 Safari/537.36", .samsung, .android, .tablet
      ),
      (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/143.0.0.0 Safari/537.36", .chrome, .chromeOS, .desktop
      ),
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/143.0.0.0 Safari/537.36 OPR/127.0.0.0", .opera, .windows, .desktop
      ),
      (
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", .explorer,
        .windows, .desktop
      ),
      (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "HeadlessChrome/131.0.0.0 Safari/537.36", .headless, .linux, .desktop
      ),
      (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Element/1.11 Chrome/130.0 Electron/33.0 Safari/537.36", .electron, .macOS, .desktop
      ),
      ("Mozilla/5.0", .other, .none, .none),
      ("", .none, .none, .none), ("-", .none, .none, .none),
    ] as [(String, AgentClass.Browser, AgentClass.System, AgentClass.Device)])
  func `families are told apart, whatever the browser claims to be besides`(
    _ text: String, _ browser: AgentClass.Browser, _ system: AgentClass.System,
    _ device: AgentClass.Device
  ) {
    let found = agent(text)
    #expect(found.browser == browser.rawValue)
    #expect(found.system == system)
    #expect(found.device == device)
  }

  @Test func `an update changes nothing, another program does`() {
    let tools = [
      "git/2.43.0", "curl/8.5.0", "aws-cli/2.31.0 md/awscrt", "python-requests/2.31", "okhttp/4.9",
      "Mozilla/5.0 (Linux) mirall/3.9.0 (Nextcloud, debian-6.1)",
    ]
    #expect(Set(tools.map { agent($0).browser }).count == tools.count)
    #expect(tools.allSatisfy { agent($0).browser >= 256 && agent($0).device == .tool })
    #expect(agent("git/2.43.0") == agent("git/2.44.1"))
    #expect(agent("GIT/2.43.0").browser == agent("git/2.43.0").browser)
    #expect(
      agent("Mozilla/5.0 (Linux) mirall/3.9.0 (x)") == agent("Mozilla/5.0 (Linux) mirall/3.13.2"))
  }

  @Test func `hostile agents are classed, not a crash`() {
    for text in [
      ")", "Mozilla/", "Mozilla/)", "Mozilla/5.0 )", "Mozilla/5.0 ) ", "/", " ", "\u{0}",
      String(repeating: "(", count: 100_000), "Mozilla/5.0 (" + String(repeating: "x", count: 9000),
    ] {
      let found = agent(text)
      #expect(found.browser != 0)
    }
    // What stands behind the first 512 bytes is not looked at.
    let far = String(repeating: "x", count: AgentClassTests.bytesMax) + "Windows"
    #expect(agent(far).system == .none)
  }

  private static let bytesMax = 512
}
