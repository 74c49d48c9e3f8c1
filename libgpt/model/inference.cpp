#include <algorithm>
#include <string>
#include <vector>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/gpt.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/ops/cached_attention.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {
namespace {

using Inner = ParameterLayout::Inner;
using Outer = ParameterLayout::Outer;

// Where the tokens of a batch stand, and what the attention of all layers is to know of them.
struct Places {
  std::vector<std::int32_t> positions;
  std::int64_t most_rows = 0, most_keys = 0;
};

template <class T>
Places places_of(const InferenceBatch& batch, const KvCache<T>& cache) {
  ops::check_elements("inference", "slots", batch.slots.size(),
                      static_cast<std::int64_t>(batch.tokens.size()));
  check_indices_or_throw("cache slot", batch.slots, cache.slots());
  Places places;
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < batch.slots.size(); ++i) {
    rows = i > 0 && batch.slots[i] == batch.slots[i - 1] ? rows + 1 : 1;
    const std::int64_t keys = cache.length(batch.slots[i]) + rows;
    if (keys > cache.capacity()) {
      throw ConfigError("a sequence grows beyond the " + std::to_string(cache.capacity()) +
                        " tokens its cache was made for");
    }
    places.positions.push_back(static_cast<std::int32_t>(keys - 1));
    places.most_rows = std::max(places.most_rows, rows);
    places.most_keys = std::max(places.most_keys, keys);
  }
  return places;
}

// One block over the rows of the stream, in place.
template <class T>
void block_inference(const Pass<T>& pass, const BlockTensors<const T>& weights,
                     const ops::CachedAttentionShape& shape, const ops::CacheRows<T>& rows,
                     std::span<T> stream, KvCache<T>& cache, tensor::Arena& arena) {
  const tensor::ArenaScope scope(arena);
  const std::int64_t h = pass.hidden();
  const std::int64_t wide = pass.config.shape.mlp_size();
  const auto qkv = arena.take<T>(3 * pass.stream_size());
  const auto heads = arena.take<T>(pass.stream_size());
  const auto projected = arena.take<T>(pass.stream_size());
  const auto widened = arena.take<T>(static_cast<std::size_t>(pass.rows() * wide));

  const auto attention_norm = NormActivations<T>::take(pass, arena);
  norm_forward<T>(pass, stream, weights(Inner::ln_1_weight), weights(Inner::ln_1_bias), attention_norm);
  ops::linear_forward<T>(pass.linear_shape(h, 3 * h), attention_norm.output, weights(Inner::qkv_weight),
                         weights(Inner::qkv_bias), qkv);
  const auto keys = cache.keys(weights.layer());
  const auto values = cache.values(weights.layer());
  ops::append_to_cache<T>(shape, rows, qkv, keys, values);
  ops::cached_attention<T>(shape, rows, qkv, keys, values, heads);
  ops::linear_forward<T>(pass.linear_shape(h, h), heads, weights(Inner::projection_weight), {}, projected);
  ops::bias_dropout_add<T>(pass.dropout_rows(), {}, projected, weights(Inner::projection_bias), stream,
                           stream);

  const auto mlp_norm = NormActivations<T>::take(pass, arena);
  norm_forward<T>(pass, stream, weights(Inner::ln_2_weight), weights(Inner::ln_2_bias), mlp_norm);
  ops::linear_forward<T>(pass.linear_shape(h, wide), mlp_norm.output, weights(Inner::mlp_in_weight), {},
                         widened);
  ops::bias_gelu_forward<T>(pass.rows(), wide, weights(Inner::mlp_in_bias), widened, widened);
  ops::linear_forward<T>(pass.linear_shape(wide, h), widened, weights(Inner::mlp_out_weight), {}, projected);
  ops::bias_dropout_add<T>(pass.dropout_rows(), {}, projected, weights(Inner::mlp_out_bias), stream, stream);
}

// Final norm and output layer of the wanted rows.
template <class T>
std::span<T> wanted_logits(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                           std::span<const std::int32_t> wanted, std::span<const T> stream,
                           tensor::Arena& arena) {
  const auto tensor = [&](Outer which) { return tensor_of(weights, layout.outer(which)); };
  Pass<T> rows = pass;
  rows.length = static_cast<std::int64_t>(wanted.size());
  const auto width = static_cast<std::size_t>(pass.hidden());
  const auto chosen = arena.take<T>(rows.stream_size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto row = stream.subspan(static_cast<std::size_t>(wanted[i]) * width, width);
    std::copy(row.begin(), row.end(), chosen.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  const auto norm = NormActivations<T>::take(rows, arena);
  norm_forward<T>(rows, chosen, tensor(Outer::ln_f_weight), tensor(Outer::ln_f_bias), norm);
  const std::int64_t vocabulary = pass.config.shape.vocabulary;
  const auto logits = arena.take<T>(static_cast<std::size_t>(rows.rows() * vocabulary));
  ops::table_forward<T>(rows.linear_shape(pass.hidden(), vocabulary), norm.output, tensor(Outer::wte),
                        logits);
  return logits;
}

}  // namespace

template <class T>
std::span<const T> Gpt<T>::forward_inference(const InferenceBatch& batch, KvCache<T>& cache) {
  check_indices_or_throw("token", batch.tokens, config().shape.vocabulary);
  check_indices_or_throw("wanted row", batch.wanted, static_cast<std::int64_t>(batch.tokens.size()));
  const Places places = places_of(batch, cache);
  if (batch.tokens.empty()) return {};
  arena_.reset();
  const auto count = static_cast<std::int64_t>(batch.tokens.size());
  const Pass<T> pass{config(), {}, Mode::evaluation, 0, 1, count, {}, {}};
  const std::span<const T> values = weights();
  const ops::CachedAttentionShape shape{count,
                                        cache.slots(),
                                        pass.heads(),
                                        cache.capacity(),
                                        config().shape.head_size(),
                                        places.most_rows,
                                        places.most_keys};
  const ops::CacheRows<T> rows{batch.slots, places.positions};

  const auto stream = arena_.take<T>(pass.stream_size());
  ops::embedding_forward<T>({count, pass.hidden(), config().shape.vocabulary, config().shape.positions},
                            {batch.tokens, places.positions, {}, {}},
                            tensor_of(values, layout().outer(Outer::wte)),
                            tensor_of(values, layout().outer(Outer::wpe)), stream);
  for (std::int64_t layer = 0; layer < config().shape.layers; ++layer) {
    block_inference<T>(pass, {values, layout(), layer}, shape, rows, stream, cache, arena_);
  }
  for (std::size_t i = 0; i < batch.slots.size(); ++i) {
    cache.set_length(batch.slots[i], places.positions[i] + 1);
  }
  if (batch.wanted.empty()) return {};
  return wanted_logits<T>(pass, layout(), values, batch.wanted, stream, arena_);
}

template std::span<const float> Gpt<float>::forward_inference(const InferenceBatch&, KvCache<float>&);
template std::span<const double> Gpt<double>::forward_inference(const InferenceBatch&, KvCache<double>&);

}  // namespace gpt::model
