#!/bin/bash
# Writes texts with gpt-generate on a Slurm cluster, from prompts or freely, by a model that one rank holds or several
# share:
#   PROMPTS=prompts.txt sbatch slurm/generate.sh
#   TENSOR_PARALLEL_SIZE=4 sbatch --ntasks-per-node 4 --gpus-per-node 4 slurm/generate.sh
# The texts appear when all are written; a job that is stopped leaves none.
#SBATCH --job-name=gpt-generate
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=2
#SBATCH --time=04:00:00
#SBATCH --output=%x-%j.log

##### Beginning of modifiable section #####
# The model: a folder of checkpoints, or any GPT-2 in Hugging Face format.
CHECKPOINT_PATH=${CHECKPOINT_PATH:-checkpoints}

# Prompts, one a line or as JSON Lines; empty: texts that begin with nothing.
PROMPTS=${PROMPTS:-}
# Texts for each prompt.
NUM_SAMPLES=${NUM_SAMPLES:-1}
OUTPUT=${OUTPUT:-texts.jsonl}

# Choosing tokens.
MAX_NEW_TOKENS=${MAX_NEW_TOKENS:-256}
TEMPERATURE=${TEMPERATURE:-1.0}
TOP_K=${TOP_K:-0}
TOP_P=${TOP_P:-0.9}
SEED=${SEED:-1234}
# Texts at a time.
BATCH_SIZE=${BATCH_SIZE:-8}

# Layout: as many ranks must be started as these two multiplied.
TENSOR_PARALLEL_SIZE=${TENSOR_PARALLEL_SIZE:-1}
PIPELINE_PARALLEL_SIZE=${PIPELINE_PARALLEL_SIZE:-1}

# Further arguments of gpt-generate: --bf16, --device cuda ...
EXTRA_ARGS=${EXTRA_ARGS:-}
# How the cluster's MPI starts ranks: pmix, pmi2 ... (srun --mpi=list).
SRUN_MPI=${SRUN_MPI:-pmix}
##### end of modifiable section #####

set -u
arguments=(
  --load "$CHECKPOINT_PATH" --num-samples "$NUM_SAMPLES" --output "$OUTPUT" --output-format jsonl
  --max-new-tokens "$MAX_NEW_TOKENS" --temperature "$TEMPERATURE" --top-k "$TOP_K" --top-p "$TOP_P" --seed "$SEED"
  --batch-size "$BATCH_SIZE"
  --tensor-model-parallel-size "$TENSOR_PARALLEL_SIZE" --pipeline-model-parallel-size "$PIPELINE_PARALLEL_SIZE"
  --threads "${SLURM_CPUS_PER_TASK:-1}"
)
[ -z "$PROMPTS" ] || arguments+=(--input "$PROMPTS")
read -r -a extra_arguments <<<"$EXTRA_ARGS"

echo "$(date '+%F %T') job $SLURM_JOB_ID: $SLURM_NTASKS ranks on $SLURM_JOB_NODELIST"
srun --mpi="$SRUN_MPI" gpt-generate "${arguments[@]}" "${extra_arguments[@]}"
status=$?
echo "$(date '+%F %T') gpt-generate ended with exit code $status"
exit "$status"
