#pragma once

#include <span>

#include "libgpt/cost/runtime_memory.hpp"
#include "libgpt/model/micro_batch.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// The final norm, the output layer (tied to the token embedding) and the loss. Logits are made and used up in
// chunks of rows, so that at most kLogitsBytes of them exist at once; of a tensor group, each rank has those
// of its share of the vocabulary.
constexpr std::size_t kLogitsBytes = cost::kLogitsBytes;

// stream is what the last block gave. log_probabilities [rows] receives log p(target), or is empty.
template <class T>
LossSum head_loss(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                  std::span<const T> stream, const MicroBatch& batch, std::span<T> log_probabilities,
                  tensor::Arena& scratch);

// Also the gradients of loss_scale times the sum of losses: of ln_f and wte (replaced or added to as mode
// says) and of the stream, written to d_stream.
template <class T>
LossSum head_loss_and_gradient(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                               std::span<const T> stream, const MicroBatch& batch, double loss_scale,
                               ops::Product mode, std::span<T> gradients, std::span<T> d_stream,
                               tensor::Arena& scratch);

// Logits of every row of the stream: logits [rows, vocabulary]. Of one rank alone.
template <class T>
void head_logits(const Pass& pass, const ParameterLayout& layout, std::span<const T> weights,
                 std::span<const T> stream, std::span<T> logits, tensor::Arena& scratch);

}  // namespace gpt::model
