#!/bin/bash
# Trains a GPT with gpt-train on the nodes of a Slurm cluster:
#   sbatch --nodes 2 --ntasks-per-node 8 slurm/train.sh
# On GPUs, a rank for each:
#   EXTRA_ARGS="--device cuda --bf16" sbatch --nodes 2 --ntasks-per-node 8 --gpus-per-node 8 slurm/train.sh
# Short of its time limit, the job saves a checkpoint, goes back into the queue, and goes on from there when it is run
# again. docs/training-on-a-cluster.md tells more.
#SBATCH --job-name=gpt-train
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=2
#SBATCH --time=24:00:00
# To every rank, two minutes before the time limit: save, and end with exit code 75.
#SBATCH --signal=USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log

##### Beginning of modifiable section #####
# Data: a dataset that gpt-preprocess wrote, without .bin and .idx, and its vocabulary.
DATA_PATH=${DATA_PATH:-data_text_document}
VOCAB_FILE=${VOCAB_FILE:-vocab/vocab.json}
MERGE_FILE=${MERGE_FILE:-vocab/merges.txt}
CHECKPOINT_PATH=${CHECKPOINT_PATH:-checkpoints}

# Model.
NUM_LYS=${NUM_LYS:-12}
HIDDEN_SIZE=${HIDDEN_SIZE:-768}
NUM_ATTN_HEADS=${NUM_ATTN_HEADS:-12}
SEQ_LEN=${SEQ_LEN:-1024}
MAX_POS_EM=${MAX_POS_EM:-1024}

# Batch and length.
MICRO_BATCH_SIZE=${MICRO_BATCH_SIZE:-4}
GLOBAL_BATCH_SIZE=${GLOBAL_BATCH_SIZE:-64}
TRAIN_ITERS=${TRAIN_ITERS:-10000}
LR=${LR:-6.0e-4}
MIN_LR=${MIN_LR:-6.0e-5}
LR_WARMUP_ITERS=${LR_WARMUP_ITERS:-100}

# Layout: what tensor and pipeline leave of the ranks are data-parallel replicas.
TENSOR_PARALLEL_SIZE=${TENSOR_PARALLEL_SIZE:-1}
PIPELINE_PARALLEL_SIZE=${PIPELINE_PARALLEL_SIZE:-1}

# Log, evaluation and checkpoints, in steps.
LOG_INTERVAL=${LOG_INTERVAL:-10}
EVAL_INTERVAL=${EVAL_INTERVAL:-1000}
EVAL_ITERS=${EVAL_ITERS:-10}
SAVE_INTERVAL=${SAVE_INTERVAL:-1000}

# Further arguments of gpt-train: --device cuda --bf16, --sequence-parallel, --use-distributed-optimizer, --tensorboard-dir logs ...
EXTRA_ARGS=${EXTRA_ARGS:-}
# How the cluster's MPI starts ranks: pmix, pmi2 ... (srun --mpi=list).
SRUN_MPI=${SRUN_MPI:-pmix}
# How often a job may go back into the queue.
MAX_RESTARTS=${MAX_RESTARTS:-100}
##### end of modifiable section #####

set -u
arguments=(
  --data-path "$DATA_PATH" --vocab-file "$VOCAB_FILE" --merge-file "$MERGE_FILE"
  --num-layers "$NUM_LYS" --hidden-size "$HIDDEN_SIZE" --num-attention-heads "$NUM_ATTN_HEADS"
  --seq-length "$SEQ_LEN" --max-position-embeddings "$MAX_POS_EM"
  --micro-batch-size "$MICRO_BATCH_SIZE" --global-batch-size "$GLOBAL_BATCH_SIZE"
  --train-iters "$TRAIN_ITERS" --lr "$LR" --min-lr "$MIN_LR" --lr-decay-style cosine
  --lr-warmup-iters "$LR_WARMUP_ITERS"
  --tensor-model-parallel-size "$TENSOR_PARALLEL_SIZE" --pipeline-model-parallel-size "$PIPELINE_PARALLEL_SIZE"
  --log-interval "$LOG_INTERVAL" --eval-interval "$EVAL_INTERVAL" --eval-iters "$EVAL_ITERS"
  --save "$CHECKPOINT_PATH" --save-interval "$SAVE_INTERVAL"
  --threads "${SLURM_CPUS_PER_TASK:-1}"
)
read -r -a extra_arguments <<<"$EXTRA_ARGS"

echo "$(date '+%F %T') job $SLURM_JOB_ID, start $((${SLURM_RESTART_COUNT:-0} + 1)): $SLURM_NTASKS ranks on $SLURM_JOB_NODELIST"

# In the background, so that this shell hears signals meanwhile. Ranks end together after a checkpoint, but not at the
# very same moment; those that are left a while after the first wait for one that was killed.
srun --mpi="$SRUN_MPI" --kill-on-bad-exit=0 --wait=15 gpt-train "${arguments[@]}" "${extra_arguments[@]}" &
step=$!
cancelled=no
trap 'cancelled=yes' TERM                                 # scancel: the ranks have had it too, and save
trap 'scancel --signal=USR1 "$SLURM_JOB_ID"' USR1         # sent to this shell alone (scancel -b): passed on to them
while :; do
  wait "$step"
  status=$?
  kill -0 "$step" 2>/dev/null || break  # a trap that ran ends wait early; the ranks are still saving
done

echo "$(date '+%F %T') gpt-train ended with exit code $status"
# 75: stopped, and the same command goes on. A job that was cancelled is not wanted back.
if [ "$status" -eq 75 ] && [ "$cancelled" = no ] && [ "${SLURM_RESTART_COUNT:-0}" -lt "$MAX_RESTARTS" ]; then
  scontrol requeue "$SLURM_JOB_ID" && sleep 60  # Slurm ends this shell
fi
exit "$status"
