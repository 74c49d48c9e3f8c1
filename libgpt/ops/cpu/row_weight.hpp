#pragma once

#include <cstddef>

#include "libgpt/ops/cross_entropy.hpp"

namespace gpt::ops::cpu {

template <class T>
T row_weight(const RowWeights<T>& weights, std::size_t row) {
  return static_cast<T>((weights.mask.empty() ? 1.0 : static_cast<double>(weights.mask[row])) *
                        weights.scale);
}

}  // namespace gpt::ops::cpu
