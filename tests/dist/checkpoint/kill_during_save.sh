#!/bin/sh
# label: slow
# Of two ranks that save, one is killed at a random moment, 60 times: `latest` always names a complete checkpoint, and
# what the killed left behind goes with the next save.
# shellcheck source=tests/dist/lib_ranks.sh
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"

export GPT_KILL_FOLDER="$scratch/saved" GPT_KILL_RANK
# The rank that is left waits for the other; it need not be asked twice.
export OMPI_MCA_odls_base_sigkill_timeout=1
mkdir "$GPT_KILL_FOLDER"
with_leftovers=0
for attempt in $(seq 60); do
  GPT_KILL_RANK=$((attempt % 2))
  expect_exit 137 on_ranks 2 dist_checkpoint --no-skip --test-case='one checkpoint after the other*'
  ls "$GPT_KILL_FOLDER" >left
  grep -Evqx 'latest|iter_[0-9]{7}' left && with_leftovers=$((with_leftovers + 1))
  expect_exit 0 dist_checkpoint --no-skip --test-case='what killed ranks left'
  expect_stdout 'test cases: +1 \| +1 passed'
done
# Otherwise the moments were not those of a save.
[ "$with_leftovers" -ge 10 ] || fail "only $with_leftovers of 60 kills were in the middle of a save"
