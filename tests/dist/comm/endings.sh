#!/bin/sh
# A rank that ends badly brings all down, with a message that names it and the exit code of its kind.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"

# expect_errors N: the last run wrote so many messages of its own (Open MPI adds its own words).
expect_errors() {
  seen=$(grep -c '^endings: ' "$scratch/stderr")
  [ "$seen" -eq "$1" ] || fail "$seen messages instead of $1"
}

# One rank fails while the others wait for it, a message and a group half way.
expect_exit 1 on_ranks 3 endings_of_ranks fail 2
expect_stderr '^endings: error: rank 2: data.bin: ends early$'
expect_errors 1
expect_exit 2 on_ranks 2 endings_of_ranks usage 1
expect_stderr '^endings: error: rank 1: --seed: expects a number$'
expect_exit 1 on_ranks 2 endings_of_ranks memory 0
expect_stderr '^endings: error: rank 0: out of memory$'
expect_exit 75 on_ranks 2 endings_of_ranks stopped 1
expect_errors 1

# What befalls all ranks is told once.
expect_exit 1 on_ranks 4 endings_of_ranks fail
expect_stderr '^endings: error: rank 0: data.bin: ends early$'
expect_errors 1
expect_exit 0 on_ranks 3 endings_of_ranks help
[ "$(cat "$scratch/stdout")" = "what help says" ] || fail "help is not said once"

# A rank that is killed: the launcher says which, and ends the others.
started=$(date +%s)
on_ranks 3 endings_of_ranks killed 1 >"$scratch/stdout" 2>"$scratch/stderr"
code=$?
[ "$code" -ne 0 ] || fail "a killed rank went unnoticed"
[ $(($(date +%s) - started)) -lt 30 ] || fail "the other ranks went on for 30 s"
expect_stderr 'rank 1 .*signal 9'

# SIGUSR1 to mpirun reaches the ranks, which stop together.
start_ranks 2 endings_of_ranks stop-vote
expect_soon '^ready$'
kill -USR1 "$launcher"
wait_ranks
code=$?
[ "$code" -eq 75 ] || fail "exit code $code instead of 75 after SIGUSR1"

# By hand the world is one process; a launcher's only rank is one as well.
expect_exit 0 endings_of_ranks size
expect_stdout '^1$'
expect_exit 0 on_ranks 1 endings_of_ranks size
expect_stdout '^1$'
expect_exit 1 endings_of_ranks fail
expect_stderr '^endings: error: data.bin: ends early$'
