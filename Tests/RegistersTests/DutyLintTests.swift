import Documents
import Registers
import Testing

@Suite struct DutyLintTests {
  func lint(_ text: String) throws -> [String] {
    try registers(text).lint(asOf: try time("2026-11-01T00:00:00Z")).map(\.description)
  }

  @Test(arguments: [
    (
      "secrets:\n  - {id: s}\n  - {id: s}\n",
      "3:5: error: the id `s` also stands at registers.yaml:2"
    ),
    (
      "secrets:\n  - {id: s, names: [db]}\n  - {id: t, names: [db]}\n",
      "3:5: error: the secret `db` is both `s`'s and `t`'s"
    ),
    (
      "\(cast)secrets:\n  - {id: s, owner: p-9}\n",
      "7:20: error: the owner of `s`, `p-9`, is in no register"
    ),
    (
      "\(cast)secrets:\n  - {id: s, readers: [p-9]}\n",
      "7:22: error: `p-9`, who may read the secret `s`, is in no register"
    ),
    (
      "\(cast)infrastructure:\n  - {id: web1, owner: p-2}\nsecrets:\n  - {id: s, system: web2}\n",
      "9:21: error: the secret `s` names `web2`, which is no system or tool; did you mean `web1`?"
    ),
    (
      "secrets:\n  - {id: s, last_rotated: 2026-02-02, expires_on: 2026-02-01}\n",
      "2:5: error: the secret `s` expires 2026-02-01, before it was changed 2026-02-02"
    ),
    (
      "tools: []\nsubprocessors:\n  - {id: s, tool: gitlab}\n",
      "3:19: error: the subprocessor `s` stands behind `gitlab`, which is no tool"
    ),
    (
      "backups:\n  - {id: b, restore_tests: [{at: 2026-12-01}]}\n",
      "2:29: warning: the restore test of `b` on 2026-12-01 has not been yet"
    ),
    (
      "infrastructure:\n  - {id: a}\nroles:\n  - {job_role: dev, grants: {b: [user]}}\n",
      "4:29: error: the job role `dev` names `b`, which is no system or tool"
    ),
    (
      "roles:\n  - {job_role: dev}\npeople:\n  - {id: a, job_role: devs}\n",
      "4:23: error: the job role `devs` of `a` is not in the role matrix; did you mean `dev`?"
    ),
    (
      "people:\n  - {id: a, manager: b}\n",
      "2:22: error: `b`, the manager of `a`, is in no register"
    ),
    (
      "infrastructure:\n  - {id: a, environment: staging}\nflows:\n  - {from: stagin, to: staging}\n",
      "4:12: error: no system of the infrastructure register is in the environment `stagin`; did "
        + "you mean `staging`?"
    ),
    (
      "\(cast)tasks:\n  - {id: t, assignee: p-9, from: 2026-10-01, until: 2026-10-01, created_at: 2026-09-30}\n",
      "7:23: warning: the task `t` is assigned to `p-9`, who is in no register; correct it, or add"
    ),
    (
      "people:\n  - {id: a, name: Ann}\n  - {id: b, name: ann}\ntasks:\n  - {id: t, assignee: Ann, "
        + "from: 2026-10-01, until: 2026-10-01, created_at: 2026-09-30}\n",
      "5:23: warning: the task `t` is assigned to `Ann`, whose name two people have; write the id of"
    ),
    (
      "infrastructure:\n  - {id: web1}\ntasks:\n  - {id: t, assignee: a, from: 2026-10-01, "
        + "until: 2026-10-01, created_at: 2026-09-30, systems: [web2]}\n",
      "4:96: error: the task `t` names `web2`, which is no system or tool; did you mean `web1`?"
    ),
    (
      "flows:\n  - {from: a, to: a}\n", "2:5: warning: the flow `a>a` begins and ends in `a`"
    ),
    (
      "reviews:\n  - {system: a, month: 2026-09, reviewed_at: 2026-08-31}\n",
      "2:5: error: the review `a/2026-09` was signed 2026-08-31, before its month began"
    ),
    (
      "reviews:\n  - {system: a, month: 2026-09, accounts: 0, decisions: [{account: x}]}\n",
      "2:5: error: the review `a/2026-09` has 1 decisions about 0 accounts"
    ),
    (
      "\(cast)dispositions:\n  - {finding: 0a1b2c3d, disposition: benign, by: p-9, at: 2026-10-02}\n",
      "7:50: error: `p-9`, who decided about the finding `0a1b2c3d`, is in no register"
    ),
    (
      "dispositions:\n  - {finding: F-3, disposition: benign, by: a, at: 2026-10-02}\n",
      "2:15: error: `F-3` is no finding's identity; write its first 8 letters or more"
    ),
    (
      "dispositions:\n  - {finding: 0a1b2c3, disposition: benign, by: a, at: 2026-10-02}\n",
      "2:15: error: `0a1b2c3` is no finding's identity"
    ),
    (
      "dispositions:\n  - {finding: 0a1b2c3d, disposition: benign, by: a, at: 2026-11-02}\n",
      "2:57: warning: the disposition of `0a1b2c3d` is dated 2026-11-02, which is later"
    ),
    (
      "attestations:\n  - {clause: B12}\n",
      "2:14: error: `B12` is no clause; write a row, such as row-101"
    ),
    (
      "attestations:\n  - {clause: row-101, performed_on: 2026-02-02, next_due: 2026-02-01}\n",
      "2:5: error: the attestation `row-101` is due 2026-02-01, before it was done on 2026-02-02"
    ),
    (
      "incidents:\n  - {id: i, severity: low, detected_at: 2026-02-02, contained_at: 2026-02-01}\n",
      "2:5: error: the incident `i` was contained 2026-02-01, before it was noticed 2026-02-02"
    ),
    (
      "requests:\n  - {id: d, kind: access, received_at: 2026-02-02, answered_at: 2026-02-01}\n",
      "2:5: error: the request `d` was answered 2026-02-01, before it came 2026-02-02"
    ),
    (
      "limits:\n  - {id: a, requests: 1, per: 1m}\n  - {id: b, requests: 2, per: 1m}\n",
      "3:5: error: the client `all others` is both `a`'s and `b`'s"
    ),
    (
      "limits:\n  - {id: a, endpoints: [h.example], webhooks_per_hour: 1}\n  - {id: b, clients: [acme], endpoints: [h.example], webhooks_per_hour: 2}\n",
      "3:5: error: the endpoint `h.example` is both `a`'s and `b`'s"
    ),
    (
      "\(cast)approvals:\n  - {id: e, type: exception, subject: s, control: row-25, from: 2026-10-01, until: 2026-12-30, approved_by: p-1, approved_at: 2026-10-01, ref: x}\n",
      "7:5: error: the exception `e` lasts 91 days; at most 90 are allowed"
    ),
    (
      "\(cast)approvals:\n  - {id: e, type: exception, subject: s, from: 2026-10-01, until: 2026-12-29, approved_by: p-1, approved_at: 2026-10-01, ref: x}\n",
      "7:5: warning: the exception `e` does not say from what, so it lifts no finding"
    ),
    (
      "people:\n  - {id: a, offboarding: {completed_at: 2026-02-01, checklist: {gitlab: 2026-02-02}}}\n",
      "2:26: error: the offboarding of `a` was complete 2026-02-01, but `gitlab` was revoked"
    ),
  ])
  func `what is wrong with them is said in place`(_ text: String, _ message: String) throws {
    let problems = try lint(text).filter { !$0.contains("nobody owns") }
    #expect(problems.count == 1, "\(problems)")
    #expect(problems.first?.hasPrefix("registers.yaml:" + message) == true, "\(problems)")
  }

