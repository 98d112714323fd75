import Bytes
import Foundation
import Formats

/// JSONTestSuite: what is JSON, what is not, and what RFC 8259 leaves to the reader.
enum JSONSuites {
  /// What is said of a line: `nil` for accepted, otherwise the reason.
  static func verdict(_ bytes: [UInt8], wanting path: String? = nil) -> String? {
    withView(bytes) { line -> String? in
      var reader = JSONReader(JSONWants(path.map { [$0] } ?? []))
      let record = Record()
      record.reset(line: line)
      do throws(JSONError) {
        try reader.read(line, into: record)
        return nil
      } catch {
        return error.reason.rawValue
      }
    }
  }

  static func inObject(_ bytes: [UInt8]) -> [UInt8] { Array("{\"k\":".utf8) + bytes + [0x7D] }

  static func files(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    try Corpus.files().filter { $0.hasPrefix("JSONTestSuite/\(folder)/") }.map {
      (URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent, try Corpus.bytes($0))
    }
  }

  /// How what the RFC leaves open is decided.
  static let principles = """
    A number is JSON whatever its size; one without fraction that fits 64 bits is exact, any other keeps
    the text that was written. Text must be UTF-8 without a mark (the reader of files takes one off).
    Nesting ends at 128. An escape that names half a character is grammar, so it is taken and shown as
    U+FFFD. Of a key that stands twice the last counts.
    """

  /// What the RFC leaves open, case by case.
  static let decisions: [String: String] = [
    "i_number_double_huge_neg_exp": "accepted",
    "i_number_huge_exp": "accepted",
    "i_number_neg_int_huge_exp": "accepted",
    "i_number_pos_double_huge_exp": "accepted",
    "i_number_real_neg_overflow": "accepted",
    "i_number_real_pos_overflow": "accepted",
    "i_number_real_underflow": "accepted",
    "i_number_too_big_neg_int": "accepted",
    "i_number_too_big_pos_int": "accepted",
    "i_number_very_big_negative_int": "accepted",
    "i_object_key_lone_2nd_surrogate": "accepted",
    "i_string_1st_surrogate_but_2nd_missing": "accepted",
    "i_string_1st_valid_surrogate_2nd_invalid": "accepted",
    "i_string_UTF-16LE_with_BOM": "json-unexpected-byte",
    "i_string_UTF-8_invalid_sequence": "json-invalid-utf8",
    "i_string_UTF8_surrogate_U+D800": "json-invalid-utf8",
    "i_string_incomplete_surrogate_and_escape_valid": "accepted",
    "i_string_incomplete_surrogate_pair": "accepted",
    "i_string_incomplete_surrogates_escape_valid": "accepted",
    "i_string_invalid_lonely_surrogate": "accepted",
    "i_string_invalid_surrogate": "accepted",
    "i_string_invalid_utf-8": "json-invalid-utf8",
    "i_string_inverted_surrogates_U+1D11E": "accepted",
    "i_string_iso_latin_1": "json-invalid-utf8",
    "i_string_lone_second_surrogate": "accepted",
    "i_string_lone_utf8_continuation_byte": "json-invalid-utf8",
    "i_string_not_in_unicode_range": "json-invalid-utf8",
    "i_string_overlong_sequence_2_bytes": "json-invalid-utf8",
    "i_string_overlong_sequence_6_bytes": "json-invalid-utf8",
    "i_string_overlong_sequence_6_bytes_null": "json-invalid-utf8",
    "i_string_truncated-utf-8": "json-invalid-utf8",
    "i_string_utf16BE_no_BOM": "json-unexpected-byte",
    "i_string_utf16LE_no_BOM": "json-unexpected-byte",
    "i_structure_500_nested_arrays": "json-too-deep",
    "i_structure_UTF-8_BOM_empty_object": "json-unexpected-byte",
    "number_-9223372036854775808": "accepted",
    "number_-9223372036854775809": "accepted",
    "number_1.0": "accepted",
    "number_1.000000000000000005": "accepted",
    "number_1000000000000000": "accepted",
    "number_10000000000000000999": "accepted",
    "number_1e-999": "accepted",
    "number_1e6": "accepted",
    "number_9223372036854775807": "accepted",
    "number_9223372036854775808": "accepted",
    "object_key_nfc_nfd": "accepted",
    "object_key_nfd_nfc": "accepted",
    "object_same_key_different_values": "accepted",
    "object_same_key_same_value": "accepted",
    "object_same_key_unclear_values": "accepted",
    "string_1_escaped_invalid_codepoint": "accepted",
    "string_1_invalid_codepoint": "json-invalid-utf8",
    "string_2_escaped_invalid_codepoints": "accepted",
    "string_2_invalid_codepoints": "json-invalid-utf8",
    "string_3_escaped_invalid_codepoints": "accepted",
    "string_3_invalid_codepoints": "json-invalid-utf8",
    "string_with_escaped_NULL": "accepted",
  ]

  static let all = [
    ConformanceSuite(
      "JSONTestSuite: one object a line", 283, 0, 0,
      run: {
        var outcome = Outcome()
        for (name, bytes) in try files("test_parsing") where !name.hasPrefix("i_") {
          let verdict = verdict(bytes)
          let isObject = bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
          // Only objects are lines; another value must fail for that reason alone.
          let wanted = name.hasPrefix("y_") ? (isObject ? nil : "json-not-an-object") : verdict
          outcome.judge(
            name,
            verdict == wanted && (verdict == nil) == (name.hasPrefix("y_") && isObject)
              ? [] : [verdict ?? "accepted"])
        }
        return outcome
      }),
    ConformanceSuite(
      "JSONTestSuite: as the value of a key", 283, 0, 0,
      run: {
        var outcome = Outcome()
        for (name, bytes) in try files("test_parsing") where !name.hasPrefix("i_") {
          let line = inObject(bytes)
          let verdicts = [
            verdict(line), verdict(line, wanting: "k"), verdict(line, wanting: "k.a"),
          ]
          let isRight = verdicts.allSatisfy { ($0 == nil) == name.hasPrefix("y_") }
          outcome.judge(name, isRight ? [] : ["\(verdicts)"])
        }
        return outcome
      }),
    ConformanceSuite(
      "JSONTestSuite: left to the reader", 57, 0, 0,
      run: {
        var outcome = Outcome()
        let cases =
          try files("test_parsing").filter { $0.name.hasPrefix("i_") } + files("test_transform")
        for (name, bytes) in cases {
          let line = inObject(bytes)
          let found = verdict(line, wanting: "k") ?? "accepted"
          outcome.judge(
            name,
            found == decisions[name] && verdict(line) ?? "accepted" == found ? [] : [found])
        }
        return outcome
      }),
  ]
}
