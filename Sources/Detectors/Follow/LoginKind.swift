/// What is remembered of sign-ins, each kind from the finest to the coarsest within its feature.
enum LoginKind: Int, CaseIterable {
  /// Where from: the address; the autonomous system, else the /24 or /56; the country.
  case address, network, country
  /// With what: the whole user agent; the program's family; the system's; the kind of device.
  case agent, browser, system, device
  /// Where to: the company's system.
  case target
  /// With which key.
  case key

  /// How many kinds there are.
  static let count = 9
  /// All of them, made once.
  static let all = allCases
  /// The features that the likelihood ratio is made of, each as the numbers of its levels, the finest first.
  ///
  /// The key is none: who stole it has it.
  static let features: [3 of Range<Int>] = [0..<3, 3..<7, 7..<8]

  /// How many values of the kind one person may have; then the one not seen for longest is forgotten.
  var valuesMax: Int {
    switch self {
    case .address: 24
    case .network: 16
    case .country, .browser, .system, .key: 8
    case .agent: 12
    case .device: 4
    case .target: 48
    }
  }

  /// The kind that counts how many sign-ins had the feature: the first of its feature.
  var feature: LoginKind {
    switch self {
    case .address, .network, .country: .address
    case .agent, .browser, .system, .device: .agent
    case .target: .target
    case .key: .key
    }
  }

  /// By kind, what a level's probability counts in its feature's.
  ///
  /// Published weights, learned from 31 million sign-ins (Wiefling et al., ACM TOPS 2022).
  static let weights: [9 of Double] = [
    0.6, 0.3, 0.1, 0.538_665_384_055_135_9, 0.268_045_149_862_566_6, 0.188_182_951_001_095_36,
    0.005_106_515_081_202_152_5, 1, 1,
  ]
}

/// One number of each ``LoginKind``.
struct PerKind<Value: BitwiseCopyable>: BitwiseCopyable {
  private var values: [9 of Value]

  init(_ value: Value) { values = .init(repeating: value) }

  @inline(__always) subscript(kind: LoginKind) -> Value {
    get { values[kind.rawValue] }
    set { values[kind.rawValue] = newValue }
  }

  @inline(__always) subscript(number: Int) -> Value {
    get { values[number] }
    set { values[number] = newValue }
  }
}
