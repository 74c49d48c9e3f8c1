#!/bin/sh
# Whatever a server does, a crawl of it ends with one clear reason, the right exit code, and nothing half done.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-crawl/lib_server.sh"
start_server "$GPT_SOURCE/tests/cli/gpt-crawl/web_server.py" "$scratch/log"

# expect_reason PATH REASON [OPTION...]: alone, the page makes the run fail for this reason.
expect_reason() {
  path=$1
  why=$2
  shift 2
  expect_exit 1 crawl "$site$path" -o pages.jsonl --report report.json --max-bytes 1M "$@"
  expect_stderr "^gpt-crawl: error: no page was kept: .*$why"
  expect_report report.json "\"$why\":[1-9]"
  expect_missing pages.jsonl
  expect_missing pages.jsonl.state
}

expect_reason /hang timeout --timeout 1
expect_reason /hang-in-body timeout --timeout 1
expect_reason /drip timeout --timeout 1
expect_reason /reset "connection broken"
expect_reason /close "connection broken"
expect_reason /short "connection broken"
expect_reason /garbage "not HTTP"
expect_reason /endless-headers "too large"
expect_reason /huge "too large"
expect_reason /huge-declared "too large"
expect_reason /bomb "too large"
expect_reason /bad-gzip "damaged compression"
expect_reason /loop "redirect to an address already met"
expect_reason /ever/1 "too many redirects"
expect_reason /to-file "redirect without an address"
expect_reason /nowhere "redirect without an address"
expect_reason /pdf "not HTML"
expect_reason /untyped-bytes "not HTML"
expect_reason /missing "HTTP error"
expect_reason /error "HTTP error"
expect_reason /empty "no text"
expect_reason /deep "nested too deeply"
expect_reason /noindex noindex --depth 0
grep -q "passwd" "$scratch/stderr" && fail "a file was read"

# nobody listens there; a name that does not exist
expect_exit 1 crawl "http://127.0.0.99:1/" -o pages.jsonl
expect_stderr "robots.txt unreachable \(connection refused\)"
expect_missing pages.jsonl
expect_exit 1 crawl "http://does-not-exist.invalid/" -o pages.jsonl
expect_stderr "robots.txt unreachable \(unknown host\)"

# what can be read is read, beside all that cannot; one bad page does not hold up the others
for path in /hang /reset /short /huge /bomb /bad-gzip /loop /pdf /missing /deep /long /gzip /deflate /untyped-html \
  /latin1 /moved; do
  echo "$site$path"
done >urls.txt
expect_exit 0 crawl --urls urls.txt -o pages.jsonl --report report.json --timeout 2 --max-bytes 1M -q \
  --connections-per-host 4
[ "$(paths pages.jsonl | tr ' ' '\n' | sort | tr '\n' ' ')" = "/deflate /gzip /latin1 /long /page/target /untyped-html " ] ||
  fail "kept: $(paths pages.jsonl)"
texts pages.jsonl >texts
grep -q "hinner aldrig" texts && fail "text behind the declared length was read"
grep -q 'på ön' texts || fail "the page in Latin-1 was not read as such"
expect_report report.json '"pages":6' '"redirects":2' '"404":1' '"hosts":1' '"connection broken":2' '"not HTML":1'

# a host that never answers is given up
for number in 1 2 3 4 5 6 7 8 9; do echo "$site/close/$number"; done >urls.txt
expect_exit 1 crawl --urls urls.txt -o none.jsonl --report report.json
expect_report report.json '"host given up":4' '"connection broken":5'
