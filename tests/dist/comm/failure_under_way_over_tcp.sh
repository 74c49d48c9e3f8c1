#!/bin/sh
# A rank that fails while buckets of 16 MB are passed over TCP: every time its message, and no other, is what is told.
# shellcheck source=tests/dist/lib_tcp.sh
. "$GPT_SOURCE/tests/dist/lib_tcp.sh"

for launch in $(seq 4); do
  ranks=$((launch % 3 + 2))
  started=$(date +%s)
  expect_exit 1 on_tcp_ranks "$ranks" endings_of_ranks under-way 1
  [ $(($(date +%s) - started)) -lt 30 ] || fail "launch $launch: ranks went on for 30 s"
  expect_stderr '^endings: error: rank 1: data.bin: ends early$'
  told=$(grep -c '^endings: ' "$scratch/stderr")
  [ "$told" -eq 1 ] || fail "launch $launch: $told messages instead of 1: $(cat "$scratch/stderr")"
done
