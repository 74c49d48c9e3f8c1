#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libgpt/cost/model_shape.hpp"
#include "libgpt/model/inference_batch.hpp"
#include "libgpt/model/model_part.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::model {

// Keys and values of the tokens seen so far, a slot a sequence. Slots grow independently, so prompts of
// different lengths share a batch.
template <class T>
class KvCache {
 public:
  // capacity: tokens a slot can hold. Throws ConfigError when that is more than the model has positions.
  KvCache(const cost::ModelShape& shape, std::int64_t slots, std::int64_t capacity);
  // Of the layers and heads of a part of the model.
  KvCache(const cost::ModelShape& shape, const ModelPart& part, std::int64_t slots, std::int64_t capacity);

  std::int64_t slots() const { return lengths_.slots(); }
  std::int64_t capacity() const { return lengths_.capacity(); }
  std::int64_t length(std::int64_t slot) const { return lengths_.length(slot); }
  void truncate(std::int64_t slot, std::int64_t length) { lengths_.truncate(slot, length); }
  SlotLengths& lengths() { return lengths_; }
  std::size_t bytes() const { return (keys_.size() + values_.size()) * sizeof(T); }

  // [slots, heads, capacity, head size] of one layer.
  std::span<T> keys(std::int64_t layer) { return of_layer(keys_, layer); }
  std::span<T> values(std::int64_t layer) { return of_layer(values_, layer); }

 private:
  std::span<T> of_layer(tensor::AlignedBuffer<T>& all, std::int64_t layer) const {
    return all.span().subspan(static_cast<std::size_t>(layer) * layer_size_, layer_size_);
  }

  SlotLengths lengths_;
  std::size_t layer_size_;
  tensor::AlignedBuffer<T> keys_;  // [layers, slots, heads, capacity, head size]
  tensor::AlignedBuffer<T> values_;
};

}  // namespace gpt::model
