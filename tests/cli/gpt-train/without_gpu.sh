#!/bin/sh
# Asked for a GPU where there is none, gpt-train says why; left to choose, it takes the CPU.
. "$GPT_SOURCE/tests/cli/lib.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
if nvidia-smi -L >/dev/null 2>&1; then
  echo "SKIPPED: there is a GPU here"
  exit 77
fi
make_dataset
why="no NVIDIA driver is loaded on this machine"
gpt-train --version | grep -Eq '^features:.* CUDA' || why="this program was built without CUDA"
expect_exit 1 train --device cuda --bf16
expect_stderr "$why"
expect_stderr "--device cpu"
expect_exit 0 train --device auto --train-iters 4
expect_stdout "device: CPU"
expect_exit 2 train --device cpu --bf16
expect_stderr "--bf16"
