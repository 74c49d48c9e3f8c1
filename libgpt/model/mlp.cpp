#include "libgpt/model/mlp.hpp"

#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

template <class T>
ops::Dropout output_dropout(const Pass<T>& pass, std::int64_t layer) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::mlp_output, layer);
}

}  // namespace

template <class T>
MlpActivations<T> MlpActivations<T>::take(const Pass<T>& pass, tensor::Arena& arena) {
  const auto size = static_cast<std::size_t>(pass.rows() * pass.mlp_width());
  return {NormActivations<T>::take(pass, arena), arena.take<T>(size), arena.take<T>(size)};
}

template <class T>
void mlp_forward(const Pass<T>& pass, const BlockTensors<const T>& weights, const MlpActivations<T>& kept,
                 std::span<const T> input, std::span<T> output, tensor::Arena& scratch) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.mlp_width();
  norm_forward<T>(pass, input, weights(Inner::ln_2_weight), weights(Inner::ln_2_bias), kept.norm);
  {
    const tensor::ArenaScope gathered(scratch);
    ops::linear_forward<T>(pass.linear_shape(h, wide), f_forward<T>(pass, kept.norm.output, scratch),
                           weights(Inner::mlp_in_weight), {}, kept.wide);
  }
  ops::bias_gelu_forward<T>(pass.rows(), wide, weights(Inner::mlp_in_bias), kept.wide, kept.activated);
  if (output.empty()) return;
  const auto partial = partial_sum<T>(pass, output, scratch);
  ops::linear_forward<T>(pass.linear_shape(wide, h), kept.activated, weights(Inner::mlp_out_weight), {},
                         partial);
  g_forward<T>(pass, partial, output);
  ops::bias_dropout_add<T>(pass.dropout_rows(), output_dropout(pass, weights.number()), output,
                           weights(Inner::mlp_out_bias), input, output);
}

template <class T>
void mlp_backward(const Pass<T>& pass, const BlockTensors<const T>& weights, const MlpActivations<T>& kept,
                  std::span<const T> input, ops::Product mode,
                  const BlockTensors<tensor::SumOf<T>>& gradients, std::span<T> stream,
                  tensor::Arena& scratch) {
  using Inner = ParameterLayout::Inner;
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.mlp_width();
  const auto d_projected = scratch.take<T>(pass.whole_size());
  const auto d_wide = scratch.take<T>(kept.wide.size());
  const auto d_normed = d_projected;

  ops::dropout<T>(pass.dropout_rows(), output_dropout(pass, weights.number()), stream,
                  stream_within(pass, d_projected));
  g_backward<T>(pass, d_projected);
  ops::linear_backward_weight<T>(pass.linear_shape(wide, h), kept.activated, d_projected, mode,
                                 gradients(Inner::mlp_out_weight), gradients(Inner::mlp_out_bias));
  ops::linear_backward_input<T>(pass.linear_shape(wide, h), d_projected, weights(Inner::mlp_out_weight),
                                d_wide);
  ops::gelu_backward<T>(kept.wide, d_wide, d_wide);

  column_linear_backward<T>(pass, pass.linear_shape(h, wide), kept.norm.output, d_wide,
                            weights(Inner::mlp_in_weight), mode, gradients(Inner::mlp_in_weight),
                            gradients(Inner::mlp_in_bias), d_normed, scratch);
  norm_backward<T>(pass, kept.norm, stream_within(pass, d_normed), input, weights(Inner::ln_2_weight), mode,
                   stream, gradients(Inner::ln_2_weight), gradients(Inner::ln_2_bias));
}

#define GPT_INSTANTIATE(T)                                                                               \
  template struct MlpActivations<T>;                                                                     \
  template void mlp_forward<T>(const Pass<T>&, const BlockTensors<const T>&, const MlpActivations<T>&,   \
                               std::span<const T>, std::span<T>, tensor::Arena&);                        \
  template void mlp_backward<T>(const Pass<T>&, const BlockTensors<const T>&, const MlpActivations<T>&,  \
                                std::span<const T>, ops::Product, const BlockTensors<tensor::SumOf<T>>&, \
                                std::span<T>, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
