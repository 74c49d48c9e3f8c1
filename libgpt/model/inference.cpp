#include "libgpt/model/inference.hpp"

#include <vector>

#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/embedding.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/tensor_parallel.hpp"
#include "libgpt/ops/cached_attention.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/rows.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"

namespace gpt::model {
namespace {

using Inner = ParameterLayout::Inner;
using Outer = ParameterLayout::Outer;

// The rows of a batch for the attention of one layer.
template <class T>
struct CacheOfLayer {
  ops::CachedAttentionShape shape;
  ops::CacheRows<T> rows;
  std::span<T> keys, values;
};

// output: attention of the stream, without the projection's bias.
template <class T>
void attend(const Pass<T>& pass, const BlockTensors<const T>& weights, const CacheOfLayer<T>& cached,
            std::span<const T> stream, std::span<T> output, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t width = pass.attention_width();
  const auto norm = NormActivations<T>::take(pass, scratch);
  const auto qkv = scratch.take<T>(static_cast<std::size_t>(pass.rows() * 3 * width));
  const auto heads = scratch.take<T>(static_cast<std::size_t>(pass.rows() * width));
  norm_forward<T>(pass, stream, weights(Inner::ln_1_weight), weights(Inner::ln_1_bias), norm);
  ops::linear_forward<T>(pass.linear_shape(h, 3 * width), norm.output, weights(Inner::qkv_weight),
                         weights(Inner::qkv_bias), qkv);
  ops::append_to_cache<T>(cached.shape, cached.rows, qkv, cached.keys, cached.values);
  ops::cached_attention<T>(cached.shape, cached.rows, qkv, cached.keys, cached.values, heads);
  ops::linear_forward<T>(pass.linear_shape(width, h), heads, weights(Inner::projection_weight), {}, output);
  g_forward<T>(pass, output, output);
}

// output: the MLP of the stream, without the last bias.
template <class T>
void mlp(const Pass<T>& pass, const BlockTensors<const T>& weights, std::span<const T> stream,
         std::span<T> output, tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.mlp_width();
  const auto norm = NormActivations<T>::take(pass, scratch);
  const auto widened = scratch.take<T>(static_cast<std::size_t>(pass.rows() * wide));
  norm_forward<T>(pass, stream, weights(Inner::ln_2_weight), weights(Inner::ln_2_bias), norm);
  ops::linear_forward<T>(pass.linear_shape(h, wide), norm.output, weights(Inner::mlp_in_weight), {}, widened);
  ops::bias_gelu_forward<T>(pass.rows(), wide, weights(Inner::mlp_in_bias), widened, widened);
  ops::linear_forward<T>(pass.linear_shape(wide, h), widened, weights(Inner::mlp_out_weight), {}, output);
  g_forward<T>(pass, output, output);
}

}  // namespace

template <class T>
InferenceRows<T> inference_rows(const PlacedBatch& batch, tensor::Arena& arena) {
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::host) {
    return {batch.tokens, batch.slots, batch.positions, batch.wanted, batch.most_rows, batch.most_keys};
  } else {
    std::vector<std::int32_t> all;
    for (const auto& part : {batch.tokens, batch.slots, batch.positions, batch.wanted}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    const auto arrived = arena.take<tensor::OnDevice<std::int32_t>>(all.size());
    tensor::upload<tensor::OnDevice<std::int32_t>>(all, arrived);
    const std::size_t rows = batch.tokens.size();
    return {arrived.first(rows),
            arrived.subspan(rows, rows),
            arrived.subspan(2 * rows, rows),
            arrived.subspan(3 * rows),
            batch.most_rows,
            batch.most_keys};
  }
}

template <class T>
void infer_embedding(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                     const InferenceRows<T>& rows, std::span<T> stream, tensor::Arena& scratch) {
  const ResidentBatch<T> batch{{rows.tokens, rows.positions, {}, {}}, {}, {}, {}, {}};
  embed<T>(pass, layout, weights, batch, stream, scratch);
}

template <class T>
void infer_blocks(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                  const InferenceRows<T>& rows, std::span<T> stream, KvCache<T>& cache,
                  tensor::Arena& scratch) {
  const tensor::ArenaScope scope(scratch);
  const auto added = scratch.take<T>(pass.stream_size());
  const ops::CachedAttentionShape shape{
      pass.rows(),    cache.slots(), pass.heads(), cache.capacity(), pass.config.shape.head_size(),
      rows.most_rows, rows.most_keys};
  for (std::int64_t layer = 0; layer < static_cast<std::int64_t>(layout.part().layers.size()); ++layer) {
    const BlockTensors<const T> block(weights, layout, layer);
    attend<T>(pass, block, {shape, {rows.slots, rows.positions}, cache.keys(layer), cache.values(layer)},
              stream, added, scratch);
    ops::bias_dropout_add<T>(pass.dropout_rows(), {}, added, block(Inner::projection_bias), stream, stream);
    mlp<T>(pass, block, stream, added, scratch);
    ops::bias_dropout_add<T>(pass.dropout_rows(), {}, added, block(Inner::mlp_out_bias), stream, stream);
  }
}

template <class T>
std::span<T> infer_logits(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                          const InferenceRows<T>& rows, std::span<const T> stream, tensor::Arena& arena) {
  Pass<T> chosen = pass;
  chosen.length = static_cast<std::int64_t>(rows.wanted.size());
  const Parameter& wte = layout.outer(Outer::wte);
  const auto logits = arena.take<T>(static_cast<std::size_t>(chosen.rows() * wte.part.row_count));
  const tensor::ArenaScope scope(arena);
  const auto picked = arena.take<T>(chosen.stream_size());
  ops::gather_rows<T>(pass.hidden(), stream, rows.wanted, picked);
  const auto norm = NormActivations<T>::take(chosen, arena);
  norm_forward<T>(chosen, picked, tensor_of(weights, layout.outer(Outer::ln_f_weight)),
                  tensor_of(weights, layout.outer(Outer::ln_f_bias)), norm);
  ops::table_forward<T>(chosen.linear_shape(pass.hidden(), wte.part.row_count), norm.output,
                        tensor_of(weights, wte), logits);
  return logits;
}

#define GPT_INSTANTIATE(T)                                                                           \
  template InferenceRows<T> inference_rows<T>(const PlacedBatch&, tensor::Arena&);                   \
  template void infer_embedding<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,       \
                                   const InferenceRows<T>&, std::span<T>, tensor::Arena&);           \
  template void infer_blocks<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,          \
                                const InferenceRows<T>&, std::span<T>, KvCache<T>&, tensor::Arena&); \
  template std::span<T> infer_logits<T>(const Pass<T>&, const ParameterLayout&, std::span<const T>,  \
                                        const InferenceRows<T>&, std::span<const T>, tensor::Arena&);
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
