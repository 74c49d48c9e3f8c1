#!/bin/sh
# tcp_ranks.sh N COMMAND...: runs the command on N ranks that find each other over TCP, as a launcher without MPI
# would. Its exit code is the first rank's that is not 0, by rank.
ranks=$1
shift
RUN_PORT=$(python3 - <<'PYTHON'
import random
import socket

while True:
    port = random.randrange(20000, 32000)
    try:
        with socket.socket() as listener:
            listener.bind(("", port))
    except OSError:
        continue
    print(port)
    break
PYTHON
)
export WORLD_SIZE="$ranks" MASTER_ADDR=127.0.0.1 MASTER_PORT="$RUN_PORT" GPT_RENDEZVOUS_TIMEOUT="${GPT_RENDEZVOUS_TIMEOUT:-60}"
pids=
exec 3<&0 # rank 0 reads what this script is given
for rank in $(seq 0 $((ranks - 1))); do
  if [ "$rank" -eq 0 ]; then exec 4<&3; else exec 4</dev/null; fi
  RANK=$rank LOCAL_RANK=$rank "$@" <&4 3<&- 4<&- &
  pids="$pids $!"
done
# shellcheck disable=SC2086,SC2317
trap 'kill -TERM $pids 2>/dev/null' TERM INT
# shellcheck disable=SC2086,SC2317
trap 'kill -USR1 $pids 2>/dev/null' USR1
code=0
for pid in $pids; do
  while :; do
    wait "$pid"
    status=$?
    kill -0 "$pid" 2>/dev/null || break  # a trap that ran ends wait early
  done
  [ "$code" -ne 0 ] || code=$status
done
exit "$code"
