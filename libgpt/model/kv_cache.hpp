#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libgpt/cost/model_shape.hpp"
#include "libgpt/tensor/aligned_buffer.hpp"

namespace gpt::model {

// Keys and values of the tokens seen so far, a slot a sequence. Slots grow independently, so prompts of
// different lengths share a batch.
template <class T>
class KvCache {
 public:
  // capacity: tokens a slot can hold. Throws ConfigError when that is more than the model has positions.
  KvCache(const cost::ModelShape& shape, std::int64_t slots, std::int64_t capacity);

  std::int64_t slots() const { return static_cast<std::int64_t>(lengths_.size()); }
  std::int64_t capacity() const { return capacity_; }
  std::int64_t length(std::int64_t slot) const { return lengths_[static_cast<std::size_t>(slot)]; }
  // Forgets what a slot holds beyond its first `length` tokens; 0 frees it for another sequence.
  void truncate(std::int64_t slot, std::int64_t length);
  std::size_t bytes() const { return (keys_.size() + values_.size()) * sizeof(T); }

  // [slots, heads, capacity, head size] of one layer.
  std::span<T> keys(std::int64_t layer) { return of_layer(keys_, layer); }
  std::span<T> values(std::int64_t layer) { return of_layer(values_, layer); }
  void set_length(std::int64_t slot, std::int64_t length) {
    lengths_[static_cast<std::size_t>(slot)] = length;
  }

 private:
  std::span<T> of_layer(tensor::AlignedBuffer<T>& all, std::int64_t layer) const {
    const std::size_t size = lengths_.size() * slot_size_;
    return all.span().subspan(static_cast<std::size_t>(layer) * size, size);
  }

  std::int64_t capacity_;
  std::size_t slot_size_;
  std::vector<std::int64_t> lengths_;
  tensor::AlignedBuffer<T> keys_;  // [layers, slots, heads, capacity, head size]
  tensor::AlignedBuffer<T> values_;
};

}  // namespace gpt::model
