#!/bin/sh
# Sourced by the shell tests that start ranks: tests/cli/lib.sh, and mpirun.
# shellcheck source=tests/cli/lib.sh
. "$GPT_SOURCE/tests/cli/lib.sh"

if ! command -v mpirun >/dev/null 2>&1; then
  echo "SKIPPED: no mpirun here, so nothing is run on several ranks"
  exit 77
fi
if ! gpt-train --version | grep -Eq 'features:.* MPI'; then
  echo "SKIPPED: the programs were built without MPI"
  exit 77
fi
if [ "${GPT_SANITIZER:-}" = thread ]; then
  echo "SKIPPED: ThreadSanitizer misreads Open MPI"
  exit 77
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMP_NUM_THREADS=1

# on_ranks N COMMAND...: runs it on N ranks; whatever happens, all have ended after two minutes.
on_ranks() {
  ranks=$1
  shift
  timeout -k 5 120 mpirun --bind-to none -n "$ranks" "$@"
}

# start_ranks N COMMAND...: the same in the background; $launcher is mpirun's process id, stdout and stderr land in
# files of those names. wait_ranks returns its exit code.
start_ranks() {
  ranks=$1
  shift
  timeout -k 5 120 mpirun --bind-to none -n "$ranks" "$@" >"$scratch/stdout" 2>"$scratch/stderr" &
  patience=$!
  launcher=
  while [ -z "$launcher" ] && kill -0 "$patience" 2>/dev/null; do
    launcher=$(ps -o pid= --ppid "$patience" | tr -d ' ')
  done
}
wait_ranks() { wait "$patience"; }

# expect_soon PATTERN: within a minute stdout of the ranks in the background has a line that matches.
expect_soon() {
  for _ in $(seq 600); do
    grep -Eq -- "$1" "$scratch/stdout" && return
    sleep 0.1
  done
  fail "stdout does not say: $1"
}
