#include "libgpt/ops/cuda/attention_backward_queries.hpp"

template void gpt::ops::cuda::launch_tiled_backward_of_queries(const AttentionBackward<gpt::tensor::F16>&);
