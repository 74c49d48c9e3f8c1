#pragma once

#include <span>

#include "libgpt/model/parameter_layout.hpp"

namespace gpt::model {

// The twelve tensors of one block within a flat buffer (weights, or gradients).
template <class T>
class BlockTensors {
 public:
  using Inner = ParameterLayout::Inner;

  BlockTensors(std::span<T> buffer, const ParameterLayout& layout, std::int64_t layer)
      : buffer_(buffer), layout_(layout), layer_(layer) {}

  std::span<T> operator()(Inner which) const { return tensor_of(buffer_, layout_.inner(layer_, which)); }
  std::int64_t layer() const { return layer_; }  // among those of the rank
  // In the whole model.
  std::int64_t number() const { return layout_.part().layers[static_cast<std::size_t>(layer_)]; }

 private:
  std::span<T> buffer_;
  const ParameterLayout& layout_;
  std::int64_t layer_;
};

}  // namespace gpt::model
