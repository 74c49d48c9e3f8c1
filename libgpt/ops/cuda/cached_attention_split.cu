#include "libgpt/ops/cuda/cached_attention_split.hpp"

template void gpt::ops::cuda::launch_split_attention(const CachedAttention<float>&, int);
template void gpt::ops::cuda::launch_split_attention(const CachedAttention<gpt::tensor::Bf16>&, int);
template void gpt::ops::cuda::launch_split_attention(const CachedAttention<gpt::tensor::F16>&, int);
