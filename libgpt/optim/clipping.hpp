#pragma once

#include <algorithm>

namespace gpt::optim {

// What gradients of this norm are multiplied by so that their norm is at most `limit`; limit 0: never clip.
inline double clip_factor(double norm, double limit) {
  return limit > 0 ? std::min(1.0, limit / (norm + 1e-6)) : 1.0;
}

}  // namespace gpt::optim
