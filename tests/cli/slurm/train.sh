#!/bin/sh
# label: slow
# slurm/train.sh on a Slurm cluster: to the end; stopped by a signal, back into the queue and on from its checkpoint;
# cancelled.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
. "$GPT_SOURCE/tests/cli/slurm/lib_slurm.sh"
need_slurm
make_dataset
start_cluster

small_training

log_says() { grep -Eq -- "$2" "$1" 2>/dev/null; }
show() { tail -n 30 "$scratch"/gpt-train-*.log "$cluster"/log/slurmctld.log 2>/dev/null; }

# wait_for_log SECONDS JOB PATTERN
wait_for_log() {
  waited=0
  until log_says "gpt-train-$2.log" "$3"; do
    waited=$((waited + 1))
    { [ "$waited" -le "$(($1 * 4))" ] && { [ "$waited" -le 8 ] || ! job_over "$2"; }; } || {
      show
      fail "the log of job $2 does not say: $3"
    }
    sleep 0.25
  done
}

wait_for_state() {
  wait_until "$1" "end of job $2" job_over "$2"
  in_state "$2" "$3" || {
    show
    fail "job $2 is $(job_state "$2"), not $3"
  }
}

run_job() { sbatch --parsable --cpus-per-task=1 "$@" "$GPT_SOURCE/slurm/train.sh"; }

# One rank, to its end.
job=$(TRAIN_ITERS=6 CHECKPOINT_PATH=short run_job) || fail "sbatch"
wait_for_state 120 "$job" COMPLETED
wait_for_log 1 "$job" 'start 1: 1 ranks on n1$'
wait_for_log 1 "$job" '^ iteration +6/ +6 '
wait_for_log 1 "$job" 'gpt-train ended with exit code 0$'
[ "$(cat short/latest)" = iter_0000006 ] || fail "short/latest names $(cat short/latest)"

# Two nodes of two ranks; signalled, saved, queued again, and on from there.
export TRAIN_ITERS=1000000 CHECKPOINT_PATH=long MAX_RESTARTS=1 TENSOR_PARALLEL_SIZE=2 PIPELINE_PARALLEL_SIZE=2
job=$(run_job --nodes 2 --ntasks-per-node 2) || fail "sbatch"
wait_for_log 120 "$job" '^ iteration +4/'
scancel -s USR1 "$job"
wait_for_log 60 "$job" '^ stopped after iteration [0-9]+ \(signal\): the same command goes on'
wait_for_log 60 "$job" 'gpt-train ended with exit code 75$'
stopped=$(sed -n 's/^ stopped after iteration \([0-9]*\) .*/\1/p' "gpt-train-$job.log")
[ "$(cat long/latest)" = "$(printf 'iter_%07d' "$stopped")" ] || fail "long/latest names $(cat long/latest)"
wait_for_log 180 "$job" 'start 2: 4 ranks on n\[1-2\]$'
wait_for_log 120 "$job" "^ starting from long/iter_0*$stopped, iteration $stopped\$"
wait_for_log 120 "$job" "^ iteration +$((stopped / 2 * 2 + 4))/"
log_says "gpt-train-$job.log" '^ iteration +4/' || fail "the log of the first start is gone"

# A signal to the batch shell alone reaches the ranks; after MAX_RESTARTS the job ends.
scancel -b -s USR1 "$job"
wait_for_state 120 "$job" FAILED
scontrol -o show job "$job" | grep -q 'ExitCode=75:0' || fail "exit code: $(scontrol -o show job "$job")"

# A cancelled job saves, and stays away.
job=$(MAX_RESTARTS=100 CHECKPOINT_PATH=cancelled run_job --nodes 2 --ntasks-per-node 2) || fail "sbatch"
wait_for_log 120 "$job" '^ iteration +4/'
scancel "$job"
wait_for_state 120 "$job" CANCELLED
wait_for_log 60 "$job" '^ stopped after iteration [0-9]+ \(signal\)'
sleep 3
in_state "$job" CANCELLED || fail "a cancelled job is $(job_state "$job")"
