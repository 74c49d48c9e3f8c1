#include <algorithm>
#include <string>
#include <vector>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/block_tensors.hpp"
#include "libgpt/model/gpt.hpp"
#include "libgpt/model/norm.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/ops/attention.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/gelu.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {
namespace {

using Inner = ParameterLayout::Inner;
using Outer = ParameterLayout::Outer;

// Tokens of one slot within an inference batch.
struct SlotRun {
  std::int64_t slot;
  std::size_t first, count;
  std::int64_t past;  // tokens the slot held before
};

template <class T>
std::vector<SlotRun> runs_of(const InferenceBatch& batch, const KvCache<T>& cache) {
  ops::check_elements("inference", "slots", batch.slots.size(),
                      static_cast<std::int64_t>(batch.tokens.size()));
  check_indices_or_throw("cache slot", batch.slots, cache.slots());
  std::vector<SlotRun> runs;
  for (std::size_t i = 0; i < batch.slots.size(); ++i) {
    if (runs.empty() || runs.back().slot != batch.slots[i]) {
      runs.push_back({batch.slots[i], i, 0, cache.length(batch.slots[i])});
    }
    SlotRun& run = runs.back();
    ++run.count;
    if (run.past + static_cast<std::int64_t>(run.count) > cache.capacity()) {
      throw ConfigError("a sequence grows beyond the " + std::to_string(cache.capacity()) +
                        " tokens its cache was made for");
    }
  }
  return runs;
}

// Appends the keys and values of a run's rows to its slot.
template <class T>
void store_in_cache(const Pass<T>& pass, const SlotRun& run, std::int64_t layer, std::span<const T> qkv,
                    KvCache<T>& cache) {
  const auto size = static_cast<std::size_t>(pass.config.shape.head_size());
  const auto hidden = static_cast<std::size_t>(pass.hidden());
  const auto keys = cache.keys(layer, run.slot);
  const auto values = cache.values(layer, run.slot);
  for (std::size_t i = 0; i < run.count; ++i) {
    const auto row = qkv.subspan((run.first + i) * 3 * hidden, 3 * hidden);
    for (std::size_t head = 0; head * size < hidden; ++head) {
      const std::size_t at =
          (head * static_cast<std::size_t>(cache.capacity()) + static_cast<std::size_t>(run.past) + i) * size;
      std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(hidden + head * size), size,
                  keys.begin() + static_cast<std::ptrdiff_t>(at));
      std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(2 * hidden + head * size), size,
                  values.begin() + static_cast<std::ptrdiff_t>(at));
    }
  }
}

template <class T>
void attend(const Pass<T>& pass, std::span<const SlotRun> runs, std::int64_t layer, std::span<const T> qkv,
            std::span<T> heads, KvCache<T>& cache) {
  const auto hidden = static_cast<std::size_t>(pass.hidden());
  for (const SlotRun& run : runs) {
    store_in_cache<T>(pass, run, layer, qkv, cache);
    const auto queries = static_cast<std::int64_t>(run.count);
    ops::cached_attention<T>({queries, run.past + queries, pass.config.shape.heads,
                              pass.config.shape.head_size(), cache.capacity()},
                             qkv.subspan(run.first * 3 * hidden, run.count * 3 * hidden),
                             cache.keys(layer, run.slot), cache.values(layer, run.slot),
                             heads.subspan(run.first * hidden, run.count * hidden));
  }
}

// One block over the rows of the stream, in place.
template <class T>
void block_inference(const Pass<T>& pass, const BlockTensors<const T>& weights, std::span<const SlotRun> runs,
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
  attend<T>(pass, runs, weights.layer(), qkv, heads, cache);
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
  const std::vector<SlotRun> runs = runs_of(batch, cache);
  if (batch.tokens.empty()) return {};
  arena_.reset();
  const auto count = static_cast<std::int64_t>(batch.tokens.size());
  const Pass<T> pass{config(), {}, Mode::evaluation, 0, 1, count, {}, {}};
  const std::span<const T> values = weights();

  const auto positions = arena_.take<std::int32_t>(batch.tokens.size());
  for (const SlotRun& run : runs) {
    for (std::size_t i = 0; i < run.count; ++i) {
      positions[run.first + i] = static_cast<std::int32_t>(run.past) + static_cast<std::int32_t>(i);
    }
  }
  const auto stream = arena_.take<T>(pass.stream_size());
  ops::embedding_forward<T>({count, pass.hidden(), config().shape.vocabulary, config().shape.positions},
                            {batch.tokens, positions, {}, {}}, tensor_of(values, layout().outer(Outer::wte)),
                            tensor_of(values, layout().outer(Outer::wpe)), stream);
  for (std::int64_t layer = 0; layer < config().shape.layers; ++layer) {
    block_inference<T>(pass, {values, layout(), layer}, runs, stream, cache, arena_);
  }
  for (const SlotRun& run : runs) cache.set_length(run.slot, run.past + static_cast<std::int64_t>(run.count));
  if (batch.wanted.empty()) return {};
  return wanted_logits<T>(pass, layout(), values, batch.wanted, stream, arena_);
}

template std::span<const float> Gpt<float>::forward_inference(const InferenceBatch&, KvCache<float>&);
template std::span<const double> Gpt<double>::forward_inference(const InferenceBatch&, KvCache<double>&);

}  // namespace gpt::model
