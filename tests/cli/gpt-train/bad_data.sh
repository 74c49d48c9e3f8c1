#!/bin/sh
# Damaged, missing and unfitting inputs; a disk that fills up. One message each, and no checkpoint that is not whole.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

data=nowhere
expect_exit 1 train
expect_stderr 'nowhere\.(idx|bin)'
data=data_text_document
expect_exit 1 train --vocab-file nowhere.json
expect_stderr 'nowhere.json'

cp data_text_document.idx cut.idx
head -c 100 data_text_document.bin >cut.bin
data="cut"
expect_exit 1 train
expect_stderr 'cut\.'
head -c 50 data_text_document.idx >short.idx
cp data_text_document.bin short.bin
data=short
expect_exit 1 train
expect_stderr 'short\.idx'
data=data_text_document

# A vocabulary smaller than the one the data was made with.
head -n 20 corpus.jsonl >few.jsonl
gpt-bpe-train few.jsonl -o small --vocab-size 258 -q || fail "gpt-bpe-train"
expect_exit 1 train --vocab-file small/vocab.json --merge-file small/merges.txt
expect_stderr 'token [0-9]+ but the vocabulary has 25[0-9] entries'

# Parts that hold no document.
expect_exit 1 train --save no-test --split 999999,1,0
expect_stderr 'valid'
[ ! -e no-test ] || fail "a folder was made"

# Checkpoints that do not fit, or are damaged.
expect_exit 0 train --save model --train-iters 3 --lr-decay-iters 12
expect_exit 1 train --load nowhere --save other
expect_stderr 'nowhere'
expect_exit 1 train --save model --num-layers 3
expect_stderr 'model of --num-layers 2 but the command line says 3'
expect_exit 1 train --save model --vocab-file small/vocab.json --merge-file small/merges.txt
expect_stderr 'model of 300 vocabulary entries but --vocab-file has 25[0-9]'
cp -r model damaged
printf 'X' | dd of=damaged/iter_0000003/model.safetensors bs=1 seek=9000 conv=notrunc 2>/dev/null
expect_exit 1 train --save damaged
expect_stderr 'model.safetensors'
cp -r model bare
rm -r bare/iter_0000003/optimizer
expect_exit 1 train --save bare
expect_stderr '--no-load-optim'

# A checkpoint of larger batches has consumed more samples than this run's steps have; one that counts below zero.
expect_exit 0 train --save large --global-batch-size 16
expect_exit 1 train --save large --global-batch-size 2 --train-iters 40 --override-lr-scheduler
expect_stderr 'has consumed 192 samples, and 28 steps of 2 are to come, but this run has only [0-9]+'
cp -r large negative
rm negative/iter_0000012/checksums.json
sed 's/"iteration": 12/"iteration": -12/' large/iter_0000012/trainer_state.json >negative/iter_0000012/trainer_state.json
expect_exit 1 train --save negative --global-batch-size 16
expect_stderr 'trainer_state.json: has no valid iteration'

# A loss that is no number ends the run before it spoils the weights.
expect_exit 1 train --lr 1e6 --clip-grad 0 --lr-warmup-iters 0 --train-iters 100 --save lost
expect_stderr 'the (loss|gradient norm) of step [0-9]+ is (nan|infinite), first seen in .* on rank 0: .*nothing was saved'
[ ! -e lost ] || fail "a run without a number was saved"

# A disk that is full when the second checkpoint is written: the first stays the latest.
size=$(wc -c <model/iter_0000003/model.safetensors)
(
  trap '' XFSZ
  ulimit -f $((size / 512 / 2))
  expect_exit 1 train --save model --train-iters 4 --lr-decay-iters 12
) || exit 1
expect_stderr 'model.*(File too large|No space)'
[ "$(cat model/latest)" = iter_0000003 ] || fail "latest names $(cat model/latest)"
for left in model/iter_0000004*; do
  [ ! -e "$left" ] || fail "part of a checkpoint was left: $left"
done
expect_exit 0 train --save model --train-iters 4 --lr-decay-iters 12
