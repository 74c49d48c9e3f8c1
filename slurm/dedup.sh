#!/bin/bash
# Deduplicates a corpus with gpt-dedup on a Slurm cluster: four stages, each a job array (the third a single job), each
# after the one before it. INPUTS and the number of tasks of signatures and filter must stay the same:
#   export INPUTS="clean/*.jsonl"
#   first=$(STAGE=signatures sbatch --parsable --array 0-15 slurm/dedup.sh)
#   second=$(STAGE=pairs sbatch --parsable --array 0-7 --dependency "afterok:$first" slurm/dedup.sh)
#   third=$(STAGE=groups sbatch --parsable --dependency "afterok:$second" slurm/dedup.sh)
#   STAGE=filter sbatch --array 0-15 --dependency "afterok:$third" slurm/dedup.sh
# Tasks whose file is there already end at once, so that the same commands again go on where some failed. Without STAGE
# one job does everything in memory.
#SBATCH --job-name=gpt-dedup
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=16G
#SBATCH --time=04:00:00
#SBATCH --open-mode=append
#SBATCH --output=%x-%A_%a.log

##### Beginning of modifiable section #####
# signatures, pairs, groups or filter; empty: all in one go.
STAGE=${STAGE:-}
# Documents: JSON Lines or text; patterns of the shell. Plain files are compared where they stand, compressed ones copied.
INPUTS=${INPUTS:-clean/*.jsonl}
OUTPUT=${OUTPUT:-unique.jsonl}
# Folder of what the stages leave for each other, 680 bytes a document; it can go when the last has ended.
WORK_PATH=${WORK_PATH:-dedup}

# Further arguments of a stage. Of signatures (or one go): --char-ngram 5 --seeds 100 --bands 20 --against FILE --keep longest ...
SIGNATURES_ARGS=${SIGNATURES_ARGS:-}
# Of pairs: --threshold 0.8, --no-verify, --all-pairs (not in one go)
PAIRS_ARGS=${PAIRS_ARGS:-}
# Of groups: --priority FILE,FILE --across-only --list groups.jsonl (in one go: --groups groups.jsonl) --pairs pairs.jsonl
GROUPS_ARGS=${GROUPS_ARGS:-}
##### end of modifiable section #####

set -u
# shellcheck disable=SC2206  # the shell finds the files
inputs=($INPUTS)
read -r -a signatures_arguments <<<"$SIGNATURES_ARGS"
read -r -a pairs_arguments <<<"$PAIRS_ARGS"
read -r -a groups_arguments <<<"$GROUPS_ARGS"
stage=("$STAGE" --work "$WORK_PATH" --resume)
share=()
[ -z "${SLURM_ARRAY_TASK_ID:-}" ] || share=(--world auto)

case $STAGE in
signatures) arguments=("${stage[@]}" "${share[@]}" "${inputs[@]}" "${signatures_arguments[@]}") ;;
pairs) arguments=("${stage[@]}" "${share[@]}" "${pairs_arguments[@]}") ;;
groups) arguments=("${stage[@]}" "${groups_arguments[@]}") ;;
filter) arguments=("${stage[@]}" "${share[@]}" --output "$OUTPUT") ;;
"")
  arguments=("${inputs[@]}" --output "$OUTPUT" "${signatures_arguments[@]}" "${pairs_arguments[@]}"
    "${groups_arguments[@]}")
  ;;
*)
  echo "STAGE is '$STAGE', not signatures, pairs, groups or filter" >&2
  exit 2
  ;;
esac

echo "$(date '+%F %T') job ${SLURM_JOB_ID:-none}${SLURM_ARRAY_TASK_ID:+, task $SLURM_ARRAY_TASK_ID}: ${STAGE:-everything}"
gpt-dedup "${arguments[@]}" --threads "${SLURM_CPUS_PER_TASK:-1}"
status=$?
echo "$(date '+%F %T') gpt-dedup ended with exit code $status"
exit "$status"
