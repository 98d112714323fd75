#!/usr/bin/env bash
# Runs rsyslog as an ordinary process over one log, with a configuration and a folder of its own.
#
#   rsyslog.sh users|addresses FILE FOLDER TIMED COST
#
# TIMED writes the cost of the daemon alone, without the watching and the counting, into COST.
# A daemon never ends: a last line that the log does not have says when all was read. Prints what the
# configuration wrote out, counted like the others' answers. RSYSLOG_ROOT holds the unpacked package
# unless the system has one.
set -euo pipefail
question=$1 file=$2 folder=$3 timed=$4 cost=$5
root=${RSYSLOG_ROOT:-}
here=$(cd "$(dirname "$0")" && pwd)
modules=$(find "$root"/usr/lib -name imfile.so -printf "%h\n" -quit)
library=$(dirname "$modules")
rm -f "$folder"/{out,pid,log} "$folder"/imfile-state*
case "$question" in
  users) end=end-of-the-log mark='{"status":400,"remote_user":"end-of-the-log"}' ;;
  addresses) end=192.0.2.255 mark='Dec 31 23:59:59 end sshd[1]: Failed password for end from 192.0.2.255 port 1 ssh2' ;;
esac
# Made anew each time, before the clock runs.
{ cat "$file"; echo "$mark"; } >"$folder/$question.input"
sed -e "s#@WORK@#$folder#g; s#@MODULES@#$modules#g; s#@FILE@#$folder/$question.input#g" \
  "$here/rsyslog-$question.conf" >"$folder/conf"
LD_LIBRARY_PATH=$library "$timed" "$cost" "$root/usr/sbin/rsyslogd" -n -f "$folder/conf" -i "$folder/pid" \
  -M "$modules" >"$folder/log" 2>&1 &
watched=$!
trap 'kill "$(cat "$folder/pid")" 2>/dev/null || true' EXIT
for _ in $(seq 3000); do
  sleep 0.1
  # Blocks are written as they fill, so that the end may stand anywhere near it.
  if [ -e "$folder/out" ] && tail -n 3 "$folder/out" | grep -qF "$end"; then break; fi
  kill -0 "$watched" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
done
kill -TERM "$(cat "$folder/pid")"
wait "$watched"
trap - EXIT
if [ "$question" = users ]; then
  awk -v end="$end" '$0 != end { count[$0]++ } END { for (user in count) print count[user] "\t" user }' "$folder/out"
else
  awk -f "$here/windows.awk" "$folder/out"
fi
