#!/bin/sh
# label: slow
# slurm/generate.sh on a Slurm cluster: one rank, and four on two nodes that share the model, write the same texts.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/slurm/lib_slurm.sh"
need_slurm
start_cluster

printf '%s\n' 'Den gamla' 'Hej' 'Nu är det vår' >prompts.txt
export CHECKPOINT_PATH="$GPT_SOURCE/tests/data/gpt2/plain" PROMPTS=prompts.txt NUM_SAMPLES=2 MAX_NEW_TOKENS=20
export OMP_WAIT_POLICY=passive
expect_exit 0 gpt-generate --load "$CHECKPOINT_PATH" --input prompts.txt --num-samples 2 --max-new-tokens 20 --top-p 0.9 \
  -o wanted.jsonl

# write_texts OUTPUT ARGUMENT...: by a job of sbatch with these arguments.
write_texts() {
  output=$1
  shift
  job=$(OUTPUT=$output sbatch --parsable --cpus-per-task=1 "$@" "$GPT_SOURCE/slurm/generate.sh") || fail "sbatch"
  wait_until 120 "end of job $job" job_over "$job"
  in_state "$job" COMPLETED || {
    cat "gpt-generate-$job.log"
    fail "job $job is $(job_state "$job")"
  }
  grep -q 'gpt-generate ended with exit code 0$' "gpt-generate-$job.log" || fail "the log does not say how it ended"
  expect_same wanted.jsonl "$output"
}

write_texts one.jsonl
TENSOR_PARALLEL_SIZE=2 PIPELINE_PARALLEL_SIZE=2
export TENSOR_PARALLEL_SIZE PIPELINE_PARALLEL_SIZE
write_texts four.jsonl --nodes 2 --ntasks-per-node 2
