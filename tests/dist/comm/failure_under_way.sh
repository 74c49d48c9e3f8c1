#!/bin/sh
# label: slow
# A rank that fails while buckets of 16 MB are passed: every time its message, and no other, is what is told, and nobody
# reads what is gone (Open MPI: "Read -1, expected 262144, errno = 14").
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"

for launch in $(seq 20); do
  ranks=$((launch % 3 + 2))
  started=$(date +%s)
  expect_exit 1 on_ranks "$ranks" endings_of_ranks under-way 1
  [ $(($(date +%s) - started)) -lt 30 ] || fail "launch $launch: ranks went on for 30 s"
  expect_stderr '^endings: error: rank 1: data.bin: ends early$'
  told=$(grep -c '^endings: ' "$scratch/stderr")
  [ "$told" -eq 1 ] || fail "launch $launch: $told messages instead of 1: $(cat "$scratch/stderr")"
  grep -q 'errno = 14' "$scratch/stderr" && fail "launch $launch: freed memory was read: $(cat "$scratch/stderr")"
done
:
