#!/bin/sh
# The tasks of a Slurm step find each other by PMIx; without it they are refused, and not left each to itself.
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

# Without PMIx each would take itself for the only one.
expect_exit 1 timeout 60 srun --mpi=none -N 2 -n 4 endings_of_ranks size
expect_stderr 'one of 4 tasks of a Slurm step without PMIx.* srun --mpi=pmix'

# One task is no world, and a batch script is no task of a step, however many tasks its job may have.
expect_exit 0 timeout 60 srun --mpi=none -n 1 endings_of_ranks size
expect_stdout '^1$'
printf '#!/bin/sh\nexec endings_of_ranks size\n' >by_hand.sh
expect_exit 0 timeout 60 sbatch --wait -N 2 -n 4 -o by_hand.log by_hand.sh
grep -qx 1 by_hand.log || fail "a batch script with 4 tasks is not one process by itself: $(cat by_hand.log)"
