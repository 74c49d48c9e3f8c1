#!/bin/bash
# Trains a vocabulary with gpt-bpe-train on a Slurm cluster. A job array counts the words, a share of the inputs a task;
# the job after it puts the counts together and trains:
#   count=$(INPUTS="clean/*.jsonl.zst" sbatch --parsable --array 0-15 slurm/bpe-train.sh)
#   sbatch --dependency "afterok:$count" slurm/bpe-train.sh
# Without an array before it, the job counts and trains by itself. Tasks whose counts are there already end at once, so that
# the same commands again go on where some failed.
#SBATCH --job-name=gpt-bpe-train
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=16G
#SBATCH --time=04:00:00
# Two minutes before the time limit: keep the counts, and end with exit code 75.
#SBATCH --signal=B:USR1@120
#SBATCH --open-mode=append
#SBATCH --output=%x-%A_%a.log

##### Beginning of modifiable section #####
# Documents: JSON Lines or text, plain or compressed; patterns of the shell.
INPUTS=${INPUTS:-clean/*.jsonl}
# Folder of the vocabulary, and of the counts that belong to it.
VOCAB_PATH=${VOCAB_PATH:-vocab}
COUNTS_PATH=${COUNTS_PATH:-$VOCAB_PATH-counts}

VOCAB_SIZE=${VOCAB_SIZE:-32000}
SPECIAL_TOKENS=${SPECIAL_TOKENS:-<|endoftext|>}
MIN_FREQUENCY=${MIN_FREQUENCY:-0}
# Bytes for the tables of words; below what the job asks for by --mem.
MEMORY=${MEMORY:-12G}

# How words are cut, for counting and training alike: --unit document, --split-pattern cl100k, --normalization nfc ...
WORD_ARGS=${WORD_ARGS:-}
##### end of modifiable section #####

set -u
read -r -a word_arguments <<<"$WORD_ARGS"
common=("${word_arguments[@]}" --memory "$MEMORY" --threads "${SLURM_CPUS_PER_TASK:-1}")
# shellcheck disable=SC2206  # the shell finds the files
inputs=($INPUTS)
# How many shares the last array counted: an array of another width leaves its counts in the same folder.
width_file=$COUNTS_PATH/words.world
shares='*'
[ ! -e "$width_file" ] || shares=$(printf '*-of-%05d' "$(cat "$width_file")")
# shellcheck disable=SC2206  # the shell finds the files
counts=("$COUNTS_PATH"/words.$shares.counts)
training=(--output "$VOCAB_PATH" --vocab-size "$VOCAB_SIZE" --special-tokens "$SPECIAL_TOKENS" --min-frequency "$MIN_FREQUENCY")

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  mkdir -p "$COUNTS_PATH"
  echo "${SLURM_ARRAY_TASK_COUNT:-1}" >"$width_file"
  arguments=("${inputs[@]}" --counts-out "$COUNTS_PATH/words.counts" --world auto)
elif [ -e "${counts[0]}" ]; then
  arguments=(--from-counts "${counts[@]}" "${training[@]}")
else
  arguments=("${inputs[@]}" "${training[@]}")
fi

echo "$(date '+%F %T') job ${SLURM_JOB_ID:-none}${SLURM_ARRAY_TASK_ID:+, task $SLURM_ARRAY_TASK_ID}"
# In the background, so that this shell hears signals meanwhile and hands them on.
gpt-bpe-train "${arguments[@]}" "${common[@]}" &
process=$!
trap 'kill -USR1 "$process"' USR1
trap 'kill -TERM "$process"' TERM
wait "$process"
status=$?
# A signal ends the first wait; the program ends after it.
while kill -0 "$process" 2>/dev/null; do
  wait "$process"
  status=$?
done
echo "$(date '+%F %T') gpt-bpe-train ended with exit code $status"
exit "$status"
