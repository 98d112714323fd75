extension Policy {
  /// The default policy as the file that it would be.
  public static let defaultsText = #"""
    # Every threshold that Rollcall goes by. Copy an entry into your own policy.yaml to change it,
    # and say why: the monthly review prints the value in force with its reason.
    contractor:
      days_max: {value: 42, clause: row-8,
        reason: "Access lasts six weeks at most unless it is renewed in writing."}
      renewal_days_max: {value: 42, clause: row-8,
        reason: "A renewal grants no more than the first term did."}
      warn_days: {value: 7, clause: row-8,
        reason: "A week is enough to renew in writing or to plan the last day."}
      warn_days_last: {value: 1, clause: row-8,
        reason: "The day before access ends is the last chance to renew before the lapse."}
      dormant_days: {value: 14, clause: row-42,
        reason: "An account unused for a third of the term is likely not needed."}
    offboarding:
      hours: {value: 24, clause: row-17,
        reason: "All access is revoked within a day of the last one."}
      warn_hours: {value: 18, clause: row-17,
        reason: "Six hours remain to finish in time."}
    approval:
      days_max: {value: 90, clause: row-22,
        reason: "An exception that lasts longer is a change of scope and belongs in the contract."}
    review:
      due_day: {value: 5, clause: row-12,
        reason: "A month's access review is signed by the fifth of the next."}
    people:
      dormant_days: {value: 60, clause: row-42,
        reason: "Two months without a sign-in are longer than a holiday."}
    infrastructure:
      silent_days: {value: 30, clause: row-15,
        reason: "A registered system that logs nothing for a month is gone or not logging."}
    sign_in:
      paths:
        value: [/users/sign_in, /login, /wp-login.php, /user/login, /signin, /sign_in, /sign-in,
          /auth/login, /auth/sign_in, /accounts/login, /account/login, /api/login, /api/auth/login,
          /api/v1/login, /api/session, /session, /sessions, /oauth/token, /index.php/login,
          /ldap/login, /admin/login, /wp-admin, /xmlrpc.php, /_matrix/client/v3/login,
          /_matrix/client/r0/login]
        reason: "Where common products take passwords; a refused request there is a failed sign-in."
        clause: row-47
    login:
      brute_force:
        failures: {value: 10, clause: row-47,
          reason: "People mistype three or four times; ten failures are a program's."}
        leak: {value: 1m, clause: row-47,
          reason: "Of the ten, one is forgotten each minute: a person seldom fails more often for long."}
      slow:
        failures: {value: 20, clause: row-47,
          reason: "Twenty failures with no success between them are not a person's day."}
        window: {value: 24h, clause: row-47,
          reason: "Who guesses slowly enough to stay below a lock needs a day to get anywhere."}
        gap: {value: 1m, clause: row-47,
          reason: "What is faster than one a minute the fast detector sees."}
      spray:
        users: {value: 10, clause: row-47,
          reason: "Ten names from one address are a list, even behind a shared gateway."}
        window: {value: 10m, clause: row-47,
          reason: "Spraying waits between names to stay under each account's lock."}
        day_users: {value: 20, clause: row-47,
          reason: "Twenty names in a day are more than the typing errors of an office."}
        day_window: {value: 24h, clause: row-47,
          reason: "A patient list takes a day."}
        tries: {value: 3, clause: row-47,
          reason: "More tries at one account are guessing at it, and would lock it."}
        addresses: {value: 3, clause: row-47,
          reason: "Of two addresses each shows enough by itself."}
      enumeration:
        names: {value: 5, clause: row-47,
          reason: "Nobody has six ways to mistype a name within minutes."}
        leak: {value: 1m, clause: row-47,
          reason: "Of the five, one is forgotten each minute."}
      distributed:
        networks: {value: 10, clause: row-47,
          reason: "One person fails from one or two networks within an hour."}
        window: {value: 1h, clause: row-47,
          reason: "Long enough for a botnet that gives each member one try."}
      dormant:
        days: {value: 90, clause: row-42,
          reason: "An account unused for a quarter is forgotten: its owner would not miss it."}
      shared_key:
        people: {value: 2, clause: row-87,
          reason: "A key stands for one person; of two, nobody knows who it was."}
        window: {value: 30d, clause: row-87,
          reason: "Within a month all who use a key have used it."}
      success_after_failures:
        failures: {value: 5, clause: row-47,
          reason: "Half of a burst is enough to look at the success that follows it."}
        window: {value: 10m, clause: row-47,
          reason: "A success this soon after a burst is the guess that was right."}
      first_seen:
        warm_up_successes: {value: 10, clause: row-67,
          reason: "Fewer sign-ins do not show what is usual for a person."}
        warm_up_days: {value: 14, clause: row-67,
          reason: "Two weeks show the places and devices of a working week twice."}
        decay_days: {value: 180, clause: row-67,
          reason: "What was not seen for half a year is news again."}
      travel:
        speed_kmh: {value: 900, clause: row-67,
          reason: "No airliner moves a person faster."}
        distance_km: {value: 300, clause: row-67,
          reason: "Nearer than this the location of an address is guesswork."}
        seconds_min: {value: 60s, clause: row-67,
          reason: "Clocks of two systems may differ by a minute."}
        shared_networks: {value: [AS9009, AS39351, AS60068, AS136787, AS212238], clause: row-67,
          reason: "Networks of commercial VPN providers: where an address of theirs is says nothing of its user. Addresses in the infrastructure register are left out as well."}
      hour:
        successes_min: {value: 30, clause: row-67,
          reason: "Fewer sign-ins do not show a person's week."}
        probability_max: {value: 0.002, clause: row-67,
          reason: "A third of what an hour would have if all were alike."}
      risk:
        alert: {value: 0.85, clause: row-67,
          reason: "One alert for a person in ten months, in the evaluation; it is also the risk from which on a sign-in teaches nothing."}
        shown: {value: 0.3, clause: row-67,
          reason: "Below this a risk is not worth a rule's time, and no event carries it."}
        session: {value: 7d, clause: row-67,
          reason: "Sign-ins of one person from one network within a week are one session; what was new in it is on probation for as long."}
        ratio_even: {value: 4.0, clause: row-67,
          reason: "A likelihood ratio of four is that of one feature never seen; it says one half."}
        novelty_scale: {value: 20.0, clause: row-67,
          reason: "Somebody of whose sign-ins one in twenty brings something new says nothing by it."}
        weight_travel: {value: 0.6, clause: row-67,
          reason: "Nobody travels so fast, but addresses do: by VPNs and wrong places."}
        weight_country: {value: 0.3, clause: row-67,
          reason: "Most new countries are journeys, and a new network comes with them."}
        weight_network: {value: 0.5, clause: row-67,
          reason: "Where an attacker comes from is new nearly always; so are hotels and new contracts."}
        weight_agent: {value: 0.8, clause: row-67,
          reason: "Another program or system is a new computer, once a year or less."}
        weight_system: {value: 0.7, clause: row-67,
          reason: "Work brings new systems every other month; an intruder looks around at once."}
        weight_key: {value: 0.3, clause: row-67,
          reason: "A new key is a new computer, or somebody else's; not measured."}
        weight_hour: {value: 0.7, clause: row-67,
          reason: "People work late, but seldom at an hour that they never had before."}
      learning:
        probation_days: {value: 7, clause: row-67,
          reason: "What was risky and is still in use after a week, nobody minded."}
        burst_failures: {value: 5, clause: row-67,
          reason: "A success behind five failures of its address may be a guess that was right."}
        burst_window: {value: 10m, clause: row-67,
          reason: "A pause of ten minutes ends a burst."}
    second_factor:
      refusals: {value: 5, clause: row-38,
        reason: "A wrong code happens twice; five refusals are somebody else's tries."}
      window: {value: 10m, clause: row-38,
        reason: "Who wears a person down asks again and again within minutes."}
      success_window: {value: 30m, clause: row-38,
        reason: "After half an hour the refusals and the success are two stories."}
      enrol_within: {value: 1h, clause: row-38,
        reason: "A lost or new device is replaced in one sitting."}
    probing:
      paths: {value: 10, clause: row-47,
        reason: "Ten different paths that do not exist are not a broken link."}
      window: {value: 5m, clause: row-47,
        reason: "A scanner asks for them within minutes."}
    web:
      denied: {value: 30, clause: row-47,
        reason: "Thirty requests that were refused are a program that tries doors, not a person with a stale page."}
      denied_leak: {value: 10s, clause: row-47,
        reason: "Of the thirty, one is forgotten every ten seconds: an open page that polls without a session stays below."}
    scraping:
      paths: {value: 120, clause: row-48,
        reason: "Two different pages a second for a minute are read by no person."}
      paths_headless: {value: 40, clause: row-48,
        reason: "A client without a name, or with a library's, gets a third of that."}
      window: {value: 1m, clause: row-48,
        reason: "A minute of the clock is long enough to see a copy being made."}
    surge:
      errors: {value: 50, clause: row-49,
        reason: "Fewer server errors in a minute are a mistake in one page."}
      share: {value: 0.2, clause: row-49,
        reason: "One request in five that fails is an outage for those who wait."}
      requests: {value: 3000, clause: row-49,
        reason: "Fifty requests a second to one host are ten times what a small company's sites see."}
      client_requests: {value: 1200, clause: row-49,
        reason: "Twenty requests a second for a minute come from no browser."}
      window: {value: 1m, clause: row-49,
        reason: "A surge shows within a minute of the clock."}
    limits:
      requests: {value: 600, clause: row-50,
        reason: "The limit of a client that the limits register does not name: ten requests a second."}
      per: {value: 1m, clause: row-50,
        reason: "The time that this limit holds for."}
      warn_share: {value: 0.8, clause: row-50,
        reason: "Of a client's own limit in the limits register, four fifths."}
      warn: {value: 480, clause: row-50,
        reason: "At four fifths there is time to speak with the client before the limit bites."}
      throttled: {value: 20, clause: row-50,
        reason: "Twenty answers 429 show that a client goes on against the limit."}
      webhooks: {value: 1000, clause: row-52,
        reason: "More deliveries an hour to one endpoint are a loop, or a copy of all data."}
      webhooks_window: {value: 1h, clause: row-52,
        reason: "The limit is for an hour."}
    suspension:
      window: {value: 30d, clause: row-53,
        reason: "Who was suspended this month and is served anyway is not suspended."}
    backup:
      shrunk_share: {value: 0.5, clause: row-68,
        reason: "A backup half as large as the last ones lacks something."}
      shrunk_last: {value: 7, clause: row-68,
        reason: "The median of a week does not follow one odd day."}
      shrunk_window: {value: 35d, clause: row-68,
        reason: "Seven weekly backups lie within five weeks."}
      targets: {value: [s3.amazonaws.com, "s3.*.amazonaws.com", "*nas*", "*pbs*", "*backup*", /mnt/backup, /backup], clause: row-69,
        reason: "Where backups may go unless the backups register names the targets."}
      retention: {value: 35d, clause: row-70,
        reason: "A month and a few days, so that last month's state can be had after a weekend."}
    residency:
      regions: {value: ["eu-*", "europe-*", "*europe*", "aws-global", "us-east-1-global"], clause: row-74,
        reason: "The regions of the union, as the providers name them."}
      countries: {value: [AT, BE, BG, HR, CY, CZ, DK, EE, FI, FR, DE, GR, HU, IE, IT, LV, LT, LU, MT, NL, PL, PT, RO, SK, SI, ES, SE, IS, LI, "NO", CH, GB], clause: row-74,
        reason: "The European Economic Area, and the two countries with a decision of adequacy next door."}
    secrets:
      reads_day: {value: 50, clause: row-88,
        reason: "An application reads a secret when it starts; fifty reads a day are five times what restarts explain."}
      reads_window: {value: 24h, clause: row-88,
        reason: "A day, as the policy's own measure."}
      new_reader: {value: 90d, clause: row-88,
        reason: "Who did not read a secret for a quarter reads it anew."}
    containers:
      denied: {value: 20, clause: row-93,
        reason: "A profile that does not fit denies a few things; twenty within minutes are an attempt, or a service that is broken."}
      denied_window: {value: 5m, clause: row-93,
        reason: "A burst lasts minutes."}
    slo:
      budget: {value: 0.001, clause: row-97,
        reason: "Of a thousand requests one may fail: 99.9 per cent."}
      fast_share: {value: 0.0144, clause: row-97,
        reason: "14.4 times the budget for an hour burns a fiftieth of a month's."}
      fast_window: {value: 1h, clause: row-97,
        reason: "An hour of that is worth waking somebody."}
      slow_share: {value: 0.006, clause: row-97,
        reason: "Six times the budget for six hours burns a twentieth of a month's."}
      slow_window: {value: 6h, clause: row-97,
        reason: "What burns slowly needs six hours to be sure of."}
      errors_min: {value: 10, clause: row-97,
        reason: "Of few requests a single error is a large share; ten errors are no accident."}

    """#
}
