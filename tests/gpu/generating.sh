#!/bin/sh
# gpt-generate on a GPU writes what it writes on the CPU.
. "$GPT_SOURCE/tests/gpu/lib_gpu.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset
expect_exit 0 train --device cpu --save model

write() { # OUTPUT ARGUMENT...
  to=$1
  shift
  expect_exit 0 gpt-generate --load model --prompt "The boat" --prompt "Nobody" --greedy --max-new-tokens 12 \
    --output-format jsonl -o "$to" -q "$@"
}
write cpu.jsonl --device cpu
write gpu.jsonl --device cuda
expect_same cpu.jsonl gpu.jsonl
write again.jsonl --device cuda
expect_same gpu.jsonl again.jsonl
for precision in --bf16 --fp16; do
  write "half$precision.jsonl" --device cuda "$precision"
  [ "$(wc -l <"half$precision.jsonl")" -eq 2 ] || fail "no texts with $precision"
done

# With chance, too: the same seed draws the same tokens.
expect_exit 0 gpt-generate --load model --prompt "The boat" --device cpu --seed 5 --top-k 5 --max-new-tokens 12 -o chance.cpu -q
expect_exit 0 gpt-generate --load model --prompt "The boat" --device cuda --seed 5 --top-k 5 --max-new-tokens 12 -o chance.gpu -q
expect_same chance.cpu chance.gpu
