public import Bytes

/// What a user agent string says of the program, the system and the device, as small numbers.
///
/// Families only, no versions: a browser that was updated is the same browser. A program that is no
/// browser is known by its name, which is what stands before the first slash or blank.
public struct AgentClass: Hashable, BitwiseCopyable, Sendable {
  /// Families of programs; from 256 on the number stands for a program's name.
  public enum Browser: UInt16, CaseIterable, Sendable {
    /// Nothing was said.
    case none
    /// Browsers, each with its relatives on telephones.
    case chrome, firefox, safari, edge, opera, samsung, vivaldi, yandex, explorer
    /// Browsers that nobody sits in front of, and programs built on one.
    case headless, electron
    /// A browser of another kind.
    case other
  }
  /// Families of operating systems.
  public enum System: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// Nothing was said; or the system.
    case none, windows, macOS, iOS, android, chromeOS, linux, bsd
  }
  /// Kinds of devices.
  public enum Device: UInt8, CaseIterable, BitwiseCopyable, Sendable {
    /// Nothing was said; or the kind. A tool is a program that is no browser.
    case none, desktop, phone, tablet, tool
  }

  /// The program: a ``Browser``, or 256 and more for a name.
  public let browser: UInt16
  /// The system.
  public let system: System
  /// The device.
  public let device: Device

  /// No agent.
  public static let none = AgentClass(browser: 0, system: .none, device: .none)

  private init(browser: UInt16, system: System, device: Device) {
    (self.browser, self.system, self.device) = (browser, system, device)
  }

  /// How many bytes are looked at: what tells families apart stands in front.
  static let bytesMax = 512

  /// The class of a user agent string.
  ///
  /// - Complexity: O(*n*), at most ``bytesMax`` bytes some thirty times; allocates nothing.
  public init(_ agent: ByteView) {
    let text = agent.prefix(min(agent.count, AgentClass.bytesMax))
    guard !text.isEmpty, !text.equals("-") else {
      self = .none
      return
    }
    let system = AgentClass.system(text)
    let family = AgentClass.browser(text)
    let browser = family == .none ? AgentClass.name(text) : family.rawValue
    self.init(
      browser: browser, system: system,
      device: AgentClass.device(text, system, isBrowser: family != .none))
  }

  /// The browser's family, or nothing for what is no browser.
  ///
  /// Most browsers claim to be several others, so the one that claims most is asked for first.
  private static func browser(_ text: ByteView) -> Browser {
    func says(_ mark: StaticString) -> Bool { text.firstOffset(of: mark) != nil }
    guard text.hasPrefix("Mozilla/") || text.hasPrefix("Opera/") else { return .none }
    if says("Electron/") { return .electron }
    if says("HeadlessChrome/") { return .headless }
    if says("Edg/") || says("EdgA/") || says("EdgiOS/") || says("Edge/") { return .edge }
    if says("OPR/") || says("OPT/") || says("Opera") { return .opera }
    if says("SamsungBrowser/") { return .samsung }
    if says("Vivaldi/") { return .vivaldi }
    if says("YaBrowser/") { return .yandex }
    if says("Chrome/") || says("CriOS/") || says("Chromium/") { return .chrome }
    if says("Firefox/") || says("FxiOS/") { return .firefox }
    if says("Version/"), says("Safari/") { return .safari }
    if says("MSIE ") || says("Trident/") { return .explorer }
    // The name of a program that calls itself Mozilla stands behind what is in brackets.
    guard let close = text.firstOffset(of: UInt8(ascii: ")")), close + 2 < text.count
    else { return .other }
    return .none
  }

  private static func system(_ text: ByteView) -> System {
    func says(_ mark: StaticString) -> Bool { text.firstOffset(of: mark) != nil }
    if says("Windows") { return .windows }
    if says("iPhone") || says("iPad") || says("iPod") { return .iOS }
    if says("Android") { return .android }
    if says("CrOS ") { return .chromeOS }
    if says("Macintosh") || says("Mac OS") || says("macOS") || says("Darwin/") { return .macOS }
    if says("Linux") || says("linux") || says("X11;") { return .linux }
    return says("BSD") ? .bsd : .none
  }

  private static func device(_ text: ByteView, _ system: System, isBrowser: Bool) -> Device {
    func says(_ mark: StaticString) -> Bool { text.firstOffset(of: mark) != nil }
    switch system {
    case .iOS: return says("iPad") ? .tablet : .phone
    case .android: return says("Mobile") || !isBrowser ? .phone : .tablet
    case .windows where says("Phone"): return .phone
    case .windows, .macOS, .linux, .chromeOS, .bsd: return isBrowser ? .desktop : .tool
    case .none: return isBrowser ? .none : .tool
    }
  }

  /// A number of 256 and more for the name of a program: `git/2.43.0` and `git/2.44.0` are one.
  private static func name(_ text: ByteView) -> UInt16 {
    var name = text
    if text.hasPrefix("Mozilla/"), let close = text.firstOffset(of: UInt8(ascii: ")")) {
      name = text.dropFirst(min(close + 2, text.count))
    }
    var end = 0
    while end < name.count, name[end] != UInt8(ascii: "/"), name[end] != UInt8(ascii: " ") {
      end += 1
    }
    return UInt16(truncatingIfNeeded: ByteHash.hashFolded(name.prefix(end)) >> 40) | 256
  }
}
