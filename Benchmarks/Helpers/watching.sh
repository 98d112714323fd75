# What the scripts share that run `rollcall watch` beside other programs; to be sourced after common.sh.
#
# Everything runs on 127.0.0.1, in folders below $folder, and is ended when the script ends.
helpers=Benchmarks/Helpers
peers=$PWD/$work/peers
PATH=$PATH:/usr/sbin:/sbin
pids=()

# What is wrong stands on the page, too.
wrongs=()
wrong() { echo "WRONG: $*" >&2; failures=$((failures + 1)); wrongs+=("$*"); }

# Installs the packages of programs that are not there: PROGRAM:PACKAGE…
need() {
  local pair missing=() as=
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [ ${#missing[@]} != 0 ] || return 0
  [ "$(id -u)" = 0 ] || as="sudo -n"
  say "installing ${missing[*]}"
  { $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$work/install.log" 2>&1 \
    || { say "can not install ${missing[*]}; see $work/install.log"; exit 2; }
}

# Unpacks packages below .build, for daemons that must not become the machine's own: NAME PACKAGE…
unpack() {
  local name=$1 package
  shift
  mkdir -p "$peers/debs-$name" "$peers/$name"
  say "unpacking $*"
  (cd "$peers/debs-$name" && apt-get download "$@" >"$peers/$name.log" 2>&1) \
    || { say "can not download $*; see $peers/$name.log"; exit 2; }
  for package in "$peers/debs-$name"/*.deb; do dpkg -x "$package" "$peers/$name"; done
}

# rsyslog, the machine's or an unpacked one: sets rsyslogd (a command) and rsyslog_version.
find_rsyslog() {
  local root= modules
  if [ ! -x /usr/sbin/rsyslogd ] || [ -z "$(find /usr/lib -name lmnsd_ossl.so -print -quit)" ]; then
    root=$peers/rsyslog
    [ -n "$(find "$root" -name lmnsd_ossl.so -print -quit 2>/dev/null)" ] \
      || unpack rsyslog rsyslog rsyslog-openssl libestr0 libfastjson4
  fi
  modules=$(find "$root"/usr/lib -name imfile.so -printf "%h\n" -quit)
  rsyslogd=(env "LD_LIBRARY_PATH=${modules%/*}" "$root/usr/sbin/rsyslogd" -M "$modules")
  rsyslog_version=$("${rsyslogd[@]}" -v | sed -n '1s/^rsyslogd *\([0-9.]*\).*/\1/p')
}

# syslog-ng, as above: sets syslog_ng and syslog_ng_version.
find_syslog_ng() {
  local root= libraries modules
  if [ ! -x /usr/sbin/syslog-ng ]; then
    root=$peers/syslog-ng
    [ -x "$root/usr/sbin/syslog-ng" ] || unpack syslog-ng \
      syslog-ng-core libivykis0 libnet1 libjson-c5 libwrap0 libglib2.0-0 libpcre3
  fi
  libraries=
  [ -z "$root" ] || libraries=$(find "$root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
  modules=$(find "$root/usr/lib" -name libaffile.so -printf '%h\n' -quit)
  syslog_ng=(env "LD_LIBRARY_PATH=$libraries" "$root/usr/sbin/syslog-ng" "--module-path=$modules")
  syslog_ng_version=$("${syslog_ng[@]}" --version | sed -n '1s/^syslog-ng .*(\([0-9.]*\)).*/\1/p')
}

# Runs a command in the background, its words in $folder/NAME.log: NAME COMMAND…; sets pid.
start() {
  local name=$1
  shift
  "$@" >>"$folder/$name.log" 2>&1 9>&- &
  pid=$!
  pids+=("$pid")
}
# Ends processes that were started, and waits for them.
stop() {
  local one
  for one in "$@"; do [ -z "$one" ] || kill "$one" 2>/dev/null || true; done
  for one in "$@"; do [ -z "$one" ] || wait "$one" 2>/dev/null || true; done
}
# Ends all that is left; what does not go within five seconds is killed.
end_all() {
  local one
  for one in "${pids[@]}"; do kill "$one" 2>/dev/null || true; done
  for _ in $(seq 50); do
    for one in "${pids[@]}"; do ! kill -0 "$one" 2>/dev/null || { sleep 0.1; continue 2; }; done
    break
  done
  for one in "${pids[@]}"; do kill -9 "$one" 2>/dev/null || true; done
}
trap end_all EXIT
trap 'exit 1' INT TERM

# Tries a command each tenth of a second until it succeeds: SECONDS COMMAND…
eventually() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}
# An empty folder for what follows, and a port for its receiver: NAME.
fresh() {
  folder=$PWD/$work/$1
  rm -rf "$folder"
  mkdir -p "$folder"
  hook_port=$(free_port)
}
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
# `rollcall watch` with $folder/rollcall.yaml and further options, until it has read what is there; sets watch_pid.
watch() {
  # Each run of it speaks into a log of its own.
  rm -f "$folder/watch.log"
  start watch "$binary" watch --config "$folder/rollcall.yaml" "$@"
  watch_pid=$pid
  eventually 60 grep -qs 'all that the logs hold was read' "$folder/watch.log" \
    || { cat "$folder/watch.log" >&2; say "watch does not start"; exit 1; }
}
status() { "$binary" status --config "$folder/rollcall.yaml" 2>/dev/null; }
# The lines that were counted of a source: its name; 3: read, 4: parsed, 5: rejected (fields after the time).
counted() { status | awk -v name="$1" '$1 == name { print $4 }'; }
is_counted() { [ "$(counted "$1")" = "$2" ]; }
# Parsed and rejected lines of a source.
parsed() { status | awk -v name="$1" '$1 == name { print $5, $6 }'; }
# A number from the metrics, where `status:` is $status_port.
metric() { curl -s "http://127.0.0.1:$status_port/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
# MiB of a process: the most that it ever had (VmHWM), or has now (VmRSS).
memory() { awk -v key="$2:" '$1 == key { printf "%.0f\n", $2 / 1024 }' "/proc/$1/status"; }
# CPU milliseconds of a process so far, all threads.
cpu() { cat /proc/"$1"/task/*/schedstat | awk '{ sum += $1 } END { printf "%.1f\n", sum / 1e6 }'; }

# The receiver of webhooks, on $hook_port, its book in $folder/received.jsonl: OPTIONS…
secret=whsec_$(head -c 24 /dev/urandom | base64 -w 0)
receiver() {
  start receiver python3 "$helpers/receiver.py" --port "$hook_port" --secret "$secret" \
    --book "$folder/received.jsonl" "$@"
  receiver_pid=$pid
  eventually 10 curl -s -o /dev/null "http://127.0.0.1:$hook_port/" || { say "no receiver"; exit 1; }
}
hook() {
  echo "  - {name: soc, webhook: \"http://127.0.0.1:$hook_port/\", secret: \"$secret\", allow_private: true}"
}
# Identity and detector of each finding in OCSF lines or a receiver's book, sorted.
findings_of() { python3 "$helpers/findings.py" "$@"; }
# What a scan of files finds by the same settings, as OCSF lines in $folder/scan.jsonl; it tells nobody: FILE…
scan() {
  # A scan delivers to the outputs of its configuration.
  sed '/^outputs:/,$d' "$folder/rollcall.yaml" >"$folder/scan.yaml"
  "$binary" scan -q --config "$folder/scan.yaml" --output jsonl "$@" >"$folder/scan.jsonl" 2>>"$folder/scan.log" || true
}
# The head of a table's page: the date, what was measured, on what.
headline() {
  echo
  echo "$(date -u +%F), $(git rev-parse --short HEAD 2>/dev/null || echo no git)," \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $cores processors.${1:+ $1}"
  echo
}
# Shows a page, publishes it when asked, and ends the script: NAME.
conclude() {
  [ "$failures" = 0 ] || { printf -- '- Wrong: %s.\n' "${wrongs[@]}"; echo; } >>"$work/$1.md"
  cat "$work/$1.md"
  [ -z "$publishes" ] || publish "$1" "$work/$1.md" Benchmarks/README.md
  [ "$failures" = 0 ] || { say "$failures wrong"; exit 1; }
  exit 0
}
