/// Detectors like those that people collect, in any number, each with one line that it matches.
///
/// Twenty shapes take turns, in the proportions of the public rules about web servers, proxies, Linux,
/// CloudTrail, Kubernetes and applications: a fifth are keywords, one in twenty is a regular expression.
/// What decides a rule is words that many rules share and one name that it has alone; so a line
/// that was made for one rule is no other's.
public struct RuleBook: Sendable {
  /// The log that a rule's line belongs to.
  public enum Log: String, Sendable, CaseIterable {
    case access, auth, cloudtrail
  }

  /// A line that a rule matches, as the parts in which it differs from the others of its log.
  public struct Hit: Sendable {
    /// The log.
    public let log: Log
    /// By JSON path, or `program` and `message`.
    public let parts: [String: String]
  }

  /// A rule's id.
  public static func id(_ number: Int) -> String { "book-\(number)" }

  /// Names that only the rule of this number knows: six letters, none inside another.
  static func name(_ number: Int, _ variant: Int = 0) -> String {
    let heads = [
      "ba", "co", "di", "fu", "ga", "ho", "ji", "ku", "la", "mo", "ni", "pu", "ra", "so", "ti",
      "vu", "wa", "xo", "yi", "zu",
    ]
    let tails = ["rk", "nt", "ll", "st", "rd", "mp", "sk", "ng"]
    return heads[number / 400 % 20] + heads[number / 20 % 20] + heads[number % 20]
      + tails[variant % tails.count]
  }

  private static let folders = [
    "/wp-content/plugins/", "/cgi-bin/", "/admin/", "/api/v1/", "/ecp/", "/owa/auth/", "/vpn/",
    "/remote/", "/console/", "/actuator/", "/solr/", "/struts/", "/mgmt/tm/util/", "/scripts/",
    "/webtools/control/", "/servlet/", "/_vti_bin/", "/manager/html/", "/login/", "/static/",
  ]
  private static let endings = [
    ".php", ".aspx", ".jsp", ".action", ".cgi", ".do", ".asp", ".ashx", ".json", ".xml", ".pl",
  ]
  private static let payloads = [
    "select", "union all", "=../..", "%2e%2e%2f", "cmd=", "exec(", "jndi:ldap", "<script>",
    "/etc/passwd", "${", "sleep(", "whoami", "wget http", "base64_decode", "() { :;};", "%00",
    "../", "' or ", "xp_cmdshell", "eval(", "curl -s", "powershell", ";id", "|nc ",
  ]
  private static let tools = [
    "sqlmap", "Nikto", "masscan", "zgrab", "python-requests", "Go-http-client", "WPScan", "Nmap",
    "Mozilla/4.0 (compatible; MSIE 6.0", "curl/", "Wget/", "Java/", "hydra", "dirbuster",
  ]
  private static let complaints = [
    "segfault at", "buffer overflow", "authentication bypass", "stack trace", "Syntax error",
    "permission denied by", "unexpected token", "connection refused by", "timed out for",
    "Exception in", "invalid signature of", "null pointer in", "deserialization of", "OutOfMemory",
  ]
  private static let programs = ["sshd", "sudo", "CRON", "su", "systemd", "useradd"]
  static let services = [
    "iam", "ec2", "s3", "sts", "kms", "rds", "lambda", "guardduty", "config", "ecs", "eks",
    "route53", "secretsmanager", "cloudtrail", "organizations", "ssm", "elasticache", "glue",
  ]
  private static let verbs = [
    "Create", "Delete", "Put", "Update", "Attach", "Detach", "Modify", "Disable", "Stop", "Get",
  ]
  private static let things = [
    "Policy", "Role", "Snapshot", "Trail", "Bucket", "Key", "Detector", "Group", "User", "Image",
    "Function", "Volume", "Instance", "Domain", "Secret",
  ]

  /// The rule of a number, as the file that it would be, and a line for it if some log has one.
  public static func rule(_ number: Int) -> (text: String, hit: Hit?) {
    var random = SplitMix64(seed: UInt64(number) &* 0x51_7C_C1)
    let (source, detection, hit) = shape(number, &random)
    let text = """
      title: Something that rule \(number) of the book looks for
      id: \(id(number))
      status: test
      description: A rule of a made-up collection.
      author: nobody
      level: medium
      logsource: {\(source)}
      detection:
      \(detection)
      falsepositives: [Unknown]

      """
    return (text, hit)
  }

