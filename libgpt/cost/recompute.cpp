#include "libgpt/cost/recompute.hpp"

#include <algorithm>

namespace gpt::cost {

std::vector<LayerGroup> layer_groups(const RecomputeConfig& config, std::int64_t layers) {
  using Keep = LayerGroup::Keep;
  const bool full = config.granularity == Recompute::full;
  const bool uniform = full && config.method == RecomputeConfig::Method::uniform;
  std::vector<LayerGroup> groups;
  for (std::int64_t first = 0; first < layers; first += groups.back().count) {
    const std::int64_t count = uniform ? std::min(config.layers, layers - first) : 1;
    const bool input = uniform || (full && first < config.layers);
    groups.push_back({first, count, input ? Keep::input : Keep::everything});
  }
  return groups;
}

}  // namespace gpt::cost
