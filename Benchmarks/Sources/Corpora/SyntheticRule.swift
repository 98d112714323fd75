/// Detectors like those that people collect: about something that none of the generated logs holds.
public enum SyntheticRule {
  /// The rule of a number, as the file that it would be; eight shapes take turns.
  public static func text(_ number: Int) -> String {
    """
    title: Synthetic rule \(number)
    id: synthetic-\(number)
    level: medium
    logsource: {category: access}
    detection:
    \(detection(number))

    """
  }

  private static func detection(_ number: Int) -> String {
    switch number % 8 {
    case 0:
      // A list of paths that scanners ask for.
      """
        asked:
          url.path|contains: [/never\(number)/.git, /never\(number).php, ..%5cnever\(number), /cgi-bin/never\(number)]
        condition: asked
      """
    case 1:
      // A tool by its name, unless it is ours.
      """
        tool:
          user_agent.original|contains: [never\(number)-scan, Never\(number)/1., "never \(number) probe"]
        ours: {source.ip|cidr: 10.0.0.0/8}
        condition: tool and not ours
      """
    case 2:
      // A request of several marks.
      """
        request:
          http.request.method: [PUT, DELETE, TRACE]
          url.path|endswith: [.never\(number), .never\(number).bak]
          http.response.status_code|lt: 400
        condition: request
      """
    case 3:
      // Words in the message.
      """
        words: ["*never\(number) segfault at*", "*never\(number): authentication bypass*"]
        condition: words
      """
    case 4:
      // An account on a host.
      """
        account:
          user.name: [never\(number), svc_never\(number)]
          event.action: auth.login
          event.outcome: success
        host: {host.name|startswith: [prod, dmz]}
        condition: account and host
      """
    case 5:
      // A command line.
      """
        program: {process.name: [sudo, su, CRON]}
        command:
          message|contains|all: [never\(number), "/dev/tcp/"]
        condition: program and command
      """
    case 6:
      // A network that somebody gave away.
      """
        place: {source.ip|cidr: [240.\(number % 256).0.0/16, "2001:db8:\(number)::/48"]}
        outcome: {event.outcome: [success, failure]}
        condition: place and outcome
      """
    default:
      // An expression, behind a literal that must be there.
      """
        shape: {url.original|re: 'never\(number)[a-z]{2,8}=(\\.\\.|%2e%2e)/'}
        condition: shape
      """
    }
  }
}
