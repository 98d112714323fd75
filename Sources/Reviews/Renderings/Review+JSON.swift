extension Review {
  /// The version of the JSON rendering: it rises when a key changes its meaning or goes.
  public static let schemaVersion = 2

  /// The review as JSON, the contract for other programs.
  ///
  /// Members, always in this order: `schema_version`, `title`, `redacted`, `organisation`, `period` (`month`,
  /// `first_day`, `last_day`, `time_zone`), `generated_from`, `fingerprint`, `verdict`,
  /// `sign_off`, `command`, `figures` (by id), `sections` (`number`, `id`, `title`, `notices`,
  /// `contents`: the ids of the tables, charts and lists in it), `tables` (by id: `section`, `title`,
  /// `completeness`, `rows`, each row an object by column), `charts` (by id), `lists` (by id) and
  /// `findings`. Nothing is cut and nothing is escaped beyond what JSON asks: values are as the logs
  /// had them. An unknown value is `null`, a judgement is `{tone, label}`, and a finding is named
  /// as in `findings[].name`. A completeness says how many rows are `shown` of how many `checked`, from which
  /// `source`, `loaded` = `parsed` + `rejected`, the beginning of the source's `sha256`, and of a register's rows
  /// the `turnover`: `before` + `joined` - `left` = `now`. In `tables.controls-policy` stands each row of the
  /// policies, 1 through 138, with a status of `pass`, `warn`, `fail`, `not run` or `attested`; the table of a system
  /// in the access review is `access-` and the system's name. A figure's `history` is what it was in the months before, as
  /// far as earlier reviews said so. In `tables.actions` somebody may write `owner`, `due` and `done`: the next month's review
  /// follows them up (`--previous`). Evidence that a register gives has a `place` and no `line` and `offset`. Charts are lines by source and day (`rows` of
  /// `lines`, `rejected`, `kinds`), sign-ins by day (`successes`, `failures`), calendars (`rows` of `days`, each `null` or
  /// `{tone, label, height}`), `bars` (`name`, `value`, `mark`), `parts` (`count`, `mark`), wholes in the same parts (`key`,
  /// `bars` of `name`, `counts`, `note`) and lines by day (`rows` of `name`, `values`, `target`, `mark`). Adding members does
  /// not raise the version; 2 has the sections in another order and more of them than 1.
  public func json() -> String {
    var bytes: [UInt8] = []
    document.write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return String(decoding: bytes, as: UTF8.self)
  }

  private var document: JSON {
    var sectionList: [JSON] = []
    var figures: [(String, JSON)] = []
    var tables: [(String, JSON)] = []
    var charts: [(String, JSON)] = []
    var lists: [(String, JSON)] = []
    var findingList: [JSON] = []
    var command = ""
    for section in sections {
      var contents: [JSON] = []
      var notices: [JSON] = []
      for block in section.blocks {
        switch block {
        case .prose: break
        case .notice(let mark): notices.append(mark.json)
        case .command(let text): command = text
        case .figures(let list):
          figures += list.map { ($0.id, $0.json) }
        case .table(let table):
          contents.append(.string(table.id))
          tables.append((table.id, table.json(section: section.id)))
        case .heatMap(let map):
          contents.append(.string(map.id))
          charts.append((map.id, map.json(section: section.id)))
        case .days(let chart):
          contents.append(.string(chart.id))
          charts.append((chart.id, chart.json(section: section.id)))
        case .grid(let grid):
          contents.append(.string(grid.id))
          charts.append((grid.id, grid.json(section: section.id)))
        case .bars(let chart):
          contents.append(.string(chart.id))
          charts.append((chart.id, chart.json(section: section.id)))
        case .parts(let chart):
          contents.append(.string(chart.id))
          charts.append((chart.id, chart.json(section: section.id)))
        case .stacks(let chart):
          contents.append(.string(chart.id))
          charts.append((chart.id, chart.json(section: section.id)))
        case .lines(let chart):
          contents.append(.string(chart.id))
          charts.append((chart.id, chart.json(section: section.id)))
        case .list(let id, _, let items, _):
          contents.append(.string(id))
          lists.append((id, .array(items.map { .string($0) })))
        case .findings(let findings, _):
          contents.append(.string("findings"))
          findingList = findings.map(\.json)
        case .evidence: contents.append(.string("findings"))
        }
      }
      sectionList.append(
        .object([
          ("number", .string(section.number)), ("id", .string(section.id)),
          ("title", .string(section.title)), ("notices", .array(notices)),
          ("contents", .array(contents)),
        ]))
    }
    return .object([
      ("schema_version", .number(Self.schemaVersion)), ("title", .string("Monthly SOC review")),
      ("redacted", .bool(isRedacted)), ("organisation", .string(organisation)),
      (
        "period",
        .object([
          ("month", .string(month.text)), ("first_day", .string(month.date(1))),
          ("last_day", .string(month.date(month.dayCount))), ("time_zone", .string(zone)),
        ])
      ),
      ("generated_from", .string(generatedFrom)), ("fingerprint", .orNull(fingerprint)),
      (
        "verdict",
        .object([
          ("tone", .string(verdict.tone.rawValue)), ("label", .string(verdict.label)),
          ("sentence", .string(verdictSentence)),
        ])
      ),
      (
        "sign_off",
        .object([
          (
            "signatories",
            .array(
              signatories.map {
                .object([
                  ("part", .string($0.part)), ("name", .orNull($0.name)),
                  ("role", .orNull($0.role)),
                  ("date", .null), ("signature", .null),
                ])
              })
          ), ("problem", signOffProblem.map { .string($0) } ?? .null),
        ])
      ),
      ("command", .string(command)), ("figures", .object(figures)),
      ("sections", .array(sectionList)), ("tables", .object(tables)), ("charts", .object(charts)),
      ("lists", .object(lists)), ("findings", .array(findingList)),
    ])
  }
}

