import Storage

/// Counts as Prometheus reads them.
enum Metrics {
  /// What the sources and the store tell.
  static func text(
    _ sources: [StoredSource], _ summary: StoredSummary,
    _ losses: (evicted: UInt64, overflow: UInt64)
  ) -> String {
    var lines: [String] = []
    func family(_ name: String, _ kind: String, _ help: String, _ values: [(String, String)]) {
      lines += ["# HELP rollcall_\(name) \(help)", "# TYPE rollcall_\(name) \(kind)"]
      lines += values.map { "rollcall_\(name)\($0.0) \($0.1)" }
    }
    family(
      "lines_total", "counter", "Lines read since the first start, by what became of them.",
      sources.flatMap { source in
        [("parsed", source.parsed), ("rejected", source.rejected)].map {
          ("{source=\(quoted(source.name)),result=\"\($0.0)\"}", "\($0.1)")
        }
      })
    family(
      "bytes_total", "counter", "Bytes read since the first start.",
      sources.map { ("{source=\(quoted($0.name))}", "\($0.bytes)") })
    family(
      "latest_event_seconds", "gauge", "Time of the latest event, seconds since 1970.",
      sources.filter { $0.followed > 0 }.map {
        ("{source=\(quoted($0.name))}", "\($0.followed / 1_000_000_000)")
      })
    family(
      "findings", "gauge", "Findings in the store.",
      [
        ("{told=\"yes\"}", "\(summary.findings - summary.unsent)"),
        ("{told=\"no\"}", "\(summary.unsent)"),
      ])
    family(
      "messages", "gauge", "Messages by state.",
      ["sent", "pending", "dead"].map {
        ("{state=\"\($0)\"}", "\(summary.deliveries[$0] ?? 0)")
      })
    family(
      "state_evicted_total", "counter", "States forgotten early because a table was full.",
      [("", "\(losses.evicted)")])
    family(
      "findings_overflow_total", "counter", "Events of findings beyond the number kept.",
      [("", "\(losses.overflow)")])
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the listeners tell.
  static func text(_ listeners: Listeners) -> String {
    let counts = listeners.counts
    if counts.isEmpty { return "" }
    var lines = [
      "# HELP rollcall_messages_received_total Messages received, by what became of them.",
      "# TYPE rollcall_messages_received_total counter",
    ]
    for count in counts {
      for (name, value) in [
        ("kept", count.kept), ("refused", count.refused), ("lost", count.lost),
      ] {
        lines.append(
          "rollcall_messages_received_total{address=\(quoted(count.address)),result=\"\(name)\"} \(value)"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A label's value.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
