#include "libgpt/ops/cuda/attention_plain.hpp"

#define GPT_INSTANTIATE(V)                                                          \
  template void gpt::ops::cuda::launch_plain_forward(const AttentionForward<V>&);   \
  template void gpt::ops::cuda::launch_plain_backward(const AttentionBackward<V>&); \
  template void gpt::ops::cuda::launch_attention_correction(const AttentionBackward<V>&);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(gpt::tensor::Bf16)
GPT_INSTANTIATE(gpt::tensor::F16)
#undef GPT_INSTANTIATE
