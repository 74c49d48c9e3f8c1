#include "libgpt/model/mlp.hpp"

#include "libgpt/ops/gelu.hpp"

namespace gpt::model {
namespace {

ops::Dropout output_dropout(const Pass& pass, std::int64_t layer) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::mlp_output, layer);
}

}  // namespace

template <class T>
MlpActivations<T> mlp_forward(const Pass& pass, const BlockTensors<const T>& weights,
                              std::span<const T> input, std::span<T> output, tensor::Arena& arena) {
  using Inner = ParameterLayout::Inner;
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.config.shape.mlp_size();
  const auto wide_size = static_cast<std::size_t>(pass.rows() * wide);
  MlpActivations<T> kept;
  kept.norm = norm_forward<T>(pass, input, weights(Inner::ln_2_weight), weights(Inner::ln_2_bias), arena);
  kept.wide = arena.take<T>(wide_size);
  kept.activated = arena.take<T>(wide_size);

  ops::linear_forward<T>(pass.linear_shape(h, wide), kept.norm.output, weights(Inner::mlp_in_weight), {},
                         kept.wide);
  ops::bias_gelu_forward<T>(pass.rows(), wide, weights(Inner::mlp_in_bias), kept.wide, kept.activated);
  ops::linear_forward<T>(pass.linear_shape(wide, h), kept.activated, weights(Inner::mlp_out_weight), {},
                         output);
  ops::bias_dropout_add<T>(pass.dropout_rows(), output_dropout(pass, weights.layer()), output,
                           weights(Inner::mlp_out_bias), input, output);
  return kept;
}

template <class T>
void mlp_backward(const Pass& pass, const BlockTensors<const T>& weights, const MlpActivations<T>& kept,
                  std::span<const T> input, ops::Product mode, const BlockTensors<T>& gradients,
                  std::span<T> stream, tensor::Arena& arena) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(arena);
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.config.shape.mlp_size();
  const auto d_projected = arena.take<T>(pass.stream_size());
  const auto d_wide = arena.take<T>(static_cast<std::size_t>(pass.rows() * wide));
  const auto d_normed = d_projected;

  ops::dropout<T>(pass.dropout_rows(), output_dropout(pass, weights.layer()), stream, d_projected);
  ops::linear_backward_weight<T>(pass.linear_shape(wide, h), kept.activated, d_projected, mode,
                                 gradients(Inner::mlp_out_weight), gradients(Inner::mlp_out_bias));
  ops::linear_backward_input<T>(pass.linear_shape(wide, h), d_projected, weights(Inner::mlp_out_weight),
                                d_wide);
  ops::gelu_backward<T>(kept.wide, d_wide, d_wide);
  ops::linear_backward_weight<T>(pass.linear_shape(h, wide), kept.norm.output, d_wide, mode,
                                 gradients(Inner::mlp_in_weight), gradients(Inner::mlp_in_bias));
  ops::linear_backward_input<T>(pass.linear_shape(h, wide), d_wide, weights(Inner::mlp_in_weight), d_normed);
  norm_backward<T>(pass, kept.norm, d_normed, input, weights(Inner::ln_2_weight), mode, stream,
                   gradients(Inner::ln_2_weight), gradients(Inner::ln_2_bias));
}

#define GPT_INSTANTIATE(T)                                                                                 \
  template MlpActivations<T> mlp_forward<T>(const Pass&, const BlockTensors<const T>&, std::span<const T>, \
                                            std::span<T>, tensor::Arena&);                                 \
  template void mlp_backward<T>(const Pass&, const BlockTensors<const T>&, const MlpActivations<T>&,       \
                                std::span<const T>, ops::Product, const BlockTensors<T>&, std::span<T>,    \
                                tensor::Arena&);
GPT_INSTANTIATE(float)
GPT_INSTANTIATE(double)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
