#!/bin/sh
# shellcheck disable=SC2034 # train_by is read by train, from lib_train.sh
# Where there is a GPU, but not as one wants it: told in one message, with what to do.
. "$GPT_SOURCE/tests/gpu/lib_gpu.sh"
. "$GPT_SOURCE/tests/dist/lib_ranks.sh"
. "$GPT_SOURCE/tests/cli/gpt-train/lib_train.sh"
train_by=
make_dataset

# Hidden from the process.
CUDA_VISIBLE_DEVICES='' expect_exit 1 train --device cuda
expect_stderr "shows this process no GPU.*CUDA_VISIBLE_DEVICES"
CUDA_VISIBLE_DEVICES='' expect_exit 0 train --device auto
expect_stdout "device: CPU"

# More ranks than GPUs.
gpus=$(nvidia-smi -L | wc -l)
train_by="on_ranks $((gpus + 1))"
expect_exit 1 train --device cuda --global-batch-size $((2 * (gpus + 1)))
train_by=
expect_stderr "$((gpus + 1)) ranks were started on this machine, but they see $gpus GPU"

# More than its memory holds: what is held, and what would fit.
expect_exit 1 train --device cuda --hidden-size 8192 --num-attention-heads 64 --num-layers 400
expect_stderr "the GPU has not the memory"
