#!/bin/sh
# A crawl of the sample site: what is kept, how far it goes, its links and report; stopped and killed crawls go on.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-crawl/lib_server.sh"
pages=$GPT_SOURCE/tests/data/pages
start_server "$GPT_SOURCE/tests/cli/serve_folder.py" "$pages"

# all pages that links lead to, each text as from the file itself
expect_exit 0 crawl "$site/index.html" -o pages.jsonl --links links.txt --report report.json
[ "$(wc -l <pages.jsonl)" = 9 ] || fail "kept $(paths pages.jsonl)"
[ "$(paths pages.jsonl | cut -d ' ' -f 1)" = /index.html ] || fail "the start page is not first"
expect_exit 0 gpt-crawl --html "$pages" -o files.jsonl
texts pages.jsonl >from_web && texts files.jsonl >from_files
expect_same from_web from_files
python3 - "$scratch/pages.jsonl" <<'END' || fail "a record is not as documented"
import json, re, sys
for line in open(sys.argv[1], encoding="utf-8"):
    record = json.loads(line)
    assert list(record) == ["url", "title", "text", "lang", "fetched_at", "status"], list(record)
    assert record["status"] == 200 and record["lang"] in ("sv", "en", "da") and record["title"], record
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["fetched_at"]), record
    assert "Sök på sidan" not in record["text"] and "kakor" not in record["text"], record["text"]
END
grep -qx "internal	$site/surdeg.html" links.txt || fail "an internal link is missing: $(cat links.txt)"
grep -qx "external	https://example.com/om-kakor" links.txt || fail "an external link is missing"
[ "$(sort links.txt | uniq -d)" = "" ] || fail "a link stands twice"
expect_report report.json '"pages":9' '"documents_out":9' '"visited":9' '"statuses":{"200":9}' '"hosts":1' '"waiting":0'

# how far
expect_exit 0 crawl "$site/index.html" -o one.jsonl -m 1
[ "$(wc -l <one.jsonl)" = 1 ] || fail "-m 1 visited more"
expect_stderr "max-pages reached with .* addresses left"
expect_exit 0 crawl "$site/index.html" -o near.jsonl --depth 1
[ "$(wc -l <near.jsonl)" = 8 ] || fail "--depth 1 kept $(paths near.jsonl)"
expect_exit 0 crawl "$site/index.html" -o start.jsonl --depth 0 -q
expect_quiet
[ "$(wc -l <start.jsonl)" = 1 ] || fail "--depth 0 kept more"

# to stdout, compressed, from a list of addresses
crawl "$site/index.html" -q >stdout.jsonl || fail "no crawl to stdout"
texts stdout.jsonl >from_stdout
expect_same from_web from_stdout
printf '# start here\n\n%s/index.html\r\n' "$site" >urls.txt
expect_exit 0 crawl --urls urls.txt -o packed.jsonl.gz
gunzip packed.jsonl.gz
texts packed.jsonl >from_packed
expect_same from_web from_packed

# an output that is there stays, unless --force; the same command then does it again
cp pages.jsonl before.jsonl
expect_exit 1 crawl "$site/index.html" -o pages.jsonl
expect_same before.jsonl pages.jsonl
expect_exit 0 crawl "$site/index.html" -o pages.jsonl --force

# stopped by a signal: nothing under the final name, and the same command goes on
stop_and_go_on() {
  gpt-crawl --allow-private --delay 0.2 "$site/index.html" -o stopped.jsonl --links stopped.txt 2>stderr &
  crawler=$!
  sleep 1
  kill -"$1" "$crawler"
  wait "$crawler"
  seen=$?
  [ "$seen" -eq "$2" ] || fail "exit code $seen after SIG$1"
  [ ! -e stopped.jsonl ] || fail "a stopped crawl left an output"
  [ -s stopped.jsonl.state ] || fail "a stopped crawl left no state"
}
stop_and_go_on TERM 75
expect_stderr "stopped on request"
expect_exit 1 crawl "$site/surdeg.html" -o stopped.jsonl
expect_stderr "holds an unfinished crawl from other start addresses"
expect_exit 0 crawl "$site/index.html" -o stopped.jsonl --links stopped.txt
expect_stderr "going on with the crawl in stopped.jsonl.state: [1-8] pages kept"
paths pages.jsonl >wanted && paths stopped.jsonl >seen_paths
expect_same wanted seen_paths
expect_same links.txt stopped.txt
expect_missing stopped.jsonl.state
rm stopped.jsonl stopped.txt

# killed at any moment: at most the last seconds are fetched again
stop_and_go_on KILL 137
expect_exit 0 crawl "$site/index.html" -o stopped.jsonl --links stopped.txt
paths stopped.jsonl >seen_paths
expect_same wanted seen_paths

# two crawls of one output at a time; a state that is none
gpt-crawl --allow-private --delay 0.5 "$site/index.html" -o twice.jsonl -q &
crawler=$!
sleep 0.5
expect_exit 1 crawl "$site/index.html" -o twice.jsonl
expect_stderr "twice.jsonl.state: another gpt-crawl is using"
kill "$crawler"
wait "$crawler"
head -c 100000 /dev/urandom >odd.jsonl.state
expect_exit 1 crawl "$site/index.html" -o odd.jsonl
expect_stderr "odd.jsonl.state: is not the state of a crawl"

# a full disk: one message, no output
(
  ulimit -f 24
  crawl "$site/index.html" -o full.jsonl 2>stderr
  [ $? -eq 1 ] || fail "a full disk is not told"
) || exit 1
[ ! -e full.jsonl ] || fail "a full disk left an output"
