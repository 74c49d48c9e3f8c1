#!/bin/sh
# shellcheck disable=SC2034 # train_by is read by train, from lib_train.sh
# Ranks that share one GPU: every kind of layout has the loss of one rank.
. "$GPT_SOURCE/tests/gpu/lib_gpu.sh"
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
train_by=
make_dataset

expect_exit 0 train --device cuda --metrics one.jsonl
layout() { # RANKS NAME ARGUMENT...
  ranks=$1
  name=$2
  shift 2
  train_by="on_ranks $ranks"
  expect_exit 0 train --device cuda --share-gpus --metrics "$name.jsonl" "$@"
  train_by=
  expect_close one.jsonl "$name.jsonl" 2e-4
}
layout 2 tensor --tensor-model-parallel-size 2
layout 2 sequence --tensor-model-parallel-size 2 --sequence-parallel
layout 2 pipeline --pipeline-model-parallel-size 2
layout 2 data
layout 2 sharded --use-distributed-optimizer
layout 4 both --tensor-model-parallel-size 2 --pipeline-model-parallel-size 2

# In bf16 the layouts round differently, but not much.
expect_exit 0 train --device cuda --bf16 --metrics one16.jsonl
train_by="on_ranks 2"
expect_exit 0 train --device cuda --bf16 --share-gpus --use-distributed-optimizer --metrics two16.jsonl
train_by=
expect_close one16.jsonl two16.jsonl 2e-2
