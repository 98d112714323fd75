/// The names that Sigma's log sources give to what has a common name here.
///
/// All other names stand for themselves: a common field, or a key of the record, its path joined by dots.
enum FieldNames {
  /// Our name for a field of a rule.
  static func name(_ name: String, in source: LogSourceName) -> String {
    switch source.category {
    case "webserver", "proxy", "http": if let known = web[name] { return known }
    case "process_creation", "file_event", "network_connection":
      if let known = host[name] { return known }
    default: break
    }
    if source.product == "gcp", let known = googleCloud[name] { return known }
    return name
  }

  /// Names of the W3C's extended log format.
  private static let web: [String: String] = [
    "cs-uri-query": "url.query", "c-uri-query": "url.query", "cs-uri-stem": "url.path",
    "c-uri-stem": "url.path", "c-uri": "url.original", "cs-uri": "url.original",
    "cs-method": "http.request.method", "sc-status": "http.response.status_code",
    "sc-bytes": "http.response.body.bytes", "cs-user-agent": "user_agent.original",
    "c-useragent": "user_agent.original", "cs-useragent": "user_agent.original",
    "cs-host": "url.domain", "r-dns": "url.domain", "cs-referer": "http.request.referrer",
    "cs-referrer": "http.request.referrer", "c-ip": "source.ip", "src_ip": "source.ip",
    "s-ip": "destination.ip", "dst_ip": "destination.ip", "s-port": "destination.port",
    "dst_port": "destination.port", "c-port": "source.port", "cs-username": "user.name",
    "s-computername": "host.name",
  ]

  /// Names of Sysmon.
  private static let host: [String: String] = [
    "Image": "process.executable", "CommandLine": "process.command_line",
    "CurrentDirectory": "process.working_directory", "ProcessId": "process.pid",
    "ParentImage": "process.parent.executable",
    "ParentCommandLine": "process.parent.command_line", "User": "user.name",
    "TargetFilename": "file.path", "DestinationIp": "destination.ip",
    "DestinationPort": "destination.port", "DestinationHostname": "destination.domain",
    "SourceIp": "source.ip", "SourcePort": "source.port",
  ]

  /// Names that Elastic gives to Google's audit log.
  private static let googleCloud: [String: String] = [
    "gcp.audit.method_name": "protoPayload.methodName",
    "gcp.audit.service_name": "protoPayload.serviceName",
    "gcp.audit.resource_name": "protoPayload.resourceName",
    "gcp.audit.authentication_info.principal_email":
      "protoPayload.authenticationInfo.principalEmail",
  ]
}
