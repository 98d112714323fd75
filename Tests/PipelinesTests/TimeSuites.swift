import Bytes
import Foundation

/// lnav's samples: the times of the formats that are read, and nothing breaks on the rest.
enum TimeSuites {
  /// What the lines say, by eye; lines without a year are of the last two months of 2013 or earlier.
  static let times = [
    "lnav/access_log#0": "2013-02-11T06:43:36Z", "lnav/access_log#1": "2013-02-11T06:43:36Z",
    "lnav/access_log#4": "2014-12-23T21:20:35Z", "lnav/access_log#5": "2012-02-10T21:41:07Z",
    "lnav/access_log#6": "2022-09-15T22:53:14Z", "lnav/access_log#7": "2023-08-29T22:02:58Z",
    "lnav/access_log#8": "1995-06-01T06:00:59Z", "lnav/haproxy_log#0": "2013-02-26T10:07:24Z",
    "lnav/haproxy_log#1": "2013-02-26T10:00:47Z", "lnav/haproxy_log#2": "2013-02-26T10:00:47Z",
    "lnav/haproxy_log#3": "2013-02-26T23:08:47Z", "lnav/haproxy_log#4": "2013-02-26T23:16:16Z",
    "lnav/haproxy_log#5": "2013-02-26T00:29:44Z", "lnav/syslog_log#0": "2013-04-28T04:02:03Z",
    "lnav/syslog_log#1": "2013-06-27T01:47:20Z", "lnav/syslog_log#2": "2013-06-20T17:26:13Z",
    "lnav/syslog_log#3": "2017-04-27T05:50:47.381967Z", "lnav/syslog_log#4": "2017-04-27T05:59:12Z",
    "lnav/syslog_log#5": "2017-04-27T06:09:01Z", "lnav/syslog_log#6": "2013-08-01T00:00:03Z",
    "lnav/syslog_log#7": "2013-01-04T10:23:26Z",
    "lnav/syslog_log#8": "2025-08-31T16:36:55.418891Z",
  ]

  /// The first line of each sample log whose format is read.
  static let logs = [
    "logfile_access_log.0": "2009-07-20T22:59:26Z",
    "logfile_bad_access_log.0": "2009-07-20T22:59:26Z",
    "logfile_bad_syslog.0": "2013-11-03T09:23:38Z", "logfile_haproxy.0": "2013-02-25T16:19:38Z",
    "logfile_syslog.0": "2013-11-03T09:23:38Z", "logfile_syslog.1": "2013-12-03T09:23:38Z",
    "logfile_syslog.2": "2013-11-03T09:23:38Z", "logfile_syslog.3": "2013-08-16T00:10:45Z",
    "logfile_syslog_fr.0": "2013-08-19T11:08:37Z",
    "logfile_syslog_with_access_log.0": "2013-01-03T09:47:02Z",
    "logfile_with_zones.0": "2022-08-27T14:22:01.613Z",
  ]

  static let all = [
    ConformanceSuite(
      "lnav: times of sample lines", 21, 1, 33,
      known: [
        "lnav/access_log#7":
          "Python's http.server writes a blank between date and time; rejected as bad-time and counted"
      ],
      run: {
        // 31 December 2013, just before midnight.
        let path = try NormalisePath(anchor: 1_388_534_300)
        var outcome = Outcome()
        for item in try Corpus.cases("lnav/format-samples.jsonl") {
          guard let wanted = times[item.id] else {
            outcome.skip("format that is not read: \(item.format)")
            continue
          }
          judge(item.id, path.read(item.line), wanted, &outcome)
        }
        return outcome
      }),
    ConformanceSuite(
      "lnav: times of sample logs", 11, 0, 15,
      run: {
        let path = try NormalisePath(anchor: 1_388_534_300)
        var outcome = Outcome()
        for name in try Corpus.files() where name.hasPrefix("lnav/logfile_") {
          let file = String(name.dropFirst(5))
          guard let wanted = logs[file], let line = try Corpus.lines(name).first else {
            outcome.skip("format or product that is not read")
            continue
          }
          judge(file, path.read(line), wanted, &outcome)
        }
        return outcome
      }),
  ]

  static func judge(_ id: String, _ reading: Reading, _ wanted: String, _ outcome: inout Outcome) {
    if let reason = reading.rejection {
      outcome.wrong.append((id, "rejected: \(reason)"))
    } else {
      outcome.fact(id, reading.time, Clock.nanoseconds(wanted, zone: .gmt) ?? -1)
    }
  }
}
