# shellcheck shell=sh
# Sourced by the shell tests of ranks that find each other over TCP: tests/cli/lib.sh, and a launcher.
# shellcheck source=tests/cli/lib.sh
. "$GPT_SOURCE/tests/cli/lib.sh"
export OMP_NUM_THREADS=1

# on_tcp_ranks N COMMAND...: runs it on N ranks; whatever happens, all have ended after two minutes.
on_tcp_ranks() {
  ranks=$1
  shift
  sh "$GPT_SOURCE/tests/dist/tcp_ranks.sh" "$ranks" timeout -k 5 120 "$@"
}

# free_port: one that nobody listens on.
free_port() {
  python3 -c '
import random, socket
while True:
    port = random.randrange(20000, 32000)
    try:
        with socket.socket() as listener:
            listener.bind(("", port))
    except OSError:
        continue
    print(port)
    break'
}

# start_rank R N COMMAND...: rank R of N in the background, at 127.0.0.1 and $MASTER_PORT; its output lands in
# rank_R.out, and wait_rank R returns its exit code.
start_rank() {
  started_rank=$1
  world_size=$2
  shift 2
  RANK=$started_rank WORLD_SIZE=$world_size MASTER_ADDR=${MASTER_ADDR:-127.0.0.1} timeout -k 5 120 "$@" \
    >"$scratch/rank_$started_rank.out" 2>&1 &
  eval "pid_$started_rank=$!"
}
wait_rank() { eval "wait \"\$pid_$1\""; }

# expect_rank R CODE [PATTERN]: it ended with that code, and said so.
expect_rank() {
  wait_rank "$1"
  code=$?
  [ "$code" -eq "$2" ] || fail "rank $1: exit code $code instead of $2: $(cat "$scratch/rank_$1.out")"
  [ $# -lt 3 ] || grep -Eq -- "$3" "$scratch/rank_$1.out" || fail "rank $1 does not say: $3: $(cat "$scratch/rank_$1.out")"
}
# The rank that a start_rank's timeout runs.
process_of_rank() { eval "pgrep -P \"\$pid_$1\""; }
