#!/usr/bin/env bash
# Gets the tools of the comparison that are not there: Debian's packages when this user may install
# them, rsyslog unpacked below FOLDER and never installed, DuckDB in a virtual environment there.
#
#   install.sh FOLDER
#
# Says what is missing in the end, and always ends with 0: a tool that is not there is left out.
set -uo pipefail
folder=$1
mkdir -p "$folder"
log=$folder/install.log
: >"$log"
if [ "$(id -u)" = 0 ]; then as=; elif sudo -n true 2>/dev/null; then as="sudo -n"; else as=none; fi

# Installs Debian packages, if that is possible.
debian() {
  [ "$as" != none ] && command -v apt-get >/dev/null || return 1
  echo "installing $*" >&2
  { $as apt-get update -q && $as env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "$@"; } >>"$log" 2>&1
}

missing=()
for pair in mawk:mawk jq:jq goaccess:goaccess igzip:isal gzip:gzip; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
[ ${#missing[@]} = 0 ] || debian "${missing[@]}" || echo "not installed: ${missing[*]}; see $log" >&2

if [ ! -x /usr/sbin/rsyslogd ] && [ ! -x "$folder/rsyslog/usr/sbin/rsyslogd" ]; then
  echo "unpacking rsyslog" >&2
  mkdir -p "$folder/debs" "$folder/rsyslog"
  [ "$as" = none ] || $as apt-get update -q >>"$log" 2>&1
  # apt-get download drops to a user who may not write here, and says so.
  if (cd "$folder/debs" && apt-get download rsyslog libestr0 libfastjson4 >>"../install.log" 2>&1); then
    for package in "$folder"/debs/*.deb; do dpkg -x "$package" "$folder/rsyslog"; done
  else
    echo "no rsyslog: its package can not be downloaded; see $log" >&2
  fi
fi

if ! "$folder/venv/bin/python" -c 'import duckdb' 2>/dev/null; then
  echo "installing DuckDB into $folder/venv" >&2
  { python3 -m venv "$folder/venv" || { debian python3-venv && python3 -m venv "$folder/venv"; }; } \
    >>"$log" 2>&1 && "$folder/venv/bin/pip" install -q duckdb >>"$log" 2>&1 ||
    echo "no DuckDB: it can not be installed; see $log" >&2
fi
exit 0
