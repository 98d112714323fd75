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
    if source.product == "kubernetes", let known = kubernetes[name] { return known }
    return name
  }

  /// The list of objects that a field's path leads through, and the path within its objects; `nil` of a plain path.
  static func list(in name: String, of source: LogSourceName) -> (list: String, path: [String])? {
    guard let product = source.product, let lists = lists[product] else { return nil }
    for list in lists where name.utf8.count > list.utf8.count + 1 && name.hasPrefix(list + ".") {
      let path = name.dropFirst(list.count + 1).split(separator: ".").map(String.init)
      return (list, path)
    }
    return nil
  }

  /// What is a list of objects in the logs of some products.
  private static let lists: [String: [String]] = [
    "aws": [
      "requestParameters.containerDefinitions", "requestParameters.layers",
      "requestParameters.ipPermissions.items", "resources", "responseElements.instancesSet.items",
    ],
    "azure": ["properties.targetResources", "properties.authenticationDetails"],
    "docker": ["HostConfig.Mounts"],
    "gcp": ["protoPayload.authorizationInfo", "protoPayload.metadata.event"],
    "kubernetes": [
      "requestObject.spec.containers", "requestObject.spec.volumes",
      "requestObject.spec.initContainers", "requestObject.spec.template.spec.containers",
      "requestObject.spec.template.spec.initContainers",
      "requestObject.spec.template.spec.volumes",
      "requestObject.spec.jobTemplate.spec.template.spec.containers", "requestObject.rules",
      "requestObject.subjects",
    ],
    "m365": ["ModifiedProperties", "Parameters", "ExtendedProperties"],
    "okta": ["target"],
  ]

  /// Names that public rules give to parts of a Kubernetes audit record.
  private static let kubernetes: [String: String] = [
    "apiGroup": "objectRef.apiGroup", "hostPath": "requestObject.spec.volumes.hostPath",
    "capabilities": "requestObject.spec.containers.securityContext.capabilities.add",
  ]

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
