#!/bin/sh
# The same seed gives the same bytes, whatever the batch and the threads; another seed gives others.
. "$GPT_SOURCE/tests/cli/lib.sh"
model=$GPT_SOURCE/tests/data/gpt2/plain
printf 'The\nDen\nå\nEn dag\nshe\n' >prompts.txt
generate() { expect_exit 0 gpt-generate --load "$model" --input prompts.txt --num-samples 4 --max-new-tokens 25 "$@"; }

for sampling in "" "--top-k 5" "--top-p 0.8" "--temperature 0.7 --top-k 50 --top-p 0.95"; do
  # shellcheck disable=SC2086 # several words
  generate $sampling --batch-size 1 --threads 1
  cp stdout first
  for layout in "--batch-size 3 --threads 2" "--batch-size 20 --threads 1" ""; do
    # shellcheck disable=SC2086
    generate $sampling $layout
    expect_same stdout first
  done
  # shellcheck disable=SC2086
  generate $sampling --seed 1235
  ! cmp -s stdout first || fail "another seed gives the same texts"
done
