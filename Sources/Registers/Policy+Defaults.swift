extension Policy {
  /// The default policy as the file that it would be.
  public static let defaultsText = #"""
    # Every threshold that Rollcall goes by. Copy an entry into your own policy.yaml to change it,
    # and say why: the monthly review prints the value in force with its reason.
    contractor:
      days_max: {value: 42, clause: row-8, stated: true,
        reason: "Access lasts six weeks at most unless it is renewed in writing."}
      renewal_days_max: {value: 42, clause: row-8,
        reason: "A renewal grants no more than the first term did."}
      warn_days: {value: 7, clause: row-8,
        reason: "A week is enough to renew in writing or to plan the last day."}
      warn_days_last: {value: 1, clause: row-8,
        reason: "The day before access ends is the last chance to renew before the lapse."}
      dormant_days: {value: 14, clause: row-42,
        reason: "An account unused for a third of the term is likely not needed."}
      day_count: {value: inclusive, clause: row-8, choices: [inclusive, exclusive],
        reason: "The first day counts as one of the forty-two."}
      renewal_restarts_cap: {value: "true", clause: row-8, choices: ["true", "false"],
        reason: "Each renewal in writing may grant as much as a first term; if not, all of them together end with the first cap."}
    offboarding:
      hours: {value: 24, clause: row-17, stated: true,
        reason: "All access is revoked within a day of the last one."}
      warn_hours: {value: 18, clause: row-17,
        reason: "Six hours remain to finish in time."}
      counted_from: {value: end, clause: row-17, choices: [end, notice],
        reason: "The hours count from the end of the access, known or not; from the notice they would count from when an end became known that nobody knew of before."}
      people_hours: {value: 24, clause: row-42,
        reason: "Staff leave by the same rule as contractors."}
    approval:
      days_max: {value: 90, clause: row-22,
        reason: "An exception that lasts longer is a change of scope and belongs in the contract."}
      delegates: {value: [], clause: row-3,
        reason: "Nobody stands in for the approver: the policy names no one. People listed here may approve as well."}
      channels: {value: [matrix, email], clause: row-3, stated: true,
        reason: "Approval is given in writing, by Matrix or email."}
      chat_evidence: {value: reference, clause: row-3, choices: [reference, export],
        reason: "The link to a chat message is enough; with `export` an approval by chat counts only when `evidence` says where the message was exported to."}
      chat_channels: {value: [matrix, element, slack, teams, chat], clause: row-3,
        reason: "Messages there can be changed or lost; email is kept by both sides."}
    review:
      due_day: {value: 5, clause: row-12,
        reason: "A month's access review is signed by the fifth of the next."}
      seconds_per_account: {value: 60s, clause: row-41,
        reason: "Nobody judges an account in less than a minute."}
      systems: {value: [], clause: row-12,
        reason: "Without a list, every system is reviewed that registers name accounts, access or reviews for."}
    people:
      dormant_days: {value: 60, clause: row-42,
        reason: "Two months without a sign-in are longer than a holiday."}
      joiner_days: {value: 92, clause: row-105,
        reason: "Who began within a quarter is looked at as a joiner."}
    residency:
      countries:
        value: [AT, BE, BG, HR, CY, CZ, DK, EE, FI, FR, DE, GR, HU, IE, IT, LV, LT, LU, MT, NL, PL, PT, RO, SK, SI,
          ES, SE, IS, LI, "NO", CH, GB]
        clause: row-74
        reason: "The European Economic Area, and two neighbours whose protection of data was found adequate."
      regions: {value: ["eu-*", "europe-*", "*europe*", "aws-global", "us-east-1-global"], clause: row-74,
        reason: "The regions of the union, as the providers name them."}
    infrastructure:
      silent_days: {value: 30, clause: row-15,
        reason: "A registered system that logs nothing for a month is gone or not logging; the review looks back as far as its month."}
      production: {value: [production, prod, live], clause: row-10,
        reason: "What counts as production: environments of these names serve customers, in the registers and in what deploys."}
      production_namespaces: {value: [production, prod, "prod-*", "*-prod", "*-production"], clause: row-95,
        reason: "What clusters call the namespaces that serve customers."}
      review_days: {value: 365, clause: row-40, stated: true,
        reason: "The inventory is reviewed once a year."}
    sign_in:
      paths:
        value: [/users/sign_in, /login, /wp-login.php, /user/login, /signin, /sign_in, /sign-in,
          /auth/login, /auth/sign_in, /accounts/login, /account/login, /api/login, /api/auth/login,
          /api/v1/login, /api/session, /session, /sessions, /oauth/token, /index.php/login,
          /ldap/login, /admin/login, /wp-admin, /xmlrpc.php, /_matrix/client/v3/login,
          /_matrix/client/r0/login]
        reason: "Where common products take passwords; a refused request there is a failed sign-in."
        clause: row-47
    personal_cloud:
      domains:
        value: [drive.google.com, docs.google.com, photos.google.com, "*.dropbox.com", dropbox.com,
          "*.dropboxusercontent.com", onedrive.live.com, "*.onedrive.live.com", 1drv.ms, icloud.com,
          "*.icloud.com", mega.nz, "*.mega.nz", mega.io, wetransfer.com, "*.wetransfer.com", we.tl,
          box.com, "*.box.com", pcloud.com, "*.pcloud.com", mediafire.com, "*.mediafire.com",
          pastebin.com, gist.github.com, "gist.githubusercontent.com", "transfer.sh", file.io,
          gofile.io, "*.gofile.io", send.vis.ee, disk.yandex.ru, "*.disk.yandex.ru", pan.baidu.com,
          "*.protondrive.com", drive.proton.me, sync.com, "*.sync.com", "*.sendspace.com"]
        reason: "Clouds that people use for themselves; one that the company uses is a row of the tools register, which comes first."
        clause: row-11
      mail:
        value: ["*@gmail.com", "*@googlemail.com", "*@outlook.com", "*@hotmail.com", "*@live.com", "*@msn.com", "*@yahoo.com",
          "*@yahoo.co.uk", "*@ymail.com", "*@icloud.com", "*@me.com", "*@mac.com", "*@aol.com", "*@gmx.de", "*@gmx.net", "*@gmx.com",
          "*@web.de", "*@t-online.de", "*@freenet.de", "*@mail.com", "*@mail.ru", "*@yandex.ru", "*@yandex.com", "*@proton.me",
          "*@protonmail.com", "*@pm.me", "*@tutanota.com", "*@tuta.io", "*@zoho.com", "*@fastmail.com", "*@qq.com", "*@163.com",
          "*@126.com", "*@orange.fr", "*@free.fr", "*@laposte.net", "*@libero.it", "*@ziggo.nl", "*@kpnmail.nl"]
        reason: "Addresses at providers that people use for themselves: shared with, or committed under."
        clause: row-11
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
      step_within: {value: 5m, clause: row-38,
        reason: "Where the two steps are two lines, the second follows the first within minutes."}
    change:
      protected_branches: {value: [main, master, production, "release/*"], clause: row-24,
        reason: "What is in these goes to production, so nothing gets there by one person alone."}
      review_window: {value: 30d, clause: row-24,
        reason: "An approval that is older was given to something else."}
      push_window: {value: 10m, clause: row-24,
        reason: "A merge and the push that it makes are told within minutes of each other."}
      own_tasks: {value: "true", clause: row-13, choices: ["true", "false"],
        reason: "A change has to be tracked, not approved: who makes it may write the task, as long as it is written first. If not, only tasks of which `created_by` says that somebody else wrote them count."}
      reviewers_min: {value: 1, clause: row-24, stated: true,
        reason: "One person who did not write the change approves it before production."}
    production_data:
      names: {value: ["*prod*", "*live*"], clause: row-25,
        reason: "What snapshots and databases of production are called."}
    environments:
      admin_window: {value: 30d, clause: row-26,
        reason: "A month shows in which environments one account has the highest rights."}
    logging:
      restart_within: {value: 10m, clause: row-33,
        reason: "A restart takes seconds, a reboot minutes; longer is a log that is off."}
      clock_step_ms: {value: 60000, clause: row-33,
        reason: "A minute moves events to another place in the story; clocks that drift are off by less."}
    session:
      length_max_ms: {value: 43200000, clause: row-57,
        reason: "The same twelve hours, as databases tell the length of a session that ended."}
      forgotten: {value: 7d, clause: row-57,
        reason: "A session that nothing was heard of for a week is over, whatever the log lacks."}
      length_max: {value: 12h, clause: row-57,
        reason: "No working day is longer."}
      idle_max: {value: 30m, clause: row-57,
        reason: "Who was away for half an hour may be somebody else."}
      privileged_after: {value: 15m, clause: row-57,
        reason: "What needs rights wants a fresh proof of who asks, where privileged-unproven of samples/single-signals is loaded."}
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
        reason: "A client with a library's name, a browser without a window or no name at all gets a third of that."}
      own_percentile: {value: 99.0, clause: row-48,
        reason: "What a client does in all but one of a hundred of its busy minutes is what it does."}
      own_factor: {value: 5.0, clause: row-48,
        reason: "Five times that is something else."}
      own_from: {value: 20, clause: row-48,
        reason: "Fewer different pages in a minute are read by people, and nothing is remembered of them."}
      own_after: {value: 100, clause: row-48,
        reason: "Of fewer busy minutes one in a hundred is not known."}
      window: {value: 1m, clause: row-48,
        reason: "A minute of the clock is long enough to see a copy being made."}
    surge:
      errors: {value: 50, clause: row-49,
        reason: "Fewer server errors in a minute are a mistake in one page."}
      share: {value: 0.2, clause: row-49,
        reason: "One request in five that fails is an outage for those who wait."}
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
      webhooks_step: {value: 5m, clause: row-52,
        reason: "The hour slides on in twelve steps, so that it is seen at most five minutes late."}
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
      interval_factor: {value: 1.5, clause: row-68,
        reason: "Half an interval late is one run that failed and was not repeated."}
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
      fast_factor: {value: 14.4, clause: row-97,
        reason: "14.4 times the budget for an hour burns a fiftieth of a month's."}
      fast_window: {value: 1h, clause: row-97,
        reason: "An hour of that is worth waking somebody."}
      fast_step: {value: 5m, clause: row-97,
        reason: "The hour slides on in twelve steps, so that it is seen at most five minutes late."}
      slow_factor: {value: 6.0, clause: row-97,
        reason: "Six times the budget for six hours burns a twentieth of a month's."}
      slow_window: {value: 6h, clause: row-97,
        reason: "What burns slowly needs six hours to be sure of."}
      slow_step: {value: 30m, clause: row-97,
        reason: "Of six hours a twelfth."}
      errors_min: {value: 10, clause: row-97,
        reason: "Of few requests a single error is a large share; ten errors are no accident."}
    document:
      review_days: {value: 365, clause: row-23,
        reason: "A policy that nobody read for a year is not in use."}
      warn_days: {value: 30, clause: row-23,
        reason: "A month is enough to read a policy."}
    restore_test:
      interval: {value: 365d, clause: row-28, stated: true,
        reason: "A restore is tried once a year at least."}
      warn: {value: 30d, clause: row-28,
        reason: "A restore takes a month to plan."}
    scan:
      interval: {value: 30d, clause: row-31,
        reason: "Weaknesses become known every month; who vouches for a scan (row-31 in the attestations) does so as often."}
    vulnerability:
      critical: {value: 7d, clause: row-31,
        reason: "Exploits for critical weaknesses are there within days."}
      high: {value: 30d, clause: row-31,
        reason: "One round of patches."}
      medium: {value: 90d, clause: row-31,
        reason: "One quarter's release."}
      client_notice: {value: 72h, clause: row-77,
        reason: "A client can protect itself only from what it knows."}
    egress:
      bytes: {value: 1000000000, clause: row-32,
        reason: "Less than a gigabyte in an hour is not worth a look."}
      window: {value: 1h, clause: row-32,
        reason: "Who carries data away seldom has longer than an hour."}
      own_percentile: {value: 95.0, clause: row-32,
        reason: "What a client sends in all but one of twenty hours is what it sends."}
      own_factor: {value: 5.0, clause: row-32,
        reason: "Who sends gigabytes each hour is told of at five times that."}
      own_after: {value: 40, clause: row-32,
        reason: "A week of working hours; until then the gigabyte alone counts."}
    source:
      silent: {value: 10m, clause: row-33,
        reason: "A source in use pauses no longer than that by chance."}
      silent_factor: {value: 3.0, clause: row-33,
        reason: "Three times its longest pause of a day is no pause of its own."}
      clock_behind: {value: 5m, clause: row-33,
        reason: "Clocks that are kept differ by seconds, and lines arrive within minutes."}
      clock_ahead: {value: 1m, clause: row-33,
        reason: "No line arrives before it was written."}
      parsed_percent: {value: 99.0, clause: row-56,
        reason: "More than one line in a hundred that can not be read is a change of format."}
      parsed_drop_percent: {value: 20, clause: row-56,
        reason: "A fifth less than usual within minutes is a new version, another format, or a wrong mapping."}
    alert:
      test_interval: {value: 31d, clause: row-34,
        reason: "Each way to be told is tried once a month."}
      failing: {value: 10m, clause: row-34,
        reason: "A receiver that restarts is back within minutes."}
    port:
      public: {value: ["80", "443"], clause: row-35,
        reason: "The web is what the internet may reach without an entry."}
    tls:
      version_min: {value: 1.2, clause: row-36,
        reason: "Older versions are broken."}
      told_again: {value: 24h, clause: row-36,
        reason: "A host that answers in the clear is told of again after a day without."}
    vendor:
      review_days: {value: 365, clause: row-45,
        reason: "A vendor is looked at again once a year."}
      warn_days: {value: 30, clause: row-45,
        reason: "A vendor takes a month to answer."}
    risk:
      review_days: {value: 92, clause: row-45,
        reason: "Risks change with the quarter."}
      warn_days: {value: 30, clause: row-45,
        reason: "Those who answer for risks meet once a month."}
    exception:
      days_max: {value: 90, clause: row-60,
        reason: "An exception that outlives a quarter is a rule."}
    incident:
      workdays: {value: [Mon, Tue, Wed, Thu, Fri], clause: row-62,
        reason: "Business days of the organisation."}
      critical:
        acknowledge: {value: 15m, clause: row-62, reason: "Somebody is on call."}
        contain: {value: 1h, clause: row-62, reason: "Each hour more is damage."}
        resolve: {value: 24h, clause: row-62, reason: "A day without the service is the most a client bears."}
      high:
        acknowledge: {value: 1h, clause: row-62, reason: "Within the hour, day and night."}
        contain: {value: 4h, clause: row-62, reason: "Half a shift."}
        resolve: {value: 72h, clause: row-62, reason: "Three days."}
      medium:
        acknowledge_days: {value: 1, clause: row-62, reason: "The next business day."}
        contain_days: {value: 2, clause: row-62, reason: "Two business days."}
        resolve_days: {value: 10, clause: row-62, reason: "Two weeks."}
      low:
        acknowledge_days: {value: 5, clause: row-62, reason: "Within the week."}
        contain_days: {value: 10, clause: row-62, reason: "Two weeks."}
        resolve_days: {value: 30, clause: row-62, reason: "Six weeks."}
      client_notice: {value: 24h, clause: row-64,
        reason: "A client hears of it from us, and within a day."}
      regulator_notice: {value: 72h, clause: row-64,
        reason: "The law gives three days where personal data was touched."}
      analysis_days: {value: 10, clause: row-66,
        reason: "After ten business days nobody remembers why."}
    request:
      answer: {value: 30d, clause: row-72,
        reason: "The law gives a month."}
      warn: {value: 7d, clause: row-72,
        reason: "A week is enough to write the answer."}
    drill:
      interval: {value: 182d, clause: row-80,
        reason: "Twice a year, as the policy's word is semi-annual."}
      warn: {value: 30d, clause: row-80,
        reason: "A drill takes a month to plan."}
    training:
      interval: {value: 92d, clause: row-81, stated: true,
        reason: "Training is repeated every quarter; who vouches for it (row-81 in the attestations) does so as often."}
    rotation:
      sensitive_key: {value: 31d, clause: row-86, stated: true,
        reason: "Sensitive keys change every month."}
      service_token: {value: 92d, clause: row-86, stated: true,
        reason: "Service tokens change every quarter."}
      warn: {value: 5d, clause: row-86,
        reason: "A working week to plan the change."}
    image:
      scan_interval: {value: 14d, clause: row-94,
        reason: "What runs is scanned again every two weeks; who vouches for it (row-94 in the attestations) does so as often."}
    service_level:
      bad_minute_percent: {value: 5, clause: row-97,
        reason: "A minute in which one request in twenty fails is a bad one."}
    attestation:
      clauses:
        value: [row-101, row-102, row-103, row-104, row-105, row-106, row-107, row-108, row-109, row-110,
          row-111, row-112, row-113, row-114, row-115, row-116, row-117, row-118, row-119, row-120,
          row-121, row-122, row-123, row-124, row-125, row-126, row-127, row-128, row-129, row-130,
          row-131, row-132, row-133, row-134, row-135, row-136, row-137, row-138]
        clause: row-46
        reason: "Every clause that no log or register can prove; leave out what the company did not promise."
      days: {value: 365, clause: row-46,
        reason: "What is vouched for is looked at once a year, unless the clause says otherwise."}
      programme_days: {value: 365, clause: row-106, stated: true,
        reason: "The security programme is reviewed once a year."}
      acceptance_days: {value: 365, clause: row-108, stated: true,
        reason: "Everybody accepts the policies once a year."}
      penetration_test_days: {value: 365, clause: row-117, stated: true,
        reason: "A third party tests once a year."}
      risk_register_days: {value: 92, clause: row-122,
        reason: "The risk register is kept every quarter."}
      notices_days: {value: 31, clause: row-126,
        reason: "What customers have to know is told every month."}
      roster_days: {value: 182, clause: row-130,
        reason: "Who has which role changes twice a year."}
      fallback_days: {value: 182, clause: row-134,
        reason: "A contact tree is tried twice a year."}
      insurance_warn_days: {value: 30, clause: row-107,
        reason: "A month is enough to renew an insurance."}

    """#
}
