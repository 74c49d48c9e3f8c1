#!/bin/sh
# The speed of parallel layouts: two ranks of one thread against one rank of two, on the same machine.
#   tests/bench/layouts.sh BUILD DATA [ROUNDS]
# BUILD: a build folder; DATA: the folder of the larger test data (GPT_TEST_DATA), for a dataset and GPT-2's
# vocabulary. Prints the median milliseconds of a step, by layout, and what share of one rank's speed that is. Rounds
# take turns, since a machine's clock and its neighbours change.
set -eu
bin=$1/bin
data=$2
rounds=${3:-2}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# run NAME LAUNCHER... -- ARGUMENT...: five steps of 2,048 tokens, of which the last four are counted.
run() {
  name=$1
  shift
  launcher=
  while [ "$1" != -- ]; do
    launcher="$launcher $1"
    shift
  done
  shift
  rm -f "$scratch/metrics.jsonl"
  # shellcheck disable=SC2086 # several words
  $launcher "$bin/gpt-train" --data-path "$data/golden/en_text_document" --vocab-file "$data/gpt2/vocab.json" \
    --merge-file "$data/gpt2/merges.txt" --split 100,0,0 --num-layers 6 --hidden-size 512 --num-attention-heads 8 \
    --seq-length 256 --max-position-embeddings 256 --global-batch-size 8 --train-iters 5 --lr 1e-4 --eval-iters 0 \
    --progress off --metrics "$scratch/metrics.jsonl" "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
  sed -n 's/.*"step_seconds":\([0-9.e-]*\).*/\1/p' "$scratch/metrics.jsonl" | tail -n +2 >>"$scratch/$name.seconds"
}

median() { sort -g "$1" | awk '{v[NR] = $1} END {printf "%.0f\n", 1000 * (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2)}'; }

layouts="one tensor sequence data sharded pipeline"
round=0
while [ "$round" -lt "$rounds" ]; do
  run one -- --threads 2 --micro-batch-size 8
  for layout in $layouts; do
    case $layout in
      one) continue ;;
      tensor) set -- --tensor-model-parallel-size 2 --micro-batch-size 8 ;;
      sequence) set -- --tensor-model-parallel-size 2 --sequence-parallel --micro-batch-size 8 ;;
      data) set -- --micro-batch-size 4 ;;
      sharded) set -- --micro-batch-size 4 --use-distributed-optimizer ;;
      pipeline) set -- --pipeline-model-parallel-size 2 --micro-batch-size 1 ;;
    esac
    run "$layout" mpirun --bind-to none -n 2 -- --threads 1 "$@"
  done
  round=$((round + 1))
done

alone=$(median "$scratch/one.seconds")
printf '%-10s %10s %8s\n' layout 'ms a step' speed
for layout in $layouts; do
  ms=$(median "$scratch/$layout.seconds")
  printf '%-10s %10s %7s%%\n' "$layout" "$ms" "$(awk "BEGIN {printf \"%.0f\", 100 * $alone / $ms}")"
done
