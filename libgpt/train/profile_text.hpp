#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "libgpt/cost/layout.hpp"
#include "libgpt/train/step_breakdown.hpp"

namespace gpt::train {

struct RankProfile {
  cost::RankPlace place;
  StepBreakdown breakdown;
};

struct ProfiledRun {
  cost::Layout layout;
  std::int64_t first_iteration = 0, last_iteration = 0;
  double predicted_bubble = 0;  // mean over the steps
};

// A table of where a step's time went, a column for each pipeline stage (the mean of its ranks), then the
// messages, and the bubble measured beside the one predicted. Lines end with '\n'.
std::string profile_text(const ProfiledRun& run, std::span<const RankProfile> ranks);

}  // namespace gpt::train