extension JSON {
  /// A table or chart: its section, title and completeness, and then what is its own.
  fileprivate static func captioned(
    _ section: String, _ title: String, _ whole: Review.Completeness,
    _ members: [(String, JSON)]
  ) -> JSON {
    .object(
      [
        ("section", .string(section)), ("title", .string(title)), ("completeness", whole.json),
      ] + members)
  }

  /// A text, or `null` when it is empty.
  fileprivate static func orNull(_ text: String) -> JSON { text.isEmpty ? .null : .string(text) }
}

extension Mark {
  fileprivate var json: JSON {
    .object([("tone", .string(tone.rawValue)), ("label", .string(label))])
  }
}

extension Review.Completeness {
  fileprivate var json: JSON {
    .object([
      ("shown", .number(shown)), ("checked", .number(checked)), ("noun", .string(noun)),
      ("source", .string(source)), ("loaded", .number(loaded)), ("parsed", .number(parsed)),
      ("rejected", .number(rejected)), ("sha256", .orNull(hash)),
      (
        "turnover",
        turnover.map {
          .object([
            ("before", .number($0.before)), ("joined", .number($0.joined)),
            ("left", .number($0.left)), ("now", .number($0.now)),
          ])
        } ?? .null
      ),
    ])
  }
}

extension Review.Figure {
  fileprivate var json: JSON {
    .object([
      ("label", .string(label)), ("value", .number(value)), ("note", .string(note)),
      ("tone", .string(tone.rawValue)), ("history", .array(history.map { .number($0) })),
    ])
  }
}

extension Review.Table {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        (
          "rows",
          .array(
            rows.map { row in .object(zip(columns, row).map { ($0.key, $1.json) }) })
        )
      ])
  }
}

extension Review.Cell {
  fileprivate var json: JSON {
    switch self {
    case .text(let text), .code(let text), .level(let text): .string(text)
    case .codes(let texts): .array(texts.map { .string($0) })
    case .number(let value), .bytes(let value): .number(value)
    case .mark(let mark): mark.json
    case .findings(let numbers): .array(numbers.map { .string("F-\($0)") })
    case .none, .blank: .null
    }
  }
}

