import Bytes
import Events

/// Whether what a contractor did lies within what was agreed.
extension Registers {
  func setScope(_ event: Event, _ site: Site) {
    guard let agreement = index.principals[Int(site.standing.person)].scope else {
      return event.set(.accessScope, "unscoped")
    }
    guard let reason = breach(of: agreement, event, site) else {
      return event.set(.accessScope, "inside")
    }
    event.set(.accessScope, "outside")
    event.set(.accessScopeReason, reason)
  }

  /// The first part of the scope that the event is outside of.
  ///
  /// What an event does not say (no system, no environment, no country, no action) breaks nothing.
  private func breach(
    of agreement: JoinIndex.Agreement, _ event: Event, _ site: Site
  ) -> StaticString? {
    if let systems = agreement.systems, site.id != nil || site.name != nil,
      !covers(systems, site)
    {
      return "system"
    }
    if let environments = agreement.environments, let environment = site.environment,
      !Pattern.anyFits(environments, environment)
    {
      return "environment"
    }
    if let hours = agreement.hours {
      let local = index.zones[agreement.zone].localSeconds(at: event.time)
      var isInside = false
      for place in 0..<hours.count where hours[place].contains(localSeconds: local) {
        isInside = true
      }
      if !isInside { return "hours" }
    }
    if let countries = agreement.countries, let country = event.text(.sourceCountry),
      !country.isEmpty, !Pattern.anyFits(countries, country)
    {
      return "country"
    }
    if let actions = agreement.actions, let action = event.text(.eventAction),
      !Pattern.anyFits(actions, action)
    {
      return "action"
    }
    return nil
  }

  /// Whether patterns cover a system under any of its names.
  func covers(_ patterns: Run<ByteView>, _ site: Site) -> Bool {
    if Pattern.anyFits(patterns, site.id) || Pattern.anyFits(patterns, site.name) { return true }
    return covers(patterns, row: site.standing.row)
      || covers(patterns, row: site.standing.declared)
  }

  private func covers(_ patterns: Run<ByteView>, row: Int32) -> Bool {
    guard row >= 0 else { return false }
    let system = index.systems[Int(row)]
    if Pattern.anyFits(patterns, system.id) { return true }
    for place in 0..<system.names.count where Pattern.anyFits(patterns, system.names[place]) {
      return true
    }
    return false
  }
}
