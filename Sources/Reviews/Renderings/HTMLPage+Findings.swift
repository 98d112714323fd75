extension HTMLPage {
  mutating func writeFindings(
    _ findings: [Review.NumberedFinding], _ whole: Review.Completeness
  ) {
    text += "<div class=\"group\">\n<h3>Each finding</h3>\n"
    if findings.isEmpty { writeNone(whole.ratio) }
    for numbered in findings.prefix(Limits.findingsShownMax) { writeFinding(numbered) }
    writeCut(findings.count, Limits.findingsShownMax, "findings")
    writeCompleteness(whole)
    text += "</div>\n"
  }

  private mutating func writeFinding(_ numbered: Review.NumberedFinding) {
    let finding = numbered.finding
    text += "<article id=\"f-\(numbered.number)\"><div class=\"head\">\n<h3><span class=\"ref\">"
    text += "\(numbered.name)</span><span>\(escapedHTML(finding.title))</span>"
    text += "\(levelHTML(finding.level))</h3>\n"
    text += "<p class=\"message\">\(escapedHTML(finding.message))</p>\n<dl class=\"facts\">\n"
    term("Subject", "<code>\(escapedHTML(finding.subject))</code>")
    let span =
      finding.end.isEmpty || finding.end == finding.start
      ? escapedHTML(finding.start)
      : "\(escapedHTML(finding.start)) to \(escapedHTML(finding.end))"
    term("When", "\(span), \(counted(finding.count, "event", "events"))")
    term("Detector", "<code>\(escapedHTML(finding.detector))</code>")
    if !finding.controls.isEmpty {
      term("Controls", escapedHTML(finding.controls.joined(separator: " · ")))
    }
    term("Disposition", escapedHTML(numbered.dispositionText))
    term("Identity", "<code class=\"hash\">\(escapedHTML(finding.uid))</code>")
    text += "</dl>\n"
    if let first = finding.evidence.first {
      text += "<pre>\(escapedHTML(first.raw, scalarsMax: Limits.excerptScalarsMax))</pre>\n"
      let lines = counted(finding.evidence.count, "evidence line", "evidence lines")
      text += "<p class=\"whole\"><a href=\"#e-\(numbered.number)\">\(lines)</a>, first from "
      let place = first.place.isEmpty ? "line \(grouped(first.line))" : escapedHTML(first.place)
      text += "\(escapedHTML(first.source)), \(place)</p>\n"
    } else {
      text += isRedacted ? "" : "<p class=\"whole\">0 evidence lines.</p>\n"
    }
    text += "</div></article>\n"
  }

  private mutating func term(_ name: String, _ value: String) {
    text += "<dt>\(name)</dt><dd>\(value)</dd>\n"
  }

  mutating func writeEvidence(
    _ findings: [Review.NumberedFinding], _ whole: Review.Completeness
  ) {
    if whole.shown == 0 { writeNone(whole.ratio) }
    for numbered in findings.prefix(Limits.findingsShownMax)
    where !numbered.finding.evidence.isEmpty {
      text +=
        "<article class=\"proof\" id=\"e-\(numbered.number)\">\n<h3><a class=\"ref\" href=\"#f-"
      text += "\(numbered.number)\">\(numbered.name)</a><span>"
      text += "\(escapedHTML(numbered.finding.title))</span></h3>\n"
      for evidence in numbered.finding.evidence {
        text +=
          "<p class=\"from\"><b>\(escapedHTML(evidence.source))</b>, \(escapedHTML(evidence.position)), "
        text += "\(escapedHTML(evidence.time))<br>"
        text += "<code class=\"hash\">\(escapedHTML(evidence.sha256))</code></p>\n"
        text += "<pre>\(escapedHTML(evidence.raw, scalarsMax: Limits.rawScalarsMax))</pre>\n"
        if !evidence.fields.isEmpty {
          let fields = evidence.fields.map {
            "\(escapedHTML($0.name)) <code>\(escapedHTML($0.value))</code>"
          }
          text += "<p class=\"whole\">\(fields.joined(separator: " · "))</p>\n"
        }
      }
      text += "</article>\n"
    }
    writeCut(findings.count, Limits.findingsShownMax, "findings")
    writeCompleteness(whole)
  }

  /// Two rows of bars on scales of their own, since failures may outnumber successes a thousandfold.
  mutating func writeDays(_ chart: Review.DayChart) {
    text += "<figure id=\"chart-\(escapedHTML(chart.id))\">\n<figcaption>"
    text += "\(escapedHTML(chart.title))</figcaption>\n"
    if chart.completeness.shown == 0 {
      writeNone(chart.completeness.ratio)
    } else {
      let label =
        "Bars by day: \(grouped(chart.successes.reduce(0, +))) successes, at most "
        + "\(grouped(chart.successes.max() ?? 0)) a day; \(grouped(chart.failures.reduce(0, +))) "
        + "failures, at most \(grouped(chart.failures.max() ?? 0)) a day."
      text += "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\""
      text += "\(escapedHTML(chart.title))\">\n"
      text += "<svg viewBox=\"0 0 940 250\" role=\"img\" aria-label=\"\(escapedHTML(label))\">\n"
      writeBars(chart.successes, name: "Successes", class: "ok", top: 24)
      writeBars(chart.failures, name: "Failures", class: "fail", top: 140)
      let step = 880 / max(1, chart.successes.count)
      for day in 1...max(1, chart.successes.count) {
        text +=
          "<text class=\"mid\" x=\"\(50 + (day - 1) * step + step / 2)\" y=\"244\">\(day)</text>"
      }
      text += "\n</svg>\n</div>\n"
      text += "<p class=\"whole\">Each row of bars has a scale of its own.</p>\n"
    }
    writeCompleteness(chart.completeness)
    text += "</figure>\n"
  }

  private mutating func writeBars(_ values: [Int], name: String, class style: String, top: Int) {
    let (height, left) = (76, 50)
    let most = values.max() ?? 0
    let step = values.isEmpty ? 1 : 880 / values.count
    let base = top + height
    text += "<text class=\"name\" x=\"\(left)\" y=\"\(top - 10)\">\(name)</text>\n"
    text += "<line class=\"grid\" x1=\"\(left)\" x2=\"\(left + step * values.count)\" y1=\"\(top)\""
    text += " y2=\"\(top)\"/>\n<text class=\"end\" x=\"\(left - 8)\" y=\"\(top + 4)\">"
    text += "\(shortText(most))</text><text class=\"end\" x=\"\(left - 8)\" y=\"\(base + 4)\">0"
    text += "</text>\n"
    for (place, value) in values.enumerated() where value > 0 && most > 0 {
      // A day with anything at all is at least one unit high.
      let scaled = most > Int.max / height ? value / (most / height) : value * height / most
      let bar = min(height, max(1, scaled))
      text += "<rect class=\"\(style)\" x=\"\(left + place * step + 3)\" y=\"\(base - bar)\" "
      text += "width=\"\(step - 6)\" height=\"\(bar)\"><title>\(month.date(place + 1)): "
      text += "\(grouped(value))</title></rect>\n"
    }
    text +=
      "<line class=\"axis\" x1=\"\(left)\" x2=\"\(left + step * values.count)\" y1=\"\(base)\""
    text += " y2=\"\(base)\"/>\n"
  }
}
