#include "libgpt/model/recompute.hpp"

#include <string>

namespace gpt::model {

void check_recompute_or_throw(const RecomputeConfig& config) {
  if (config.granularity != cost::Recompute::full || config.layers > 0) return;
  throw ConfigError("recompute-num-layers is " + std::to_string(config.layers) + " but must be 1 or more");
}

AttentionCore attention_core(const RecomputeConfig& config) {
  return config.granularity == cost::Recompute::selective ? AttentionCore::recompute : AttentionCore::keep;
}

}  // namespace gpt::model
