# What the scripts of this folder share; to be sourced. Goes to the root of the source tree.
#
# ROLLCALL names another binary to measure than the one that is built here (with ROLLCALL_SHARE, when
# its detectors and mappings are not beside it).
set -euo pipefail
# Numbers are written with points, whatever the user's language.
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/.."

swift=${SWIFT:-swift}
work=.build/bench
binary=${ROLLCALL:-.build/release/rollcall}
generate=Benchmarks/.build/release/Generate
cores=$(getconf _NPROCESSORS_ONLN)
failures=0
mkdir -p "$work"
# Two measurements at once would spoil each other, and share their files.
exec 9>"$work/lock"
flock -n 9 || { echo "another measurement is running here" >&2; exit 2; }

say() { echo "$*" >&2; }
wrong() { echo "WRONG: $*" >&2; failures=$((failures + 1)); }
# The comment at the top of the script, as its help.
usage() { sed -n '2,/^[^#]/{ /^#/s/^# \{0,1\}//p }' "$0" >&2; exit 2; }

# The command, unless it was given; the generator; the small C programs.
build() {
  say "building …"
  if [ -z "${ROLLCALL:-}" ]; then make --no-print-directory build SWIFT="$swift" >&2; fi
  "$swift" build -c release --package-path Benchmarks --product Generate >&2
  "${CC:-cc}" -O2 -o "$work/walk" Benchmarks/Reference/walk.c
  "${CC:-cc}" -O2 -o "$work/timed" Benchmarks/Reference/timed.c
}

# The value of a key in a file of tab-separated pairs.
value() { awk -F'\t' -v key="$2" '$1 == key { print $2; exit }' "$1"; }
# The median of the numbers on standard input.
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR+1)/2] : (v[NR/2] + v[NR/2+1]) / 2 }'; }

# The file of a kind of log.
file_of() {
  case "$1" in
    access) echo access.json ;;
    combined) echo access.log ;;
    auth) echo auth.log ;;
    rfc5424) echo syslog.log ;;
    *) say "no such kind: $1"; exit 2 ;;
  esac
}

# The folder of a log, generated anew when the generator changed: kind, MB, people (none: the named ones).
corpus() {
  local folder=$work/$1-$2${3:+-$3}
  if [ ! -e "$folder/truth.tsv" ] || [ "$generate" -nt "$folder/truth.tsv" ]; then
    rm -rf "$folder"
    "$generate" write "$1" "$2" "$folder" 7 ${3:+"$3"}
  fi
  echo "$folder"
}

# Reads files in order into a cache that holds nothing of them: how they came there moves the cost of
# reading by a factor of several.
prime() {
  local file
  for file in "$@"; do
    sync -d "$file"
    dd if="$file" iflag=nocache count=0 status=none
    cat "$file" >/dev/null
  done
}

# Judges a scan by the truth: its findings, its notes (the ledger is the last line) and its cost line.
# Prints nothing when all is right, and what is wrong otherwise.
judge_scan() {
  local truth=$1 findings=$2 notes=$3 cost=$4 code read lines verdict
  code=$(awk '{ print $5 }' "$cost")
  if [ "$code" != 0 ]; then
    echo "exit code $code: $(tail -n 1 "$notes")"
    return
  fi
  verdict=$("$generate" judge "$truth" "$findings") || { tail -n 1 <<<"$verdict"; return; }
  read=$(sed -n 's/^read \([0-9]*\) lines · parsed \([0-9]*\) .*/\1 \2/p' "$notes")
  lines=$(value "$truth" lines)
  [ "$read" = "$lines $lines" ] || echo "read and parsed are '$read', the log has $lines lines"
}

# The machine, as a line of Markdown.
machine() {
  echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $cores processors," \
    "$(uname -sr); load $(cut -d' ' -f1-3 /proc/loadavg | tr ' ' '/') when this was written;" \
    "$("$binary" --version 2>/dev/null | head -n 1), $(git rev-parse --short HEAD 2>/dev/null || echo no git)"
}

# Puts a file of Markdown between the marks `<!-- NAME -->` and `<!-- /NAME -->` of a page.
publish() {
  local name=$1 text=$2 page=$3
  grep -qx "<!-- $name -->" "$page" || return 0
  awk -v name="$name" -v text="$text" '
    $0 == "<!-- /" name " -->" { inside = 0 }
    !inside { print }
    $0 == "<!-- " name " -->" {
      inside = 1
      while ((getline line < text) > 0) print line
    }' "$page" >"$work/page" && cat "$work/page" >"$page"
}
