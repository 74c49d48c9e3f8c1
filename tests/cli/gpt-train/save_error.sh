#!/bin/sh
# --on-save-error: what happens after a checkpoint within a run that could not be written.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset
expect_exit 0 train --save model --train-iters 3 --lr-decay-iters 12
size=$(wc -c <model/iter_0000003/model.safetensors)

# A disk with room for metrics, and for no checkpoint.
full_disk() {
  trap '' XFSZ
  ulimit -f $((size / 512 / 2))
  expect_exit 1 train --save model --save-interval 4 --metrics "$1.jsonl" --on-save-error "$1"
}
(full_disk stop) || exit 1
[ "$(grep -c '"grad_norm"' stop.jsonl)" -eq 1 ] || fail "a run did not stop where it could not save"
expect_stderr 'error: .*model.*(File too large|No space)'

# It trains on, says so each time, and fails at the end, where there must be a checkpoint.
(full_disk continue) || exit 1
[ "$(grep -c '"grad_norm"' continue.jsonl)" -eq 9 ] || fail "a run did not go on where it could not save"
expect_stderr 'error: iteration 4 was not saved, and training goes on: .*(File too large|No space)'
expect_stderr 'error: iteration 8 was not saved, and training goes on: '
expect_stderr 'error: .*model.*(File too large|No space)'
[ "$(cat model/latest)" = iter_0000003 ] || fail "latest names $(cat model/latest)"
expect_exit 0 train --save model
[ "$(cat model/latest)" = iter_0000012 ] || fail "latest names $(cat model/latest)"
