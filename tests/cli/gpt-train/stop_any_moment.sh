#!/bin/sh
# A stop in the middle of a matrix product costs nothing: oneDNN's kernels do not survive a signal frame on their stack,
# so the signals go to a thread of their own.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/lib_road.sh"

make_samples
for moment in 1.0 1.1 1.2 1.3 1.4 1.5; do
  timeout -s TERM "$moment" gpt-train --data-path data_text_document --vocab-file vocab/vocab.json \
    --merge-file vocab/merges.txt --num-layers 2 --hidden-size 128 --num-attention-heads 4 --seq-length 64 \
    --max-position-embeddings 64 --micro-batch-size 16 --train-iters 100000 --lr 1e-3 --split 100,0,0 --eval-iters 0 \
    --log-interval 100000 --save stopped --force -q >stopped.log 2>stderr
  grep -q 'stopped after iteration' stopped.log || fail "a stop after $moment s lost the run: $(tail -n 1 stopped.log)"
  [ -s stopped/latest ] || fail "a stop after $moment s left no checkpoint"
  rm -r stopped
done
