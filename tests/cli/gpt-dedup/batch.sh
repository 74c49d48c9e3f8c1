#!/bin/sh
# slurm/dedup.sh, with the variables that Slurm sets: the stages as arrays keep what one job keeps, and go on where some
# tasks failed.
. "$GPT_SOURCE/tests/cli/lib.sh"
script=$GPT_SOURCE/slurm/dedup.sh
mkdir clean
head -n 9 "$GPT_SOURCE/tests/data/dedup/documents.jsonl" >clean/a.jsonl
tail -n +10 "$GPT_SOURCE/tests/data/dedup/documents.jsonl" >clean/b.jsonl

# array STAGE TASKS: all tasks of a job array, numbered from 1 as arrays may be.
array() {
  task=1
  while [ $task -le "$2" ]; do
    expect_exit 0 env STAGE="$1" SLURM_JOB_ID=7 SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT="$2" \
      SLURM_ARRAY_TASK_MIN=1 SLURM_CPUS_PER_TASK=1 bash "$script"
    task=$((task + 1))
  done
}
array signatures 3
array pairs 2
expect_exit 0 env STAGE=groups SLURM_JOB_ID=8 bash "$script"
array filter 3
cat unique.*-of-00003.jsonl >staged.jsonl
expect_exit 0 env OUTPUT=whole.jsonl SLURM_JOB_ID=9 bash "$script"
expect_same staged.jsonl whole.jsonl
[ "$(wc -l <whole.jsonl)" -eq 8 ] || fail "$(wc -l <whole.jsonl) documents kept"

rm dedup/signatures.00001-of-00003
array signatures 3
expect_stderr 'is there already'
[ -s dedup/signatures.00001-of-00003 ] || fail "the lost file was not made again"
expect_exit 2 env STAGE=compare bash "$script"
