import Documents
import Registers
import Testing

/// Registers made of other systems' exports.
@Suite struct ImportTests {
  private func read(
    _ source: RegisterImport.Source, _ text: String, system: String? = nil
  ) throws -> RegisterImport {
    let result = try RegisterImport(source, file: "export", text: text, system: system)
    #expect(result.read == result.imported + result.skipped.count)
    // Whatever is imported is a register that loads.
    if !result.rows.isEmpty {
      let registers = try Registers([("import.yaml", result.yaml)])
      let count =
        registers.people.count + registers.contractors.count + registers.infrastructure.count
        + registers.tools.count + registers.tasks.count
      #expect(count > 0)
    }
    return result
  }

  private func skipped(_ result: RegisterImport) -> [String] {
    result.skipped.map { "\($0.place.line):\($0.place.column) \($0.reason)" }
  }

  // MARK: - SCIM

  @Test func `SCIM users are people, and those from outside contractors`() throws {
    let text = """
      {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":5,"Resources":[
      {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223","externalId":"701984","userName":"dana",
       "name":{"formatted":"Ms. Dana Reyes","familyName":"Reyes","givenName":"Dana"},"title":"director","userType":"Employee",
       "emails":[{"value":"d@home.example","type":"home"},{"value":"dana@example.org","type":"work","primary":true}],"active":true,
       "meta":{"resourceType":"User","created":"2024-01-23T04:56:22Z","lastModified":"2026-05-13T04:42:34Z"}},
      {"id":"2819c224","userName":"aya","displayName":"Aya Mori","active":true,
       "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"E-12","manager":{"value":"2819c223"}}},
      {"id":"3","userName":"kim","userType":"Contractor","active":true,"meta":{"created":"2026-11-01T00:00:00Z"}},
      {"id":"4","userName":"lee","active":false,"meta":{"lastModified":"2026-10-31T09:00:00Z"}},
      {"id":"5","userName":"noor","active":false},
      {"id":"6","displayName":"nobody"},
      {"id":"7","userName":"backup","userType":"Service"}
      ]}
      """
    let result = try read(.scim, text)
    #expect(
      result.yaml == """
        people:
          - id: p-701984
            name: "Ms. Dana Reyes"
            kind: employee
            accounts: {"*": [dana]}
            emails: [dana@example.org, d@home.example]
            job_role: director
          - id: p-e-12
            name: "Aya Mori"
            kind: employee
            accounts: {"*": [aya]}
            manager: p-701984
          - id: p-4
            name: lee
            kind: employee
            accounts: {"*": [lee]}
            valid_to: 2026-10-31
          - id: p-7
            name: backup
            kind: service
            accounts: {"*": [backup]}
        contractors:
          - id: p-3
            name: kim
            accounts: {"*": [kim]}
            engagement: {start: 2026-11-01}

        """)
    #expect(
      skipped(result) == [
        "10:1 not active, and no date says since when", "11:1 a user without `userName`",
      ])
    // An array alone is the same.
    #expect(try read(.scim, #"[{"id":"1","userName":"x"}]"#).imported == 1)
    #expect(throws: Problem.self) { try read(.scim, "{}") }
  }

  // MARK: - LDIF

  @Test func `a directory's entries are people: lines are joined, Base64 is undone`() throws {
    let text = """
      version: 1
      # people
      dn: uid=dana,ou=people,dc=example,dc=org
      objectClass: inetOrgPerson
      uid: dana
      cn: Dana
        Reyes
      mail: dana@example.org
      employeeType: employee

      dn:: dWlkPXpvw6ssb3U9cGVvcGxlLGRjPWV4YW1wbGUsZGM9b3Jn
      uid: zoe
      cn:: Wm/DqyBNdWxkZXI=
      manager: UID=dana, OU=people, DC=example, DC=org
      shadowExpire: 20789
      jpegPhoto:< file:///tmp/photo.jpg

      dn: uid=kim,ou=people,dc=example,dc=org
      uid: kim
      employeeType: Contractor
      createTimestamp: 20261101083000Z

      dn: uid=noor,ou=people,dc=example,dc=org
      uid: noor
      employeeType: contractor

      dn: ou=groups,dc=example,dc=org
      objectClass: organizationalUnit

      dn: uid=old,ou=people,dc=example,dc=org
      changetype: delete

      dn: CN=Lee Moss,OU=Staff,DC=example,DC=org
      sAMAccountName: lmoss
      cn;lang-en: Lee Moss
      userAccountControl: 514
      whenChanged: 20261012101500.0Z
      """
    let result = try read(.ldif, text)
    #expect(
      result.yaml == """
        people:
          - id: p-dana
            name: "Dana Reyes"
            kind: employee
            accounts: {"*": [dana]}
            emails: [dana@example.org]
          - id: p-zoe
            name: "Zoë Mulder"
            kind: employee
            accounts: {"*": [zoe]}
            manager: p-dana
            valid_to: 2026-12-01
          - id: p-lmoss
            name: "Lee Moss"
            kind: employee
            accounts: {"*": [lmoss]}
            valid_to: 2026-10-12
        contractors:
          - id: p-kim
            name: kim
            accounts: {"*": [kim]}
            engagement: {start: 2026-11-01}

        """)
    #expect(
      skipped(result) == [
        "23:1 a contractor, and no date says since when", "27:1 no `uid` or `sAMAccountName`",
        "30:1 a change (`changetype: delete`), not an entry",
      ])
  }

  @Test(arguments: [
    ("uid: x", 1, 1), ("dn: x\n  y\nnothing", 3, 1), (" x", 1, 1), ("dn: a\ndn: b", 2, 1),
    ("dn: a\nuid:: ###", 2, 6), ("dn: a\nuid:: YQ", 2, 6), ("dn: a\n: x", 2, 1),
  ])
  func `what is not LDIF says where`(_ text: String, _ line: Int, _ column: Int) throws {
    let problem = try #require(throws: Problem.self) { try read(.ldif, text) }
    #expect([problem.line, problem.column] == [line, column], "\(problem)")
    #expect(!problem.fix.isEmpty)
  }

  // MARK: - NetBox

  @Test func `NetBox's machines are systems, and what is only planned is not there`() throws {
    let devices = """
      Name,Status,Tenant,Site,Rack,Role,Manufacturer,Type,IP Address,Tags
      web1,Active,,ams1,R1,server,Dell,R640,10.0.0.11/24,"prod, edge"
      "Core, switch",Active,,ams1,R1,switch,Cisco,C9300,,
      new1,Planned,,ams1,R1,server,Dell,R640,,
      ,Active,,ams1,R1,server,Dell,R640,,
      web1,Active,,fra1,R1,server,Dell,R640,10.1.0.11/24,
      bad,Active,,ams1,R1,server,Dell,R640,10.0.0.999,
      """
    let result = try read(.netbox, devices)
    #expect(
      result.yaml == """
        infrastructure:
          - id: web1
            name: web1
            kind: host
            names: [web1]
            addresses: [10.0.0.11]
            region: ams1
            tags: [prod, edge, "role:server"]
          - id: core-switch-1418742a
            name: "Core, switch"
            kind: host
            names: ["core, switch"]
            region: ams1
            tags: ["role:switch"]

        """)
    #expect(
      skipped(result) == [
        "4:1 planned: not in use", "5:1 a device without a name",
        "6:1 the id `web1` is an earlier record's", "7:1 `10.0.0.999` is no address",
      ])
  }

  @Test func `NetBox's virtual machines, prefixes and addresses`() throws {
    let machines = try read(
      .netbox,
      "name,status,site,cluster,role,vcpus,memory,disk,primary_ip4,primary_ip6,cf_environment\nvm1,active,,k1,,2,4096,20,10.0.0.31/24,2001:db8::31/64,Production\n"
    )
    #expect(machines.yaml.contains("kind: vm") && machines.yaml.contains("environment: production"))
    #expect(machines.yaml.contains(#"addresses: [10.0.0.31, "2001:db8::31"]"#))
    let prefixes = try read(
      .netbox,
      "prefix,vrf,status,role,description\n10.0.0.0/24,,active,,Servers\n10.0.0.0/8,,container,,All\n10.0.0.1/24,,active,,\n2001:db8::/32,,active,,\n"
    )
    #expect(prefixes.rows.map(\.id) == ["net-10.0.0.0-24", "net-2001-db8--32-4e56e836"])
    #expect(prefixes.skipped.count == 2)
    let addresses = try read(
      .netbox,
      "address,status,role,dns_name,device,interface\n10.0.0.11/24,active,,web1.example.org,web1,eth0\n10.0.0.12/24,active,,,web1,eth1\n10.0.0.50/24,active,,printer.example.org,,\n10.0.0.60/24,active,,,,\n,active,,,,\n"
    )
    #expect(addresses.rows.map(\.id) == ["web1", "printer.example.org", "ip-10.0.0.60"])
    #expect(addresses.yaml.contains("addresses: [10.0.0.11, 10.0.0.12]"))
    #expect(addresses.read == 5 && addresses.imported == 4)
    #expect(throws: Problem.self) { try read(.netbox, "vlan,vid\nx,1\n") }
  }

  // MARK: - Backstage and CycloneDX

  @Test func `a catalog's components and resources are systems, its users people`() throws {
    let text = """
      apiVersion: backstage.io/v1alpha1
      kind: Component
      metadata: {name: shop-api, title: Shop API, tags: [java]}
      spec: {type: service, lifecycle: production, owner: team-a, system: shop}
      ---
      apiVersion: backstage.io/v1alpha1
      kind: Resource
      metadata: {name: orders-db}
      spec: {type: database, lifecycle: deprecated, owner: "user:default/dana"}
      ---
      kind: Component
      metadata: {name: util}
      spec: {type: library, lifecycle: production, owner: team-a}
      ---
      kind: User
      metadata: {name: dana}
      spec: {profile: {displayName: Dana Reyes, email: dana@example.org}, memberOf: [team-a]}
      ---
      kind: Group
      metadata: {name: team-a}
      """
    let result = try read(.backstage, text)
    #expect(
      result.yaml == """
        infrastructure:
          - id: shop-api
            name: "Shop API"
            kind: service
            names: [shop-api]
            environment: production
            tags: [java, "owner:team-a", "system:shop"]
          - id: orders-db
            name: orders-db
            kind: database
            names: [orders-db]
            owner: p-dana
            tags: ["lifecycle:deprecated"]
        people:
          - id: p-dana
            name: "Dana Reyes"
            kind: employee
            accounts: {"*": [dana]}
            emails: [dana@example.org]

        """)
    #expect(
      skipped(result) == ["11:1 a library runs nowhere", "19:1 a Group is no system and nobody"])
  }

  @Test
  func
    `the services of a bill of materials are proposed tools, and subprocessors across a boundary`()
    throws
  {
    let text = """
      {"bomFormat":"CycloneDX","specVersion":"1.6","services":[
       {"bom-ref":"a","provider":{"name":"Acme Inc"},"group":"com.acme","name":"mail","endpoints":["https://user:x@mail.example.com:8443/v1?x","http://mail.example.com"],
        "authenticated":true,"x-trust-boundary":true,"description":"Sends mail","data":[{"flow":"outbound","classification":"PII"},{"flow":"inbound","classification":"public"}],
        "services":[{"name":"templates"}]},
       {"name":"cache","authenticated":false,"x-trust-boundary":false},
       {"version":"1"}]}
      """
    let result = try read(.cyclonedx, text)
    #expect(
      result.yaml == """
        tools:
          - id: com.acme-mail
            name: mail
            vendor: "Acme Inc"
            domains: [mail.example.com]
            status: proposed
            personal_data: true
          - id: mail-templates
            name: templates
            status: proposed
          - id: cache
            name: cache
            status: proposed
            notes: "Used without authentication"
        subprocessors:
          - id: sp-com.acme-mail
            name: "Acme Inc"
            tool: com.acme-mail
            purpose: "Sends mail"
            data: [personal, public]

        """)
    #expect(result.read == 4 && skipped(result) == ["6:2 a service without a name"])
    #expect(throws: Problem.self) { try read(.cyclonedx, #"{"services":[]}"#) }
  }

  // MARK: - GitLab and Nextcloud

  @Test func `GitLab's users, as JSON and as CSV, are the same rows`() throws {
    let json = """
      [{"id":7,"username":"dana.reyes","name":"Dana Reyes","state":"active","email":"dana@example.org","is_admin":true,"bot":false,"external":false,"created_at":"2024-01-10T08:00:00.000Z"},
       {"id":8,"username":"kim","name":"Kim Osei","state":"active","external":true,"created_at":"2026-11-02T08:00:00.000Z"},
       {"id":9,"username":"project_1_bot","name":"CI","state":"active","bot":true},
       {"id":10,"username":"lee","name":"Lee","state":"blocked"}]
      """
    let csv = """
      id,username,name,state,email,is_admin,bot,external,created_at
      7,dana.reyes,Dana Reyes,active,dana@example.org,true,false,false,2024-01-10T08:00:00.000Z
      8,kim,Kim Osei,active,,f,f,t,2026-11-02T08:00:00.000Z
      9,project_1_bot,CI,active,,false,true,false,
      10,lee,Lee,blocked,,,,,
      """
    let (one, other) = (try read(.gitlabUsers, json), try read(.gitlabUsers, csv))
    #expect(one.yaml == other.yaml)
    #expect(
      one.yaml == """
        people:
          - id: gitlab-7
            name: "Dana Reyes"
            kind: employee
            accounts: {gitlab: [dana.reyes]}
            emails: [dana@example.org]
            roles: ["admin:gitlab"]
          - id: gitlab-9
            name: CI
            kind: service
            accounts: {gitlab: [project_1_bot]}
        contractors:
          - id: gitlab-8
            name: "Kim Osei"
            accounts: {gitlab: [kim]}
            engagement: {start: 2026-11-02}

        """)
    #expect(skipped(one) == ["4:2 blocked, and no date says since when"])
    let named = try read(.gitlabUsers, json, system: "git2")
    #expect(named.yaml.contains("id: git2-7") && named.yaml.contains("admin:git2"))
  }

  @Test func `Nextcloud's users: names alone, with details, and as CSV`() throws {
    let plain = try read(.nextcloudUsers, #"{"dana":"Dana Reyes","Kim O":"Kim"}"#)
    #expect(plain.rows.map(\.id) == ["nextcloud-dana", "nextcloud-kim-o-2ba7841a"])
    let info = try read(
      .nextcloudUsers,
      #"{"dana":{"user_id":"dana","display_name":"Dana Reyes","email":"dana@example.org","enabled":true,"groups":["admin"]},"lee":{"user_id":"lee","enabled":false}}"#
    )
    let csv = try read(
      .nextcloudUsers,
      "user_id,display_name,email,enabled\ndana,Dana Reyes,dana@example.org,true\nlee,,,false\n")
    #expect(info.yaml == csv.yaml)
    #expect(
      skipped(info) == ["1:\(info.skipped[0].place.column) disabled, and no date says since when"])
    #expect(throws: Problem.self) { try read(.nextcloudUsers, "[1]") }
  }

  // MARK: - OpenProject

  /// An element of the collection of work packages.
  private func package(
    _ id: String, _ more: String, assignee: String? = "Kim Osei", _ kind: String = "users",
    status: String = "In progress", created: String = #""createdAt":"2026-10-01T15:00:00.123Z","#
  ) -> String {
    let links =
      assignee.map { #""href":"/api/v3/\#(kind)/11","title":"\#($0)""# } ?? #""href":null"#
    return
      #"{"_type":"WorkPackage","id":\#(id),"subject":"Rebuild the index",\#(created)"updatedAt":"2026-10-05T08:00:00Z",\#(more),"_links":{"self":{"href":"/api/v3/work_packages/7"},"status":{"title":"\#(status)"},"author":{"href":"/api/v3/users/4","title":"Dana Reyes"},"assignee":{\#(links)}}}"#
  }

  @Test func `OpenProject's work packages are tasks, from the API's JSON`() throws {
    let dates = #""startDate":"2026-10-02","dueDate":"2026-10-04""#
    let text = [
      package("398", dates),
      package("399", #""date":"2026-10-09""#),
      package("400", dates, assignee: nil),
      package("401", #""startDate":"2026-10-02","dueDate":null"#),
      package("402", dates, assignee: "Operations", "groups"),
      package("403", dates, status: "Rejected"),
      package("404", #""startDate":"2026-10-05","dueDate":"2026-10-04""#),
      package("405", dates, created: ""),
      package("398", dates),
      package("\"SHOP-7\"", dates),
    ].joined(separator: ",\n")
    let result = try read(
      .openproject,
      #"{"_type":"WorkPackageCollection","total":10,"count":10,"_embedded":{"elements":["# + "\n"
        + text
        + "]}}")
    #expect(
      result.yaml == """
        tasks:
          - id: WP-398
            name: "Rebuild the index"
            assignee: "Kim Osei"
            from: 2026-10-02
            until: 2026-10-04
            created_at: "2026-10-01T15:00:00.123Z"
            created_by: "Dana Reyes"
            ref: "/work_packages/398"
          - id: WP-399
            name: "Rebuild the index"
            assignee: "Kim Osei"
            from: 2026-10-09
            until: 2026-10-09
            created_at: "2026-10-01T15:00:00.123Z"
            created_by: "Dana Reyes"
            ref: "/work_packages/399"
          - id: shop-7
            name: "Rebuild the index"
            assignee: "Kim Osei"
            from: 2026-10-02
            until: 2026-10-04
            created_at: "2026-10-01T15:00:00.123Z"
            created_by: "Dana Reyes"

        """)
    #expect(
      skipped(result) == [
        "4:1 nobody is assigned",
        "5:1 no start or no finish date, so it is not known when it is done",
        "6:1 assigned to a group or a placeholder", "7:1 rejected", "8:1 it ends before it begins",
        "9:1 it does not say when it was created", "10:1 the id `WP-398` is an earlier record's",
      ])
    // A list of elements, and one alone, are the same.
    #expect(try read(.openproject, "[\(package("1", dates))]").imported == 1)
    #expect(try read(.openproject, package("1", dates)).imported == 1)
    #expect(throws: Problem.self) { try read(.openproject, "{}") }
    #expect(throws: Problem.self) { try read(.openproject, #"{"_embedded":{"elements":{}}}"#) }
  }

  @Test(
    arguments: [
      ("2026-11-02", "2026-11-06", "2026-11-01 09:00 AM", ""),
      ("02.11.2026", "06.11.2026", "01.11.2026 09:00", ""),
      ("02-11-2026", "06-11-2026", "01-11-2026 09:00", ""),
      // Another record of the file says which of the two comes first.
      (
        "11/02/2026", "11/06/2026", "11/01/2026 09:00 AM",
        "8,x,Kim,Dana,11/13/2026,11/13/2026,11/01/2026 1:00 PM\n"
      ),
      (
        "02/11/2026", "06/11/2026", "01/11/2026 09:00 AM",
        "8,x,Kim,Dana,13/11/2026,13/11/2026,01/11/2026 1:00 PM\n"
      ),
    ])
  func `OpenProject's table has its days in whichever form, and the day alone of the creation`(
    _ from: String, _ until: String, _ created: String, _ other: String
  ) throws {
    let result = try read(
      .openproject,
      "\u{FEFF}id,Subject,Assignee,Author,Start date,Finish date,Created on\n"
        + "7,\"Rebuild, slowly\",Kim Osei,Dana Reyes,\(from),\(until),\(created)\n" + other)
    #expect(result.skipped.isEmpty)
    let task = try #require(try Registers([("a.yaml", result.yaml)]).tasks.first)
    #expect(task.id == "WP-7" && task.name == "Rebuild, slowly" && task.assignee == "Kim Osei")
    #expect(task.from.text == "2026-11-02" && task.until.text == "2026-11-06")
    #expect(task.createdAt.text == "2026-11-01" && task.createdBy == "Dana Reyes")
  }

  @Test func `days that may be two are not guessed, and columns that lack are named`() throws {
    let header = "ID,Subject,Assignee,Start date,Finish date,Created on,Systems\n"
    let unsaid = try read(
      .openproject, header + "7,x,Kim,11/02/2026,11/06/2026,11/01/2026 09:00 AM,\"web1, db*\"\n")
    #expect(
      skipped(unsaid) == [
        "2:1 `11/02/2026` is no date, or may be two; have OpenProject write YYYY-MM-DD"
      ])
    let both = try read(
      .openproject,
      header
        + "7,x,Kim,13/11/2026,13/11/2026,2026-11-01,\n8,x,Kim,11/13/2026,11/13/2026,2026-11-01,\n")
    #expect(both.imported == 0)
    let systems = try read(
      .openproject, header + "7,x,Kim,2026-11-02,2026-11-02,2026-11-01,\"web1, db*\"\n")
    #expect(systems.yaml.contains(#"systems: [web1, "db*"]"#))
    let problem = #expect(throws: Problem.self) {
      try read(.openproject, "ID,Subject,Assignee,Start date,Finish date\n")
    }
    #expect(problem?.message == "no column `Created on` of OpenProject's work packages")
  }

  // MARK: - All of them

  @Test func `hostile names are values and nothing else`() throws {
    let names = [
      "a\nb: c", "\"", "\\", "# x", "{", "- x", "null", "~", "true", "\u{0}", "\u{202E}x", "\u{85}",
      "é",
      "😀", String(repeating: "x", count: 300), "a\u{2028}b", "yes", "1.5", "  x  ", "*", "&a", "!t",
    ]
    let entries = names.map { name in
      let text = name.unicodeScalars.map { scalar in
        let digits = String(scalar.value, radix: 16)
        return scalar.value > 0xFFFF
          ? String(scalar) : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
      return "{\"id\":\"\(text)\",\"userName\":\"\(text)\",\"displayName\":\"\(text)\"}"
    }
    let result = try read(.scim, "[\(entries.joined(separator: ","))]")
    let people = try Registers([("a.yaml", result.yaml)]).people
    #expect(people.map(\.name) == names)
    #expect(people.map { $0.accounts.map(\.name) } == names.map { [$0] })
    #expect(Set(people.map(\.id)).count == names.count)
  }

  @Test func `a value too long for a name is left out, and an export of nothing is nothing`() throws
  {
    let long = String(repeating: "x", count: 5000)
    let result = try read(.scim, #"[{"id":"1","userName":"a","displayName":"\#(long)"}]"#)
    #expect(skipped(result) == ["1:2 `name` is longer than 4096 bytes"])
    #expect(try read(.scim, "[]").yaml == "")
    #expect(try read(.ldif, "\n\n").read == 0)
    #expect(throws: Problem.self) { try read(.netbox, "") }
  }
}
