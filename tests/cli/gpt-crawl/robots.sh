#!/bin/sh
# robots.txt decides what is fetched, by RFC 9309; so do a page's own words about itself and its links.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-crawl/lib_server.sh"
start_server "$GPT_SOURCE/tests/cli/gpt-crawl/web_server.py" "$scratch/log"

at() { echo "http://127.0.0.$1:$port$2"; }
not_asked() { grep -q " $1\$" "$scratch/log" && fail "$1 was asked for"; }

# rules for the crawler by name, the longest match wins; what is forbidden is not asked for
expect_exit 0 crawl "$(at 2 '/page/start?/page/forbidden&/page/forbidden-but-one&/page/free')" -o named.jsonl \
  --report report.json
[ "$(paths named.jsonl)" = "/page/start?/page/forbidden&/page/forbidden-but-one&/page/free /page/forbidden-but-one /page/free " ] ||
  fail "$(paths named.jsonl)"
expect_report report.json '"forbidden by robots.txt":1'
not_asked "127.0.0.2 /page/forbidden"

# under another name the rules for all hold
expect_exit 1 crawl "$(at 2 /page/other)" -o other.jsonl --user-agent "another/1.0 (by gpt-crawl)"
expect_stderr "forbidden by robots.txt"
not_asked "127.0.0.2 /page/other"

# 5xx and no answer forbid all; 4xx and endless redirects allow all; a redirect to another host is followed
expect_exit 1 crawl "$(at 3 /page/a)" -o none.jsonl
expect_stderr "robots.txt unreachable \(status 503\)"
expect_exit 1 crawl "$(at 5 /page/a)" -o none.jsonl
expect_stderr "robots.txt unreachable \(connection broken\)"
not_asked "127.0.0.[35] /page/a"
expect_exit 0 crawl "$(at 1 /page/a)" -o allowed1.jsonl
expect_exit 0 crawl "$(at 4 /page/a)" -o allowed4.jsonl
[ "$(grep -c '127.0.0.4 /robots.txt' "$scratch/log")" = 6 ] || fail "not five redirects followed"
expect_exit 0 crawl "$(at 7 '/page/a?/page/forbidden')" -o moved.jsonl
[ "$(paths moved.jsonl)" = "/page/a?/page/forbidden " ] || fail "$(paths moved.jsonl)"

# a page's own words
expect_exit 0 crawl "$site/page/start?/noindex&/nofollow&/header-none&/link-nofollow&/based" -o said.jsonl \
  --report report.json --links links.txt
[ "$(paths said.jsonl | cut -d ' ' -f 2-)" = \
  "/nofollow /link-nofollow /based /page/behind-noindex /page/of-base/inner " ] || fail "$(paths said.jsonl)"
expect_report report.json '"noindex":2'
not_asked "127.0.0.1 /page/behind-nofollow"
not_asked "127.0.0.1 /page/behind-none"
not_asked "127.0.0.1 /page/unfollowed"
grep -q "^internal.*/page/unfollowed$" links.txt || fail "a link that is not followed is still a link met"
