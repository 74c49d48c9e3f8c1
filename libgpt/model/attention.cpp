#include "libgpt/model/attention.hpp"

namespace gpt::model {
namespace {

ops::AttentionContext context_of(const Pass& pass, std::int64_t layer) {
  return {pass.attend_from, pass.dropout(pass.config.attention_dropout, ops::DropoutSite::attention, layer),
          pass.samples};
}

ops::Dropout output_dropout(const Pass& pass, std::int64_t layer) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::attention_output, layer);
}

}  // namespace

template <class T>
AttentionActivations<T> attention_forward(const Pass& pass, const BlockTensors<const T>& weights,
                                          std::span<const T> input, std::span<T> output,
                                          tensor::Arena& arena) {
  using Inner = ParameterLayout::Inner;
  const std::int64_t h = pass.hidden();
  const ops::AttentionShape shape = pass.attention_shape();
  AttentionActivations<T> kept;
  kept.norm = norm_forward<T>(pass, input, weights(Inner::ln_1_weight), weights(Inner::ln_1_bias), arena);
  kept.qkv = arena.take<T>(3 * pass.stream_size());
  kept.heads = arena.take<T>(pass.stream_size());
  kept.log_sum = arena.take<T>(static_cast<std::size_t>(shape.rows() * shape.heads));

  ops::linear_forward<T>(pass.linear_shape(h, 3 * h), kept.norm.output, weights(Inner::qkv_weight),
                         weights(Inner::qkv_bias), kept.qkv);
  ops::attention_forward<T>(shape, context_of(pass, weights.layer()), kept.qkv, kept.heads, kept.log_sum);
  ops::linear_forward<T>(pass.linear_shape(h, h), kept.heads, weights(Inner::projection_weight), {}, output);
  ops::bias_dropout_add<T>(pass.dropout_rows(), output_dropout(pass, weights.layer()), output,
                           weights(Inner::projection_bias), input, output);
  return kept;
}

template <class T>
void attention_backward(const Pass& pass, const BlockTensors<const T>& weights,
                        const AttentionActivations<T>& kept, std::span<const T> input, ops::Product mode,
                        const BlockTensors<T>& gradients, std::span<T> stream, tensor::Arena& arena) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(arena);
  const std::int64_t h = pass.hidden();
  const std::int64_t layer = weights.layer();
  const auto d_projected = arena.take<T>(pass.stream_size());
  const auto d_heads = arena.take<T>(pass.stream_size());
  const auto d_qkv = arena.take<T>(3 * pass.stream_size());
  const auto d_normed = d_heads;

  ops::dropout<T>(pass.dropout_rows(), output_dropout(pass, layer), stream, d_projected);
  ops::linear_backward_weight<T>(pass.linear_shape(h, h), kept.heads, d_projected, mode,
                                 gradients(Inner::projection_weight), gradients(Inner::projection_bias));
  ops::linear_backward_input<T>(pass.linear_shape(h, h), d_projected, weights(Inner::projection_weight),
                                d_heads);
  ops::attention_backward<T>(pass.attention_shape(), context_of(pass, layer), kept.qkv, kept.heads,
                             kept.log_sum, d_heads, d_qkv);
  ops::linear_backward_weight<T>(pass.linear_shape(h, 3 * h), kept.norm.output, d_qkv, mode,
                                 gradients(Inner::qkv_weight), gradients(Inner::qkv_bias));
  ops::linear_backward_input<T>(pass.linear_shape(h, 3 * h), d_qkv, weights(Inner::qkv_weight), d_normed);
  norm_backward<T>(pass, kept.norm, d_normed, input, weights(Inner::ln_1_weight), mode, stream,
                   gradients(Inner::ln_1_weight), gradients(Inner::ln_1_bias));
}

#define GPT_INSTANTIATE(T)                                                                                 \
  template AttentionActivations<T> attention_forward<T>(const Pass&, const BlockTensors<const T>&,         \
                                                        std::span<const T>, std::span<T>, tensor::Arena&); \
  template void attention_backward<T>(const Pass&, const BlockTensors<const T>&,                           \
                                      const AttentionActivations<T>&, std::span<const T>, ops::Product,    \
                                      const BlockTensors<T>&, std::span<T>, tensor::Arena&);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
