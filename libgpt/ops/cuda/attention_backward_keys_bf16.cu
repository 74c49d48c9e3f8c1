#include "libgpt/ops/cuda/attention_backward_keys.hpp"

template void gpt::ops::cuda::launch_tiled_backward_of_keys(const AttentionBackward<gpt::tensor::Bf16>&);
