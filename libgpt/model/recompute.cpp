#include "libgpt/model/recompute.hpp"

#include <algorithm>
#include <string>

namespace gpt::model {

std::vector<LayerGroup> layer_groups(const RecomputeConfig& config, std::int64_t layers) {
  using Keep = LayerGroup::Keep;
  const bool full = config.granularity == cost::Recompute::full;
  const bool uniform = full && config.method == RecomputeConfig::Method::uniform;
  std::vector<LayerGroup> groups;
  for (std::int64_t first = 0; first < layers; first += groups.back().count) {
    const std::int64_t count = uniform ? std::min(config.layers, layers - first) : 1;
    const bool input = uniform || (full && first < config.layers);
    groups.push_back({first, count, input ? Keep::input : Keep::everything});
  }
  return groups;
}

void check_recompute_or_throw(const RecomputeConfig& config) {
  if (config.granularity != cost::Recompute::full || config.layers > 0) return;
  throw ConfigError("recompute-num-layers is " + std::to_string(config.layers) + " but must be 1 or more");
}

AttentionCore attention_core(const RecomputeConfig& config) {
  return config.granularity == cost::Recompute::selective ? AttentionCore::recompute : AttentionCore::keep;
}

}  // namespace gpt::model
