import Bytes
import Events
import Testing

@Suite struct MultilineRuleTests {
  private func begins(_ rule: MultilineRule, _ line: String) -> Bool {
    rule.begins(ByteView(immortal: line))
  }

  @Test(arguments: [
    "2026-11-03T09:14:07Z web1 app: x", "2026-11-03 09:14:07,397 ERROR x", "Nov  3 09:14:07 web1 x",
    "<86>Nov  3 09:14:07 web1 x", "[2026-11-03 09:14:07] x", "[03/Nov/2026:09:14:07 +0100] x",
    "Tue Nov  3 09:14:07 2026 x",
  ]) func `a time opens a record, whatever its form`(_ line: String) {
    #expect(MultilineRule.beginsWithTime(ByteView(immortal: line)))
    #expect(!MultilineRule.beginsWithTime(ByteView(immortal: " " + line)))
  }

  @Test(arguments: [
    "", "<", "[", "<86>", "x 2026-11-03T09:14:07Z", "2026-11-03", "12", "<8666666>2026",
  ])
  func `what is no time opens none`(_ line: String) {
    #expect(!MultilineRule.beginsWithTime(ByteView(immortal: line)))
  }

  @Test(arguments: [
    "\tat org.example.Shop.order(Shop.java:12)", "    at Object.<anonymous> (/app/x.js:1:2)",
    "\t... 12 more", "Caused by: java.io.IOException: closed", "Suppressed: a.b.C",
    "Traceback (most recent call last):", "  File \"job.py\", line 3, in run",
    "ValueError: no", "KeyError", "java.lang.IllegalStateException: no",
    "org.example.OutOfStock: no",
    "\tfrom app/models/user.rb:12:in `find'", "Exception in thread \"main\" a.b.C: d",
    "During handling of the above exception, another exception occurred:",
  ]) func `a line of a stack trace is known by itself`(_ line: String) {
    #expect(MultilineRule.isTrace(ByteView(immortal: line)))
  }

  @Test(arguments: [
    "", "\tat", "web1.example.org: hello", "Error", "an Error: no", "  indented",
    "Caused by nobody",
    "2026-11-03T09:14:07Z web1 app: ValueError: no",
  ]) func `any other line is none`(_ line: String) {
    #expect(!MultilineRule.isTrace(ByteView(immortal: line)))
  }

  @Test(arguments: [
    ("2026-11-03 09:14:08 UTC [4121] ERROR:  no such thing", true),
    ("2026-11-03 09:14:08 UTC [4121] kim@prod LOG:  connection received", true),
    ("2026-11-03 09:14:08 UTC [4121] DETAIL:  There is none.", false),
    ("2026-11-03 09:14:08 UTC [4121] HINT:  x", false),
    ("2026-11-03 09:14:08 UTC [4121] kim@prod STATEMENT:  select 1", false),
    ("\tfrom x", false), ("", false), ("no time at all", false),
    // Whoever gives a name like a label gets a record of his own: nothing hides in the one before.
    ("2026-11-03 09:14:08 UTC [4121] DETAIL:  @prod FATAL:  no role \"DETAIL:  \"", true),
    ("2026-11-03 09:14:08 UTC [4121] FATAL:  no role \"DETAIL:  x\"", true),
    ("2026-11-03 09:14:08 UTC [4121] STATEMENT:  select 'ERROR:  x'", true),
  ]) func `PostgreSQL begins a record with a severity`(_ line: String, _ expected: Bool) throws {
    #expect(begins(try #require(MultilineRule.named("postgresql")), line) == expected)
  }

  @Test func `patterns say what begins and what goes on`() {
    let own = MultilineRule(begins: [.pattern("--- *"), .time], continues: [.pattern("*...")])
    #expect(begins(own, "--- a"))
    #expect(!begins(own, "--- a ..."))
    #expect(begins(own, "2026-11-03T09:14:07Z"))
    #expect(!begins(own, "a"))
    #expect(begins(MultilineRule(continues: [.pattern("+*")]), "a"))
    #expect(
      own == MultilineRule(begins: [.pattern("--- *"), .time], continues: [.pattern("*...")]))
  }
}