  @Test(arguments: [
    "secrets:\n  - {id: s, valid_to: 2026-01-31}\n  - {id: s, valid_from: 2026-02-01}\n",
    "secrets:\n  - {id: s, names: [db], valid_to: 2026-01-31}\n  - {id: t, names: [db], valid_from: 2026-02-01}\n",
    "backups:\n  - {id: b, systems: [anything]}\n",
    "flows:\n  - {from: a, to: b}\n  - {from: b, to: a}\n",
    "limits:\n  - {id: a, requests: 1, per: 1m}\n  - {id: b, clients: [acme], requests: 2, per: 1m}\n  - {id: c, endpoints: [h.example], webhooks_per_hour: 2}\n",
  ])
  func `rows that follow each other, or name what no register lists, are in order`(
    _ text: String
  ) throws {
    #expect(try lint(text) == [])
  }

  @Test func `a register of many mistakes is told of quickly`() throws {
    var text = "infrastructure:\n"
    for number in 0..<2000 { text += "  - {id: host-\(number), owner: p-1}\n" }
    text += "backups:\n"
    for number in 0..<2000 { text += "  - {id: b-\(number), systems: [hose-\(number)]}\n" }
    #expect(try lint(text).count == 2000)
  }

  @Test func `who wrote a task matters where tasks of one's own do not count`() throws {
    let text =
      "\(cast)tasks:\n  - {id: t, assignee: p-1, from: 2026-10-01, until: 2026-10-01, created_at: 2026-09-30, "
      + "created_by: zoe}\n"
    #expect(try lint(text).isEmpty)
    let policy = try Policy(
      Document(file: "p.yaml", text: "change: {own_tasks: {value: false, reason: x}}"))
    let found = try registers(text, policy: policy).lint(asOf: try time("2026-11-01T00:00:00Z"))
    #expect(
      found.map(\.description) == [
        "registers.yaml:7:101: warning: the task `t` was written by `zoe`, who is in no register; correct it, or add "
          + "the person"
      ])
  }
}
