#!/bin/sh
# The executor's bubble beside (p - 1)/m and (p - 1)/(v m), as a table; exits 1 where one is more than 3 points off.
#
#   sh tests/bench/pipeline_bubble.sh [BUILD_FOLDER [STAGES...]]
#
# Stages sleep, so that eight of them fit on two cores. About a minute. The machine must be quiet: a stage that wakes up late
# holds up all others.
set -u
build=${1:-build/release}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- 2 4 8
cmake --build "$build" --target bench_pipeline_bubble >/dev/null || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMP_NUM_THREADS=1

failed=0
echo "p v m measured predicted difference"
for stages; do
  for chunks in 1 2; do
    for factor in 1 2 4; do
      mpirun --bind-to none -n "$stages" "$build/bin/bench_pipeline_bubble" "$chunks" $((factor * stages)) 2>/dev/null || failed=1
    done
  done
done
exit $failed
