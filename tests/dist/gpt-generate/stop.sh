#!/bin/sh
# A stop that one rank hears of is obeyed by all: exit code 75, told once, and no part of an output.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
for odd_one in 0 1; do
  # shellcheck disable=SC2016 # each rank's own number
  start_ranks 2 sh -c 'echo $$ >"pid.$OMPI_COMM_WORLD_RANK"; exec gpt-generate "$@"' sh --load "$model" \
    --num-samples 10000000 -o many.jsonl --tensor-model-parallel-size 2 --threads 1
  for _ in $(seq 600); do
    [ -n "$(ls many.jsonl.tmp-* 2>/dev/null)" ] && break
    sleep 0.1
  done
  sleep 0.5
  kill -s TERM "$(cat "pid.$odd_one")"
  wait_ranks
  seen=$?
  [ $seen -eq 75 ] || fail "rank $odd_one gets SIGTERM: exit code $seen"
  [ "$(grep -c 'stopped on request' stderr)" -eq 1 ] || fail "a stop is not told once"
  expect_missing many.jsonl
  rm -f pid.*
done
