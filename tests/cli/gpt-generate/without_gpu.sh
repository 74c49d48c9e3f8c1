#!/bin/sh
# Asked for a GPU where there is none, gpt-generate says why; left to choose, it takes the CPU.
. "$GPT_SOURCE/tests/cli/lib.sh"
if nvidia-smi -L >/dev/null 2>&1; then
  echo "SKIPPED: there is a GPU here"
  exit 77
fi
set -- gpt-generate --load "$GPT_SOURCE/tests/data/gpt2/plain" --prompt a --greedy --max-new-tokens 4 -q
why="no NVIDIA driver is loaded on this machine"
gpt-generate --version | grep -Eq '^features:.* CUDA' || why="this program was built without CUDA"
expect_exit 1 "$@" --device cuda
expect_stderr "$why"
expect_stderr "--device cpu"
expect_exit 0 "$@" --device cpu -o cpu.txt
expect_quiet
expect_exit 0 "$@" --device auto -o auto.txt
expect_same cpu.txt auto.txt
