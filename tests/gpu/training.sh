#!/bin/sh
# gpt-train on a GPU beside the CPU: the same losses in every precision, the same bits again, and checkpoints that go from
# one to the other.
. "$GPT_SOURCE/tests/gpu/lib_gpu.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
make_dataset

expect_exit 0 train --device cpu --metrics cpu.jsonl
expect_exit 0 train --device cuda --metrics gpu.jsonl
expect_stdout "device: "
expect_close cpu.jsonl gpu.jsonl 1e-4
expect_exit 0 train --device cuda --metrics again.jsonl
expect_equal_losses gpu.jsonl again.jsonl
expect_exit 0 train --device cuda --allow-tf32 --metrics tf32.jsonl
expect_close cpu.jsonl tf32.jsonl 1e-2
expect_exit 0 train --device cuda --bf16 --metrics bf16.jsonl
expect_close cpu.jsonl bf16.jsonl 2e-2
expect_exit 0 train --device cuda --fp16 --initial-loss-scale 65536 --metrics fp16.jsonl
expect_close cpu.jsonl fp16.jsonl 1e-2

# Stopped and gone on with: bit for bit.
for precision in "" --bf16; do
  rm -rf whole parts whole.jsonl parts.jsonl
  # shellcheck disable=SC2086 # one word or none
  expect_exit 0 train --device cuda $precision --metrics whole.jsonl --save whole
  # shellcheck disable=SC2086
  expect_exit 75 train --device cuda $precision --metrics parts.jsonl --save parts --exit-interval 6
  # shellcheck disable=SC2086
  expect_exit 0 train --device cuda $precision --metrics parts.jsonl --save parts
  expect_equal_losses whole.jsonl parts.jsonl
done

# From the GPU to the CPU and back.
expect_exit 75 train --device cuda --metrics moved.jsonl --save moved --exit-interval 4
expect_exit 75 train --device cpu --metrics moved.jsonl --save moved --exit-interval 8
expect_exit 0 train --device cuda --metrics moved.jsonl --save moved
expect_close cpu.jsonl moved.jsonl 1e-3
