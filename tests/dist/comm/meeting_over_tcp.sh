#!/bin/sh
# Ranks that look for each other over TCP: who does not come, or does not belong there, is named.
# shellcheck source=tests/dist/lib_tcp.sh
. "$GPT_SOURCE/tests/dist/lib_tcp.sh"
export MASTER_ADDR=127.0.0.1 GPT_RENDEZVOUS_TIMEOUT=4

# A rank that does not come.
MASTER_PORT=$(free_port)
export MASTER_PORT
start_rank 0 4 endings_of_ranks size
start_rank 2 4 endings_of_ranks size
expect_rank 0 1 "rank 0 waited 4 s \(GPT_RENDEZVOUS_TIMEOUT\) on .*, port $MASTER_PORT: ranks 1, 3 of 4 did not come"
expect_rank 2 1 'ranks 1, 3 of 4 did not come'

# No rank 0.
MASTER_PORT=$(free_port)
start_rank 1 2 endings_of_ranks size
expect_rank 1 1 "rank 1 of 2 did not find rank 0 at 127.0.0.1, port $MASTER_PORT, within 4 s .*Connection refused; these come from RANK, WORLD_SIZE"
MASTER_ADDR=nowhere.invalid start_rank 1 2 endings_of_ranks size
expect_rank 1 1 'did not find rank 0 at nowhere.invalid, port'

# A rank that was told another number of ranks, and one that was started twice, are sent away; the others wait on.
export GPT_RENDEZVOUS_TIMEOUT=20
MASTER_PORT=$(free_port)
start_rank 0 3 endings_of_ranks size
start_rank 1 5 endings_of_ranks size
expect_rank 1 1 'was turned away at 127.0.0.1, port .*: rank 1 on .* was started as one of 5 ranks, and those here as of 3'
start_rank 1 3 endings_of_ranks size
sleep 1
RANK=1 WORLD_SIZE=3 timeout 30 endings_of_ranks size >"$scratch/twice.out" 2>&1
grep -q 'rank 1 was started twice: on ' "$scratch/twice.out" || fail "a rank twice: $(cat "$scratch/twice.out")"
# So are ranks of another run, who look on.
GPT_JOB_TOKEN=other GPT_RENDEZVOUS_TIMEOUT=1 RANK=2 WORLD_SIZE=3 timeout 30 endings_of_ranks size >"$scratch/other.out" 2>&1
grep -q 'it turned this rank away: it belongs to another run' "$scratch/other.out" || fail "another run: $(cat "$scratch/other.out")"
start_rank 2 3 endings_of_ranks size
expect_rank 0 0 '^3$'
expect_rank 1 0
expect_rank 2 0

# Strangers who call, say something else or nothing, and stay on the line, keep nobody waiting.
MASTER_PORT=$(free_port)
start_rank 0 2 endings_of_ranks size
python3 - "$MASTER_PORT" <<'PYTHON' &
import os
import socket
import sys
import time

lines = []
while len(lines) < 40:
    try:
        line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
        line.sendall([b"", b"GET / HTTP/1.1\r\n\r\n", os.urandom(500), b"gptranks\1\0\0\0\1\0\0\0\xff\xff\xff\xff", b"gptranks"][len(lines) % 5])
        lines.append(line)
    except OSError:
        time.sleep(0.05)
time.sleep(8)
PYTHON
strangers=$!
sleep 2
start_rank 1 2 endings_of_ranks size
expect_rank 0 0 '^2$'
expect_rank 1 0
kill "$strangers" 2>/dev/null

# A port that somebody else has: rank 0 says so, and so does a rank that meets the stranger there.
MASTER_PORT=$(free_port)
python3 - "$MASTER_PORT" <<'PYTHON' &
import socket
import sys

listener = socket.socket()
listener.bind(("", int(sys.argv[1])))
listener.listen()
while True:
    caller, _ = listener.accept()
    caller.sendall(b"SSH-2.0-OpenSSH_9.2 this is no rank of anything\r\n")
PYTHON
stranger=$!
sleep 1
export GPT_RENDEZVOUS_TIMEOUT=3
start_rank 0 2 endings_of_ranks size
expect_rank 0 1 "rank 0 cannot listen on port $MASTER_PORT of .*: Address already in use; set MASTER_PORT"
start_rank 1 2 endings_of_ranks size
expect_rank 1 1 "what listens at 127.0.0.1, port $MASTER_PORT is not rank 0: it does not speak as a rank"
kill "$stranger" 2>/dev/null

# Variables that make no sense.
expect_exit 1 env RANK=3 WORLD_SIZE=2 endings_of_ranks size
expect_stderr 'RANK=3 is no rank of WORLD_SIZE=2'
