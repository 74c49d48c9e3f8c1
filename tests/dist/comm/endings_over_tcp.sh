#!/bin/sh
# Ranks that find each other over TCP end as those of MPI do: a rank that ends badly brings all down, with one message
# that names it and the exit code of its kind.
# shellcheck source=tests/dist/lib_tcp.sh
. "$GPT_SOURCE/tests/dist/lib_tcp.sh"

# expect_errors N: the last run wrote so many messages.
expect_errors() {
  seen=$(grep -c '^endings: ' "$scratch/stderr")
  [ "$seen" -eq "$1" ] || fail "$seen messages instead of $1: $(cat "$scratch/stderr")"
}

expect_exit 1 on_tcp_ranks 3 endings_of_ranks fail 2
expect_stderr '^endings: error: rank 2: data.bin: ends early$'
expect_errors 1
expect_exit 2 on_tcp_ranks 2 endings_of_ranks usage 1
expect_stderr '^endings: error: rank 1: --seed: expects a number$'
expect_exit 1 on_tcp_ranks 2 endings_of_ranks memory 0
expect_stderr '^endings: error: rank 0: out of memory$'
expect_exit 75 on_tcp_ranks 2 endings_of_ranks stopped 1
expect_errors 1

# What befalls all ranks is told once.
expect_exit 1 on_tcp_ranks 4 endings_of_ranks fail
expect_stderr '^endings: error: rank 0: data.bin: ends early$'
expect_errors 1
expect_exit 0 on_tcp_ranks 3 endings_of_ranks help
[ "$(cat "$scratch/stdout")" = "what help says" ] || fail "help is not said once"
expect_exit 0 on_tcp_ranks 3 endings_of_ranks size
expect_stdout '^3$'
expect_exit 0 on_tcp_ranks 1 endings_of_ranks size
expect_stdout '^1$'
export MASTER_ADDR MASTER_PORT
for MASTER_ADDR in 127.0.0.1 localhost ::1; do
  [ "$MASTER_ADDR" != ::1 ] || grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null || continue  # no IPv6 here
  MASTER_PORT=$(free_port)
  start_rank 0 2 endings_of_ranks size
  start_rank 1 2 endings_of_ranks size
  expect_rank 1 0
  expect_rank 0 0 '^2$'
done
MASTER_ADDR=127.0.0.1

# A rank that is killed: one of the others names it, and all end.
started=$(date +%s)
MASTER_PORT=$(free_port)
for rank in 0 1 2; do start_rank "$rank" 3 endings_of_ranks killed 1; done
expect_rank 0 1
expect_rank 2 1
cat "$scratch/rank_0.out" "$scratch/rank_2.out" | grep -Eq '^endings: error: rank [02]: .*rank 1 \(.*\) is gone: ' ||
  fail "nobody says that rank 1 is gone: $(cat "$scratch/rank_0.out" "$scratch/rank_2.out")"
[ $(($(date +%s) - started)) -lt 30 ] || fail "the other ranks went on for 30 s"

# A signal to all ranks stops them together.
MASTER_PORT=$(free_port)
for rank in 0 1; do start_rank "$rank" 2 endings_of_ranks stop-vote; done
for _ in $(seq 600); do
  grep -q '^ready$' "$scratch/rank_0.out" && break
  sleep 0.1
done
kill -USR1 "$(process_of_rank 1)"
expect_rank 0 75 '^ready$'
expect_rank 1 75

# A rank that stands still: the others name it and what they wait for, in the time they were given.
MASTER_PORT=$(free_port)
export GPT_COMM_TIMEOUT=3
for rank in 0 1; do start_rank "$rank" 2 endings_of_ranks stop-vote; done
for _ in $(seq 600); do
  grep -q '^ready$' "$scratch/rank_0.out" && break
  sleep 0.1
done
hung=$(process_of_rank 1)
kill -STOP "$hung"
expect_rank 0 1 "all-reduce of 1 I32 in group 'world', rank 0 of 2: waiting for rank 1 \(.*\): nothing has come for 3 s"
kill -CONT "$hung"
expect_rank 1 1
