import Reviews

/// The sections that rest on registers of duties and on tallies.
extension Sample {
  private static func make<Value>(_ value: Value, _ fill: (inout Value) -> Void) -> Value {
    var value = value
    fill(&value)
    return value
  }

  static func addSections(to facts: inout ReviewFacts) {
    facts.turnovers = [
      make(.init()) {
        ($0.register, $0.before, $0.joined, $0.left, $0.now) = ("people", 23, 2, 1, 24)
      },
      make(.init()) {
        ($0.register, $0.before, $0.joined, $0.left, $0.now) = ("contractors", 3, 1, 2, 2)
      },
    ]
    facts.movements = [
      make(.init()) {
        ($0.register, $0.id, $0.name, $0.change, $0.day) =
          ("contractors", "c-007", "Kim Osei", "ended", "2026-10-10")
      }
    ]
    facts.checks = [
      make(.init()) {
        ($0.id, $0.title, $0.rows, $0.level) =
          ("tool-no-questionnaire", "A questionnaire for each tool", ["row-2"], "medium")
        ($0.population) = 9
        $0.exceptions = [
          make(.init()) {
            ($0.subject, $0.place) = ("t-chat", "registers/tools.yaml:12")
            ($0.message, $0.fix) = ("`t-chat` has no questionnaire", "add `questionnaire`")
          }
        ]
      },
      make(.init()) {
        ($0.id, $0.title, $0.rows, $0.level) =
          ("policy-review-due", "Policies are reviewed", ["row-23", "row-100"], "low")
        $0.population = 4
      },
      make(.init()) {
        ($0.id, $0.title, $0.rows, $0.level) =
          ("backup-restore-due", "Restores are tried", ["row-28"], "high")
        $0.notRunReason = "no backups register"
      },
    ]
    facts.attestations = [
      make(.init()) {
        ($0.id, $0.clause, $0.statement) = ("at-1", "row-101", "Secure development policy 2.1")
        ($0.owner, $0.signedBy, $0.performedOn, $0.nextDue) =
          ("p-001", "p-001", "2026-03-01", "2027-03-01")
        ($0.link, $0.verdict) = ("WP-77", .good("holds"))
      },
      make(.init()) {
        ($0.id, $0.clause, $0.statement) = ("at-2", "row-107", "Cyber insurance")
        ($0.owner, $0.performedOn, $0.nextDue) = ("p-001", "2025-09-01", "2026-09-01")
        $0.verdict = .bad("overdue")
      },
    ]
    facts.incidents = [
      make(.init()) {
        ($0.id, $0.title, $0.severity, $0.owner) = ("i-3", "Key in a public image", "high", "p-002")
        ($0.detectedAt, $0.minutesToAcknowledge, $0.minutesToContain) = (
          "2026-10-09 10:02", 22, 190
        )
        ($0.minutesToResolve, $0.findings, $0.verdict) = (3000, ["b2"], .good("met"))
      }
    ]
    facts.access = ["gitlab", "db1", "web1"].enumerated().map { place, system in
      make(.init()) {
        ($0.system, $0.environment, $0.owner) =
          (system, place == 0 ? "staging" : "production", "p-001")
        $0.verdict = place == 0 ? .good("signed") : .attention("not signed, due 2026-11-05")
        if place == 0 {
          ($0.reviewedBy, $0.reviewedAt, $0.ref) = ("p-001", "2026-11-03", "WP-500")
          $0.counted = 3
        }
        $0.rows = [
          make(.init()) {
            ($0.account, $0.person, $0.name, $0.kind) = ("dana", "p-002", "Dana Reyes", "employee")
            ($0.roles, $0.first, $0.last) =
              (["admin:\(system)"], "2026-10-01 08:00:00", "2026-10-30 17:00:00")
            ($0.uses, $0.signIns, $0.commands, $0.basis) = (412, 40, 12, "WP-12")
            if place == 0 {
              ($0.decision, $0.decidedBy, $0.decidedAt) = ("keep", "p-001", "2026-11-03")
            }
          },
          make(.init()) {
            ($0.account, $0.person, $0.name, $0.kind) = ("kim", "c-007", "Kim Osei", "contractor")
            ($0.first, $0.last, $0.uses) = ("2026-10-01 08:00:00", "2026-10-22 09:14:02", 318)
            $0.remark = .bad("access has ended")
            if place == 0 {
              ($0.decision, $0.decidedBy, $0.decidedAt) = ("revoke", "p-001", "2026-11-03")
              $0.ticket = "WP-501"
            }
          },
          make(.init()) {
            ($0.account, $0.kind, $0.remark) = ("svc-import", "unlisted", .bad("nobody's"))
            ($0.first, $0.last, $0.uses) = ("2026-10-07 02:00:01", "2026-10-31 02:00:01", 25)
          },
        ]
      }
    }
    facts.revocations = [
      make(.init()) {
        ($0.person, $0.name, $0.kind, $0.system, $0.account) =
          ("c-007", "Kim Osei", "contractor", "gitlab", "kim")
        ($0.endedAt, $0.verdict) = ("2026-10-11 00:00:00", .bad("no revocation on record"))
      },
      make(.init()) {
        ($0.person, $0.name, $0.kind, $0.system, $0.account) =
          ("p-019", "Tom Vale", "employee", "gitlab", "tom")
        ($0.endedAt, $0.revokedAt, $0.hours) = ("2026-10-16 00:00:00", "2026-10-16 04:30:00", 5)
        $0.verdict = .good("revoked in time")
      },
    ]
    facts.databaseUses = [
      make(.init()) {
        ($0.person, $0.system, $0.first, $0.last, $0.events) =
          ("c-011", "db1", "2026-10-14 09:14:01", "2026-10-14 10:02:44", 41)
      }
    ]
    facts.privileged = [
      make(.init()) {
        ($0.system, $0.account, $0.person, $0.kind) = ("web1", "dana", "p-002", "employee")
        ($0.signIns, $0.commands, $0.listing) = (40, 12, .good("listed"))
        ($0.first, $0.last) = ("2026-10-01 08:00:00", "2026-10-30 17:00:00")
      },
      make(.init()) {
        ($0.system, $0.account, $0.kind, $0.commands) = ("web1", "root", "unlisted", 3)
        $0.listing = .bad("nobody's")
      },
    ]
    facts.changes = [
      make(.init()) {
        ($0.system, $0.account, $0.person, $0.action) = ("k8s", "ci", "s-010", "deploy.run")
        ($0.target, $0.ticket, $0.first, $0.last) =
          ("shop", "WP-431", "2026-10-05 10:00:00", "2026-10-05 10:00:00")
        ($0.done, $0.failed) = (1, 0)
      },
      make(.init()) {
        ($0.system, $0.account, $0.person, $0.action) = ("k8s", "ravi", "c-011", "change.update")
        ($0.target, $0.first, $0.last) = ("shop", "2026-10-14 09:40:00", "2026-10-14 09:52:00")
        ($0.done, $0.failed) = (4, 1)
      },
    ]
    facts.tools = [
      make(.init()) {
        ($0.id, $0.name, $0.status, $0.owner) = ("t-chat", "Chat", "approved", "p-001")
        ($0.approval, $0.events, $0.people) = (
          "p-001, 2026-01-09, email, <m1@example.org>", 930, 14
        )
        $0.verdict = .attention("lacks questionnaire")
      }
    ]
    facts.toolUses = [
      make(.init()) {
        ($0.tool, $0.status, $0.person, $0.events) = (
          "drive.google.com", "personal-cloud", "c-007", 9
        )
        ($0.first, $0.last) = ("2026-10-08 20:00:00", "2026-10-08 20:41:00")
      }
    ]
    facts.exposed = [
      make(.init()) {
        ($0.kind, $0.id, $0.name, $0.basis) = ("tool", "t-chat", "Chat", "the tools register")
        $0.listing = .bad("not listed")
      }
    ]
    facts.secrets = [
      make(.init()) {
        ($0.id, $0.name, $0.kind, $0.store) = ("s-1", "Database key", "sensitive_key", "vault")
        ($0.owner, $0.lastRotated, $0.maxAge) = ("p-001", "2026-10-05", "31 d")
        ($0.due, $0.daysLeft, $0.rotatedDays) = ("2026-11-05 00:00:00", 5, [5])
        ($0.reads, $0.readers, $0.verdict) = (120, 2, .attention("due soon"))
      },
      make(.init()) {
        ($0.id, $0.name, $0.kind) = ("s-2", "Deploy token", "service_token")
        ($0.lastRotated, $0.maxAge, $0.due, $0.daysLeft) =
          ("2026-07-01", "92 d", "2026-10-01 00:00:00", -30)
        ($0.dueDays, $0.verdict) = ([1], .bad("overdue"))
      },
    ]
    facts.secretUses = [
      make(.init()) {
        ($0.secret, $0.account, $0.person, $0.action, $0.events) =
          ("s-1", "app", "s-010", "secret.read", 118)
        ($0.first, $0.last) = ("2026-10-01 00:00:00", "2026-10-31 23:00:00")
      }
    ]
    facts.backups = [
      make(.init()) {
        ($0.id, $0.name, $0.systems, $0.jobs) = ("b-1", "Database dump", ["db1"], ["pgdump-db1"])
        ($0.interval, $0.owner, $0.lastSuccess) = ("1 d", "p-001", "2026-10-31 02:00:00")
        $0.goodDays = (1...31).filter { $0 != 12 && $0 != 13 }
        ($0.badDays, $0.runs) = ([12, 14], .attention("some runs failed"))
        ($0.lastTest, $0.testEnvironment, $0.testResult, $0.testDuration, $0.testDue) =
          ("2026-02-03", "test", "passed", "40 min", "2027-02-04 00:00:00")
        $0.tests = .good("in time")
      }
    ]
    facts.services = ["shop", "gitlab"].enumerated().map { place, name in
      make(.init()) {
        $0.name = name
        if place == 0 {
          ($0.availabilityTarget, $0.errorTarget, $0.latencyTarget) = (99_900, 1_000, 400)
        }
        $0.days = (1...31).map { day in
          make(.init()) {
            ($0.day, $0.requests, $0.errors) = (day, 41_000 + day * 7, day == 18 ? 900 : 12)
            ($0.minutes, $0.badMinutes, $0.timed) = (1440, day == 18 ? 31 : 0, 41_000)
            ($0.median, $0.p95, $0.p99) = (31_000, 212_000, 640_000)
          }
        }
        $0.month = make(.init()) {
          ($0.requests, $0.errors, $0.minutes, $0.badMinutes) = (1_274_472, 1_260, 44_640, 31)
          ($0.timed, $0.median, $0.p95, $0.p99) = (1_271_000, 31_000, 212_000, 640_000)
        }
      }
    }
    facts.clients.count = 2044
    facts.clients.refusedCount = 1
    facts.clients.top = [
      make(.init()) {
        ($0.service, $0.client, $0.requests, $0.refused) = ("shop", "203.0.113.9", 91_233, 411)
        ($0.clientErrors, $0.serverErrors, $0.limit) = (80, 3, "600 in 1 min (l-1)")
      }
    ]
    facts.clients.refused = facts.clients.top
    facts.places = [
      make(.init()) {
        ($0.country, $0.region, $0.system, $0.events) = ("NL", "eu-west-1", "shop", 4100)
      },
      make(.init()) {
        ($0.country, $0.region, $0.system, $0.events) = ("US", "eu-west-1", "shop", 12)
      },
    ]
    facts.dues = [
      make(.init()) {
        ($0.kind, $0.id, $0.title, $0.done, $0.due) =
          ("policy", "pol-1", "Access policy", "2025-11-20", "2026-11-20")
        $0.verdict = .attention("due soon")
      },
      make(.init()) {
        ($0.kind, $0.id, $0.title, $0.due, $0.note) =
          ("request", "r-9", "erasure", "2026-10-30 00:00:00", "received 2026-09-29")
        $0.verdict = .bad("overdue")
      },
    ]
    facts.cleared = [
      make(.init()) {
        ($0.approval, $0.person, $0.system, $0.reason, $0.events) =
          ("a-031", "c-011", "db1", "environment", 12)
        ($0.first, $0.last) = ("2026-10-03 11:02:10", "2026-10-03 12:40:00")
      }
    ]
    facts.silences = [
      make(.init()) {
        ($0.scope, $0.until, $0.author, $0.reason) =
          ("detector unknown-network", "2026-11-15", "dana", "new office is being set up")
      }
    ]
  }
}