  private static func list(_ texts: [String]) -> String {
    texts.map {
      "\n      - '\($0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    }
    .joined()
  }

  private static func some(
    _ words: [String], _ count: Int, _ random: inout SplitMix64, _ form: (String) -> String
  ) -> [String] {
    let start = random.below(words.count)
    return (0..<count).map { form(words[(start + $0) % words.count]) }
  }

  // A rule of each shape, in one place, so that their proportions can be seen.
  private static func shape(
    _ number: Int, _ random: inout SplitMix64
  ) -> (source: String, detection: String, hit: Hit?) {
    let own = name(number)
    let web = "category: webserver"
    let proxy = "category: proxy"
    func access(_ parts: [String: String]) -> Hit { Hit(log: .access, parts: parts) }
    func cloud(_ parts: [String: String]) -> Hit { Hit(log: .cloudtrail, parts: parts) }
    let aws = "product: aws, service: cloudtrail"
    let service = random.pick(services) + ".amazonaws.com"
    let folder = random.pick(folders)
    let ending = random.pick(endings)
    let verb = random.pick(verbs)
    let capital = own.prefix(1).uppercased() + own.dropFirst()
    let action = verb + capital + random.pick(things)
    switch number % 20 {
    case 0:
      // Payloads in the query.
      let texts = some(payloads, 3 + random.below(8), &random) { "\(own)=\($0)" }
      return (
        web, "  selection:\n    cs-uri-query|contains:\(list(texts))\n  condition: selection",
        access(["args": "x=1&\(random.pick(texts))&y=2"])
      )
    case 1:
      // One call of one service.
      return (
        aws,
        "  selection:\n    eventSource: \(service)\n    eventName: \(action)\n  condition: selection",
        cloud(["eventSource": service, "eventName": action])
      )
    case 2:
      // Complaints of a program.
      let texts = some(complaints, 2 + random.below(5), &random) { "\($0) \(own)" }
      return (
        "product: linux",
        "  keywords:\(list(texts).split(separator: "\n").map { "\n    " + $0.drop { $0 == " " } }.joined())\n  condition: keywords",
        Hit(
          log: .auth, parts: ["program": "kernel", "message": "error: \(random.pick(texts)) 7f00"])
      )
    case 3:
      // Tools by their names.
      let texts = some(tools, 2 + random.below(6), &random) { "\($0) \(own)" }
      return (
        proxy,
        "  selection:\n    c-useragent|contains:\(list(texts))\n  condition: selection",
        access(["http_user_agent": "\(random.pick(texts)) 1.0"])
      )
    case 4:
      // A page that nobody should post to.
      return (
        web,
        "  selection:\n    cs-method: POST\n    cs-uri-stem|endswith:\(list([folder + own + ending, "/" + own + ".bak"]))\n  condition: selection",
        access(["request_method": "POST", "uri": folder + own + ending])
      )
    case 5:
      // Complaints of an application, most of which matter.
      let texts = some(complaints, 3 + random.below(3), &random) { "\(own): \($0)" }
      return (
        "category: application, product: \(random.pick(["nginx", "nextcloud", "postgresql"]))",
        "  keywords:\(list(texts).split(separator: "\n").map { "\n    " + $0.drop { $0 == " " } }.joined())\n  filter:\n    - '\(own) was tested'\n  condition: keywords and not filter",
        nil
      )
    case 6:
      // Calls with a parameter, unless they failed.
      let names = [action, verb + capital + "V2"]
      return (
        aws,
        "  selection:\n    eventName:\(list(names))\n    requestParameters.policyArn|contains: AdministratorAccess\n  failed:\n    errorCode|contains: Denied\n  condition: selection and not failed",
        cloud([
          "eventSource": service, "eventName": names[1],
          "requestParameters.policyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
        ])
      )
    case 7:
      // Several marks in one query.
      return (
        web,
        "  selection:\n    cs-uri-query|contains|all:\(list(["action=", own + "[", random.pick(payloads)].filter { $0 != "" }))\n  condition: selection",
        nil
      )
    case 8:
      // Words of one daemon.
      return (
        "product: linux, service: sshd",
        "  words:\n    '|all':\(list(["error:", own]))\n  reserved:\n    - 'reserved \(own)'\n  condition: words and not reserved",
        Hit(
          log: .auth,
          parts: [
            "program": "sshd", "message": "error: kex \(own) of \(random.pick(complaints)) x",
          ])
      )
    case 9:
      // A host to which somebody sends.
      return (
        proxy,
        "  selection:\n    cs-method:\(list(["POST", "PUT"]))\n    cs-host|endswith:\(list([".\(own).example.net", own + ".example.com"]))\n  condition: selection",
        access(["request_method": "PUT", "host": "files.\(own).example.net"])
      )
    case 10:
      // A change in a cluster.
      return (
        "product: kubernetes, service: audit",
        "  selection:\n    verb:\(list(["create", "patch", "update"]))\n    objectRef.resource: \(own)s\n    objectRef.namespace: \(random.pick(["default", "kube-system"]))\n  condition: selection",
        nil
      )
    case 11:
      // An expression.
      return (
        web,
        "  selection:\n    cs-uri|re: '\(folder)\(own)(\\.\\.|%2e%2e)/[a-z0-9]{2,12}(\\.php|\\.jsp)'\n  condition: selection",
        access(["uri": "\(folder)\(own)%2e%2e/shell7.php"])
      )
    case 12:
      // Where a request begins, and what came of it.
      return (
        proxy,
        "  selection:\n    c-uri|startswith:\(list([folder + own, "/" + own + "/"]))\n    sc-status:\n      - 200\n      - 404\n  filter:\n    c-ip|cidr: 10.0.0.0/8\n  condition: selection and not filter",
        access(["uri": folder + own + "/x", "status": "404"])
      )
    case 13:
      // A command that somebody ran as root.
      return (
        "product: linux, service: sudo",
        "  selection:\n    - 'COMMAND=*\(own)'\n    - 'TTY=\(own)'\n    - '/tmp/\(own)/'\n  condition: selection",
        Hit(
          log: .auth,
          parts: [
            "program": "sudo",
            "message": "dana : TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/\(own) -x",
          ])
      )
    case 14:
      // Calls that failed, by nobody known.
      return (
        aws,
        "  selection:\n    eventName: \(action)\n    userIdentity.invokedBy: null\n    errorCode:\(list(["AccessDenied", "UnauthorizedOperation", "Client.UnauthorizedOperation"]))\n  condition: selection",
        cloud(["eventSource": service, "eventName": action, "errorCode": "AccessDenied"])
      )
    case 15:
      // A browser that no one has, coming from somewhere.
      return (
        web,
        "  browser:\n    cs-user-agent|startswith: 'Mozilla/5.0 (\(own)'\n  from:\n    cs-referer|contains:\(list(["example.org", "/" + own]))\n  condition: browser and from",
        access(["http_user_agent": "Mozilla/5.0 (\(own); rv:9.0) Gecko/20100101"])
      )
    case 16:
      // A page and a query, in either of two ways.
      return (
        web,
        "  page:\n    cs-uri-stem: \(folder)\(own)\(ending)\n  query:\n    cs-uri-query|contains:\(list([own + "=http", own + "%3D"]))\n  status:\n    sc-status|lt: 500\n  condition: 1 of page* and status or query",
        access(["uri": folder + own + ending])
      )
    case 17:
      // Words in the message of one program.
      let program = random.pick(programs)
      return (
        "product: linux",
        "  selection:\n    process.name: \(program)\n    message|contains|all:\(list([" from ", own, "port"]))\n  condition: selection",
        program == "sshd" || program == "sudo"
          ? nil
          : Hit(log: .auth, parts: ["program": program, "message": "call of \(own) from x port 7"])
      )
    case 18:
      // Agents to the letter.
      let texts = some(tools, 2 + random.below(10), &random) { "\($0)\(own)" }
      return (
        proxy,
        "  selection:\n    c-useragent:\(list(texts))\n  condition: selection",
        access(["http_user_agent": random.pick(texts).uppercased()])
      )
    default:
      // Calls by the beginning of their names, from a tool.
      return (
        aws,
        "  selection:\n    eventName|startswith: \(verb)\(capital)\n    userAgent|contains:\(list(["kali", "parrot", "pentoo", "aws-cli/1.\(number)."]))\n  condition: selection",
        cloud([
          "eventSource": service, "eventName": action,
          "userAgent": "aws-cli/1.9 Python/3.8 Linux/5.4.0-kali4-amd64 botocore/1.13",
        ])
      )
    }
  }
}
