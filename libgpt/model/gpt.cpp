#include "libgpt/model/gpt.hpp"

#include <numeric>
#include <vector>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/block.hpp"
#include "libgpt/model/head.hpp"
#include "libgpt/model/initialise.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/ops/shape_error.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;

const ModelConfig& checked(const ModelConfig& config) {
  check_config_or_throw(config);
  return config;
}

Pass pass_of(const ModelConfig& config, const MicroBatch& batch, Mode mode, std::uint64_t dropout_seed) {
  return {config, mode, dropout_seed, batch.sequences, batch.length, batch.attend_from, batch.sample_indices};
}

ops::EmbeddingShape embedding_shape(const Pass& pass) {
  return {pass.rows(), pass.hidden(), pass.config.shape.vocabulary, pass.config.shape.positions};
}

ops::Dropout embedding_dropout(const Pass& pass) {
  return pass.dropout(pass.config.hidden_dropout, ops::DropoutSite::embedding, 0);
}

// The positions of a batch, counted where it names none.
std::span<const std::int32_t> positions_of(const MicroBatch& batch, tensor::Arena& arena) {
  if (!batch.positions.empty()) return batch.positions;
  const auto length = static_cast<std::size_t>(batch.length);
  const auto positions = arena.take<std::int32_t>(batch.tokens.size());
  for (std::size_t first = 0; first < positions.size(); first += length) {
    const auto sequence = positions.subspan(first, length);
    std::iota(sequence.begin(), sequence.end(), 0);
  }
  return positions;
}

template <class T>
void embed(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
           const MicroBatch& batch, std::span<const std::int32_t> positions, std::span<T> stream) {
  ops::embedding_forward<T>(embedding_shape(pass), batch.tokens, positions,
                            tensor_of(weights, layout.outer(Outer::wte)),
                            tensor_of(weights, layout.outer(Outer::wpe)), stream);
  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), stream, stream);
}

// Through all blocks, keeping nothing: two streams take turns. Returns the last.
template <class T>
std::span<T> forward_only(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                          const MicroBatch& batch, tensor::Arena& arena) {
  std::span<T> stream = arena.take<T>(pass.stream_size());
  std::span<T> next = arena.take<T>(pass.stream_size());
  embed<T>(pass, layout, weights, batch, positions_of(batch, arena), stream);
  for (std::int64_t layer = 0; layer < pass.config.shape.layers; ++layer) {
    const tensor::ArenaScope scope(arena);
    block_forward<T>(pass, {weights, layout, layer}, stream, next, arena);
    std::swap(stream, next);
  }
  return stream;
}

}  // namespace

template <class T>
Gpt<T>::Gpt(const ModelConfig& config)
    : config_(checked(config)), layout_(config_.shape), weights_(layout_.buffer_size()) {}

template <class T>
void Gpt<T>::initialise(std::uint64_t seed) {
  initialise_weights<T>(config_, layout_, seed, weights());
}

template <class T>
LossSum Gpt<T>::forward_loss(const MicroBatch& batch) {
  return forward_loss(batch, {});
}

template <class T>
LossSum Gpt<T>::forward_loss(const MicroBatch& batch, std::span<T> log_probabilities) {
  check_batch_or_throw(config_, batch);
  ops::check_elements("loss", "targets", batch.targets.size(), batch.sequences, batch.length);
  arena_.reset();
  const Pass pass = pass_of(config_, batch, Mode::evaluation, 0);
  const std::span<const T> stream = forward_only<T>(pass, layout_, weights(), batch, arena_);
  return head_loss<T>(pass, layout_, weights(), stream, batch, log_probabilities, arena_);
}

template <class T>
void Gpt<T>::forward_logits(const MicroBatch& batch, std::span<T> logits) {
  check_batch_or_throw(config_, batch);
  arena_.reset();
  const Pass pass = pass_of(config_, batch, Mode::evaluation, 0);
  const std::span<const T> stream = forward_only<T>(pass, layout_, weights(), batch, arena_);
  head_logits<T>(pass, layout_, weights(), stream, logits, arena_);
}

template <class T>
LossSum Gpt<T>::forward_backward(const MicroBatch& batch, double loss_scale, std::uint64_t dropout_seed,
                                 Gradients mode, std::span<T> gradients) {
  check_batch_or_throw(config_, batch);
  ops::check_elements("loss", "targets", batch.targets.size(), batch.sequences, batch.length);
  ops::check_elements("backward", "gradients", gradients.size(), static_cast<std::int64_t>(weights_.size()));
  arena_.reset();
  const Pass pass = pass_of(config_, batch, Mode::training, dropout_seed);
  const ops::Product product = mode == Gradients::add ? ops::Product::add : ops::Product::replace;
  const std::span<const T> values = weights();

  const auto positions = positions_of(batch, arena_);
  std::vector<BlockActivations<T>> kept;
  std::span<T> stream = arena_.take<T>(pass.stream_size());
  embed<T>(pass, layout_, values, batch, positions, stream);
  for (std::int64_t layer = 0; layer < config_.shape.layers; ++layer) {
    const auto output = arena_.take<T>(pass.stream_size());
    kept.push_back(block_forward<T>(pass, {values, layout_, layer}, stream, output, arena_));
    stream = output;
  }

  const auto d_stream = arena_.take<T>(pass.stream_size());
  const LossSum loss = head_loss_and_gradient<T>(pass, layout_, values, stream, batch, loss_scale, product,
                                                 gradients, d_stream, arena_);
  for (std::int64_t layer = config_.shape.layers - 1; layer >= 0; --layer) {
    block_backward<T>(pass, {values, layout_, layer}, kept[static_cast<std::size_t>(layer)], product,
                      {gradients, layout_, layer}, d_stream, arena_);
  }

  ops::dropout<T>(pass.dropout_rows(), embedding_dropout(pass), d_stream, d_stream);
  const auto d_positions = tensor_of(gradients, layout_.outer(Outer::wpe));
  if (mode == Gradients::replace) std::fill(d_positions.begin(), d_positions.end(), T{0});
  ops::embedding_backward<T>(embedding_shape(pass), batch.tokens, positions, d_stream,
                             tensor_of(gradients, layout_.outer(Outer::wte)), d_positions);
  return loss;
}

template class Gpt<float>;
template class Gpt<double>;

}  // namespace gpt::model
