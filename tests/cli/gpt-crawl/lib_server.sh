# Sourced after lib.sh by the tests that need a server.

# start_server SCRIPT ARGUMENT: runs a Python server that prints its port; sets port and site, ends it with the test.
start_server() {
  command -v python3 >/dev/null || { echo "SKIPPED: python3 is not installed"; exit 77; }
  mkfifo "$scratch/port"
  python3 "$1" "$2" >"$scratch/port" 2>"$scratch/server.err" &
  server=$!
  trap 'kill "$server" 2>/dev/null; rm -rf "$scratch"' EXIT
  read -r port <"$scratch/port" || { cat "$scratch/server.err"; fail "the server did not start"; }
  site="http://127.0.0.1:$port"
}

# crawl ARGUMENTS...: gpt-crawl as fast as the server answers, from loopback.
crawl() { gpt-crawl --allow-private --delay 0 --timeout 5 "$@"; }

# expect_report FILE.json MEMBER...: the report has each of these, as '"pages":3' or '"timeout":[1-9]'.
expect_report() {
  report=$1
  shift
  for member in "$@"; do
    grep -Eq "${member}[,}]" "$report" || fail "no $member in $report: $(cat "$report")"
  done
}

# texts FILE.jsonl: the texts of its records, one a line, sorted.
texts() { sed 's/.*,"text":"\(.*\)","lang":.*/\1/' "$1" | sort; }

# paths FILE.jsonl: the path of each record's address, in order, on one line.
paths() { sed 's,^{"url":"[a-z]*://[^/]*\(/[^"]*\)".*,\1,' "$1" | tr '\n' ' '; }
