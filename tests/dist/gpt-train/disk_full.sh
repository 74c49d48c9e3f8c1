#!/bin/sh
# A file system that fills up under --save, on one rank and on two: what --on-save-error says happens.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
# shellcheck source=tests/cli/gpt-train/lib_train.sh
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
mkdir small
if ! mount -t tmpfs -o size=700k tmpfs small 2>/dev/null; then
  echo "SKIPPED: no small file system can be mounted here, so that a disk that fills up is not tested"
  exit 77
fi
trap 'umount "$scratch/small"; rm -rf "$scratch"' EXIT
make_dataset

# on N ARGUMENT...: a run of 12 steps that has room for one checkpoint, and is to write four.
on() {
  # shellcheck disable=SC2034 # used by train
  train_by="on_ranks $1"
  shift
  train --threads 1 --eval-iters 0 --save small/model --save-interval 3 "$@"
}
# expect_one_checkpoint: the first, which is whole, and nothing of another.
expect_one_checkpoint() {
  [ "$(cat small/model/latest)" = iter_0000003 ] || fail "latest names $(cat small/model/latest)"
  [ "$(ls small/model)" = "$(printf 'iter_0000003\nlatest')" ] || fail "there is more: $(ls small/model)"
}

for ranks in 1 2; do
  rm -rf small/model
  expect_exit 1 on "$ranks" --metrics "stop$ranks.jsonl"
  expect_stderr '^gpt-train: error: .*small/model/.*No space left on device'
  [ "$(grep -c '^gpt-train: error' stderr)" -eq 1 ] || fail "the error is told more than once"
  [ "$(grep -c grad_norm "stop$ranks.jsonl")" -eq 6 ] || fail "the run did not stop after step 6"
  expect_one_checkpoint

  # It trains on, says so each time, and fails at the end, where there must be a checkpoint.
  rm -rf small/model
  expect_exit 1 on "$ranks" --on-save-error continue --metrics "continue$ranks.jsonl"
  [ "$(grep -c grad_norm "continue$ranks.jsonl")" -eq 12 ] || fail "the run did not go on"
  for step in 6 9; do
    expect_stderr "^gpt-train: error: iteration $step was not saved, and training goes on: .*No space left"
  done
  [ "$(grep -c '^gpt-train: error' stderr)" -eq 3 ] || fail "an error is told more than once"
  expect_one_checkpoint

  # With room again the same command goes on from what was saved.
  mount -o remount,size=16m small
  expect_exit 0 on "$ranks" --on-save-error continue
  expect_stdout '^ starting from small/model/iter_0000003, iteration 3$'
  rm -rf small/model
  mount -o remount,size=700k small
done
