/// Second factors and countries: what sign-ins show beside their number.
extension Draft {
  private var systems: [ReviewFacts.SignIns] { facts.signIns.filter { $0.system != "all" } }

  /// Second factors by system.
  var factorBlocks: [Review.Block] {
    [
      .stacks(factorChart),
      .prose(
        "A key or a certificate counts neither as one factor nor as two. Second steps are those that a "
          + "log tells of in lines of their own. The share is of the sign-ins whose log says that there was a second "
          + "factor, or that a password was all."), .table(factorTable),
    ]
  }

  private var factorWhole: Review.Completeness {
    let said = systems.reduce(0) { $0 + $1.factors.with + $1.factors.key + $1.factors.without }
    return completeness(
      said, of: systems.reduce(0) { $0 + $1.successes },
      lines: "sign-ins whose log says how somebody came in")
  }

  /// How many of the sign-ins that tell had a second factor.
  private func coverage(_ factors: ReviewFacts.Factors) -> String {
    let told = factors.with + factors.without
    return told == 0 ? "" : percentText(factors.with, of: told)
  }

  private var factorChart: Review.StackChart {
    let shown = systems.filter { $0.successes > 0 }
    return Review.StackChart(
      id: "second-factor-shares", title: "Sign-ins that succeeded, by second factor",
      key: [
        .init(label: "with a second factor", shade: .good),
        .init(label: "by key or certificate", shade: .light),
        .init(label: "without a second factor", shade: .bad),
        .init(label: "the log does not say", shade: .open),
      ],
      bars: shown.map { system in
        let factors = system.factors
        let covered = coverage(factors)
        return Review.StackChart.Bar(
          name: system.system,
          counts: [factors.with, factors.key, factors.without, factors.unsaid],
          note: covered.isEmpty ? grouped(system.successes) : "\(covered) with")
      }, completeness: factorWhole)
  }

  private var factorTable: Review.Table {
    Review.Table(
      id: "second-factors", title: "Second factors by system",
      columns: [
        .words("system", "System"), .words("required", "Asked for"),
        .numbers("successes", "Successes"),
        .numbers("with", "With"), .numbers("key", "Key or certificate"),
        .numbers("without", "Without"), .numbers("unsaid", "Not said"),
        .numbers("steps", "Second steps"), .numbers("with_share", "Share with"),
        .words("verdict", "Verdict"),
      ],
      rows: systems.map { system in
        let factors = system.factors
        return [
          .code(system.system), .text(factors.isRequired ? "yes" : "no"),
          .number(system.successes), .number(factors.with), .number(factors.key),
          .number(factors.without), .number(factors.unsaid), .number(factors.steps),
          .words(coverage(factors)), .mark(verdict(system)),
        ]
      }, completeness: factorWhole)
  }

  private func verdict(_ system: ReviewFacts.SignIns) -> Mark {
    let factors = system.factors
    guard factors.isRequired else { return .neutral("not asked for") }
    if system.successes == 0 { return .neutral("no sign-in seen") }
    if factors.without > 0 { return .bad("some without one") }
    // A sign-in that several logs tell of is told once with its factor, and once more by a log that knows of none.
    if factors.with + factors.key + factors.steps == 0 { return .attention("never said") }
    return .good("none without one")
  }

  /// Countries that sign-ins came from.
  var countryBlocks: [Review.Block] {
    let all = facts.countries.reduce(0) { $0 + $1.successes + $1.failures }
    let events = signInTotals.successes + signInTotals.failures
    let whole = completeness(all, of: max(all, events), lines: "sign-ins with a known country")
    let chart = Review.StackChart(
      id: "sign-in-countries", title: "Sign-ins by country of the address",
      key: [.init(label: "succeeded", shade: .good), .init(label: "failed", shade: .high)],
      bars: facts.countries.prefix(Draft.countriesMax).map {
        Review.StackChart.Bar(
          name: $0.code, counts: [$0.successes, $0.failures],
          note: percentText($0.successes + $0.failures, of: events))
      },
      empty: facts.knowsCountries
        ? "" : "not run: no database of countries (geo.city in the configuration); \(whole.ratio)",
      completeness: whole)
    guard !facts.countries.isEmpty else { return [.stacks(chart)] }
    let table = Review.Table(
      id: "countries", title: "Sign-ins by country",
      columns: [
        .words("country", "Country"), .numbers("successes", "Successes"),
        .numbers("failures", "Failures"),
      ],
      rows: facts.countries.map { [.code($0.code), .number($0.successes), .number($0.failures)] },
      completeness: whole)
    return [.stacks(chart), .table(table)]
  }

  /// How many countries have a bar; the table has all.
  private static let countriesMax = 20
}
