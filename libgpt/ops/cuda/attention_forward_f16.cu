#include "libgpt/ops/cuda/attention_forward_tiled.hpp"

template void gpt::ops::cuda::launch_tiled_forward(const AttentionForward<gpt::tensor::F16>&);
