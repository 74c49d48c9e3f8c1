#!/bin/sh
# The tasks of a Slurm step find each other by PMIx, and over TCP without it.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
# shellcheck source=tests/cli/slurm/lib_slurm.sh
. "$GPT_SOURCE/tests/cli/slurm/lib_slurm.sh"
need_slurm
start_cluster

# Tasks of one step, over PMIx.
expect_exit 0 timeout 60 srun --mpi=pmix -N 2 -n 4 endings_of_ranks size
expect_stdout '^4$'

# One of them fails: the others end, and the step has its exit code.
expect_exit 1 timeout 60 srun --mpi=pmix -N 2 -n 4 endings_of_ranks fail 2
expect_stderr 'endings: error: rank 2: data.bin: ends early$'

# Without PMIx they find each other by srun's variables. The nodes' names are known to nobody here, so they go by where
# srun was called.
expect_exit 0 timeout 60 srun --mpi=none -N 2 -n 4 endings_of_ranks size
expect_stdout '^4$'
expect_exit 1 timeout 60 srun --mpi=none -N 2 -n 4 endings_of_ranks fail 2
expect_stderr 'endings: error: rank 2: data.bin: ends early$'
# Two steps at once on the same nodes do not take each other for theirs.
srun --mpi=none -N 2 -n 2 --overlap endings_of_ranks size >first.log 2>&1 &
first=$!
expect_exit 0 timeout 60 srun --mpi=none -N 2 -n 3 --overlap endings_of_ranks size
expect_stdout '^3$'
wait "$first" || fail "the other step: $(cat first.log)"
grep -qx 2 first.log || fail "the other step: $(cat first.log)"

# One task is no world, and a batch script is no task of a step, however many tasks its job may have.
expect_exit 0 timeout 60 srun --mpi=none -n 1 endings_of_ranks size
expect_stdout '^1$'
printf '#!/bin/sh\nexec endings_of_ranks size\n' >by_hand.sh
expect_exit 0 timeout 60 sbatch --wait -N 2 -n 4 -o by_hand.log by_hand.sh
grep -qx 1 by_hand.log || fail "a batch script with 4 tasks is not one process by itself: $(cat by_hand.log)"
