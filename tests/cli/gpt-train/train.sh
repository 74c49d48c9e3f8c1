#!/bin/sh
# A run from the first step to the last: log, metrics, report, checkpoint.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

expect_exit 0 train --save model --metrics metrics.jsonl --tensorboard-dir logs --report report.json
expect_quiet
expect_stdout '^ unigram entropy of the training data: [0-9.]+ nats a token'
expect_stdout '^ iteration +4/ +12 \| consumed samples: +16 \| elapsed time per iteration \(ms\): [0-9.]+ \| learning rate: 9.000E-03 \| global batch size: +4 \| lm loss: [0-9.]+E\+00 \| loss scale: 1.0 \| grad norm: [0-9.]+ \| number of skipped iterations: +0 \| number of nan iterations: +0 \| tokens per second: [0-9.]+ \| TFLOP/s per rank: [0-9.]+ \| share of peak: [0-9.]+ % \| time left: 0:00:0[0-9] \|$'
expect_stdout '^ validation loss at iteration 5 \| lm loss value: '
expect_stdout '^ validation loss at the end of training for val data \| lm loss value: '
expect_stdout '^ saved iteration 12 to model/iter_0000012$'
[ "$(grep -c '"grad_norm"' metrics.jsonl)" -eq 12 ] || fail "metrics.jsonl has not one line a step"
[ "$(grep -c '"validation_loss"' metrics.jsonl)" -eq 3 ] || fail "metrics.jsonl has not one line an evaluation"
grep -Eq '^\{"iteration":1,"consumed_samples":4,"loss":[0-9.]+,"grad_norm":[0-9.]+,"lr":0,"step_seconds":[0-9.e-]+,"tokens_per_second":[0-9.]+,"tflops_per_rank":[0-9.e-]+,"batch_size":4,"loss_scale":1,"skipped":false\}$' metrics.jsonl ||
  fail "the first line of metrics.jsonl: $(head -n 1 metrics.jsonl)"
grep -q '"validation_loss":.*"unigram_entropy":' report.json || fail "report.json: $(cat report.json)"
[ "$(cat model/latest)" = iter_0000012 ] || fail "latest names $(cat model/latest)"
grep -q "lm loss validation" logs/events.out.tfevents.* || fail "no event file names the validation loss"
expect_same vocab/vocab.json model/iter_0000012/vocab.json
expect_same vocab/merges.txt model/iter_0000012/merges.txt

# What a run learnt is there: the same command only evaluates, and says the same.
cp metrics.jsonl before.jsonl
expect_exit 0 train --save model --metrics metrics.jsonl
expect_same before.jsonl metrics.jsonl

# Another run does not write over this one's metrics, nor go on from another shape.
expect_exit 1 train --metrics metrics.jsonl
expect_stderr 'metrics.jsonl'
expect_exit 1 train --save model --hidden-size 64
expect_stderr 'model of --hidden-size 32 but the command line says 64'
expect_exit 0 train --save model --force --metrics metrics.jsonl --train-iters 3
[ "$(cat model/latest)" = iter_0000003 ] || fail "latest names $(cat model/latest)"

# Fewer steps than the checkpoint has made: only the evaluation is left to do.
expect_exit 0 train --save long --train-iters 400 --eval-interval 0
expect_exit 0 train --save long --train-iters 10 --eval-interval 1 --override-lr-scheduler
expect_stdout '^ validation loss at the end of training for val data'

# Weights of one run start another; sizes and vocabulary come with them.
expect_exit 0 gpt-train --data-path data_text_document --load model --finetune --save tuned --seq-length 8 \
  --micro-batch-size 2 --train-iters 3 --lr 1e-3 --split 100,0,0 --threads 2 --progress off
expect_stdout '^ starting from model/iter_0000003, iteration 0$'
expect_same vocab/merges.txt tuned/iter_0000003/merges.txt

# The epsilon of a model belongs to it; without an interval, evaluation is at the end alone.
cp -r model/iter_0000003 coarse
rm coarse/checksums.json
sed 's/"layer_norm_epsilon": [^,]*/"layer_norm_epsilon": 0.01/' coarse/config.json >config.json && mv config.json coarse/
expect_exit 0 train --load coarse --finetune --save coarser --train-iters 1 --lr-warmup-iters 0 --eval-interval 0
grep -q '"layer_norm_epsilon": 0.01' coarser/iter_0000001/config.json || fail "another epsilon"
expect_stdout '^ validation loss at the end of training for val data'
expect_exit 0 train --load coarse --finetune --save finer --train-iters 1 --lr-warmup-iters 0 --layernorm-epsilon 1e-6
grep -q '"layer_norm_epsilon": 1e-06' finer/iter_0000001/config.json || fail "--layernorm-epsilon did not count"

# Weighted datasets, documents kept apart.
data='0.3 data_text_document 0.7 data_text_document'
expect_exit 0 train --train-iters 3 \
  --reset-attention-mask --reset-position-ids --eod-mask-loss
expect_stdout '^ train +0\.7000 '

# A report that could not be written at the end is noticed at the beginning.
expect_exit 1 train --report missing/report.json
expect_stderr '/missing: is no folder; make it first'
if grep -q iteration stdout; then fail "steps were made before the report was refused"; fi
