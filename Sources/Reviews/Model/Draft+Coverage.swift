extension Draft {
  /// What was read, by source and day, and what was not.
  var coverageBlocks: [Review.Block] {
    let most = coverage.flatMap(\.days).map(\.lines).max() ?? 0
    let map = Review.HeatMap(
      id: "lines-by-day", title: "Lines by source and day, \(facts.month.name)",
      rows: coverage.map { covered in
        Review.HeatMap.Row(
          name: covered.source.name,
          days: covered.days.map {
            Review.HeatMap.Day(
              lines: $0.lines, rejected: $0.rejected, kind: covered.kind($0.day),
              shade: SourceCoverage.shade($0.lines, most: most))
          })
      },
      completeness: completeness(coverage.count, of: coverage.count, lines: "sources"))
    let totals = coverage.reduce(0) { $0 + $1.lines + $1.source.linesUndated }
    var blocks: [Review.Block] = [
      .prose(
        "Lines read are lines parsed plus lines rejected, for every source. A gap is a day without "
          + "lines between a source's first and last day with lines. Line numbers count through all "
          + "files of a source, oldest first."),
      .heatMap(map), .table(sourceTable),
    ]
    if totals != facts.ledger.lines {
      blocks.append(
        .notice(
          .attention(
            "The sources' days hold \(counted(totals, "line", "lines")) and the run read "
              + "\(grouped(facts.ledger.lines)): the difference lies outside the month or has no "
              + "event time.")))
    }
    blocks += [.table(gapTable), .table(rejectTable), .table(remarkTable)]
    blocks.append(
      .list(
        id: "not-seen", title: "What was not seen", items: unseen,
        empty: "Nothing is known to be missing: 0 of \(coverage.count) checked sources."))
    return blocks
  }

  private var sourceTable: Review.Table {
    Review.Table(
      id: "sources", title: "Sources",
      columns: [
        .words("source", "Source"), .words("format", "Format"), .words("mapping", "Mapping"),
        .words("first_event", "First event"), .words("last_event", "Last event"),
        .numbers("lines", "Lines"), .numbers("parsed", "Parsed"), .numbers("rejected", "Rejected"),
        .numbers("parsed_share", "Parsed share"), .numbers("undated", "Not in month"),
        .numbers("bytes", "Bytes"), .numbers("days", "Days"), .numbers("gap_days", "Gap days"),
      ],
      rows: coverage.map { covered in
        [
          .code(covered.source.name), .name(covered.source.format), .name(covered.source.mapping),
          .words(covered.source.firstEvent), .words(covered.source.lastEvent),
          .number(covered.lines), .number(covered.parsed), .number(covered.rejected),
          share(of: covered),
          .number(covered.source.linesUndated), .bytes(covered.bytes),
          .number(covered.days.count { $0.lines > 0 }), .number(covered.gaps.count),
        ]
      },
      completeness: completeness(coverage.count, of: coverage.count, lines: "sources"))
  }

  /// The share of a source's lines that could be read, marked where the policy asks for more.
  private func share(of covered: SourceCoverage) -> Review.Cell {
    let text = percentText(covered.parsed, of: covered.lines)
    return covered.isParsed(percent: facts.parsedPercentMin) ? .text(text) : .mark(.attention(text))
  }

  private var gapTable: Review.Table {
    var rows: [[Review.Cell]] = []
    for covered in coverage {
      let weekend = covered.gaps.filter(facts.month.isWeekend)
      let weekdays = covered.gaps.filter { !weekend.contains($0) }
      if !weekdays.isEmpty {
        rows.append([
          .code(covered.source.name), .mark(.bad("gap")), .text(dayRanges(weekdays)),
          .number(weekdays.count),
        ])
      }
      if !weekend.isEmpty {
        rows.append([
          .code(covered.source.name), .mark(.attention("gap at a weekend")),
          .text(dayRanges(weekend)), .number(weekend.count),
        ])
      }
      if !covered.outside.isEmpty {
        let isSilent = covered.outside.count == facts.month.dayCount
        let label = isSilent ? "silent all month" : "before first or after last"
        rows.append([
          .code(covered.source.name), .mark(isSilent ? .bad(label) : .attention(label)),
          .text(dayRanges(covered.outside)), .number(covered.outside.count),
        ])
      }
    }
    return Review.Table(
      id: "gaps", title: "Days without lines",
      columns: [
        .words("source", "Source"), .words("kind", "Kind"), .words("days", "Days of the month"),
        .numbers("count", "Days"),
      ],
      rows: rows,
      completeness: Review.Completeness(
        rows.reduce(0) { $0 + ($1.last?.count ?? 0) }, of: coverage.count * facts.month.dayCount,
        "days of a source", from: counted(coverage.count, "source", "sources")))
  }

  private var rejectTable: Review.Table {
    let rows: [[Review.Cell]] = coverage.flatMap { covered in
      covered.source.rejections.map {
        [
          .code(covered.source.name), .text($0.reason), .number($0.count),
          .words($0.sampleLines.map(grouped).joined(separator: " · ")),
          .words(dayRanges(covered.daysWithRejects)),
        ]
      }
    }
    return Review.Table(
      id: "rejected", title: "Rejected lines of the whole run",
      columns: [
        .words("source", "Source"), .words("reason", "Reason"), .numbers("count", "Lines"),
        .words("samples", "For example lines"),
        .words("days", "The source's days with rejected lines"),
      ],
      rows: rows,
      completeness: completeness(
        coverage.reduce(0) { $0 + $1.source.rejections.reduce(0) { $0 + $1.count } },
        of: facts.ledger.lines, lines: "lines"))
  }

  private var remarkTable: Review.Table {
    let rows: [[Review.Cell]] = coverage.flatMap { covered in
      covered.source.faults.map {
        [.code(covered.source.name), .mark(.bad("fault")), .text($0)]
      }
        + covered.source.notes.map {
          [.code(covered.source.name), .mark(.neutral("assumed")), .text($0)]
        }
    }
    let touched = coverage.count { !$0.source.faults.isEmpty || !$0.source.notes.isEmpty }
    return Review.Table(
      id: "remarks", title: "Faults and assumptions",
      columns: [
        .words("source", "Source"), .words("kind", "Kind"), .words("remark", "Remark"),
      ],
      rows: rows, completeness: completeness(touched, of: coverage.count, lines: "sources"))
  }

  private var unseen: [String] {
    var items: [String] = []
    for covered in coverage {
      if covered.lines == 0 {
        items.append("\(covered.source.name): no lines in the month.")
      } else if !covered.gaps.isEmpty {
        items.append(
          "\(covered.source.name): no lines on day \(dayRanges(covered.gaps)) of the month.")
      }
      if covered.rejected > 0 {
        let count = counted(covered.rejected, "line", "lines")
        items.append("\(covered.source.name): \(count) rejected, so not judged by any detector.")
      }
      if !covered.isParsed(percent: facts.parsedPercentMin) {
        let share = percentText(covered.parsed, of: covered.lines)
        items.append(
          "\(covered.source.name): \(share) of the lines could be read, less than the "
            + "\(facts.parsedPercentMin) % that the policy asks for (source.parsed_percent).")
      }
    }
    return items + facts.notSeen
  }
}

extension Review.Cell {
  /// The count that the cell holds, or nothing.
  fileprivate var count: Int {
    guard case .number(let value) = self else { return 0 }
    return value
  }
}
