#pragma once

#include <cstdint>
#include <span>

#include "libgpt/model/micro_batch.hpp"
#include "libgpt/ops/embedding.hpp"
#include "libgpt/tensor/arena.hpp"
#include "libgpt/tensor/element.hpp"

namespace gpt::model {

// A micro batch in the memory that the stage computes in. On the host its arrays are those of the batch.
template <class T>
struct ResidentBatch {
  ops::EmbeddingRows<T> rows;  // positions are always there
  std::span<const tensor::Beside<T, std::int32_t>> targets;
  std::span<const tensor::Beside<T, float>> loss_mask;
  std::span<const tensor::Beside<T, std::int32_t>> attend_from;
  std::span<const tensor::Beside<T, std::uint64_t>> samples;
};

// Whether a backward pass of the embedding is to come, which on a device needs the rows in order.
enum class RowOrder { as_given, sorted };

// What is not the batch's own comes from the arena; to a device all goes in one transfer.
template <class T>
ResidentBatch<T> resident_batch(const MicroBatch& batch, RowOrder order, tensor::Arena& arena);

}  // namespace gpt::model
