#include "libgpt/model/stage.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "libgpt/model/batch_check.hpp"
#include "libgpt/model/embedding.hpp"
#include "libgpt/model/head.hpp"
#include "libgpt/model/initialise.hpp"
#include "libgpt/ops/shape_error.hpp"
#include "libgpt/tensor/copy.hpp"
#include "libgpt/tensor/instantiate.hpp"
#include "libgpt/tensor/memory_account.hpp"
#include "libgpt/tensor/trace.hpp"

namespace gpt::model {
namespace {

using Outer = ParameterLayout::Outer;
using Inner = ParameterLayout::Inner;

const ModelConfig& checked(const ModelConfig& config) {
  check_config_or_throw(config);
  return config;
}

std::string name_of(Which which) {
  return "micro batch " + std::to_string(which.micro_batch) + " of chunk " + std::to_string(which.chunk);
}

}  // namespace

template <class T>
Stage<T>::Stage(const ModelConfig& config, const StageConfig& stage, comm::Communicator& tensor_group)
    : config_(checked(config)),
      stage_(stage),
      layout_(config_.shape, stage_.part),
      tensor_{&tensor_group, stage_.rows},
      weights_(tensor::buffer_for<T>("weights", layout_.buffer_size())) {
  check_recompute_or_throw(stage_.recompute);
  for (const ModelChunk& chunk : stage_.part.chunks) {
    groups_.push_back(layer_groups(stage_.recompute, chunk.count));
  }
}

template <class T>
void Stage<T>::initialise(std::uint64_t seed) {
  if constexpr (tensor::kPlaceOf<T> == tensor::Place::host) {
    initialise_weights<T>(config_, layout_, seed, weights());
  } else {
    for (const Parameter& parameter : layout_.parameters()) {
      set_weights(parameter.offset, initial_values(config_, parameter, seed));
    }
  }
}

template <class T>
void Stage<T>::set_weights(std::size_t first, std::span<const float> values) {
  const auto weights = this->weights().subspan(first, values.size());
  if constexpr (std::is_same_v<tensor::ValueOf<T>, float>) {
    tensor::upload<T>(values, weights);
  } else {
    std::vector<tensor::ValueOf<T>> rounded(values.size());
    std::transform(values.begin(), values.end(), rounded.begin(), tensor::from_float<tensor::ValueOf<T>>);
    tensor::upload<T>(rounded, weights);
  }
}

template <class T>
std::size_t Stage<T>::stream_size(std::int64_t sequences, std::int64_t length) const {
  check_row_shares_or_throw(sequences, length, tensor_.row_shares());
  return static_cast<std::size_t>(sequences * length / tensor_.row_shares() * config_.shape.hidden);
}

template <class T>
Pass<T> Stage<T>::pass_of(const MicroBatch& batch, const ResidentBatch<T>& resident, Mode mode,
                          std::uint64_t dropout_seed) const {
  return {config_,         tensor_, mode, dropout_seed, batch.sequences, batch.length, resident.attend_from,
          resident.samples};
}

template <class T>
const ModelChunk& Stage<T>::chunk_or_throw(std::int64_t chunk) const {
  if (chunk < 0 || chunk >= chunks()) {
    throw std::invalid_argument("chunk " + std::to_string(chunk) + " of a stage of " +
                                std::to_string(chunks()));
  }
  return layout_.part().chunks[static_cast<std::size_t>(chunk)];
}

template <class T>
void Stage<T>::check_batch(const ModelChunk& chunk, const MicroBatch& batch) const {
  check_batch_or_throw(config_, batch);
  check_row_shares_or_throw(batch.sequences, batch.length, tensor_.row_shares());
  if (chunk.head) ops::check_elements("loss", "targets", batch.targets.size(), batch.sequences, batch.length);
}

template <class T>
ChunkLayers<T> Stage<T>::layers_of(const Pass<T>& pass, std::int64_t chunk) const {
  const ModelChunk& layers = chunk_or_throw(chunk);
  return {pass,
          layout_,
          weights(),
          layers.first,
          layers.count,
          groups_[static_cast<std::size_t>(chunk)],
          attention_core(stage_.recompute)};
}

template <class T>
typename Stage<T>::InFlight* Stage<T>::find_place(Which which) {
  for (const auto& place : in_flight_) {
    if (place->busy && place->which == which) return place.get();
  }
  return nullptr;
}

template <class T>
typename Stage<T>::InFlight& Stage<T>::free_place() {
  for (const auto& place : in_flight_) {
    if (!place->busy) return *place;
  }
  return *in_flight_.emplace_back(std::make_unique<InFlight>());
}

template <class T>
void Stage<T>::forward(Which which, const MicroBatch& batch, const TrainStep& step, std::span<const T> input,
                       std::span<T> output) {
  const tensor::HeldFor held("activations");
  const tensor::TraceRange range("forward");
  const ModelChunk& chunk = chunk_or_throw(which.chunk);
  check_batch(chunk, batch);
  ops::check_elements("forward", "gradients", step.gradients.size(),
                      static_cast<std::int64_t>(weights_.size()));
  if (find_place(which) != nullptr) {
    throw std::logic_error(name_of(which) + " has passed forward already and not backward");
  }
  InFlight& place = free_place();
  place.batch =
      resident_batch<T>(batch, chunk.embedding ? EmbeddingUse::backward : EmbeddingUse::none, place.arena);
  const Pass<T> pass = pass_of(batch, place.batch, Mode::training, step.dropout_seed);
  const tensor::ArenaScope scope(scratch_);
  if (chunk.embedding) {
    const auto embedded = place.arena.template take<T>(pass.stream_size());
    embed<T>(pass, layout_, weights(), place.batch, embedded, scratch_);
    input = embedded;
  }
  std::span<T> d_output;
  if (chunk.head) {
    d_output = place.arena.template take<T>(pass.stream_size());
    output = scratch_.take<T>(pass.stream_size());
  }
  place.activations = chunk_forward<T>(layers_of(pass, which.chunk), input, output, place.arena, scratch_);
  place.activations.d_output = d_output;
  place.which = which;
  place.busy = true;
  if (!chunk.head) return;
  const bool replace = which.micro_batch == 0 && step.first == Gradients::replace;
  head_loss_and_gradient<T>(pass, layout_, weights(), output, place.batch, step.loss_scale,
                            replace ? ops::Product::replace : ops::Product::add, step.gradients, d_output,
                            losses_.span(), scratch_);
}

template <class T>
void Stage<T>::report_layer(const ModelChunk& chunk, std::int64_t layer,
                            const AfterLayer& after_layer) const {
  if (!after_layer) return;
  const std::int64_t at = chunk.first + layer;
  const bool last = at + 1 == static_cast<std::int64_t>(layout_.part().layers.size());
  after_layer({layout_.inner(at, Inner::ln_1_weight).offset,
               last ? layout_.buffer_size() : layout_.inner(at + 1, Inner::ln_1_weight).offset});
}

template <class T>
void Stage<T>::backward(Which which, const MicroBatch& batch, const TrainStep& step,
                        std::span<const T> d_output, std::span<T> d_input, const AfterLayer& after_layer) {
  const tensor::HeldFor held("activations");
  const tensor::TraceRange range("backward");
  const ModelChunk& chunk = chunk_or_throw(which.chunk);
  const bool replace = which.micro_batch == 0 && step.first == Gradients::replace;
  InFlight* const found = find_place(which);
  if (found == nullptr) throw std::logic_error(name_of(which) + " has not passed forward");
  InFlight& place = *found;
  const Pass<T> pass = pass_of(batch, place.batch, Mode::training, step.dropout_seed);
  const tensor::ArenaScope scope(scratch_);
  // The gradient is carried back in one stream, in place: the one kept by the head, or the caller's.
  std::span<T> stream = place.activations.d_output;
  if (!chunk.head) {
    stream = chunk.embedding ? scratch_.take<T>(pass.stream_size()) : d_input;
    tensor::copy(d_output, stream);
  }
  chunk_backward<T>(layers_of(pass, which.chunk), place.activations,
                    replace ? ops::Product::replace : ops::Product::add, step.gradients, stream, scratch_,
                    [&](std::int64_t layer) { report_layer(chunk, layer, after_layer); });
  if (chunk.embedding) {
    const auto zero = [&](Outer which_tensor) {
      tensor::fill_zero(tensor_of(step.gradients, layout_.outer(which_tensor)));
    };
    if (replace) zero(Outer::wpe);
    if (replace && !layout_.part().has_head()) zero(Outer::wte);  // else the head has replaced it
    embed_backward<T>(pass, layout_, place.batch, stream, step.gradients, scratch_);
  } else if (stream.data() != d_input.data()) {
    tensor::copy(stream, d_input);
  }
  place.busy = false;
  place.arena.reset();
  const std::size_t first_layer = layout_.inner(0, Inner::ln_1_weight).offset;
  if (after_layer && which.chunk == 0 && first_layer > 0) after_layer({0, first_layer});
}

// The layers of an evaluation have room in the place of a micro batch in flight, unless those keep next to
// nothing.
template <class T>
tensor::Arena& Stage<T>::evaluation_memory(std::int64_t chunk) {
  chunk_or_throw(chunk);
  const auto& groups = groups_[static_cast<std::size_t>(chunk)];
  if (groups.front().keep == LayerGroup::Keep::input) return scratch_;
  return free_place().arena;
}

// Through all layers; the last stream, where the chunk has a head from the arena.
template <class T>
std::span<const T> Stage<T>::evaluate_layers(const Pass<T>& pass, std::int64_t chunk,
                                             const ResidentBatch<T>& batch, std::span<const T> input,
                                             std::span<T> output, tensor::Arena& memory) {
  const ModelChunk& part = chunk_or_throw(chunk);
  if (part.embedding) {
    const auto embedded = memory.take<T>(pass.stream_size());
    embed<T>(pass, layout_, weights(), batch, embedded, memory);
    input = embedded;
  }
  if (part.head) output = memory.take<T>(pass.stream_size());
  chunk_forward_only<T>(layers_of(pass, chunk), input, output, memory);
  return output;
}

template <class T>
void Stage<T>::evaluate(std::int64_t chunk, const MicroBatch& batch, std::span<const T> input,
                        std::span<T> output, std::span<double> log_probabilities) {
  const tensor::HeldFor held("activations");
  const tensor::TraceRange range("evaluation");
  check_batch(chunk_or_throw(chunk), batch);
  tensor::Arena& memory = evaluation_memory(chunk);
  const tensor::ArenaScope scope(memory);
  const bool embedding = chunk_or_throw(chunk).embedding;
  const auto resident =
      resident_batch<T>(batch, embedding ? EmbeddingUse::forward : EmbeddingUse::none, memory);
  const Pass<T> pass = pass_of(batch, resident, Mode::evaluation, 0);
  const auto stream = evaluate_layers(pass, chunk, resident, input, output, memory);
  if (!chunk_or_throw(chunk).head) return;
  const tensor::ArenaScope of_losses(scratch_);
  const auto losses = scratch_.take<tensor::Beside<T, double>>(static_cast<std::size_t>(pass.rows()));
  head_loss<T>(pass, layout_, weights(), stream, resident, losses, losses_.span(), scratch_);
  if (log_probabilities.empty()) return;
  tensor::download<tensor::Beside<T, double>>(losses, log_probabilities);
  for (double& value : log_probabilities) value = -value;
}

template <class T>
LossSum Stage<T>::take_loss() {
  const auto totals = tensor::downloaded<tensor::Beside<T, double>>(losses_.span());
  tensor::fill_zero(losses_.span());
  return {totals[0], totals[1]};
}

template <class T>
void Stage<T>::move_loss(std::span<tensor::Beside<T, double>> totals) {
  tensor::copy(losses_.span(), totals);
  tensor::fill_zero(losses_.span());
}

template <class T>
void Stage<T>::evaluate_logits(const MicroBatch& batch, std::span<T> logits) {
  check_batch_or_throw(config_, batch);
  tensor::Arena& memory = evaluation_memory(0);
  const tensor::ArenaScope scope(memory);
  const auto resident = resident_batch<T>(batch, EmbeddingUse::forward, memory);
  const Pass<T> pass = pass_of(batch, resident, Mode::evaluation, 0);
  const auto stream = evaluate_layers(pass, 0, resident, {}, {}, memory);
  head_logits<T>(pass, layout_, weights(), stream, logits, scratch_);
}

template <class T>
void Stage<T>::sum_sequence_parallel_gradients(std::span<tensor::SumOf<T>> gradients, BufferRange range) {
  if (tensor_.row_shares() == 1) return;
  const tensor::ArenaScope scope(scratch_);
  std::vector<std::span<tensor::SumOf<T>>> norms;
  std::size_t total = 0;
  for (const Parameter& parameter : layout_.parameters()) {
    const bool norm =
        parameter.role == ParameterRole::norm_weight || parameter.role == ParameterRole::norm_bias;
    if (!norm || parameter.offset < range.begin || parameter.offset >= range.end) continue;
    norms.push_back(tensor_of(gradients, parameter));
    total += parameter.count;
  }
  if (norms.empty()) return;
  const auto packed = scratch_.take<tensor::SumOf<T>>(total);
  std::size_t at = 0;
  for (const auto& norm : norms) {
    tensor::copy(norm, packed.subspan(at, norm.size()));
    at += norm.size();
  }
  tensor_.group->all_reduce(packed);
  at = 0;
  for (const auto& norm : norms) {
    tensor::copy(packed.subspan(at, norm.size()), norm);
    at += norm.size();
  }
}

template <class T>
std::size_t Stage<T>::activation_bytes() const {
  std::size_t bytes = scratch_.peak_bytes();
  for (const auto& place : in_flight_) bytes += place->arena.peak_bytes();
  return bytes;
}

#define GPT_INSTANTIATE(T) template class Stage<T>;
GPT_FOR_EACH_ELEMENT(GPT_INSTANTIATE)
#undef GPT_INSTANTIATE

}  // namespace gpt::model
