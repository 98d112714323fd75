/// Whether a scalar would be unseen, or would change how its neighbours are read.
func isDeceptive(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x00..<0x20, 0x7F..<0xA0: true  // control characters, newlines among them
  case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F: true  // fillers
  case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true  // zero width, line ends, bidi
  case 0x3164, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE, 0xFFFF: true
  case 0xE0000...0xE0FFF: true  // tags and variation selectors
  default: false
  }
}

/// The text with every deceptive scalar spelt out as `⟨U+202E⟩`, cut after a number of scalars.
///
/// Runs in time linear in the part that is shown, whatever the length of the text.
func visible(_ text: String, scalarsMax: Int = Limits.scalarsShownMax) -> String {
  // Short and printable ASCII is as it is.
  if text.utf8.count <= scalarsMax, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
    return text
  }
  var shown = ""
  var count = 0
  for scalar in text.unicodeScalars {
    guard count < scalarsMax else {
      return shown + " … (cut; \(grouped(text.utf8.count)) bytes in all)"
    }
    count += 1
    guard isDeceptive(scalar) else {
      shown.unicodeScalars.append(scalar)
      continue
    }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    shown += "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "⟩"
  }
  return shown
}

/// How many findings a cell does not name, in words; empty when it names all.
func moreText(_ count: Int) -> String {
  count > Limits.linksShownMax ? " and \(grouped(count - Limits.linksShownMax)) more" : ""
}

/// What the HTML and Markdown pages show at most; JSON always has everything.
enum Limits {
  /// Scalars of one text: enough for any honest name or message, too few to bury a page.
  static let scalarsShownMax = 2000
  /// Scalars of one evidence line: about eight printed lines.
  static let rawScalarsMax = 800
  /// Scalars of the one line that stands with a finding.
  static let excerptScalarsMax = 280
  /// Rows of one table: a page that a browser and a printer still take.
  static let rowsShownMax = 2000
  /// Rows of one chart.
  static let chartRowsMax = 60
  /// Findings named in one cell.
  static let linksShownMax = 12
  /// Findings written out; the counts by detector cover all of them.
  static let findingsShownMax = 500
}
