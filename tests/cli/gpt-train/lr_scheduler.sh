#!/bin/sh
# A run that goes on with another learning-rate schedule on its command line.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

# The run that never stopped, and one that did.
expect_exit 0 train --metrics whole.jsonl --lr-decay-style cosine
expect_exit 75 train --save model --exit-interval 6 --lr-decay-style cosine
rates() { sed -n 's/^{"iteration":\([0-9]*\),.*"lr":\([^,]*\),.*/\1 \2/p' "$1"; }
rates whole.jsonl | tail -n 6 >wanted

# The checkpoint's schedule: the rates are those of the run that never stopped.
cp -r model kept
expect_exit 0 train --save kept --lr 0.5 --min-lr 0.1 --lr-warmup-iters 0 --use-checkpoint-lr-scheduler --metrics kept.jsonl
expect_quiet
rates kept.jsonl >seen
expect_same wanted seen

# The command line's: with a warning, or without.
cp -r model warned
expect_exit 0 train --save warned --lr 0.02 --metrics warned.jsonl
expect_stderr 'was made with lr 0.01 and now it is 0.02: .*--use-checkpoint-lr-scheduler'
expect_stderr 'was made with lr_decay_style cosine and now it is linear'
cp -r model meant
expect_exit 0 train --save meant --lr 0.02 --override-lr-scheduler --metrics meant.jsonl
expect_quiet
rates warned.jsonl >of_warned
rates meant.jsonl >seen
expect_same of_warned seen
cmp -s wanted seen && fail "--override-lr-scheduler changed nothing"

# A checkpoint without one.
cp -r model old
sed 's/"lr_decay_style": "[a-z]*"/"other": "cosine"/' model/iter_0000006/trainer_state.json >old/iter_0000006/trainer_state.json
rm -f old/iter_0000006/checksums.json
expect_exit 1 train --save old --use-checkpoint-lr-scheduler
expect_stderr 'trainer_state.json has no lr_decay_style: leave --use-checkpoint-lr-scheduler out'
