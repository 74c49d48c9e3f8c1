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
expect_exit 0 train --save kept --lr 0.5 --min-lr 0.1 --lr-warmup-iters 0 --weight-decay 0.5 --use-checkpoint-lr-scheduler \
  --metrics kept.jsonl
expect_quiet
rates kept.jsonl >seen
expect_same wanted seen

# Another one that nothing is said about: refused, and both values told, before a step is made.
cp -r model refused
expect_exit 1 train --save refused --lr 0.02 --lr-decay-iters 10
expect_stderr 'refused/iter_0000006: was made with --lr 0.01 where the command line says 0.02, --lr-decay-samples 48 where the command line says 40 .*--lr-decay-style cosine where the command line says linear: pass --override-lr-scheduler .* --use-checkpoint-lr-scheduler'
[ "$(cat refused/latest)" = iter_0000006 ] || fail "latest names $(cat refused/latest)"
expect_exit 1 train --save refused --lr-decay-style cosine --weight-decay 0.5
expect_stderr 'was made with --weight-decay 0.01 where the command line says 0.5: pass'
expect_exit 1 train --save refused --lr-decay-style cosine --train-iters 14
expect_stderr 'was made with --lr-decay-samples 48 where the command line says 56 \(--train-iters'
# More steps of the same schedule are no other schedule, nor are other lengths of one that is constant.
expect_exit 0 train --save refused --lr-decay-style cosine --train-iters 14 --lr-decay-iters 12
expect_quiet
expect_exit 0 train --save constant --lr-decay-style constant --train-iters 3
expect_exit 0 train --save constant --lr-decay-style constant --train-iters 5 --min-lr 1e-3
expect_quiet

# The command line's.
cp -r model meant
expect_exit 0 train --save meant --lr 0.02 --weight-decay 0 --override-lr-scheduler --metrics meant.jsonl
expect_quiet
rates meant.jsonl >seen
expect_exit 0 train --metrics wanted.jsonl --lr 0.02
rates wanted.jsonl | tail -n 6 >of_command_line
expect_same of_command_line seen
grep -q '"weight_decay": *"0"' meant/latest meant/iter_0000012/trainer_state.json || fail "another weight decay was kept"

# The optimizer anew, and with it the schedule.
cp -r model anew
expect_exit 0 train --save anew --no-load-optim --lr 0.02
expect_quiet

# More steps at a constant rate are nothing to tell; other samples are, also those of a ramp-up.
expect_exit 75 train --save longer --exit-interval 3 --train-iters 6 --lr-decay-style constant
expect_exit 75 train --save longer --exit-interval 4 --lr-decay-style constant --train-iters 8
expect_quiet
expect_exit 75 train --save longer --exit-interval 5 --lr-decay-style constant --train-iters 8 --seed 5
expect_stderr 'was made with seed 1234 and now it is 5'
ramped() {
  gpt-train --data-path data_text_document --vocab-file vocab/vocab.json --merge-file vocab/merges.txt --num-layers 1 \
    --hidden-size 16 --num-attention-heads 2 --seq-length 16 --max-position-embeddings 16 --micro-batch-size 1 \
    --global-batch-size 4 --train-samples 48 --lr 1e-3 --split 100,0,0 --threads 1 --progress off --save ramped "$@"
}
expect_exit 75 ramped --rampup-batch-size 2 2 8 --exit-interval 2
expect_exit 75 ramped --rampup-batch-size 2 2 8 --exit-interval 3
expect_quiet
expect_exit 0 ramped
expect_stderr 'was made with rampup_batch_size 2 2 8 and now it is none'

# A checkpoint without one: the command line's counts, unless it is asked for.
cp -r model old
sed 's/"lr_decay_style": *"[a-z]*"/"other": "cosine"/' model/iter_0000006/trainer_state.json >old/iter_0000006/trainer_state.json
rm -f old/iter_0000006/checksums.json
expect_exit 1 train --save old --use-checkpoint-lr-scheduler
expect_stderr 'trainer_state.json has no lr_decay_style: leave --use-checkpoint-lr-scheduler out'
expect_exit 0 train --save old
expect_quiet
