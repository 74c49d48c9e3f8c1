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
  ops::EmbeddingRows<T> rows;  // empty where there is no embedding
  std::span<const tensor::Beside<T, std::int32_t>> targets;
  std::span<const tensor::Beside<T, float>> loss_mask;
  std::span<const tensor::Beside<T, std::int32_t>> attend_from;
  std::span<const tensor::Beside<T, std::uint64_t>> samples;
};

// Which passes of the embedding are to come. The backward pass on a device needs the rows in order.
enum class EmbeddingUse { none, forward, backward };

// What is not the batch's own comes from the arena; to a device all goes in one transfer.
template <class T>
ResidentBatch<T> resident_batch(const MicroBatch& batch, EmbeddingUse use, tensor::Arena& arena);

}  // namespace gpt::model
