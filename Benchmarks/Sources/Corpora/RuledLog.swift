/// An ordinary log in which some lines are each what one rule of a ``RuleBook`` looks for.
public struct RuledLog {
  private let log: RuleBook.Log
  private var random: SplitMix64
  private var planted: [(number: Int, hit: RuleBook.Hit)] = []
  private var next = 0
  private var counts: [Int: Int] = [:]
  private var lines = 0

  /// Numbers of the rules that get lines: the first twenty, and then every 97th.
  private static let numbers = Array(0..<20) + Array(stride(from: 57, to: 3000, by: 97))

  /// The beginning of a log.
  public init(_ log: RuleBook.Log, seed: UInt64) {
    self.log = log
    random = SplitMix64(seed: seed)
    for number in RuledLog.numbers {
      if let hit = RuleBook.rule(number).hit, hit.log == log { planted.append((number, hit)) }
    }
  }

  /// How the log's file is called.
  public static func fileName(_ log: RuleBook.Log) -> String {
    switch log {
    case .access: Kind.access.fileName
    case .auth: Kind.auth.fileName
    case .cloudtrail: "cloudtrail.json"
    }
  }

  /// Writes whole lines until there are about `bytes` of them.
  ///
  /// - Returns: How many lines there are, and how many of them each rule must find.
  public mutating func write(
    bytes: Int, to sink: ([UInt8]) throws -> Void
  ) rethrows -> (lines: Int, counts: [Int: Int], lastSeconds: Int) {
    var (written, lastSeconds) = (0, Calendar.startSeconds)
    switch log {
    case .access, .auth:
      var story = Story(log == .access ? .access : .auth, seed: random.next())
      let truth = try story.write(bytes: bytes) { chunk in
        let start = chunk.dropLast().lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = log == .access ? start + 28 : start + 15
        let stamp = String(decoding: chunk[start..<min(end, chunk.count)], as: UTF8.self)
        var more = TextBuffer()
        for _ in 0..<4 { plant(stamp, into: &more) }
        try sink(chunk + more.bytes)
      }
      lines += truth.lines
      lastSeconds = truth.lastSeconds
    case .cloudtrail:
      var (calendar, now) = (Calendar(), 0)
      while written < bytes {
        var buffer = TextBuffer()
        while buffer.count < 1 << 20 {
          now += random.below(400)
          calendar.move(to: now)
          let isPlanted = random.below(400) == 0 && !planted.isEmpty
          call(calendar, isPlanted ? takeNext().parts : [:], into: &buffer)
          lines += 1
        }
        written += buffer.count
        try sink(buffer.bytes)
      }
      lastSeconds += now / 1000
    }
    return (lines, counts, lastSeconds)
  }

  private mutating func takeNext() -> RuleBook.Hit {
    let (number, hit) = planted[next % planted.count]
    next += 1
    counts[number, default: 0] += 1
    return hit
  }

  /// Writes the next planted line of a web or system log; `stamp` is how such a line begins.
  private mutating func plant(_ stamp: String, into buffer: inout TextBuffer) {
    guard !planted.isEmpty else { return }
    let parts = takeNext().parts
    lines += 1
    if log == .auth {
      buffer.add("\(stamp) web-1 \(parts["program"] ?? "x")[77]: \(parts["message"] ?? "")\n")
      return
    }
    func part(_ name: String, _ usual: String) -> String { parts[name] ?? usual }
    buffer.add(stamp)
    buffer.add(
      "+00:00\",\"remote_addr\":\"198.51.100.77\",\"remote_user\":\"\",\"request_method\":\"")
    buffer.add(part("request_method", "GET"))
    buffer.add("\",\"host\":\"\(part("host", "www.example.org"))\",\"uri\":\"\(part("uri", "/"))")
    buffer.add("\",\"args\":\"\(part("args", ""))\",\"status\":\(part("status", "200"))")
    buffer.add(",\"body_bytes_sent\":77,\"request_time\":0.077")
    buffer.add(",\"http_referer\":\"https://www.example.org/\"")
    buffer.add(",\"http_user_agent\":\"\(part("http_user_agent", Scribe.agents[0]))\"")
    buffer.add(",\"request_id\":\"77777777777777777777777777777777\",\"ssl_protocol\":\"TLSv1.3\"")
    buffer.add(",\"ssl_cipher\":\"TLS_AES_256_GCM_SHA384\"}\n")
  }

