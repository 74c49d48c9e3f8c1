#!/bin/sh
# A run that is stopped and given again equals one that was left alone, byte for byte.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

expect_exit 0 train --save whole --metrics whole.jsonl

# By interval.
expect_exit 75 train --save parts --metrics parts.jsonl --exit-interval 5
expect_stdout '^ stopped after iteration 5 \(exit-interval\): the same command goes on from parts/iter_0000005$'
expect_exit 75 train --save parts --metrics parts.jsonl --exit-interval 7
expect_stdout '^ starting from parts/iter_0000005, iteration 5$'
expect_exit 0 train --save parts --metrics parts.jsonl
for file in model.safetensors optimizer/exp_avg.safetensors optimizer/exp_avg_sq.safetensors; do
  expect_same "whole/iter_0000012/$file" "parts/iter_0000012/$file"
done
without_times() { sed -E 's/,"(step_)?seconds":.*//' "$1"; }
without_times whole.jsonl >whole.txt
without_times parts.jsonl >parts.txt
expect_same whole.txt parts.txt

# By signal, wherever it meets the run: enough steps that it cannot be over before.
(
  # shellcheck disable=SC2034 # train reads it
  train_by="exec"
  train --train-iters 100000 --save signalled --metrics signalled.jsonl --eval-interval 0
) >stdout 2>stderr &
pid=$!
tries=0
until [ -s signalled.jsonl ] || [ "$tries" -ge 600 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
[ "$(cat "/proc/$pid/comm")" = gpt-train ] || fail "ps would call it $(cat "/proc/$pid/comm")"
kill -USR1 "$pid"
wait "$pid"
code=$?
[ "$code" -eq 75 ] || fail "exit code $code instead of 75 after SIGUSR1"
expect_stdout '^ stopped after iteration [0-9]+ \(signal\): the same command goes on from signalled/iter_'
steps=$(grep -c grad_norm signalled.jsonl)
[ "$(cat signalled/latest)" = "$(printf 'iter_%07d' "$steps")" ] || fail "latest is not step $steps"

# timeout(1) signals the process and then its group; both together are one request.
timeout -s TERM 2 "$GPT_BIN/gpt-train" --data-path data_text_document --vocab-file vocab/vocab.json \
  --merge-file vocab/merges.txt --num-layers 2 --hidden-size 32 --num-attention-heads 4 --seq-length 16 \
  --max-position-embeddings 16 --micro-batch-size 2 --train-iters 1000000 --lr 1e-3 --split 100,0,0 --threads 1 \
  --progress off --save timed >stdout 2>stderr
[ -s timed/latest ] || fail "a run that timeout ended left no checkpoint"
expect_stdout 'stopped after iteration [0-9]+ \(signal\)'

# Without --save a stop is told to be lost.
expect_exit 75 train --exit-interval 1
expect_stdout 'nothing was saved, for want of --save'
