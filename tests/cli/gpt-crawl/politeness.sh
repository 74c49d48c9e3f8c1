#!/bin/sh
# One request at a time and a pause between two, unless told otherwise; never a private address unless allowed.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-crawl/lib_server.sh"
start_server "$GPT_SOURCE/tests/cli/gpt-crawl/web_server.py" "$scratch/log"

# most_at_once / shortest_pause: of all requests in the log
most_at_once() { awk '$2 > most { most = $2 } END { print most + 0 }' "$scratch/log"; }
shortest_pause() { awk 'NR > 1 && (NR == 2 || $1 - last < least) { least = $1 - last } { last = $1 } END { print least }' "$scratch/log"; }
clear_log() { : >"$scratch/log"; }

expect_exit 0 gpt-crawl --allow-private "$site/wide" --delay 0.3 -m 4 -o gentle.jsonl
awk -v pause="$(shortest_pause)" 'BEGIN { exit !(pause >= 0.28) }' || fail "requests only $(shortest_pause) s apart"

clear_log
expect_exit 0 crawl "$site/slowly" -o one.jsonl
[ "$(most_at_once)" = 1 ] || fail "$(most_at_once) requests at a time"

clear_log
expect_exit 0 crawl "$site/slowly" -o four.jsonl --connections-per-host 4
most=$(most_at_once)
[ "$most" -ge 2 ] && [ "$most" -le 4 ] || fail "$most requests at a time instead of up to 4"
texts one.jsonl >one && texts four.jsonl >four
expect_same one four

# a Crawl-delay is kept
clear_log
expect_exit 0 crawl "http://127.0.0.6:$port/page/a?/page/b" -o delayed.jsonl
awk -v pause="$(shortest_pause)" 'BEGIN { exit !(pause >= 0.98) }' || fail "Crawl-delay: only $(shortest_pause) s apart"

# hosts do not wait for each other
clear_log
expect_exit 0 gpt-crawl --allow-private --delay 0.4 -o two.jsonl "http://127.0.0.1:$port/page/a?/page/b" \
  "http://127.0.0.4:$port/page/a"
[ "$(awk '{ last[$3] = NR; if (!first[$3]) first[$3] = NR }
  END { print first["127.0.0.4"] < last["127.0.0.1"] && first["127.0.0.1"] < last["127.0.0.4"] }' "$scratch/log")" = 1 ] ||
  fail "two hosts were crawled one after the other: $(cat "$scratch/log")"

# private addresses: by number, in other notations, by a name that leads there, by a redirect
clear_log
for address in "127.0.0.1:$port" "2130706433:$port" "0x7f.1:$port" "localhost:$port" "[::1]:$port" \
  "[::ffff:127.0.0.1]:$port" "0.0.0.0:$port"; do
  expect_exit 1 gpt-crawl "http://$address/page/a" -o private.jsonl --timeout 5
  expect_stderr "private address \(.* is not public; --allow-private permits it\)"
  expect_missing private.jsonl
done
[ ! -s "$scratch/log" ] || fail "a private address was asked: $(cat "$scratch/log")"
