#!/bin/sh
# Ranks that find each other over TCP, with no MPI, train as those under mpirun do, and as one process does; and they
# save and go on.
# shellcheck source=tests/dist/lib_tcp.sh
. "$GPT_SOURCE/tests/dist/lib_tcp.sh"
# shellcheck source=tests/cli/gpt-train/lib_train.sh
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

# losses_of NAME: iteration and loss of each step that was logged.
losses_of() { python3 -c '
import json, sys
for line in open(sys.argv[1]):
    step = json.loads(line)
    if "loss" in step:
        print(step["iteration"], step["loss"])' "$1"; }

# shellcheck disable=SC2034 # used by train
train_by='on_tcp_ranks 2'
expect_exit 0 train --threads 1 --tensor-model-parallel-size 2 --log-interval 1 --metrics tcp.jsonl --save tensor
expect_exit 0 train --threads 1 --use-distributed-optimizer --log-interval 1 --metrics data.jsonl --save data
# shellcheck disable=SC2034 # used by train
train_by='on_tcp_ranks 4'
expect_exit 0 train --threads 1 --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2 --log-interval 1 \
  --metrics four.jsonl
[ "$(losses_of tcp.jsonl | wc -l)" -eq 12 ] || fail "not 12 losses: $(cat tcp.jsonl)"

# One process has the same losses up to rounding.
# shellcheck disable=SC2034 # used by train
train_by=
expect_exit 0 train --threads 1 --log-interval 1 --metrics one.jsonl
for layout in tcp data four; do
  losses_of one.jsonl >one.txt
  losses_of $layout.jsonl >$layout.txt
  python3 - one.txt $layout.txt <<'PYTHON' || fail "layout $layout has other losses than one process"
import sys

one, other = [[line.split() for line in open(name)] for name in sys.argv[1:]]
assert len(one) == len(other) == 12
assert all(a[0] == b[0] and abs(float(a[1]) - float(b[1])) < 1e-5 for a, b in zip(one, other)), (one, other)
PYTHON
done

# MPI has the very same: two ranks add in one order only.
if command -v mpirun >/dev/null && gpt-train --version | grep -Eq 'features:.* MPI' && [ "${GPT_SANITIZER:-}" != thread ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
  # shellcheck disable=SC2034 # used by train
  train_by='timeout 120 mpirun --bind-to none -n 2'
  expect_exit 0 train --threads 1 --tensor-model-parallel-size 2 --log-interval 1 --metrics mpi.jsonl
  losses_of mpi.jsonl >mpi.txt
  cmp -s mpi.txt tcp.txt || fail "MPI and TCP differ: $(diff mpi.txt tcp.txt)"
fi

# On from a checkpoint of other ranks.
# shellcheck disable=SC2034 # used by train
train_by='on_tcp_ranks 2'
expect_exit 0 train --threads 1 --load tensor --pipeline-model-parallel-size 2 --train-iters 14 --lr-decay-iters 12 \
  --override-lr-scheduler
expect_stdout '^ iteration +14/ +14 '
