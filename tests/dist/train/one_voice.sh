#!/bin/sh
# What a user sees of several ranks: one log, one file of metrics, one message where the layout does not fit.
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset
# shellcheck disable=SC2034 # used by train
train_by='on_ranks 4'
ranks_train() { train --threads 1 "$@"; }

expect_exit 0 ranks_train --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2 --save model --metrics metrics.jsonl \
  --tensorboard-dir logs --peak-tflops 0.5 --report report.json
[ "$(grep -c '^ iteration ' stdout)" -eq 3 ] || fail "not a line every fourth of 12 steps"
[ "$(grep -c '^ model: ' stdout)" -eq 1 ] || fail "not one overview"
[ "$(grep -c '"grad_norm"' metrics.jsonl)" -eq 12 ] || fail "metrics.jsonl has not one line a step"
[ "$(find logs -type f | wc -l)" -eq 1 ] || fail "not one event file"

# The speed is that of all ranks, the operations are those of each.
python3 - <<'PYTHON' || fail "speed of the ranks"
import json

lines = [json.loads(line) for line in open("metrics.jsonl")]
shape = dict(layers=2, hidden=32, length=16, vocabulary=300)
token_flops = 3 * (shape["layers"] * (24 * shape["hidden"] ** 2 + 4 * shape["length"] * shape["hidden"])
                   + 2 * shape["hidden"] * shape["vocabulary"])
for line in lines:
    if "loss" in line:
        wanted = token_flops * line["tokens_per_second"] / 4
        assert abs(line["tflops_per_rank"] * 1e12 - wanted) < 1e-6 * wanted, line
        assert line["batch_size"] == 4
PYTHON

# What does not fit is said once, with what would.
refused() {
  pattern=$1
  shift
  expect_exit 2 ranks_train "$@"
  expect_stderr "$pattern"
  [ "$(grep -c 'error:' stderr)" -eq 1 ] || fail "not one message for: $*"
}
refused 'tensor-model-parallel-size 3 does not divide .*: possible sizes are 1, 2, 4' --tensor-parallel-size 3
refused '--pipeline-model-parallel-size 8 is 8 ranks, .* there are 4: start 8' --pipeline-parallel-size 8 --num-layers 8
refused '--global-batch-size 6 is no multiple of --micro-batch-size 2 times 2 data-parallel ranks: the nearest that fit are 4 and 8' \
  --tensor-parallel-size 2 --global-batch-size 6
refused 'multiples of the 2 pipeline stages, .* a batch of 12 is 3 of them: the batch sizes nearest that fit are 8 and 16' \
  --num-layers 4 --pipeline-parallel-size 2 --num-layers-per-virtual-pipeline-stage 1 --global-batch-size 12

# The layout of the ranks that were started.
expect_exit 0 ranks_train --print-layout --tensor-parallel-size 2
[ "$(grep -c '^ layout: 4 ranks = tensor 2 x data 2 x pipeline 1$' stdout)" -eq 1 ] || fail "the layout of 4 ranks"
