#pragma once

#include <span>

#include "libgpt/cost/runtime_memory.hpp"
#include "libgpt/model/parameter_layout.hpp"
#include "libgpt/model/pass.hpp"
#include "libgpt/model/resident_batch.hpp"
#include "libgpt/tensor/arena.hpp"

namespace gpt::model {

// The final norm, the output layer (tied to the token embedding) and the loss. Logits are made and used up in
// chunks of rows, so that at most kLogitsBytes of them exist at once; of a tensor group, each rank has those
// of its share of the vocabulary.
constexpr std::size_t kLogitsBytes = cost::kLogitsBytes;

// Losses of a stretch of micro batches add up: sum of -log p(target) in nats, and sum of the loss mask.
template <class T>
using LossTotals = std::span<tensor::Beside<T, double>>;  // [2]

// stream is what the last block gave. losses [rows] receives -log p(target) of each token; what the mask
// leaves of them is added to the totals.
template <class T>
void head_loss(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
               std::span<const T> stream, const ResidentBatch<T>& batch,
               std::span<tensor::Beside<T, double>> losses, LossTotals<T> totals, tensor::Arena& scratch);

// Adds to the totals, and makes the gradients of loss_scale times the sum of losses: of ln_f and wte
// (replaced or added to as mode says) and of the stream, written to d_stream.
template <class T>
void head_loss_and_gradient(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                            std::span<const T> stream, const ResidentBatch<T>& batch, double loss_scale,
                            ops::Product mode, std::span<tensor::SumOf<T>> gradients, std::span<T> d_stream,
                            LossTotals<T> totals, tensor::Arena& scratch);

// Logits of every row of the stream: logits [rows, vocabulary]. Of one rank alone.
template <class T>
void head_logits(const Pass<T>& pass, const ParameterLayout& layout, std::span<const T> weights,
                 std::span<const T> stream, std::span<T> logits, tensor::Arena& scratch);

}  // namespace gpt::model
