#!/bin/sh
# --print-layout: groups, layers, parameters and bytes of each rank, without a launcher, a dataset or memory for a model.
. "$GPT_SOURCE/tests/cli/lib.sh"

layout() {
  gpt-train --print-layout --num-layers 24 --hidden-size 1024 --num-attention-heads 16 --seq-length 1024 \
    --max-position-embeddings 1024 --micro-batch-size 4 --global-batch-size 64 "$@"
}

# Sixteen ranks, as Megatron's documentation numbers them.
expect_exit 0 layout --world-size 16 --tensor-model-parallel-size 2 --pipeline-model-parallel-size 4 --report report.json
expect_stderr "the vocabulary is taken to be GPT-2's"
sed -n '2,7p' stdout >groups
cat >wanted <<'TEXT'
 layout: 16 ranks = tensor 2 x data 2 x pipeline 4
 batch: 64 samples of 1024 tokens, 8 micro batches of 4 a replica; pipeline bubble 37.5 %
 8 tensor groups of 2: [0,1] [2,3] [4,5] [6,7] [8,9] [10,11] [12,13] [14,15]
 8 data groups of 2: [0,2] [1,3] [4,6] [5,7] [8,10] [9,11] [12,14] [13,15]
 4 pipeline groups of 4: [0,4,8,12] [1,5,9,13] [2,6,10,14] [3,7,11,15]
 4 embedding groups of 2: [0,12] [1,13] [2,14] [3,15]
TEXT
diff wanted groups || fail "the groups of 16 ranks"
[ "$(grep -cE '^ +[0-9]+ +[01] +[01] +[0-3] ' stdout)" -eq 16 ] || fail "not a line a rank"
expect_stdout '^ +0 +0 +0 +0 +embedding 0-5 +64586752 +246.38 MiB +246.38 MiB +492.76 MiB '
expect_stdout '^ +5 +1 +0 +1 +6-11 +37807104 '
expect_stdout '^ +15 +1 +1 +3 +18-23 head +63541248 '

# The report has the same, and its ranks hold the model once a replica, the tied embedding twice.
python3 - <<'PYTHON' || fail "the report"
import json

report = json.load(open("report.json"))
layout = report["layout"]
assert layout["pipeline_groups"] == [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15]]
assert [rank["layers"] for rank in layout["ranks"][12:]] == [[[18, 23]]] * 4
replica = [rank for rank in layout["ranks"] if rank["data"] == 0]
hidden, layers = 1024, 24
whole_on_each = layers * 6 * hidden + hidden * 1024 + 2 * hidden  # norms and biases after a sum; positions; ln_f
assert sum(rank["parameters"] for rank in replica) == report["parameters"] + 50257 * hidden + whole_on_each
for rank in layout["ranks"]:
    assert rank["weight_bytes"] == rank["gradient_bytes"] == rank["optimizer_bytes"] / 2 == 4 * rank["parameters"]
PYTHON

# Virtual stages, 16-bit numbers and a shared optimizer are what a GPU job would have.
expect_exit 0 layout --world-size 16 --tensor-parallel-size 2 --pipeline-parallel-size 2 --sequence-parallel \
  --num-layers-per-virtual-pipeline-stage 3 --use-distributed-optimizer --bf16 --report shared.json
expect_stdout '^ layout: 16 ranks = tensor 2 x data 4 x pipeline 2, 4 model chunks a stage, sequence parallel, distributed optimizer$'
expect_stdout '^ +4 +0 +2 +0 +embedding 0-2 6-8 12-14 18-20 '
expect_stdout '^ +9 +1 +0 +1 +3-5 9-11 15-17 21-23 head '
python3 - <<'PYTHON' || fail "bytes of a shared optimizer in bf16"
import json

for rank in json.load(open("shared.json"))["layout"]["ranks"]:
    assert rank["weight_bytes"] == 2 * rank["parameters"]
    assert rank["gradient_bytes"] == 4 * rank["parameters"]
    assert abs(rank["optimizer_bytes"] - 12 / 4 * rank["parameters"]) < 1
PYTHON

# A large world stays readable: a line for all that hold the same.
expect_exit 0 layout --world-size 1024 --tensor-parallel-size 8 --pipeline-parallel-size 4 --global-batch-size 1024
[ "$(wc -l <stdout)" -lt 20 ] || fail "$(wc -l <stdout) lines for 1024 ranks"
expect_stdout '^ 128 tensor groups of 8: \[0,1,2,3,4,5,6,7\] .* \.\.\. \[1016,1017,1018,1019,1020,1021,1022,1023\]$'
expect_stdout '^ +256-511 +0-7 +0-31 +1 +6-11 '

# Recomputing keeps less.
activations() { python3 -c 'import json,sys; print(int(json.load(open(sys.argv[1]))["layout"]["ranks"][0]["activation_bytes"]))' "$1"; }
expect_exit 0 layout --report none.json
expect_exit 0 layout --recompute-granularity selective --report selective.json
expect_exit 0 layout --recompute-granularity full --recompute-method block --recompute-num-layers 12 --report block.json
expect_exit 0 layout --checkpoint-activations --report full.json
[ "$(activations none.json)" -gt "$(activations selective.json)" ] || fail "selective recomputation"
[ "$(activations none.json)" -gt "$(activations block.json)" ] || fail "recomputation of some layers"
[ "$(activations block.json)" -gt "$(activations full.json)" ] || fail "full recomputation"

# What does not fit is said here as it would be at the start of a run.
expect_exit 2 layout --world-size 12 --tensor-parallel-size 2 --pipeline-parallel-size 4
expect_stderr '--tensor-model-parallel-size 2 times --pipeline-model-parallel-size 4 is 8 ranks, .* start 8 and 16'
expect_exit 2 layout --tensor-parallel-size 5
expect_stderr 'possible sizes are 1, 2, 4, 8, 16'