extension Review.HeatMap {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        (
          "rows",
          .array(
            rows.map { row in
              .object([
                ("name", .string(row.name)), ("lines", .array(row.days.map { .number($0.lines) })),
                ("rejected", .array(row.days.map { .number($0.rejected) })),
                ("kinds", .array(row.days.map { .string($0.kind.rawValue) })),
              ])
            })
        )
      ])
  }
}

extension Review.DayChart {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        ("successes", .array(successes.map { .number($0) })),
        ("failures", .array(failures.map { .number($0) })),
      ])
  }
}

extension Review.DayGrid {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        (
          "rows",
          .array(
            rows.map { row in
              .object([
                ("name", .string(row.name)),
                (
                  "days",
                  .array(
                    row.days.map { day in
                      guard let day else { return .null }
                      return .object([
                        ("tone", .string(day.mark.tone.rawValue)),
                        ("label", .string(day.mark.label)),
                        ("height", .number(day.height)),
                      ])
                    })
                ),
              ])
            })
        )
      ])
  }
}

extension Review.BarChart {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        ("unit", .string(unit)),
        (
          "bars",
          .array(
            bars.map {
              .object([
                ("name", .string($0.name)), ("value", .number($0.value)), ("mark", $0.mark.json),
              ])
            })
        ),
      ])
  }
}

extension Review.PartsChart {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        (
          "parts",
          .array(parts.map { .object([("count", .number($0.count)), ("mark", $0.mark.json)]) })
        )
      ])
  }
}

extension Review.StackChart {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        (
          "key",
          .array(
            key.map {
              .object([("label", .string($0.label)), ("shade", .string($0.shade.rawValue))])
            })
        ),
        (
          "bars",
          .array(
            bars.map {
              .object([
                ("name", .string($0.name)), ("counts", .array($0.counts.map { .number($0) })),
                ("note", .string($0.note)),
              ])
            })
        ), ("empty", .orNull(bars.isEmpty ? empty : "")),
      ])
  }
}

extension Review.LineChart {
  fileprivate func json(section: String) -> JSON {
    .captioned(
      section, title, completeness,
      [
        ("line", .string(line)), ("dashed", .string(dashed)),
        (
          "rows",
          .array(
            rows.map {
              .object([
                ("name", .string($0.name)), ("values", .array($0.values.map { .number($0) })),
                ("target", .array($0.target.map { .number($0) })), ("mark", $0.mark.json),
              ])
            })
        ), ("empty", .orNull(rows.isEmpty ? empty : "")),
      ])
  }
}

extension Review.NumberedFinding {
  fileprivate var json: JSON {
    .object([
      ("name", .string(name)), ("uid", .string(finding.uid)),
      ("detector", .string(finding.detector)), ("title", .string(finding.title)),
      ("level", .string(finding.level)), ("message", .string(finding.message)),
      ("subject", .string(finding.subject)),
      ("controls", .array(finding.controls.map { .string($0) })),
      ("start", .orNull(finding.start)), ("end", .orNull(finding.end)),
      ("count", .number(finding.count)),
      (
        "disposition",
        finding.disposition.map {
          .object([
            ("outcome", .string($0.outcome.rawValue)), ("by", .orNull($0.by)),
            ("at", .orNull($0.at)), ("why", .orNull($0.why)), ("ref", .orNull($0.ref)),
          ])
        } ?? .null
      ),
      (
        "evidence",
        .array(
          finding.evidence.map { line in
            .object([
              ("source", .string(line.source)),
              ("line", line.place.isEmpty ? .number(line.line) : .null),
              ("offset", line.place.isEmpty ? .number(line.offset) : .null),
              ("place", .orNull(line.place)), ("sha256", .string(line.sha256)),
              ("time", .orNull(line.time)), ("raw", .string(line.raw)),
              (
                "fields",
                .array(
                  line.fields.map {
                    .object([("name", .string($0.name)), ("value", .string($0.value))])
                  })
              ),
            ])
          })
      ),
    ])
  }
}
