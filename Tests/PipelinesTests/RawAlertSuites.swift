import Events
import Foundation

/// Whole logs of real machines through the shipped detectors, against what a script of regular expressions and tokens
/// made of the same lines.
///
/// The script takes the largest count of the lines that tell of a process's attempts, lets a token come back each minute, and knows nothing of
/// the code under test. Of a burst it gives the source and the failures since the bucket was empty.
enum RawAlertSuites {
  static let all = [
    suite("loghub OpenSSH: detectors", "loghub/OpenSSH_2k.log.gz", openSSH),
    suite("elastic auth.log: detectors", "elastic-examples/auth.log.gz", elastic),
    suite("beats secure-rhel7: detectors", "beats/raw/secure-rhel7.log", rhel),
    suite("loghub Linux: detectors", "loghub/Linux_2k.log.gz", linux),
  ]

  private static func suite(
    _ name: String, _ file: String, _ wanted: [String: [String]]
  ) -> AlertSuite {
    AlertSuite(name, wanted.count, 0, 0) {
      let folder = Corpus.package.appendingPathComponent("detectors")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".yaml") }.sorted()
      let rig = try AlertRig(rules: names.map { folder.appendingPathComponent($0) })
      let found = await rig.found(
        in: try Corpus.lines(file), as: .rfc3164, anchor: 1_546_300_700
      ).findings
      var outcome = Outcome()
      for (detector, bursts) in wanted.sorted(by: { $0.key < $1.key }) {
        let ours = found.filter { $0.detector == detector }
        let texts =
          detector.contains("spray")
          ? Set(ours.map(\.subject)).sorted() : ours.map { "\($0.subject) \($0.count)" }.sorted()
        outcome.fact(detector, texts, bursts.sorted())
      }
      return outcome
    }
  }

  private static let openSSH = [
    "login-brute-force": [
      "103.99.0.122 16", "103.99.0.122 30", "112.95.230.3 26", "183.62.140.253 287",
      "185.190.58.151 18", "187.141.143.180 80", "5.188.10.180 20",
    ],
    "login-user-enumeration": [
      "103.99.0.122 12", "103.99.0.122 23", "183.62.140.253 9", "187.141.143.180 29",
    ],
    "login-password-spray": ["103.99.0.122", "187.141.143.180"],
    "login-password-spray-day": ["187.141.143.180"], "login-slow-brute-force": [],
    "login-brute-force-named-host": [],
  ]
  private static let elastic = [
    "login-brute-force": [
      "122.163.61.218 30", "14.54.210.101 12", "181.25.201.155 12", "181.25.206.27 12",
      "181.26.186.35 30", "201.178.81.113 36", "24.151.103.17 147", "34.204.227.175 43",
      "49.4.143.105 120", "91.197.232.109 29", "91.197.232.109 29",
    ],
    "login-user-enumeration": ["91.197.232.109 29", "91.197.232.109 29"],
    "login-password-spray": ["91.197.232.109"], "login-password-spray-day": ["91.197.232.109"],
    "login-slow-brute-force": [], "login-brute-force-named-host": [],
    // One of the ten accounts that were staged: a success after 147 failures.
    "login-success-after-failures": ["24.151.103.17 · elastic_user_0 2"],
  ]
  private static let rhel = [
    "login-brute-force": ["116.31.116.27 61", "202.109.143.106 214", "223.99.60.46 78"],
    "login-user-enumeration": [], "login-password-spray": [], "login-password-spray-day": [],
    "login-slow-brute-force": [], "login-brute-force-named-host": [],
  ]
  private static let linux = [
    "login-brute-force": [
      "150.183.249.110 80", "207.243.167.114 23", "218.188.2.4 12", "220.117.241.87 13",
    ],
    "login-brute-force-named-host": [
      "h64-187-1-131.gtconnect.net 13", "n219076184117.netvigator.com 23",
    ],
    "login-user-enumeration": [], "login-password-spray": [], "login-password-spray-day": [],
    "login-slow-brute-force": [],
  ]
}
