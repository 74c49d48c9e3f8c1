#include "libgpt/ops/cuda/cached_attention_tiled.hpp"

template void gpt::ops::cuda::launch_tiled_cached_attention(const CachedAttention<gpt::tensor::Bf16>&);
template void gpt::ops::cuda::launch_tiled_cached_attention(const CachedAttention<gpt::tensor::F16>&);
