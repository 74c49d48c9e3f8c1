#!/bin/sh
# gpt-clean: signals while it waits for a pipe, and a reader that has had enough.
. "$GPT_SOURCE/tests/cli/lib.sh"

mkfifo pipe
for signal in TERM INT USR1; do
  gpt-clean pipe -o out.jsonl -q 2>stderr &
  tool=$!
  exec 9>pipe
  printf '{"text":"en mening"}\n' >&9
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ -n "$(find . -name 'out.jsonl*')" ] && break
    sleep 0.2
  done
  kill -$signal $tool
  wait $tool
  code=$?
  exec 9>&-
  [ $code -eq 75 ] || fail "SIG$signal gave exit code $code instead of 75"
  expect_missing out.jsonl
done

# A closed stdout ends quietly.
yes '{"text":"en mening som kommer om och om igen"}' | head -n 100000 >many.jsonl
gpt-clean many.jsonl -q 2>stderr | head -n 1 >first
expect_quiet
[ "$(wc -l <first)" -eq 1 ] || fail "the first line did not arrive"
