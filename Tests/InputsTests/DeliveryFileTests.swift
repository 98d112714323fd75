import Inputs
import Testing

/// Documents with many records, taken apart.
@Suite struct DeliveryFileTests {
  private func lines(_ text: String) -> (lines: [String], end: Int, isWhole: Bool) {
    var bytes = Array(text.utf8)
    let parts = DeliveryFile.splitRecords(&bytes)
    let lines = bytes[parts.records].split(separator: 0x0A).map {
      String(decoding: $0, as: UTF8.self)
    }
    return (lines, parts.end, parts.isWhole)
  }

  @Test(arguments: [
    (#"{"Records":[{"a":1},{"a":[2,{}]}]}"#, 2, true),
    (#"{"Records":[]}"#, 0, true),
    (#"{"Records":[{"a":"]}"}],"more":{"b":["]}"]}}"#, 1, true),
    (#"{"Records":[{"a":1},{"a":2}"#, 2, false),
    (#"{"Records":[{"a":1}]"#, 1, false),
  ]) func `a document has its records, and an end`(_ text: String, _ count: Int, _ isWhole: Bool) {
    let found = lines(text)
    #expect(found.lines.count == count)
    #expect(found.end == text.utf8.count)
    #expect(found.isWhole == isWhole)
  }

  @Test func `another document behind the first is left as it is`() {
    let (first, rest) = (#"{"Records":[{"a":1}]}"#, "\n{\"Records\":[{\"a\":2},\n{\"a\":3}]}")
    var bytes = Array((first + rest).utf8)
    let parts = DeliveryFile.splitRecords(&bytes)
    #expect(parts.end == first.utf8.count)
    #expect(Array(bytes[parts.end...]) == Array(rest.utf8))
  }
}
