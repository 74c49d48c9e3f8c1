#include "libgpt/model/attention.hpp"

#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

template <class T>
ops::AttentionContext<T> context_of(const Pass<T>& pass, std::int64_t layer) {
  return {pass.attend_from, pass.dropout(pass.config.attention_dropout, ops::DropoutSite::attention, layer),
          pass.samples, pass.tensor.rank() * pass.heads()};
}

template <class T>
ops::Dropout output_dropout(const Pass<T>& pass, std::int64_t layer) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::attention_output, layer);
}

template <class T>
void core_forward(const Pass<T>& pass, std::int64_t layer, std::span<const T> qkv,
                  const CoreActivations<T>& core) {
  ops::attention_forward<T>(pass.attention_shape(), context_of(pass, layer), qkv, core.heads, core.log_sum);
}

// The core as it was kept, or computed again.
template <class T>
CoreActivations<T> core_of(const Pass<T>& pass, std::int64_t layer, const AttentionActivations<T>& kept,
                           tensor::Arena& scratch) {
  if (!kept.core.heads.empty()) return kept.core;
  const auto core = CoreActivations<T>::take(pass, scratch);
  core_forward<T>(pass, layer, kept.qkv, core);
  return core;
}

}  // namespace

template <class T>
CoreActivations<T> CoreActivations<T>::take(const Pass<T>& pass, tensor::Arena& arena) {
  const ops::AttentionShape shape = pass.attention_shape();
  return {arena.take<T>(static_cast<std::size_t>(shape.rows() * shape.out_width())),
          arena.take<tensor::SumOf<T>>(static_cast<std::size_t>(shape.rows() * shape.heads))};
}

template <class T>
AttentionActivations<T> AttentionActivations<T>::take(const Pass<T>& pass, AttentionCore core,
                                                      tensor::Arena& arena) {
  AttentionActivations kept;
  kept.norm = NormActivations<T>::take(pass, arena);
  kept.qkv = arena.take<T>(static_cast<std::size_t>(pass.rows() * pass.attention_shape().qkv_width()));
  if (core == AttentionCore::keep) kept.core = CoreActivations<T>::take(pass, arena);
  return kept;
}

template <class T>
void attention_forward(const Pass<T>& pass, const BlockTensors<const T>& weights,
                       const AttentionActivations<T>& kept, std::span<const T> input, std::span<T> output,
                       tensor::Arena& scratch) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t width = pass.attention_width();
  norm_forward<T>(pass, input, weights(Inner::ln_1_weight), weights(Inner::ln_1_bias), kept.norm);
  {
    const tensor::ArenaScope gathered(scratch);
    ops::linear_forward<T>(pass.linear_shape(h, 3 * width), f_forward<T>(pass, kept.norm.output, scratch),
                           weights(Inner::qkv_weight), weights(Inner::qkv_bias), kept.qkv);
  }
  const bool keep = !kept.core.heads.empty();
  const auto core = keep ? kept.core : CoreActivations<T>::take(pass, scratch);
  core_forward<T>(pass, weights.number(), kept.qkv, core);

  const auto partial = partial_sum<T>(pass, output, scratch);
  ops::linear_forward<T>(pass.linear_shape(width, h), core.heads, weights(Inner::projection_weight), {},
                         partial);
  g_forward<T>(pass, partial, output);
  ops::bias_dropout_add<T>(pass.dropout_rows(), output_dropout(pass, weights.number()), output,
                           weights(Inner::projection_bias), input, output);
}

template <class T>
void attention_backward(const Pass<T>& pass, const BlockTensors<const T>& weights,
                        const AttentionActivations<T>& kept, std::span<const T> input, ops::Product mode,
                        const BlockTensors<tensor::SumOf<T>>& gradients, std::span<T> stream,
                        tensor::Arena& scratch) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t width = pass.attention_width();
  const std::int64_t layer = weights.number();
  const auto core = core_of<T>(pass, layer, kept, scratch);
  const auto d_projected = scratch.take<T>(pass.whole_size());
  const auto d_heads = scratch.take<T>(core.heads.size());
  const auto d_qkv = scratch.take<T>(kept.qkv.size());
  const auto d_normed = d_projected;

  ops::dropout<T>(pass.dropout_rows(), output_dropout(pass, layer), stream, stream_within(pass, d_projected));
  g_backward<T>(pass, d_projected);
  ops::linear_backward_weight<T>(pass.linear_shape(width, h), core.heads, d_projected, mode,
                                 gradients(Inner::projection_weight), gradients(Inner::projection_bias));
  ops::linear_backward_input<T>(pass.linear_shape(width, h), d_projected, weights(Inner::projection_weight),
                                d_heads);
  ops::attention_backward<T>(pass.attention_shape(), context_of(pass, layer), kept.qkv, core.heads,
                             core.log_sum, d_heads, d_qkv);

  column_linear_backward<T>(pass, pass.linear_shape(h, 3 * width), kept.norm.output, d_qkv,
                            weights(Inner::qkv_weight), mode, gradients(Inner::qkv_weight),
                            gradients(Inner::qkv_bias), d_normed, scratch);
  norm_backward<T>(pass, kept.norm, stream_within(pass, d_normed), input, weights(Inner::ln_1_weight), mode,
                   stream, gradients(Inner::ln_1_weight), gradients(Inner::ln_1_bias));
}

#define GPT_INSTANTIATE(T)                                                                              \
  template struct CoreActivations<T>;                                                                   \
  template struct AttentionActivations<T>;                                                              \
  template void attention_forward<T>(const Pass<T>&, const BlockTensors<const T>&,                      \
                                     const AttentionActivations<T>&, std::span<const T>, std::span<T>,  \
                                     tensor::Arena&);                                                   \
  template void attention_backward<T>(const Pass<T>&, const BlockTensors<const T>&,                     \
                                      const AttentionActivations<T>&, std::span<const T>, ops::Product, \
                                      const BlockTensors<tensor::SumOf<T>>&, std::span<T>, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