  private static let calls = [
    ("s3", "GetObject"), ("s3", "PutObject"), ("s3", "ListObjects"), ("sts", "AssumeRole"),
    ("ec2", "DescribeInstances"), ("ec2", "DescribeSecurityGroups"), ("ec2", "RunInstances"),
    ("kms", "Decrypt"), ("kms", "GenerateDataKey"), ("iam", "GetRole"), ("iam", "ListRoles"),
    ("lambda", "Invoke"), ("ssm", "GetParameter"), ("logs", "CreateLogStream"),
    ("dynamodb", "DescribeTable"), ("elasticloadbalancing", "DescribeTargetHealth"),
    ("autoscaling", "DescribeAutoScalingGroups"), ("ecs", "DescribeTasks"),
    ("monitoring", "PutMetricData"), ("secretsmanager", "GetSecretValue"),
  ]
  private static let agents = [
    "aws-sdk-go/1.55.5 (go1.22.5; linux; amd64) exec-env/AWS_ECS_FARGATE",
    "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#6.1.94 md/arch#x86_64 lang/python#3.11.9",
    "autoscaling.amazonaws.com",
    "aws-cli/2.17.5 md/awscrt#0.20.11 os/linux#6.8 exe/x86_64.debian.12",
    "console.amazonaws.com",
  ]

  /// Writes one record of CloudTrail.
  private mutating func call(
    _ calendar: Calendar, _ parts: [String: String], into buffer: inout TextBuffer
  ) {
    let (service, name) = random.pick(RuledLog.calls)
    func part(_ name: String, _ usual: String) -> String { parts[name] ?? usual }
    buffer.add(
      "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE:task-"
    )
    buffer.add(random.below(900), width: 3)
    buffer.add(
      "\",\"arn\":\"arn:aws:sts::111122223333:assumed-role/shop-worker/task\",\"accountId\":\"111122223333\""
    )
    buffer.add(
      ",\"accessKeyId\":\"ASIAEXAMPLE\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"userName\":\"shop-worker\"}}}"
    )
    buffer.add(",\"eventTime\":\"")
    buffer.add(calendar.year)
    buffer.add("-")
    buffer.add(calendar.month, width: 2)
    buffer.add("-")
    buffer.add(calendar.day, width: 2)
    buffer.add("T")
    buffer.add(calendar.hour, width: 2)
    buffer.add(":")
    buffer.add(calendar.minute, width: 2)
    buffer.add(":")
    buffer.add(calendar.second, width: 2)
    buffer.add("Z\",\"eventSource\":\"\(part("eventSource", service + ".amazonaws.com"))\"")
    buffer.add(",\"eventName\":\"\(part("eventName", name))\",\"awsRegion\":\"eu-west-1\"")
    buffer.add(",\"sourceIPAddress\":\"198.51.100.\(random.below(200))\"")
    buffer.add(",\"userAgent\":\"\(part("userAgent", random.pick(RuledLog.agents)))\"")
    if let code = parts["errorCode"] { buffer.add(",\"errorCode\":\"\(code)\"") }
    if let policy = parts["requestParameters.policyArn"] {
      buffer.add(",\"requestParameters\":{\"policyArn\":\"\(policy)\"}")
    } else {
      buffer.add(",\"requestParameters\":{\"bucketName\":\"shop-assets\",\"key\":\"img/")
      buffer.add(random.below(100_000))
      buffer.add(".webp\"}")
    }
    buffer.add(",\"responseElements\":null,\"requestID\":\"")
    buffer.add(hexadecimal: random.next())
    buffer.add("\",\"eventID\":\"")
    buffer.add(hexadecimal: random.next())
    buffer.add(
      "\",\"readOnly\":\(random.chance(80)),\"eventType\":\"AwsApiCall\",\"managementEvent\":true")
    buffer.add(",\"recipientAccountId\":\"111122223333\",\"eventCategory\":\"Management\"}\n")
  }
}
