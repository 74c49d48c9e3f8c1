#!/bin/sh
# slurm/bpe-train.sh, with the variables that Slurm sets: an array that counts, the job after it that trains, and a job alone.
. "$GPT_SOURCE/tests/cli/lib.sh"
script=$GPT_SOURCE/slurm/bpe-train.sh
cp "$GPT_SOURCE/tests/data/corpus.txt" corpus.txt
export INPUTS='corp*.txt' VOCAB_SIZE=900 WORD_ARGS='--normalization nfc --unit line' MEMORY=1G

for task in 3 4; do
  SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=3 VOCAB_PATH=v expect_exit 0 "$script"
done
[ -e v-counts/words.00001-of-00002.counts ] || fail "the second task left no counts"
VOCAB_PATH=v expect_exit 0 "$script"
expect_stderr 'v: 900 tokens'
VOCAB_PATH=alone expect_exit 0 "$script"
expect_same v/tokenizer.json alone/tokenizer.json
expect_exit 0 gpt-bpe-train corpus.txt -o by_hand --vocab-size 900 --normalization nfc -q
expect_same v/tokenizer.json by_hand/tokenizer.json
# A later array of another width leaves the counts of the first where they are; its own are taken.
for task in 0 1 2; do
  SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=0 VOCAB_PATH=w COUNTS_PATH=v-counts \
    expect_exit 0 "$script"
done
VOCAB_PATH=w COUNTS_PATH=v-counts expect_exit 0 "$script"
expect_same w/tokenizer.json alone/tokenizer.json
VOCAB_PATH=v expect_exit 1 "$script"
expect_stdout 'ended with exit code 1'
