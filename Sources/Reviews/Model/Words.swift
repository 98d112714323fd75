/// A number with commas between its thousands.
func grouped(_ number: Int) -> String {
  let digits = Array("\(number.magnitude)")
  var text = number < 0 ? "−" : ""
  for (offset, digit) in digits.enumerated() {
    if offset > 0, (digits.count - offset) % 3 == 0 { text += "," }
    text.append(digit)
  }
  return text
}

/// A number of bytes in the largest decimal unit that leaves a whole part, rounded down.
func byteText(_ bytes: Int) -> String {
  guard bytes >= 1000 else { return "\(bytes) B" }
  var (scaled, unit) = (bytes, 0)
  while scaled >= 1_000_000, unit < 4 { (scaled, unit) = (scaled / 1000, unit + 1) }
  let units = ["kB", "MB", "GB", "TB", "PB"]
  return "\(grouped(scaled / 1000)).\(scaled % 1000 / 100) \(units[unit])"
}

/// A number in at most four characters, rounded down: `987`, `1.2k`, `34k`, `5.6M`.
func shortText(_ number: Int) -> String {
  guard number >= 1000 else { return "\(number)" }
  var (scaled, unit) = (number, 0)
  while scaled >= 1_000_000, unit < 3 { (scaled, unit) = (scaled / 1000, unit + 1) }
  let units = ["k", "M", "G", "T"]
  guard scaled < 10_000 else { return "\(scaled / 1000)\(units[unit])" }
  return "\(scaled / 1000).\(scaled % 1000 / 100)\(units[unit])"
}

/// A share in per cent with one decimal, rounded down, so that only a whole is 100 %.
func percentText(_ part: Int, of whole: Int) -> String {
  guard whole > 0 else { return "–" }
  let (high, low) = (part / whole, part % whole)
  let tenths = high * 1000 + (whole > Int.max / 1000 ? low / (whole / 1000) : low * 1000 / whole)
  return "\(tenths / 10).\(tenths % 10) %"
}

/// A count with its noun.
func counted(_ count: Int, _ one: String, _ many: String) -> String {
  "\(grouped(count)) \(count == 1 ? one : many)"
}

/// A list of words as a sentence has it: `a`, `a and b`, `a, b and c`.
func sentenceList(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}

/// Days as ranges: `3–5, 9`.
func dayRanges(_ days: [Int]) -> String {
  var ranges: [ClosedRange<Int>] = []
  for day in days {
    if let last = ranges.last, last.upperBound + 1 == day {
      ranges[ranges.count - 1] = last.lowerBound...day
    } else {
      ranges.append(day...day)
    }
  }
  return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
    .joined(separator: ", ")
}

/// The levels, most severe first.
let levelNames = ["critical", "high", "medium", "low", "informational"]

/// A level's place among ``levelNames``; an unknown one comes last.
func levelRank(_ level: String) -> Int { levelNames.firstIndex(of: level) ?? levelNames.count }

/// The text as part of an id or a file's name: small letters, digits and single dashes, 40 at most.
func slug(_ text: String) -> String {
  var slug = ""
  for byte in text.utf8 where slug.utf8.count < 40 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      slug.unicodeScalars.append(Unicode.Scalar(byte))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      slug.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
    default: if !slug.isEmpty, !slug.hasSuffix("-") { slug += "-" }
    }
  }
  while slug.hasSuffix("-") { slug.removeLast() }
  return slug.isEmpty ? "x" : slug
}

/// Thousandths of a per cent with as many decimals as say something, such as `99.95 %`.
func perMyriadText(_ thousandths: Int) -> String {
  let (whole, rest) = (thousandths / 1000, thousandths % 1000)
  var decimals = padded(rest, 3)
  while decimals.hasSuffix("0"), decimals.utf8.count > 1 { decimals.removeLast() }
  return "\(whole).\(decimals) %"
}

/// A part of a whole in thousandths of a per cent, rounded down.
func thousandths(_ part: Int, of whole: Int) -> Int? {
  guard whole > 0 else { return nil }
  let (high, low) = part.multipliedFullWidth(by: 100_000)
  return whole.magnitude > UInt(high) ? whole.dividingFullWidth((high, low)).quotient : nil
}

/// Microseconds as milliseconds, rounded up.
func millisecondText(_ microseconds: Int) -> String {
  microseconds < 1000 ? "< 1 ms" : "\(grouped((microseconds + 999) / 1000)) ms"
}
