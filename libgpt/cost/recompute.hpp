#pragma once

#include <cstdint>
#include <vector>

#include "libgpt/cost/layout.hpp"

namespace gpt::cost {

// What the backward pass computes again instead of keeping it (--recompute-granularity, -method,
// -num-layers).
struct RecomputeConfig {
  Recompute granularity = Recompute::none;
  // full, uniform: every `layers` layers keep their input alone. full, block: the first `layers` layers of
  // each chunk keep their input alone, the others everything.
  enum class Method { uniform, block } method = Method::uniform;
  std::int64_t layers = 1;
};

// Consecutive layers of a chunk that keep everything, or only the input of the first.
struct LayerGroup {
  std::int64_t first = 0, count = 0;  // among the layers of the chunk
  enum class Keep { everything, input } keep = Keep::everything;
  friend bool operator==(const LayerGroup&, const LayerGroup&) = default;
};

// The groups of a chunk of `layers` layers, in order.
std::vector<LayerGroup> layer_groups(const RecomputeConfig& config, std::int64_t layers);

}  // namespace gpt::cost
