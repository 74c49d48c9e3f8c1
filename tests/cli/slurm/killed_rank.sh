#!/bin/sh
# label: slow
# A rank of slurm/train.sh that is killed: within 30 s the others have ended too, and the job with them.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
. "$GPT_SOURCE/tests/cli/slurm/lib_slurm.sh"
need_slurm
make_dataset
start_cluster

small_training
export TRAIN_ITERS=1000000 TENSOR_PARALLEL_SIZE=2 PIPELINE_PARALLEL_SIZE=2

# ranks_of JOB [RANK]: process ids of its gpt-train, all or one.
ranks_of() {
  for process in $(pgrep -x gpt-train); do
    tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null >environment || continue
    grep -qx "SLURM_CONF=$SLURM_CONF" environment || continue  # of another cluster
    grep -qx "SLURM_JOB_ID=$1" environment && grep -qx "SLURM_PROCID=${2:-[0-9]*}" environment && echo "$process"
  done
}
is_training() { grep -Eq '^ iteration +[1-9][0-9]/' "gpt-train-$1.log" 2>/dev/null; }
has_no_ranks() { [ -z "$(ranks_of "$1")" ]; }

for victim in 0 3; do
  job=$(sbatch --parsable --cpus-per-task=1 --nodes 2 --ntasks-per-node 2 "$GPT_SOURCE/slurm/train.sh") || fail "sbatch"
  wait_until 120 "training of job $job" is_training "$job"
  [ "$(ranks_of "$job" | wc -l)" -eq 4 ] || fail "job $job has not 4 ranks: $(ranks_of "$job")"
  kill -KILL "$(ranks_of "$job" "$victim")" || fail "rank $victim is not to be found"
  wait_until 30 "end of the other ranks of job $job" has_no_ranks "$job"
  wait_until 30 "end of job $job" job_over "$job"
  in_state "$job" FAILED || fail "job $job is $(job_state "$job"): $(cat "gpt-train-$job.log")"
  grep -Eq "task $victim: Killed" "gpt-train-$job.log" || fail "the log does not tell who: $(cat "gpt-train-$job.log")"
  grep -Eq 'gpt-train ended with exit code [1-9]' "gpt-train-$job.log" || fail "log: $(cat "gpt-train-$job.log")"
done
